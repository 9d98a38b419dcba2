/**
 * What the queue knows of a task. A task plans units when a job is accepted and runs them one by one later, perhaps in another
 * process after a crash: everything that it needs must be in the frozen settings and the plan.
 */
import type { Json } from '#base';
import type { DeviceUsed, StartJob } from '#contract';
import type { ItemDraftInput } from '#library';

/** One piece of work: a slice, an image. Its result depends on this plan and on frozen settings only. */
export interface UnitPlan {
  /** Units with the same number make one item together. */
  readonly itemIndex: number;
  readonly plan: Json;
}

export interface FrozenJob {
  readonly settings: StartJob;
  readonly title: string;
  readonly packageId: string;
  readonly packageSha256: string;
  /** Every input image with the digest of its source file. */
  readonly inputs: readonly { readonly imageId: string; readonly sha256: string }[];
  readonly units: readonly UnitPlan[];
}

/** What a request would work on, before anything is hashed or stored. */
export interface JobPreview {
  /** One entry a unit. */
  readonly units: readonly { readonly rows: number; readonly columns: number }[];
  /** What of the request cannot be used, each with a sentence that says why. */
  readonly leftOut: readonly { readonly seriesUid: string; /** From 1; null for a whole series. */ readonly stack: number | null; readonly reason: string }[];
}

/** A job as its task sees it when it runs. */
export interface RunningJob {
  readonly jobId: string;
  readonly settings: StartJob;
  readonly packageId: string;
  readonly packageSha256: string;
  readonly inputs: FrozenJob['inputs'];
}

export interface UnitResult {
  /** Little-endian float32, `[row, column]`, modality units. */
  readonly bytes: Uint8Array;
  readonly meta: Json;
  readonly device: DeviceUsed;
}

export interface DoneUnit {
  readonly unitIndex: number;
  readonly plan: Json;
  /** SHA-256 of the blob. */
  readonly blob: string;
  readonly meta: Json;
}

/** What a finished item is, apart from what the queue adds (ids, times); `recipe` is what is needed to make it again, for the ledger. */
export type ItemDraft = ItemDraftInput;

export interface UnitContext {
  readonly job: RunningJob;
  readonly unitIndex: number;
  readonly plan: Json;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

export interface JobKind {
  readonly task: StartJob['task'];
  /** What would be done and what left out. @throws ScanloomError `package/not-found`, `request/not-found` … */
  preview(start: StartJob): Promise<JobPreview>;
  /** Checks the request against the library and the package and fills in every default. @throws ScanloomError `task/not-applicable`, `package/not-found`, `request/not-found` … */
  freeze(start: StartJob): Promise<FrozenJob>;
  runUnit(context: UnitContext): Promise<UnitResult>;
  makeItem(context: { readonly job: RunningJob; readonly itemIndex: number; readonly units: readonly DoneUnit[] }): Promise<ItemDraft>;
  /** Frees what was kept in memory for a job (a volume's normalisation, say). */
  release(jobId: string): void;
}
