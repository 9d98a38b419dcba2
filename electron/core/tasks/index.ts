/** What a package can do here: one folder a task, one line each in this table. Tasks never import each other. */
import type { EngineLink } from '#engine-link';
import type { JobKind } from '#jobs';
import type { Library } from '#library';
import type { Packages } from '#packages';
import { createSynthesizeTask } from './synthesize/synthesize.ts';
import { createUpscaleTask } from './upscale/upscale.ts';

export interface TaskServices {
  readonly library: Library;
  readonly packages: Packages;
  readonly engine: EngineLink;
  /** Scanloom's own version, for the ledger. */
  readonly version: string;
  /** The kind of processor: ONNX Runtime chooses its kernels by it, so bits are promised on one kind only. */
  readonly processor: string;
  /** Threads of one session; 0 leaves it to ONNX Runtime. */
  readonly threads: number;
}

const table: readonly ((services: TaskServices) => JobKind)[] = [createUpscaleTask, createSynthesizeTask];

export function createTasks(services: TaskServices): JobKind[] {
  return table.map((create) => create(services));
}
