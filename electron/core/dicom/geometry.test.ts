import { describe, expect, test } from 'vitest';
import { normalOf, upscaledGeometry } from './geometry.ts';
import type { Orientation } from './types.ts';

const axial: Orientation = [1, 0, 0, 0, 1, 0];

describe('a finer grid over the same field of view', () => {
  test('twofold: a quarter of a pixel towards the corner, half the spacing', () => {
    const { position, spacingMm } = upscaledGeometry({ position: [-100, -80, 5], orientation: axial, spacingMm: [0.8, 0.6] }, 2);
    expect(spacingMm).toEqual([0.4, 0.3]);
    // Columns go along x with the column spacing, rows along y with the row spacing (PS3.3 C.7.6.2.1.1).
    expect(position[0]).toBeCloseTo(-100 - 0.6 / 4, 12);
    expect(position[1]).toBeCloseTo(-80 - 0.8 / 4, 12);
    expect(position[2]).toBe(5);
  });

  test.each([2, 3, 4, 1.5])('by %f: new pixel centres lie at (i + 0.5) / n − 0.5 of the old ones, whatever the orientation', (factor) => {
    const orientation: Orientation = [0.99903217644152, -0.0217883751692, 0.0382096472373, 0.02651947693878, 0.9914138702773, -0.128043957939];
    const before = { position: [-97, -138, 24] as const, orientation, spacingMm: [0.667, 0.7] as const };
    const after = upscaledGeometry(before, factor);
    const centre = (g: { position: readonly number[]; spacingMm: readonly [number, number] }, i: number, j: number, axis: number): number =>
      g.position[axis]! + orientation[axis]! * g.spacingMm[1] * i + orientation[axis + 3]! * g.spacingMm[0] * j;
    for (const [i, j] of [[0, 0], [7, 3], [100, 55]] as const) {
      for (const axis of [0, 1, 2]) expect(centre(after, i, j, axis)).toBeCloseTo(centre(before, (i + 0.5) / factor - 0.5, (j + 0.5) / factor - 0.5, axis), 9);
    }
  });

  test('by 1 is the same geometry', () => {
    const geometry = { position: [1, 2, 3] as const, orientation: axial, spacingMm: [1, 2] as const };
    expect(upscaledGeometry(geometry, 1)).toEqual(geometry);
  });

  test('by nothing is refused', () => {
    expect(() => upscaledGeometry({ position: [0, 0, 0], orientation: axial, spacingMm: [1, 1] }, 0)).toThrow(/factor above 0/);
  });
});

test('the normal is rows × columns: towards the head for axial slices', () => {
  expect(normalOf(axial)).toEqual([0, 0, 1]);
  expect(normalOf([0, 1, 0, 0, 0, -1])).toEqual([-1, 0, 0]);
});
