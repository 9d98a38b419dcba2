import { expect, test } from 'vitest';
import type { Job, RunOverview } from '#contract';
import { nextRun, reviewRuns, runToOpen } from './runs.ts';

const job = (jobId: string, createdAt: string, task: Job['task'] = 'synthesize', items = 4): Job => ({ jobId, createdAt, task, items }) as Job;
const overview = (jobId: string, undecided: number, provenance: RunOverview['provenance'] = 'synthetic'): RunOverview => ({ jobId, provenance, undecided, total: 4 }) as RunOverview;

test('the run with open images opens, not the newest; enhanced series are never open', () => {
  const runs = reviewRuns([job('done', '5'), job('left', '3'), job('older', '2'), job('up', '6', 'upscale')], [overview('done', 0), overview('left', 2), overview('older', 5), overview('up', 1, 'enhanced')]);
  expect(runs.map((run) => `${run.job.jobId} ${run.left}`)).toEqual(['done 0', 'left 2', 'older 5', 'up 0']);
  expect(runToOpen(runs)).toBe('older');
  expect(nextRun(runs, 'older')?.job.jobId).toBe('left');
  expect(nextRun(reviewRuns([job('a', '1')], [overview('a', 3)]), 'a')).toBeNull();
});

test('with nothing left the newest run opens, though an empty one is newer', () => {
  expect(runToOpen(reviewRuns([job('empty', '9', 'synthesize', 0), job('full', '4')], [overview('full', 0)]))).toBe('full');
  expect(runToOpen([])).toBe('');
});
