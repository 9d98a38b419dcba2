import { describe, expect, test } from 'vitest';
import { presentationTable, stepOf } from './presentation-step.ts';

const table = (first: number, values: number[], bits = 8): { explanation: string; first: number; bits: number; values: number[] } => ({ explanation: '', first, bits, values });

describe('the modality step of a presentation state', () => {
  const ct = { slope: 1, intercept: -1024 };
  test('is none where it is the image’s own', () => {
    expect(stepOf({ slope: 1, intercept: -1024, type: 'HU' }, ct)).toBeNull();
    expect(stepOf(null, { slope: 1, intercept: 0 })).toBeNull();
  });
  test('without a modality part, windows hold for stored values', () => {
    expect(stepOf(null, { slope: 2, intercept: -1000 })?.apply(0)).toBe(500);
  });
  test('another line is applied to stored values', () => {
    const step = stepOf({ slope: 0.5, intercept: 10, type: 'OD' }, ct);
    // 24 HU were stored as 1048.
    expect(step?.apply(24)).toBe(534);
    expect(step?.unit).toBe('OD');
    expect(stepOf({ slope: 2, intercept: 0, type: 'US' }, ct)?.unit).toBe('');
  });
  test('a table is looked up by stored value, held at its ends', () => {
    const step = stepOf({ table: table(1000, [7, 8, 9]) }, ct);
    expect([-1024, -24, -23, -22, 500].map((value) => step?.apply(value))).toEqual([7, 7, 8, 9, 9]);
  });
  test('each step has a name of its own', () => {
    const keys = [stepOf(null, ct), stepOf({ slope: 2, intercept: 0, type: '' }, ct), stepOf({ table: table(0, [1, 2]) }, ct), stepOf({ table: table(0, [2, 1]) }, ct)].map((step) => step?.key);
    expect(new Set(keys).size).toBe(4);
  });
});

test('a presentation table spreads over the grey that comes in', () => {
  const grey = presentationTable(table(0, [0, 255, 0]));
  expect([0, 0.5, 1, 2].map(grey)).toEqual([0, 1, 0, 0]);
});
