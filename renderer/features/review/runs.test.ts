import { expect, test } from 'vitest';
import type { Job, RunOverview } from '#contract';
import { nextRun, nothingLeftWords, reviewRuns, runToOpen } from './runs.ts';

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

test('nothing is left elsewhere only where nothing is undecided elsewhere', () => {
  const jobs = [job('a', '5'), job('b', '3'), job('up', '6', 'upscale')];
  const words = (undecided: number, series: number, jobId = 'a') => nothingLeftWords(reviewRuns(jobs, [overview('a', 0), overview('b', undecided), overview('up', series, 'enhanced')]), jobId);
  expect(words(2, 1)).toBe('');
  expect(words(0, 1)).toBe('No synthetic image is left in other runs. 1 enhanced series is not decided; it needs no review.');
  expect(words(0, 0)).toBe('Nothing is left in other runs.');
  expect(words(0, 1, 'up')).toBe('Nothing is left in other runs.');
});
