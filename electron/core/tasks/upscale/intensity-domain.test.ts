import { expect, test } from 'vitest';
import { fromModel, percentileOf, toModel } from './intensity-domain.ts';

test.each([
  { percentile: 50, expected: 3 },
  { percentile: 100, expected: 5 },
  // NumPy: np.percentile([1, 2, 3, 4, 5], 99.5) = 4.98
  { percentile: 99.5, expected: 4.98 },
  { percentile: 62.5, expected: 3.5 },
])('percentile $percentile interpolates linearly over all slices together', ({ percentile, expected }) => {
  expect(percentileOf([Float32Array.of(5, 1, 3), Float32Array.of(4, 2)], percentile)).toBeCloseTo(expected, 6);
});

test('model units and back give the same values within float precision', () => {
  const domain = { offset: 0, scale: 1000, clip: [-1024, 3071] as const, method: '' };
  const values = Float32Array.of(-1024, -600, 0, 40, 3071);
  const back = fromModel(toModel(values, domain), domain);
  values.forEach((value, i) => expect(Math.abs(back[i]! - value)).toBeLessThan(1e-3));
});

test('values outside the training range are clipped on the way in and on the way out', () => {
  const domain = { offset: 0, scale: 1000, clip: [-1024, 3071] as const, method: '' };
  const [low, high] = toModel(Float32Array.of(-3000, 30000), domain);
  expect(low).toBeCloseTo(-1.024, 6);
  expect(high).toBeCloseTo(3.071, 6);
  expect([...fromModel(Float32Array.of(-5, 5), domain)]).toEqual([-1024, 3071]);
});

test('MR magnitude never becomes negative', () => {
  expect([...fromModel(Float32Array.of(-0.2, 0.5), { offset: 0, scale: 200, clip: [0, Infinity], method: '' })]).toEqual([0, 100]);
});
