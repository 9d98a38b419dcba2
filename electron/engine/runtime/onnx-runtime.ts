/** The only place that loads ONNX Runtime, and only where it cannot send telemetry. */
import type * as onnxruntime from 'onnxruntime-node';
import { ScanloomError } from '#contract/errors';

export type OnnxRuntime = typeof onnxruntime;

export const telemetryVariable = 'ORT_DISABLE_TELEMETRY';

/**
 * Loads the native library.
 *
 * Recent versions send telemetry by default; the variable must be in the process's environment before the first session, and setting it
 * here would be too late to prove anything. So the launcher sets it, and without it nothing is loaded.
 *
 * @throws {ScanloomError} `engine/unavailable` without the variable, or when there is no binary for this system.
 */
export async function loadOnnxRuntime(environment: Readonly<Record<string, string | undefined>>): Promise<OnnxRuntime> {
  if (environment[telemetryVariable] !== '1') {
    throw new ScanloomError('engine/unavailable', `ONNX Runtime is not loaded, because ${telemetryVariable}=1 is not in the engine's environment.`, { hint: 'Whatever starts the engine process must set it.' });
  }
  try {
    return await import('onnxruntime-node');
  } catch (cause) {
    throw new ScanloomError('engine/unavailable', 'ONNX Runtime has no usable binary on this system.', { hint: 'Run npm ci again; "scanloom doctor" says what is missing. There is none for macOS on Intel.', cause });
  }
}
