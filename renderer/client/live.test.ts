import { expect, test } from 'vitest';
import type { Job } from '#contract';
import { fillPath, queryText } from './api.ts';
import { ScanloomError } from '#contract';
import { applyEvent, connectionAfter, emptyLive } from './live.ts';

const job: Job = {
  jobId: '8f14e45f-ceea-467f-9d4d-2a3b5c6d7e8f', task: 'synthesize', title: 'Glioma', packageId: 'brain-t1c-diffusion', packageSha256: 'a'.repeat(64), state: 'running', unitsTotal: 4, unitsDone: 1,
  secondsLeft: 3, items: 1, createdAt: '2026-11-21T10:00:00Z', startedAt: null, endedAt: null, device: null, error: null,
  settings: { task: 'synthesize', packageId: 'brain-t1c-diffusion', device: 'auto', class: 'glioma', count: 4, seed: 1 },
};

test('a job is replaced by its newest state, and lists are fetched again only when its state changed', () => {
  const first = applyEvent(emptyLive, { type: 'job-changed', job });
  const second = applyEvent(first, { type: 'job-changed', job: { ...job, unitsDone: 2 } });
  expect(second.jobs.get(job.jobId)?.unitsDone).toBe(2);
  expect(second.jobsRevision).toBe(first.jobsRevision);
  const third = applyEvent(second, { type: 'job-changed', job: { ...job, state: 'done' } });
  expect(third.jobsRevision).toBe(second.jobsRevision + 1);
  expect(emptyLive.jobs.size).toBe(0);
});

test('after a reload every list is fetched again', () => {
  const next = applyEvent(applyEvent(emptyLive, { type: 'job-changed', job }), { type: 'reload' });
  // A job as it was told before the gap must not hide what is fetched after it.
  expect(next.jobs.size).toBe(0);
  expect([next.studies, next.items, next.jobsRevision, next.exportsRevision]).toEqual([1, 1, 2, 1]);
});

test('paths take their parameters percent-encoded and refuse a missing one', () => {
  expect(fillPath('/api/images/:imageId/pixels', { imageId: '1.2.3:0' })).toBe('/api/images/1.2.3%3A0/pixels');
  expect(() => fillPath('/api/jobs/:jobId', {})).toThrow(/needs jobId/);
});

test('a query leaves out what is not set', () => {
  expect(queryText({ search: 'a b', modality: undefined, limit: 20 })).toBe('?search=a+b&limit=20');
  expect(queryText({})).toBe('');
});

test('a host that refuses this page is told from one that does not answer', () => {
  expect(connectionAfter(new ScanloomError('request/unauthorised', 'no'))).toBe('locked-out');
  expect(connectionAfter(new ScanloomError('request/unsupported', 'Scanloom does not answer.'))).toBe('lost');
  expect(connectionAfter(new TypeError('x'))).toBe('lost');
});
