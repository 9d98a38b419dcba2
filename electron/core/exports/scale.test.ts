import { describe, expect, test } from 'vitest';
import { scaleFor, toStored } from './scale.ts';

describe('16 bits for real values', () => {
  test('the ends of an item are the ends of the range, and no value is off by more than half a step', () => {
    const values = Float32Array.of(-1024, -1023.97, 0, 37.5, 3071);
    const scale = scaleFor({ low: -1024, high: 3071 }, 'enhanced', 'HU');
    const stored = toStored(values, scale);
    expect([stored[0], stored[4]]).toEqual([0, 65535]);
    stored.forEach((step, i) => expect(Math.abs(step * scale.slope + scale.intercept - values[i]!)).toBeLessThanOrEqual(scale.slope * 0.5000001));
    expect(scale.slope).toBeCloseTo(0.0625, 3);
  });

  test('synthetic images share one scale, whatever their brightest pixel is', () => {
    expect(scaleFor({ low: 0.2, high: 0.7 }, 'synthetic', '')).toEqual({ slope: 1 / 65535, intercept: 0, unit: '' });
    expect(scaleFor({ low: -0.1, high: 1.2 }, 'synthetic', '').intercept).toBe(-0.1);
  });

  test('a flat image keeps its value', () => {
    const scale = scaleFor({ low: -7.5, high: -7.5 }, 'enhanced', 'HU');
    expect([...toStored(Float32Array.of(-7.5), scale)].map((step) => step * scale.slope + scale.intercept)).toEqual([-7.5]);
  });

  test('halves go to the even step', () => expect([...toStored(Float32Array.of(0.5, 1.5, 2.5), { slope: 1, intercept: 0, unit: '' })]).toEqual([0, 2, 2]));
});
