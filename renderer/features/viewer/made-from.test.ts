import { expect, test } from 'vitest';
import { stackMadeFrom } from './made-from.ts';

const series = (...labels: (string | undefined)[]): Parameters<typeof stackMadeFrom>[0] => ({ stacks: labels.map((label) => (label === undefined ? {} : { label })) });

test('the title says which stack', () => {
  expect(stackMadeFrom(series('TE 5.19 ms', 'TE 7.65 ms'), { title: 'gre_field_mag (TE 7.65 ms) ×2' })).toBe(1);
  expect(stackMadeFrom(series('(1 of 2)', '(2 of 2)'), { title: 'AX (part 2 of 2) ×2' })).toBe(1);
  expect(stackMadeFrom(series(undefined, undefined), { title: 'AX (stack 2) ×2' })).toBe(1);
  // One label may begin another.
  expect(stackMadeFrom(series('b 0', 'b 0 to 1000'), { title: 'DWI (b 0 to 1000) ×2' })).toBe(1);
});

test('a series of one stack, and an item from before stacks, are of the first', () => {
  expect(stackMadeFrom(series(undefined), { title: 'AX ×2' })).toBe(0);
  expect(stackMadeFrom(series('magnitude', 'phase'), { title: 'AX ×2' })).toBe(0);
});
