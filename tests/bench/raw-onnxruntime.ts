/** ONNX Runtime by itself, in a bare child process, on given graphs and shapes: what a user would take instead. */
import { fork } from 'node:child_process';
import path from 'node:path';
import { planTiles, sessionOptions } from '#engine';

export interface RawStep {
  graph: string;
  inputs: Record<string, { type: string; data: Float32Array | BigInt64Array; shape: number[] }>;
}

/** Runs every step once for warmth, then all of them `repeats` times. `ms` has one figure a repeat. */
export function raw(steps: RawStep[], options: { threads: number; repeats?: number }): Promise<{ ms: number[]; peakMemoryBytes: number }> {
  const child = fork(path.resolve('tests/bench/raw-onnxruntime.mjs'), [], { serialization: 'advanced', execArgv: [], env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' } });
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as { ms: number[]; peakMemoryBytes: number }));
    child.once('exit', () => reject(new Error('the raw process ended early')));
    child.send({ steps, options: sessionOptions({ device: 'cpu', threads: options.threads, arena: true }), repeats: options.repeats ?? 1 });
  });
}

/** The same tiles as the engine cuts from an image of `rows` × `columns`, each as one run of the generator. */
export function tileSteps(graph: string, image: Float32Array, rows: number, columns: number, tile: { size: number; overlap: number }): RawStep[] {
  return planTiles(rows, columns, tile).map(({ row, column }) => {
    const shape = [1, 1, row.end - row.start, column.end - column.start];
    return { graph, inputs: { image: { type: 'float32', data: image.slice(0, shape[2]! * shape[3]!), shape }, modality: { type: 'float32', data: new Float32Array(1), shape: [1] } } };
  });
}

export const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
export const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
