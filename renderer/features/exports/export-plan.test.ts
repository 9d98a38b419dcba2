import { expect, test } from 'vitest';
import type { Item } from '#contract';
import { freshName, namePattern, planExport } from './export-plan.ts';

const item = (provenance: Item['provenance'], decision: Item['decision'], frames = 1, itemId = ''): Item => ({ provenance, decision, frames, itemId }) as Item;
const items = [item('enhanced', null, 20, 'e'), item('synthetic', 'accepted', 1, 'a'), item('synthetic', 'accepted', 1, 'b'), item('synthetic', 'rejected', 1, 'c'), item('synthetic', 'unsure', 1, 'd'), item('synthetic', null, 1, 'n')];

test('accepted and enhanced are taken; undecided and unsure only when asked for; rejected never', () => {
  expect(planExport(items, false)).toEqual({ enhanced: 1, enhancedImages: 20, enhancedUndecided: 1, enhancedRejected: 0, accepted: 2, undecided: 1, unsure: 1, rejected: 1, identical: 0, taken: 3, images: 22 });
  expect(planExport(items, true)).toMatchObject({ taken: 5, images: 24 });
});

test('of images with the same pixels one is counted, and only those that would be taken', () => {
  expect(planExport(items, false, [['a', 'b', 'elsewhere']])).toMatchObject({ identical: 1, taken: 2, images: 21 });
  expect(planExport(items, false, [['a', 'c'], ['b', 'n']])).toMatchObject({ identical: 0, taken: 3 });
  expect(planExport(items, true, [['b', 'n']])).toMatchObject({ identical: 1, taken: 4 });
});

test('a rejected enhanced series is left out and counted; undecided and unsure ones are taken and counted', () => {
  const series = [item('enhanced', 'rejected', 16), item('enhanced', 'accepted', 3), item('enhanced', 'unsure', 5), item('enhanced', null, 7)];
  for (const includeUndecided of [false, true]) expect(planExport(series, includeUndecided)).toMatchObject({ enhanced: 3, enhancedImages: 15, enhancedUndecided: 2, enhancedRejected: 1, taken: 3, images: 15 });
  expect(planExport([item('enhanced', 'rejected', 16)], true)).toMatchObject({ taken: 0, images: 0 });
});

test('a name is fresh and one that the host takes', () => {
  expect(freshName('Glioma, 8 images', '2026-11-21', [])).toBe('glioma-8-images-2026-11-21');
  expect(freshName('x', '2026-11-21', ['x-2026-11-21', 'x-2026-11-21-2'])).toBe('x-2026-11-21-3');
  expect(freshName('×÷', '2026-11-21', [])).toBe('export-2026-11-21');
  expect(freshName('-'.repeat(200), '2026-11-21', [])).toMatch(namePattern);
});
