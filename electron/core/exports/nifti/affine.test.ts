import { describe, expect, test } from 'vitest';
import { affineOf, volumesOf, type PlacedImage } from './affine.ts';

const image = (position: [number, number, number], more: Partial<PlacedImage> = {}): PlacedImage => ({
  position, orientation: [1, 0, 0, 0, 1, 0], pixelSpacingMm: [0.8, 0.5], sliceThicknessMm: 3, rows: 4, columns: 5, ...more,
});
const axial = [0, 2.5, 5].map((z) => image([-10, -20, z]));

describe('LPS to RAS', () => {
  test('left and posterior change sign, column spacing goes with the columns', () => {
    expect(affineOf(axial)).toEqual([[-0.5, -0, -0, 10], [-0, -0.8, -0, 20], [0, 0, 2.5, 0]]);
  });

  test('slices in falling order step downwards', () => expect(affineOf([...axial].reverse())![2]).toEqual([0, 0, -2.5, 5]));

  test('a tilted gantry is a shear', () => {
    const tilted = [0, 1, 2].map((n) => image([0, n * 0.3, n * 2]));
    expect(affineOf(tilted)![1][2]).toBeCloseTo(-0.3, 9);
  });

  test('one image has its slice thickness along the normal', () => expect(affineOf([axial[0]!])![2][2]).toBe(3));

  test.each<{ name: string; images: PlacedImage[] }>([
    { name: 'a missing slice', images: [0, 2.5, 7.5].map((z) => image([0, 0, z])) },
    { name: 'a place that comes twice', images: [0, 0, 2.5].map((z) => image([0, 0, z])) },
    { name: 'all at one place', images: [0, 0].map((z) => image([0, 0, z])) },
    { name: 'another orientation', images: [image([0, 0, 0]), image([0, 0, 1], { orientation: [0, 1, 0, 0, 0, -1] })] },
    { name: 'another spacing', images: [image([0, 0, 0]), image([0, 0, 1], { pixelSpacingMm: [0.8, 0.6] })] },
    { name: 'another size', images: [image([0, 0, 0]), image([0, 0, 1], { rows: 6 })] },
    { name: 'no position', images: [image([0, 0, 0]), image([0, 0, 1], { position: null })] },
    { name: 'slices side by side', images: [image([0, 0, 0]), image([5, 0, 0])] },
  ])('$name has no affine', ({ images }) => expect(affineOf(images)).toBeNull());
});

describe('volumes at one place', () => {
  const slices = (n: number): PlacedImage[] => Array.from({ length: n }, (_, k) => image([0, 0, k * 2]));
  test.each([
    ['one', slices(3), { slices: 3, times: 1 }],
    ['two, one after the other', [...slices(3), ...slices(3)], { slices: 3, times: 2 }],
    ['one slice again and again', [image([0, 0, 0]), image([0, 0, 0])], { slices: 1, times: 2 }],
  ] as const)('%s', (_, images, expected) => expect(volumesOf(images)).toMatchObject(expected));

  test.each([
    ['a volume that is not whole', [...slices(3), ...slices(2)]],
    ['a volume elsewhere', [...slices(3), image([0, 0, 0]), image([0, 0, 2]), image([0, 1, 4])]],
    ['place after place', [0, 0, 2, 2].map((z) => image([0, 0, z]))],
  ])('%s makes none', (_, images) => expect(volumesOf(images)).toBeNull());
});
