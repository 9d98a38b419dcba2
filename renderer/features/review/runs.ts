/** Which run to review, and what is left. Pure. */
import type { Job, RunOverview } from '#contract';

export interface ReviewRun {
  readonly job: Job;
  /** Null until its first item is there. */
  readonly overview: RunOverview | null;
  /** Images that nobody decided. Enhanced series may leave without a decision: they are not counted. */
  readonly left: number;
}

/** Runs that can be reviewed, newest first, synthetic images before enhanced series. */
export function reviewRuns(jobs: readonly Job[], overviews: readonly RunOverview[]): ReviewRun[] {
  const of = new Map(overviews.map((one) => [one.jobId, one]));
  return jobs
    .filter((job) => job.items > 0 || job.task === 'synthesize')
    .map((job): ReviewRun => {
      const overview = of.get(job.jobId) ?? null;
      return { job, overview, left: overview?.provenance === 'synthetic' ? overview.undecided : 0 };
    })
    .sort((a, b) => Number(b.job.task === 'synthesize') - Number(a.job.task === 'synthesize') || b.job.createdAt.localeCompare(a.job.createdAt));
}

/** The run to open when none is named: the oldest with something left, so that nothing stays behind; else the newest that has images. */
export function runToOpen(runs: readonly ReviewRun[]): string {
  const open = runs.filter((run) => run.left > 0).at(-1);
  return (open ?? runs.find((run) => run.overview !== null && run.job.task === 'synthesize') ?? runs[0])?.job.jobId ?? '';
}

/** What stands open in other runs, in words; '' where images are left and the screen counts them itself. */
export function nothingLeftWords(runs: readonly ReviewRun[], jobId: string): string {
  const others = runs.filter((run) => run.job.jobId !== jobId);
  if (others.some((run) => run.left > 0)) return '';
  const series = others.reduce((sum, { overview }) => sum + (overview?.provenance === 'enhanced' ? overview.undecided : 0), 0);
  if (series === 0) return 'Nothing is left in other runs.';
  return `No synthetic image is left in other runs. ${series === 1 ? '1 enhanced series is' : `${series} enhanced series are`} not decided; ${series === 1 ? 'it needs' : 'they need'} no review.`;
}

/** The next run with something left, the oldest first; null when nothing is left elsewhere. */
export function nextRun(runs: readonly ReviewRun[], jobId: string): ReviewRun | null {
  return runs.filter((run) => run.left > 0 && run.job.jobId !== jobId).at(-1) ?? null;
}
