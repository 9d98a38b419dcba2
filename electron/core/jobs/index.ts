/** The queue: accepts, runs, pauses, cancels and resumes jobs. See README.md for what it promises. */
export type { DoneUnit, FrozenJob, ItemDraft, JobKind, JobPreview, RunningJob, UnitContext, UnitPlan, UnitResult } from './job-kind.ts';
export { createJobs, type Jobs } from './queue.ts';
