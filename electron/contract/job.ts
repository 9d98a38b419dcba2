/** A job: one task on given inputs with frozen settings. */
import { z } from 'zod';
import { DeviceChoice, DeviceUsed } from './engine.ts';
import { ErrorBody } from './errors.ts';
import { Id, Instant, PackageId, Seed, Sha256, Uid } from './ids.ts';
import { TaskName } from './package.ts';

const CommonStart = { packageId: PackageId, device: DeviceChoice.default('auto') };

/** POST /api/jobs. Strict and bounded: an unknown key or an endless list is refused here, not deeper down. */
export const StartJob = z.discriminatedUnion('task', [
  z.strictObject({
    task: z.literal('upscale'),
    ...CommonStart,
    seriesUids: z.array(Uid).min(1).max(1000),
    /** Only these images of the series ("try on this slice"); all when left out. */
    imageIds: z.array(z.string().max(80)).max(100_000).optional(),
    /** Only these stacks of the one series, counted from 1 in the order in which it lists them; every one that can be upscaled when left out. */
    stacks: z.array(z.int().min(1).max(10_000)).min(1).max(1000).optional(),
    /** What the images are, where their file does not say it: NIfTI without a sidecar. Elsewhere the file's own word counts. */
    modality: z.enum(['CT', 'MR']).optional(),
    factor: z.int().min(2).max(4).default(2),
  }),
  z.strictObject({
    task: z.literal('synthesize'),
    ...CommonStart,
    class: z.string().regex(/^[a-z0-9-]{1,40}$/),
    count: z.int().min(1).max(10_000).default(1),
    seed: Seed.default(1),
    steps: z.int().min(1).max(1000).optional(),
    guidance: z.number().min(0).max(15).optional(),
  }),
]);
export type StartJob = z.infer<typeof StartJob>;
export type StartJobInput = z.input<typeof StartJob>;

export const JobState = z.enum(['queued', 'running', 'paused', 'done', 'failed', 'cancelled']);
export type JobState = z.infer<typeof JobState>;

export const Job = z.strictObject({
  jobId: Id,
  task: TaskName,
  title: z.string(),
  packageId: PackageId,
  packageSha256: Sha256,
  state: JobState,
  unitsTotal: z.int(),
  unitsDone: z.int(),
  /** Estimated from the pace of this run; null while unknown. */
  secondsLeft: z.number().nullable(),
  items: z.int(),
  createdAt: Instant,
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  device: DeviceUsed.nullable(),
  error: ErrorBody.nullable(),
  /** As frozen when the job was accepted: the request with every default filled in. */
  settings: StartJob,
});
export type Job = z.infer<typeof Job>;

/** What a run would take, before it starts. */
export const JobEstimate = z.strictObject({ units: z.int(), seconds: z.number().nullable(), memoryBytes: z.number(), diskBytes: z.number(), device: DeviceUsed, notes: z.array(z.string()) });
export type JobEstimate = z.infer<typeof JobEstimate>;
