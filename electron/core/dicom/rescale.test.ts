import { expect, test } from 'vitest';
import { applyRescale } from './rescale.ts';

test.each([
  { name: 'air in CT', stored: -24, slope: 1, intercept: -1000, expected: -1024 },
  { name: 'negative slope', stored: 10, slope: -2, intercept: 5, expected: -15 },
  { name: 'largest stored', stored: 32_767, slope: 1, intercept: -1024, expected: 31_743 },
])('$name', ({ stored, slope, intercept, expected }) => {
  const input = Int16Array.of(stored);
  expect([...applyRescale(input, { slope, intercept })]).toEqual([expected]);
  expect([...input]).toEqual([stored]);
});

test.each([{ slope: 0, intercept: 0 }, { slope: Number.NaN, intercept: 0 }, { slope: 1, intercept: Number.POSITIVE_INFINITY }])('$slope, $intercept is no rescale', (rescale) => {
  expect(() => applyRescale(Int16Array.of(1), rescale)).toThrow(/no usable rescale/);
});
