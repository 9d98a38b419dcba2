import { expect, test } from 'vitest';
import type { ExportRecord, Job } from '#contract';
import { endedSince, exportsRunning } from './now-running.ts';

const record = (exportId: string, state: ExportRecord['state'], createdAt: string): ExportRecord => ({ exportId, state, createdAt }) as ExportRecord;
const job = (jobId: string, state: Job['state']): Job => ({ jobId, state }) as Job;

test('exports that run are told of, in their order, as they stand now', () => {
  const listed = [record('b', 'running', '2'), record('a', 'running', '1'), record('c', 'done', '0'), record('d', 'running', '3')];
  const running = exportsRunning(listed, new Map([['d', record('d', 'done', '3')], ['e', record('e', 'running', '4')]]), new Map([['a', { done: 2, total: 9 }]]));
  expect(running.map(({ record: one, done, total }) => `${one.exportId} ${done}/${total}`)).toEqual(['a 2/9', 'b 0/0', 'e 0/0']);
});

test('a job that was under way and has ended is told of once; a cancelled one, and one that had ended before, are not', () => {
  const before = new Map([['a', job('a', 'running')], ['b', job('b', 'queued')], ['c', job('c', 'done')], ['d', job('d', 'running')]]);
  const now = new Map([['a', job('a', 'done')], ['b', job('b', 'failed')], ['c', job('c', 'done')], ['d', job('d', 'cancelled')], ['e', job('e', 'done')]]);
  expect(endedSince(before, now).map((one) => one.jobId)).toEqual(['a', 'b']);
  expect(endedSince(now, now)).toEqual([]);
});
