import { expect, test } from 'vitest';
import type { Item } from '#contract';
import { freshName, namePattern, planExport } from './export-plan.ts';

const item = (provenance: Item['provenance'], decision: Item['decision'], frames = 1): Item => ({ provenance, decision, frames }) as Item;
const items = [item('enhanced', null, 20), item('synthetic', 'accepted'), item('synthetic', 'accepted'), item('synthetic', 'rejected'), item('synthetic', 'unsure'), item('synthetic', null)];

test('accepted and enhanced are taken; undecided only when asked for; rejected and unsure never', () => {
  expect(planExport(items, false)).toEqual({ enhanced: 1, enhancedImages: 20, accepted: 2, undecided: 1, unsure: 1, rejected: 1, taken: 3, images: 22 });
  expect(planExport(items, true)).toMatchObject({ taken: 4, images: 23 });
});

test('a name is fresh and one that the host takes', () => {
  expect(freshName('Glioma, 8 images', '2026-11-21', [])).toBe('glioma-8-images-2026-11-21');
  expect(freshName('x', '2026-11-21', ['x-2026-11-21', 'x-2026-11-21-2'])).toBe('x-2026-11-21-3');
  expect(freshName('×÷', '2026-11-21', [])).toBe('export-2026-11-21');
  expect(freshName('-'.repeat(200), '2026-11-21', [])).toMatch(namePattern);
});
