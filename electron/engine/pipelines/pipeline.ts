/** What every pipeline is given, and how it goes from one device to the next. */
import type { DeviceChoice, DeviceName, DeviceUsed, EngineTensor } from '#contract/engine';
import { ScanloomError } from '#contract/errors';
import { deviceTitles, type Devices } from '../runtime/devices.ts';
import type { OnnxRuntime } from '../runtime/onnx-runtime.ts';
import type { Sessions } from '../runtime/sessions.ts';
import { allFinite } from '../tensor/finite.ts';

export interface PipelineContext {
  readonly ort: OnnxRuntime;
  readonly sessions: Sessions;
  readonly devices: Devices;
  onProgress(done: number, total: number): void;
}

export interface PipelineResult {
  readonly tensors: EngineTensor[];
  readonly device: DeviceUsed;
}

/**
 * Runs `body` on the first device of the choice that manages it. With `auto`, a graph that a graphics device cannot load or run goes on to
 * the next one from its beginning, and the reason says so; a package that is damaged is no device's fault and stops at once.
 */
export async function onDevice(choice: DeviceChoice, context: PipelineContext, body: (device: DeviceName) => Promise<EngineTensor[]>): Promise<PipelineResult> {
  const candidates = await context.devices.candidates(choice);
  const failures: string[] = [];
  for (const [index, { device, reason }] of candidates.entries()) {
    try {
      const tensors = await body(device);
      return { tensors, device: { device, reason: failures.length === 0 ? reason : `${deviceTitles[device]}: ${failures.join('; ')}` } };
    } catch (thrown) {
      const isDeviceFault = thrown instanceof ScanloomError && (thrown.code === 'engine/failed' || thrown.code === 'engine/out-of-memory');
      if (!isDeviceFault || index === candidates.length - 1) throw thrown;
      failures.push(`${deviceTitles[device]} could not do this work (${thrown.message})`);
    }
  }
  throw new ScanloomError('engine/unavailable', 'There is no device to run on.');
}

/** The float32 values of a named output, checked for shape and for being numbers. */
export function takeOutput(outputs: Readonly<Record<string, { readonly type: string; readonly dims: readonly number[]; readonly data: unknown }>>, name: string, shape: readonly number[]): Float32Array {
  const tensor = outputs[name];
  if (tensor === undefined || !(tensor.data instanceof Float32Array) || tensor.dims.length !== shape.length || tensor.dims.some((size, i) => size !== shape[i])) {
    throw new ScanloomError('engine/failed', `The graph's output "${name}" is not float32 [${shape.join(', ')}]${tensor === undefined ? '' : ` but ${tensor.type} [${tensor.dims.join(', ')}]`}.`, { hint: 'The package is not what its manifest says.' });
  }
  if (!allFinite(tensor.data)) throw new ScanloomError('engine/failed', `The graph's output "${name}" holds values that are not finite.`, { hint: 'The package may be damaged, or the device may not be trusted with it; try the CPU.' });
  return tensor.data;
}

/** Refuses a graph whose inputs and outputs have other names than its task's, before any work is spent on it. */
export function expectNames(graph: { readonly inputNames: readonly string[]; readonly outputNames: readonly string[] }, inputs: readonly string[], outputs: readonly string[]): void {
  const same = (a: readonly string[], b: readonly string[]): boolean => [...a].sort().join() === [...b].sort().join();
  if (same(graph.inputNames, inputs) && outputs.every((name) => graph.outputNames.includes(name))) return;
  throw new ScanloomError('engine/failed', `The graph takes (${graph.inputNames.join(', ')}) and gives (${graph.outputNames.join(', ')}); its task needs (${inputs.join(', ')}) and (${outputs.join(', ')}).`, { hint: 'The package is not what its manifest says.' });
}

/** Lets messages that wait to be sent leave the process: a run blocks it for as long as it takes. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
