/** Jobs as people look for them: what runs, what waits in its order, then what ended, newest first. Pure. */
import type { Job } from '#contract';

const rank: Readonly<Record<Job['state'], number>> = { running: 0, paused: 1, queued: 2, failed: 3, done: 3, cancelled: 3 };

export function orderJobs(jobs: Iterable<Job>): Job[] {
  return [...jobs].sort((a, b) => {
    if (rank[a.state] !== rank[b.state]) return rank[a.state] - rank[b.state];
    return rank[a.state] === 3 ? b.createdAt.localeCompare(a.createdAt) : a.createdAt.localeCompare(b.createdAt);
  });
}

/** The list as fetched with what the host told since. */
export function mergeJobs(list: readonly Job[], fresh: ReadonlyMap<string, Job>): Job[] {
  const all = new Map(list.map((job) => [job.jobId, job]));
  for (const [id, job] of fresh) all.set(id, job);
  return orderJobs(all.values());
}
