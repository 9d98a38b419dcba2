import { expect, test } from 'vitest';
import { philoxNormals } from '../random/philox.ts';
import { ddimStep, ddimTimesteps, guide } from './ddim.ts';
import { alphaBars } from './noise-schedule.ts';

const cosine = { type: 'cosine', trainSteps: 1000, s: 0.008, betaMax: 0.999 } as const;
const scaledLinear = { type: 'scaled-linear', trainSteps: 1000, betaStart: 0.00085, betaEnd: 0.012 } as const;
const clean = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i));
const noise = philoxNormals(1, 0, 64);

/** xₜ made from a known clean image and known noise. */
const noisy = (alphaBar: number): Float32Array => clean.map((value, i) => Math.sqrt(alphaBar) * value + Math.sqrt(1 - alphaBar) * noise[i]!);
const largestDifference = (a: Float32Array, b: Float32Array): number => a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);

test.each([0.9, 0.5, 0.01])('with the true noise, one step from ᾱ = %d to 1 gives the clean image back', (from) => {
  expect(largestDifference(ddimStep(noisy(from), noise, 'epsilon', { from, to: 1 }), clean)).toBeLessThan(3e-6);
});

test.each([0.9, 0.5, 0.01])('the same with the true v from ᾱ = %d', (from) => {
  const v = noise.map((value, i) => Math.sqrt(from) * value - Math.sqrt(1 - from) * clean[i]!);
  expect(largestDifference(ddimStep(noisy(from), v, 'v', { from, to: 1 }), clean)).toBeLessThan(1e-6);
});

test('with the true noise, a step to a level between lands on the image with that much of the same noise', () => {
  expect(largestDifference(ddimStep(noisy(0.2), noise, 'epsilon', { from: 0.2, to: 0.6 }), noisy(0.6))).toBeLessThan(1e-6);
});

test('a step towards more noise is refused, and the input is untouched', () => {
  const sample = noisy(0.5);
  expect(() => ddimStep(sample, noise, 'epsilon', { from: 0.5, to: 0.4 })).toThrow('less noise');
  expect(sample).toEqual(noisy(0.5));
});

test.each([
  { steps: 1, expected: [999] },
  { steps: 4, expected: [999, 749, 499, 249] },
  { steps: 3, expected: [999, 666, 332] },
])('$steps steps of 1000 are $expected', ({ steps, expected }) => {
  expect(ddimTimesteps(steps, 1000)).toEqual(expected);
});

test('as many steps as were trained visit each once, from the noisiest', () => {
  expect(ddimTimesteps(1000, 1000)).toEqual(Array.from({ length: 1000 }, (_, i) => 999 - i));
  expect(() => ddimTimesteps(1001, 1000)).toThrow();
});

test('cosine: close to cos² wherever β is not clipped, and the clip holds at the end', () => {
  const bars = alphaBars(cosine);
  const f = (u: number): number => Math.cos(((u + 0.008) / 1.008) * (Math.PI / 2)) ** 2;
  for (const t of [0, 100, 500, 900, 998]) expect(bars[t]! / (f((t + 1) / 1000) / f(0))).toBeCloseTo(1, 9);
  expect(bars[999]! / bars[998]!).toBeCloseTo(0.001, 12);
});

test('scaled linear: the square roots of β are evenly spaced between the given ends', () => {
  const bars = alphaBars(scaledLinear);
  expect(1 - bars[0]!).toBeCloseTo(0.00085, 12);
  expect(1 - bars[999]! / bars[998]!).toBeCloseTo(0.012, 12);
  // As written down by diffusers for the same numbers (Stable Diffusion's schedule): alphas_cumprod[999] = 0.0047 (float32).
  expect(bars[999]).toBeCloseTo(0.00466, 5);
});

test('guidance 0 asks for nothing, 1 for the class, 3 goes on in the same direction', () => {
  const none = Float32Array.of(1, 2);
  const asked = Float32Array.of(2, 0);
  expect([...guide(none, asked, 0)]).toEqual([1, 2]);
  expect([...guide(none, asked, 1)]).toEqual([2, 0]);
  expect([...guide(none, asked, 3)]).toEqual([4, -4]);
});
