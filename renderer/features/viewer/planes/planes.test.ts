import { describe, expect, test } from 'vitest';
import type { ImageMeta, SeriesDetail } from '#contract';
import { makeFrame } from '../frames/frame.ts';
import { edgeLetters } from '../geometry/orientation.ts';
import type { Cosines } from '../geometry/orientation.ts';
import { cutPlane } from './cut-plane.ts';
import { layoutOf, planeMeta, planesOf, volumeOf } from './plane-geometry.ts';

type Triple = [number, number, number];
type Six = [number, number, number, number, number, number];
/** A stack of four slices of 3 rows and 5 columns. */
function stackOf(orientation: Six, step: Triple, spacing: Triple = [2, 1.5, 0.5], more: Partial<ImageMeta> = {}): SeriesDetail['stacks'][number] {
  const images = Array.from({ length: 4 }, (_, n) => ({
    imageId: `1.${n}`, rows: 3, columns: 5, samplesPerPixel: 1, photometricInterpretation: 'MONOCHROME2', pixelSpacingMm: [spacing[1], spacing[2]], orientation,
    position: [10 + n * step[0], 20 + n * step[1], 30 + n * step[2]], rescale: { slope: 1, intercept: 0 }, unit: 'HU', window: { center: 0, width: 1 }, ...more,
  }) as ImageMeta);
  return { stack: { images: 4, rows: 3, columns: 5, spacingMm: spacing, volume: true, timePoints: 1, oddities: [] }, images };
}
const axial: Six = [1, 0, 0, 0, 1, 0];
const upright = { rotation: 0, hflip: false, vflip: false };

describe('planes of a volume', () => {
  test.each([
    ['axial slices, feet first', axial, [0, 0, 2], ['coronal', 'sagittal']],
    ['axial slices, head first', axial, [0, 0, -2], ['coronal', 'sagittal']],
    ['sagittal slices', [0, 1, 0, 0, 0, -1], [2, 0, 0], ['axial', 'coronal']],
    ['coronal slices', [1, 0, 0, 0, 0, -1], [0, 2, 0], ['axial', 'sagittal']],
    ['axial slices of a patient who lies on the belly', [-1, 0, 0, 0, -1, 0], [0, 0, 2], ['coronal', 'sagittal']],
  ] as const)('%s', (_name, orientation, step, names) => {
    const detail = stackOf([...orientation] as Six, [...step] as Triple);
    const volume = volumeOf(detail);
    if (!volume) throw new Error('no volume');
    const planes = planesOf(volume);
    expect(planes.map(({ name }) => name)).toEqual(names);
    for (const layout of planes) {
      const meta = planeMeta(volume, layout, 1, 'x', detail.images[0] as ImageMeta);
      // As radiologists read them, however the slices were taken.
      const letters = edgeLetters(meta.orientation as unknown as Cosines, upright);
      expect([letters.left, letters.top]).toEqual({ axial: ['R', 'A'], coronal: ['R', 'H'], sagittal: ['A', 'H'] }[layout.name]);
      expect(meta.rows * meta.columns).toBe(layout.through === 0 ? 3 * 4 : 5 * 4);
    }
  });

  test('every pixel of a plane is the voxel at its place', () => {
    const detail = stackOf(axial, [0, 0, 2]);
    const volume = volumeOf(detail);
    if (!volume) throw new Error('no volume');
    // A voxel's value says where it is.
    const slices = Array.from({ length: 4 }, (_, s) => makeFrame({ rows: 3, columns: 5, samples: 1, values: Int16Array.from({ length: 15 }, (_v, i) => 100 * s + i), slope: 1, intercept: -1000, photometric: 'MONOCHROME2' }));
    for (const through of [0, 1] as const) {
      const layout = layoutOf(volume, through);
      for (let index = 0; index < volume.counts[through]; index += 1) {
        const meta = planeMeta(volume, layout, index, 'x', detail.images[0] as ImageMeta);
        const plane = cutPlane(slices, layout, index);
        expect([plane.rows, plane.columns, plane.intercept]).toEqual([meta.rows, meta.columns, -1000]);
        const [o, p, spacing] = [meta.orientation as Six, meta.position as Triple, meta.pixelSpacingMm as [number, number]];
        for (let row = 0; row < plane.rows; row += 1) for (let column = 0; column < plane.columns; column += 1) {
          const at = [0, 1, 2].map((i) => (p[i] as number) + column * spacing[1] * (o[i] as number) + row * spacing[0] * (o[i + 3] as number)) as Triple;
          const voxel = [(at[0] - 10) / 0.5, (at[1] - 20) / 1.5, (at[2] - 30) / 2].map(Math.round) as Triple;
          expect(plane.values[row * plane.columns + column]).toBe(100 * voxel[2] + 5 * voxel[1] + voxel[0]);
        }
      }
    }
  });

  test('slices with slopes of their own become modality units', () => {
    const volume = volumeOf(stackOf(axial, [0, 0, 2]));
    if (!volume) throw new Error('no volume');
    const slices = [1, 2, 3, 4].map((slope) => makeFrame({ rows: 3, columns: 5, samples: 1, values: new Uint16Array(15).fill(10), slope, intercept: 0, photometric: 'MONOCHROME2' }));
    const plane = cutPlane(slices, layoutOf(volume, 1), 0);
    expect(plane.slope).toBe(1);
    expect(Array.from(plane.values.subarray(0, 1))).toEqual([40]);
  });

  test('what is no volume has no planes', () => {
    const flat = stackOf(axial, [0, 0, 2]);
    expect(volumeOf({ ...flat, stack: { ...flat.stack, volume: false } })).toBeNull();
    expect(volumeOf({ ...flat, stack: { ...flat.stack, timePoints: 2 } })).toBeNull();
    expect(volumeOf(stackOf(axial, [0, 0, 2], [2, 1, 1], { samplesPerPixel: 3 }))).toBeNull();
    // Four thousand slices of 4096 x 4096 would not stay in memory.
    expect(volumeOf(stackOf(axial, [0, 0, 2], [2, 1, 1], { rows: 20_000, columns: 20_000 }))).toBeNull();
  });
});
