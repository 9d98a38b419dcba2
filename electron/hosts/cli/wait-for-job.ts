/** Waits for a job, with progress. Ctrl-C leaves it where it is: every finished unit is recorded, and `jobs resume` goes on. */
import { ScanloomError, type Job } from '#contract';
import type { Core } from '#core';
import type { CommandContext } from './command.ts';

/** @returns the job when it is done. @throws {ScanloomError} its error when it failed; `job/cancelled` when it was stopped. */
export async function waitForJob(core: Core, context: Pick<CommandContext, 'progress' | 'signal'>, jobId: string): Promise<Job> {
  const { jobs, library } = core.services;
  const show = (job: Job): void => context.progress.step(job.title, job.unitsDone, job.unitsTotal, job.secondsLeft);
  show(jobs.get(jobId));
  const unsubscribe = library.events.subscribe(({ body }) => {
    if (body.type === 'job-changed' && body.job.jobId === jobId) show(body.job);
  });
  let stop: () => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(new ScanloomError('job/cancelled', 'Stopped. What is finished is kept.', { hint: `scanloom jobs resume ${jobId} goes on.`, details: { jobId } }));
    if (context.signal.aborted) stop();
    context.signal.addEventListener('abort', stop, { once: true });
  });
  try {
    const job = await Promise.race([jobs.settled(jobId), stopped]);
    if (job.state === 'done') return job;
    if (job.error !== null) throw ScanloomError.fromBody(job.error);
    throw new ScanloomError('job/cancelled', `The job is ${job.state}.`, { hint: `scanloom jobs resume ${jobId} goes on.`, details: { jobId } });
  } finally {
    context.signal.removeEventListener('abort', stop);
    unsubscribe();
    context.progress.end();
  }
}
