import { describe, expect, test } from 'vitest';
import { asWritten, quantise, roundHalfToEven } from './quantise.ts';
import { formatDecimalString } from './values.ts';

test.each([
  [0.5, 0], [1.5, 2], [2.5, 2], [-0.5, 0], [-1.5, -2], [-2.5, -2], [2.4999, 2], [2.5001, 3], [-3.7, -4],
])('%f rounds to %i', (value, expected) => expect(roundHalfToEven(value) + 0).toBe(expected));

describe('quantising', () => {
  test('clamps what does not fit, says how many, and finds the true extremes', () => {
    const image = quantise(Float32Array.of(-40_000, -1024, 0, 40_000), { signed: true, slope: 1, intercept: 0 });
    expect([...image.stored]).toEqual([-32_768, -1024, 0, 32_767]);
    expect(image).toMatchObject({ smallest: -32_768, largest: 32_767, clamped: 2 });
  });

  test('undoes the rescale', () => {
    expect([...quantise(Float32Array.of(-1024, 0, 100), { signed: false, slope: 2, intercept: -1024 }).stored]).toEqual([0, 512, 562]);
  });

  test('refuses what is no number', () => {
    expect(() => quantise(Float32Array.of(Number.NaN), { signed: true, slope: 1, intercept: 0 })).toThrow(/no numbers/);
  });
});

describe('decimal strings', () => {
  test.each([0.1, 1 / 3, -97.524239931053, 1e-9, 123456789.123456789, -0.0217883751691557, 1e20, 5e-324])('%d has at most 16 characters and keeps all they can hold', (value) => {
    const text = formatDecimalString(value);
    expect(text.length).toBeLessThanOrEqual(16);
    expect(Math.abs(asWritten(value) - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-7);
  });

  test('infinity is refused', () => expect(() => formatDecimalString(Number.POSITIVE_INFINITY)).toThrow());
});
