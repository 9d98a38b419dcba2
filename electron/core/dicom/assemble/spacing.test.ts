import { describe, expect, test } from 'vitest';
import { evenRuns, judgeSpacing } from './spacing.ts';

describe('slice spacing', () => {
  test.each([
    { name: 'one slice has none', places: [3], kind: 'single', spacing: null, missing: 0 },
    { name: 'even', places: [0, 1, 2, 3], kind: 'even', spacing: 1, missing: 0 },
    { name: 'rounded to a tenth is even', places: [0, 3.3, 6.7, 10.0, 13.3], kind: 'even', spacing: 3.325, missing: 0 },
    { name: 'a tenth of a thin slice is not rounding', places: [0, 0.5, 1, 1.6, 2.1], kind: 'uneven', spacing: null, missing: 0 },
    { name: 'one gap', places: [0, 1, 2, 4, 5], kind: 'missing', spacing: 1, missing: 1 },
    { name: 'two spacings', places: [0, 4, 8, 12, 19, 26], kind: 'uneven', spacing: null, missing: 0 },
  ])('$name', ({ places, kind, spacing, missing }) => {
    const judged = judgeSpacing(places);
    expect(judged.kind).toBe(kind);
    expect(judged.missing).toBe(missing);
    if (spacing === null) expect(judged.spacingMm).toBeNull();
    else expect(judged.spacingMm).toBeCloseTo(spacing, 9);
  });
});

test('parts that are even by themselves are named', () => {
  expect(evenRuns([0, 4, 8, 12, 13, 20, 27])).toEqual([{ slices: 4, spacingMm: 4 }, { slices: 3, spacingMm: 7 }]);
  expect(evenRuns([0, 1, 3, 6, 10])).toEqual([]);
});
