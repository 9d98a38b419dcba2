/** The engine's parts inside the test's own process, for pipelines that are called directly. */
import type { PipelineContext } from '../pipelines/pipeline.ts';
import { createDevices } from '../runtime/devices.ts';
import { loadOnnxRuntime } from '../runtime/onnx-runtime.ts';
import { createSessions } from '../runtime/sessions.ts';

/** Sets the telemetry variable for this process, which works on the main thread before the first session. */
export async function pipelineContext(): Promise<PipelineContext & { readonly progress: number[][] }> {
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  const ort = await loadOnnxRuntime(process.env);
  const sessions = createSessions(ort);
  const progress: number[][] = [];
  return { ort, sessions, devices: createDevices(ort, sessions), onProgress: (done, total) => progress.push([done, total]), progress };
}

/** Largest absolute difference; Infinity when the lengths differ or something is not a number. */
export function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Infinity;
  let worst = 0;
  for (let i = 0; i < a.length; i += 1) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (Number.isNaN(difference)) return Infinity;
    worst = Math.max(worst, difference);
  }
  return worst;
}
