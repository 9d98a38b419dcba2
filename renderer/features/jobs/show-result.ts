/** Goes to what a job made. */
import { ScanloomError } from '#contract';
import type { Job } from '#contract';
import { call } from '../../client/index.ts';
import { goTo, tell } from '../../ui/index.ts';

export function showResult(job: Job): void {
  if (job.settings.task === 'synthesize') {
    goTo('review', [job.jobId]);
    return;
  }
  const seriesUid = job.settings.seriesUids[0];
  call('listItems', { query: { jobId: job.jobId } }).then(
    (items) => {
      const item = items[0];
      if (seriesUid !== undefined) goTo('view', [seriesUid], item ? { b: `item:${item.itemId}` } : {});
    },
    (error: unknown) => tell(ScanloomError.from(error).message, 'bad'),
  );
}
