import { expect, test } from 'vitest';
import { handlesOf, shifted, touched, withHandle } from './mark.ts';
import type { Mark } from './mark.ts';

const ellipse: Mark = { id: 1, owner: '1.2', kind: 'ellipse', pixels: 'p', points: [{ x: 10, y: 20 }, { x: 30, y: 60 }] };
const angle: Mark = { id: 2, owner: '1.2', kind: 'angle', pixels: 'p', points: [{ x: 0, y: 0 }, { x: 50, y: 0 }, { x: 50, y: 50 }] };
const twice = (point: { x: number; y: number }) => ({ x: point.x * 2, y: point.y * 2 });

test('a corner of an ellipse moves two sides of its box and leaves the opposite corner', () => {
  handlesOf(ellipse).forEach((corner, i) => {
    const moved = withHandle(ellipse, i, { x: corner.x + 3, y: corner.y - 4 });
    expect(handlesOf(moved)[i]).toEqual({ x: corner.x + 3, y: corner.y - 4 });
    expect(handlesOf(moved)[(i + 2) % 4]).toEqual(handlesOf(ellipse)[(i + 2) % 4]);
  });
});

test('an end is touched before a line, on the screen’s scale, and the inside of an ellipse is not its line', () => {
  expect(touched([ellipse, angle], { x: 100, y: 6 }, twice)).toMatchObject({ mark: { id: 2 }, handle: 1 });
  expect(touched([ellipse, angle], { x: 60, y: 4 }, twice)).toMatchObject({ mark: { id: 2 }, handle: null });
  expect(touched([ellipse], { x: 20, y: 80 }, twice)).toMatchObject({ mark: { id: 1 }, handle: null });
  expect(touched([ellipse], { x: 40, y: 80 }, twice)).toBeNull();
});

test('a whole mark moves with all its points', () => expect(shifted(angle, 1, 2).points).toEqual([{ x: 1, y: 2 }, { x: 51, y: 2 }, { x: 51, y: 52 }]));
