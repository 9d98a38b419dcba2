import { expect, test } from 'vitest';
import { actionOf, scaledLimit, wheelSteps } from './gestures.ts';

test('left is the tool, middle pans, right zooms, space makes left pan', () => {
  expect(actionOf(0, 'window', false)).toBe('window');
  expect(actionOf(0, 'ellipse', false)).toBe('ellipse');
  expect(actionOf(0, 'ellipse', true)).toBe('pan');
  expect(actionOf(1, 'window', false)).toBe('pan');
  expect(actionOf(2, 'window', false)).toBe('zoom');
  expect(actionOf(3, 'window', false)).toBeNull();
});

test('a notch of a wheel is one slice, on mice that count pixels and on those that count lines', () => {
  expect(wheelSteps(0, 120, 0).steps).toBe(1);
  expect(wheelSteps(0, -100, 0).steps).toBe(-1);
  expect(wheelSteps(0, 3, 1).steps).toBe(1);
  expect(wheelSteps(0, 240, 0).steps).toBe(2);
});

test('a touch pad’s small movements add up, and a turn starts afresh', () => {
  let saved = 0;
  let steps = 0;
  for (let i = 0; i < 10; i += 1) {
    const next = wheelSteps(saved, 10, 0);
    saved = next.saved;
    steps += next.steps;
  }
  expect(steps).toBe(2);
  expect(wheelSteps(30, -10, 0)).toEqual({ steps: 0, saved: -10 });
});

test('a drag widens or narrows the scale of a difference, and comes back to where it began', () => {
  expect([scaledLimit(100, 0), scaledLimit(100, 139), scaledLimit(100, -139), scaledLimit(5, 100), scaledLimit(0.2, 50)]).toEqual([100, 200, 50, 8.2, 0.26]);
});
