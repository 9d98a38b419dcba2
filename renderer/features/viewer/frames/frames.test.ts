import { expect, test } from 'vitest';
import { cubicWeight, differenceColour, differenceLimit, differenceOf, enlarge } from './difference.ts';
import { displayLevels, makeFrame, rangeOf, valueAt, valuesOf } from './frame.ts';

const grey = { samples: 1, photometric: 'MONOCHROME2' };

test('stored values come back as modality units', () => {
  const frame = makeFrame({ rows: 2, columns: 2, ...grey, values: Int16Array.of(0, 24, 1000, -5), slope: 1, intercept: -1000 });
  expect([valueAt(frame, 0, 0), valueAt(frame, 1, 0), valueAt(frame, 0, 1), valueAt(frame, 1, 1)]).toEqual([-1000, -976, 0, -1005]);
  expect(valueAt(frame, 2, 0)).toBeUndefined();
  expect(valueAt(frame, 0, -1)).toBeUndefined();
});

test('a frame with too few values is refused', () => {
  expect(() => makeFrame({ rows: 2, columns: 3, ...grey, values: new Uint8Array(5), slope: 1, intercept: 0 })).toThrow(/5 values/);
});

test('bytes are read little endian by their type', () => {
  const bytes = Uint8Array.of(0x18, 0xfc, 0x01, 0x00).buffer;
  expect([...valuesOf('int16', bytes)]).toEqual([-1000, 1]);
  expect([...valuesOf('uint16', bytes)]).toEqual([64536, 1]);
});

test('the range ignores what is not finite', () => expect(rangeOf(Float32Array.of(Number.NaN, -Infinity, 3, -2, Infinity))).toEqual({ min: -2, max: 3 }));

test('16-bit values go to the screen untouched, floats in steps finer than 0.1 HU', () => {
  const stored = Int16Array.of(-1000, 3000);
  expect(displayLevels(makeFrame({ rows: 1, columns: 2, ...grey, values: stored, slope: 1, intercept: 0 })).levels).toBe(stored);
  const values = Float32Array.of(-1024, -999.7, 40.3, 3071);
  const shown = displayLevels(makeFrame({ rows: 1, columns: 4, ...grey, values, slope: 1, intercept: 0 }));
  for (let i = 0; i < values.length; i += 1) expect(Math.abs(shown.slope * (shown.levels[i] as number) + shown.intercept - (values[i] as number))).toBeLessThan(0.04);
  expect([...values].map((v) => v.toFixed(1))).toEqual(['-1024.0', '-999.7', '40.3', '3071.0']);
});

test('a flat float frame has one level and no division by nothing', () => {
  const shown = displayLevels(makeFrame({ rows: 1, columns: 2, ...grey, values: Float32Array.of(7, 7), slope: 1, intercept: 0 }));
  expect(shown.slope * (shown.levels[0] as number) + shown.intercept).toBe(7);
});

test('cubic weights of the four neighbours sum to one and pass through the pixels', () => {
  for (const x of [0, 0.25, 0.5, 0.75]) expect(cubicWeight(x + 1) + cubicWeight(x) + cubicWeight(x - 1) + cubicWeight(x - 2)).toBeCloseTo(1, 12);
  expect([cubicWeight(0), cubicWeight(1), cubicWeight(2)]).toEqual([1, 0, 0]);
});

test('enlarging keeps a constant and puts a ramp at (i + 0.5)/2 − 0.5, away from the border', () => {
  expect([...enlarge(new Float32Array(9).fill(5), 3, 3, 6, 6)].every((v) => Math.abs(v - 5) < 1e-6)).toBe(true);
  const ramp = Float32Array.from({ length: 8 }, (_v, i) => i);
  const out = enlarge(ramp, 1, 8, 1, 16);
  for (let i = 4; i < 12; i += 1) expect(out[i]).toBeCloseTo((i + 0.5) / 2 - 0.5, 5);
});

test('a source and its own enlargement differ by nothing; an added value shows with its sign', () => {
  const values = Float32Array.from({ length: 16 }, (_v, i) => (i * 37) % 11);
  const enhanced = enlarge(values, 4, 4, 8, 8);
  enhanced[9] = (enhanced[9] as number) - 30;
  const difference = differenceOf({ values: enhanced, rows: 8, columns: 8 }, { values, rows: 4, columns: 4 });
  expect(difference[9]).toBeCloseTo(-30, 4);
  expect(Math.max(...difference.map(Math.abs).filter((_v, i) => i !== 9))).toBe(0);
});

test('the difference scale is round, and its colours tell sign apart', () => {
  expect(differenceLimit(Float32Array.of(0, 0, 37, -3), 0.99)).toBe(50);
  expect(differenceLimit(new Float32Array(4))).toBe(1);
  expect(differenceColour(0, 50)).toEqual([0, 0, 0]);
  const [belowRed, belowGreen] = differenceColour(-50, 50);
  const [aboveRed, aboveGreen] = differenceColour(80, 50);
  expect(belowGreen).toBeGreaterThan(belowRed);
  expect(aboveRed).toBeGreaterThan(aboveGreen);
});
