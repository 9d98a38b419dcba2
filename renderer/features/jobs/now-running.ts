/** What the line at the bottom tells of: what runs now, and what ended since the page looked. Pure. */
import type { ExportRecord, Job } from '#contract';

export interface ExportRunning {
  readonly record: ExportRecord;
  readonly done: number;
  readonly total: number;
}

/** Exports that run or wait, the first one first. `total` is 0 while one waits for its turn. */
export function exportsRunning(listed: readonly ExportRecord[], fresh: ReadonlyMap<string, ExportRecord>, progress: ReadonlyMap<string, { readonly done: number; readonly total: number }>): ExportRunning[] {
  const all = new Map(listed.map((record) => [record.exportId, record]));
  for (const [id, record] of fresh) all.set(id, record);
  return [...all.values()]
    .filter((record) => record.state === 'running')
    .sort((a, b) => a.createdAt.localeCompare(b.createdAt))
    .map((record) => ({ record, done: progress.get(record.exportId)?.done ?? 0, total: progress.get(record.exportId)?.total ?? 0 }));
}

/** Jobs that were seen under way and have ended now: finished or failed, not those that a person cancelled. */
export function endedSince(before: ReadonlyMap<string, Job>, now: ReadonlyMap<string, Job>): Job[] {
  const isUnderWay = (state: Job['state'] | undefined): boolean => state === 'queued' || state === 'running' || state === 'paused';
  return [...now.values()].filter((job) => (job.state === 'done' || job.state === 'failed') && isUnderWay(before.get(job.jobId)?.state));
}
