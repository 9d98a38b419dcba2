import { expect, test } from 'vitest';
import type { Oddity, Stack } from '#contract';
import { notForUpscaling } from './not-for-upscaling.ts';

const stack = (...oddities: Oddity[]): Stack => ({ images: 3, rows: 4, columns: 4, spacingMm: null, volume: false, timePoints: 1, oddities });

test.each([
  ['localizer', /places other images/],
  ['dose-report', /page of figures/],
  ['mosaic', /many slices/],
] as const)('a %s is not offered', (kind, words) => {
  expect(notForUpscaling({ stacks: [stack(kind)], oddities: [kind] })).toMatch(words);
  // Beside real slices it is only one of the stacks.
  expect(notForUpscaling({ stacks: [stack(), stack(kind)], oddities: [kind] })).toBeUndefined();
  expect(notForUpscaling({ stacks: [stack(), stack(kind)], oddities: [kind] }, 1)).toMatch(words);
});

test('three crossing planes are a localizer together', () => {
  expect(notForUpscaling({ stacks: [stack(), stack(), stack()], oddities: ['localizer', 'mixed-orientation'] })).toMatch(/localizer/);
  expect(notForUpscaling({ stacks: [stack(), stack()], oddities: ['mixed-orientation'] })).toBeUndefined();
});
