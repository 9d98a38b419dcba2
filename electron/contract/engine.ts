/**
 * Messages between a host and the engine process. Tensors in, tensors out: no DICOM, no database, no network, no path but a graph's.
 * Sent as structured clones (typed arrays stay typed arrays).
 */
import { z } from 'zod';
import { ErrorBody } from './errors.ts';
import { Sha256 } from './ids.ts';
import { NoiseSchedule } from './package.ts';

export const DeviceChoice = z.enum(['auto', 'cpu', 'webgpu', 'dml', 'coreml', 'cuda']);
export type DeviceChoice = z.infer<typeof DeviceChoice>;
export const DeviceName = z.enum(['cpu', 'webgpu', 'dml', 'coreml', 'cuda']);
export type DeviceName = z.infer<typeof DeviceName>;

/** What was used, and in words why (for example: "CPU: WebGPU found no adapter"). */
export const DeviceUsed = z.strictObject({ device: DeviceName, reason: z.string() });
export type DeviceUsed = z.infer<typeof DeviceUsed>;
export const DeviceReport = z.strictObject({ device: DeviceName, usable: z.boolean(), reason: z.string() });
export type DeviceReport = z.infer<typeof DeviceReport>;

/** A graph by path and digest; the engine refuses a file whose bytes are not those. */
export const GraphRef = z.strictObject({ path: z.string(), sha256: Sha256 });
export type GraphRef = z.infer<typeof GraphRef>;

const Float32 = z.instanceof(Float32Array);

/** One slice in model units; the engine cuts it into tiles and blends them. */
export const UpscaleWork = z.strictObject({
  kind: z.literal('upscale'),
  graph: GraphRef,
  device: DeviceChoice,
  image: Float32,
  rows: z.int().positive().max(16384),
  columns: z.int().positive().max(16384),
  factor: z.int().min(2).max(4),
  modality: z.enum(['CT', 'MR']),
  /** Side of a tile in input pixels (without overlap) and the overlap on each side, at least the receptive field. */
  tile: z.strictObject({ size: z.int().min(16).max(4096), overlap: z.int().min(0).max(512) }),
  threads: z.int().min(0).max(256),
});
/** One image from noise: initial latent from Philox keyed by (seed, item). */
export const SynthesizeWork = z.strictObject({
  kind: z.literal('synthesize'),
  denoiser: GraphRef,
  decoder: GraphRef,
  device: DeviceChoice,
  latent: z.strictObject({ channels: z.int(), rows: z.int(), columns: z.int() }),
  schedule: NoiseSchedule,
  prediction: z.enum(['epsilon', 'v']),
  classIndex: z.int().min(0),
  nullClass: z.int().min(0),
  seed: z.int().min(0),
  item: z.int().min(0),
  steps: z.int().min(1).max(1000),
  guidance: z.number().min(0).max(50),
  threads: z.int().min(0).max(256),
});
/** Tries each device with a tiny graph that the engine carries itself, and says which can be used. */
export const ProbeWork = z.strictObject({ kind: z.literal('probe') });
export const EngineWork = z.discriminatedUnion('kind', [UpscaleWork, SynthesizeWork, ProbeWork]);
export type EngineWork = z.infer<typeof EngineWork>;
export type UpscaleWork = z.infer<typeof UpscaleWork>;
export type SynthesizeWork = z.infer<typeof SynthesizeWork>;

export const EngineTensor = z.strictObject({ name: z.string(), shape: z.array(z.int()), data: Float32 });
export type EngineTensor = z.infer<typeof EngineTensor>;

export const HostMessage = z.discriminatedUnion('type', [z.strictObject({ type: z.literal('run'), requestId: z.int(), work: EngineWork })]);
export type HostMessage = z.infer<typeof HostMessage>;

export const EngineOutput = z.strictObject({
  tensors: z.array(EngineTensor),
  device: DeviceUsed,
  devices: z.array(DeviceReport).optional(),
  /** Milliseconds inside ONNX Runtime and in all, and the process's resident memory. */
  runtimeMs: z.number(),
  totalMs: z.number(),
  peakMemoryBytes: z.number(),
});
export type EngineOutput = z.infer<typeof EngineOutput>;

export const EngineMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), protocol: z.literal(1), onnxruntime: z.string(), pid: z.int() }),
  z.strictObject({ type: z.literal('progress'), requestId: z.int(), done: z.number(), total: z.number() }),
  z.strictObject({ type: z.literal('result'), requestId: z.int(), output: EngineOutput }),
  z.strictObject({ type: z.literal('error'), requestId: z.int(), error: ErrorBody }),
]);
export type EngineMessage = z.infer<typeof EngineMessage>;
