import { expect, test } from 'vitest';
import { makeFrame } from '../frames/frame.ts';
import { ctPresets, dragWindow, linearRamp, percentileWindow } from './window.ts';

const lung = { center: -600, width: 1500 };

test('right is wider, up is brighter; reversed only turns up and down round', () => {
  expect(dragWindow(lung, 100, 0, 4095).width).toBeGreaterThan(1500);
  expect(dragWindow(lung, -100, 0, 4095).width).toBeLessThan(1500);
  // Up is a negative dy; brighter means a lower centre.
  expect(dragWindow(lung, 0, -50, 4095).center).toBeLessThan(-600);
  expect(dragWindow(lung, 0, -50, 4095, true).center).toBeGreaterThan(-600);
  expect(dragWindow(lung, 0, 50, 4095).width).toBe(1500);
});

test('no drag makes a width below one unit in CT, or below a thousandth in images of 0 to 1', () => {
  expect(dragWindow(lung, -100_000, 0, 4095).width).toBe(1);
  const narrow = dragWindow({ center: 0.5, width: 1 }, -100_000, 0, 1).width;
  expect(narrow).toBeGreaterThan(0);
  expect(narrow).toBeLessThanOrEqual(0.001);
});

test('a narrow window moves finer than a wide one', () => {
  const brain = dragWindow({ center: 40, width: 80 }, 0, 10, 4095).center - 40;
  const bone = dragWindow({ center: 480, width: 2500 }, 0, 10, 4095).center - 480;
  expect(brain).toBeLessThan(bone);
  expect(brain).toBeGreaterThan(0);
});

test('percentiles leave a few hot pixels out', () => {
  const values = Float32Array.from({ length: 10_000 }, (_v, i) => i / 10);
  values[5] = 1e6;
  const { center, width } = percentileWindow(makeFrame({ rows: 100, columns: 100, samples: 1, values, slope: 1, intercept: 0, photometric: 'MONOCHROME2' }));
  expect(center).toBeCloseTo(500, -1);
  expect(width).toBeCloseTo(980, -1);
});

test('LINEAR of the standard: black at and below c − 0.5 − (w − 1)/2, white above c − 0.5 + (w − 1)/2', () => {
  const ramp = linearRamp({ center: 2048, width: 4096 });
  const shade = (x: number): number => (x - ramp.center) / ramp.width + 0.5;
  expect(shade(0)).toBe(0);
  expect(shade(4095)).toBe(1);
  expect(linearRamp({ center: 0.5, width: 1 })).toEqual({ center: 0.5, width: 1 });
});

test('number keys are distinct', () => expect(new Set(ctPresets.map((preset) => preset.key)).size).toBe(ctPresets.length));
