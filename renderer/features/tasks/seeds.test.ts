import { expect, test } from 'vitest';
import type { Job } from '#contract';
import { nextSeed, sameAgain } from './seeds.ts';

const run = (seed: number, more: { class?: string; steps?: number; items?: number; state?: Job['state']; count?: number } = {}): Job =>
  ({ packageId: 'brain', state: more.state ?? 'done', items: more.items ?? 8, settings: { task: 'synthesize', packageId: 'brain', class: more.class ?? 'glioma', count: more.count ?? 8, seed, steps: more.steps ?? 30, guidance: 2 } }) as Job;
const wanted = { packageId: 'brain', class: 'glioma', count: 4, seed: 1, steps: 30, guidance: 2 };

test('a new page offers the seed after those that the library knows, for each condition by itself', () => {
  expect(nextSeed([], 'brain', 'glioma')).toBe(1);
  expect(nextSeed([run(1), run(77), run(200, { class: 'meningioma' })], 'brain', 'glioma')).toBe(78);
  expect(nextSeed([run(1), run(2 ** 32 - 1)], 'brain', 'glioma')).toBe(2);
});

test('settings whose images exist are found, with how many would be the same', () => {
  expect(sameAgain([run(1, { items: 3 }), run(1, { items: 2 })], wanted)?.images).toBe(3);
  expect(sameAgain([run(1)], wanted)?.images).toBe(4);
  // One that is still being made will make them.
  expect(sameAgain([run(1, { items: 0, state: 'queued', count: 2 })], wanted)?.images).toBe(2);
});

test('another seed, condition or number of steps makes other images; a run that made none is none', () => {
  expect(sameAgain([run(2), run(1, { class: 'meningioma' }), run(1, { steps: 10 }), run(1, { items: 0, state: 'failed' })], wanted)).toBeNull();
});
