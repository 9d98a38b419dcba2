import { expect, test } from 'vitest';
import type { Job } from '#contract';
import { mergeJobs, orderJobs } from './job-order.ts';

const job = (jobId: string, state: Job['state'], createdAt: string): Job => ({ jobId, state, createdAt }) as Job;

test('running first, waiting in its order, ended newest first', () => {
  const jobs = [job('old', 'done', '1'), job('w2', 'queued', '5'), job('new', 'failed', '3'), job('w1', 'queued', '4'), job('run', 'running', '2')];
  expect(orderJobs(jobs).map((one) => one.jobId)).toEqual(['run', 'w1', 'w2', 'new', 'old']);
});

test('what the host told since replaces what was fetched', () => {
  const merged = mergeJobs([job('a', 'running', '1')], new Map([['a', job('a', 'done', '1')], ['b', job('b', 'queued', '2')]]));
  expect(merged.map((one) => `${one.jobId} ${one.state}`)).toEqual(['b queued', 'a done']);
});
