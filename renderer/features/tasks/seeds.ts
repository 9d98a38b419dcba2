/** Which seeds are used up: an image is made from its seed and its place in the run alone, so a seed used twice makes the same images twice. Pure. */
import type { Job } from '#contract';

const seeds = 2 ** 32;

interface Wanted {
  readonly packageId: string;
  readonly class: string;
  readonly count: number;
  readonly seed: number;
  readonly steps: number;
  readonly guidance: number;
}

function runsOf(jobs: readonly Job[], packageId: string, condition: string): { job: Job; seed: number; steps: number | undefined; guidance: number | undefined }[] {
  return jobs.flatMap((job) => (job.settings.task === 'synthesize' && job.packageId === packageId && job.settings.class === condition ? [{ job, seed: job.settings.seed, steps: job.settings.steps, guidance: job.settings.guidance }] : []));
}

/** The next seed after all that runs of this package and condition have used; the smallest free one when that is past the last. */
export function nextSeed(jobs: readonly Job[], packageId: string, condition: string): number {
  const used = new Set(runsOf(jobs, packageId, condition).map((run) => run.seed));
  let seed = used.size === 0 ? 1 : Math.max(...used) + 1;
  if (seed >= seeds) for (seed = 1; used.has(seed); ) seed += 1;
  return seed;
}

/** The run whose images these settings would make again, with how many of them; null when all would be new. */
export function sameAgain(jobs: readonly Job[], wanted: Wanted): { readonly job: Job; readonly images: number } | null {
  const same = runsOf(jobs, wanted.packageId, wanted.class)
    .filter((run) => run.seed === wanted.seed && run.steps === wanted.steps && run.guidance === wanted.guidance)
    .map(({ job }) => ({ job, images: Math.min(wanted.count, ['queued', 'running', 'paused'].includes(job.state) && job.settings.task === 'synthesize' ? job.settings.count : job.items) }))
    .sort((a, b) => b.images - a.images)[0];
  return same && same.images > 0 ? same : null;
}
