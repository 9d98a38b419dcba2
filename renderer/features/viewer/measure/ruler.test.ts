import { expect, test } from 'vitest';
import { lengthBetween } from './roi.ts';
import { mosaicWords, scaleBetween, tileSize } from './ruler.ts';

const screen = { pixelSpacingMm: null, rows: 768, columns: 1024 };
const region = (left: number, top: number, right: number, bottom: number, spacingMm: [number, number] | null) => ({ left, top, right, bottom, spacingMm });

test('a length on an ultrasound screen is in the mm of its region', () => {
  // JPGLosslessP14SV1_1s_1f_8b.dcm: 0.025476696592378157 cm a pixel.
  const meta = { ...screen, regions: [region(14, 38, 1010, 758, [0.25476696592378157, 0.25476696592378157])] };
  const [a, b] = [{ x: 300, y: 200 }, { x: 491, y: 200 }];
  const { spacing, note } = scaleBetween(meta, [a, b]);
  expect(note).toBe('');
  expect(lengthBetween(a, b, spacing)).toEqual({ value: expect.closeTo(191 * 0.25476696592378157, 9), unit: 'mm' });
  expect(scaleBetween(meta, [{ x: 5, y: 5 }, { x: 10, y: 10 }])).toEqual({ spacing: null, note: 'outside the scaled regions: no mm' });
  expect(scaleBetween(meta, [{ x: 5, y: 5 }, b])).toEqual({ spacing: null, note: 'across regions: no mm' });
});

test('between two halves of a screen there are only pixels, on the edge of one there are mm', () => {
  const meta = { ...screen, regions: [region(0, 0, 99, 99, [0.4, 0.2]), region(100, 0, 199, 99, [0.3, 0.3])] };
  expect(scaleBetween(meta, [{ x: 90, y: 10 }, { x: 110, y: 10 }]).spacing).toBeNull();
  expect(scaleBetween(meta, [{ x: 0, y: 0 }, { x: 100, y: 100 }]).spacing).toEqual([0.4, 0.2]);
});

test('in an M-mode region, and where two scales lie over each other, there are only pixels', () => {
  expect(scaleBetween({ ...screen, regions: [region(0, 0, 99, 99, null)] }, [{ x: 1, y: 1 }])).toEqual({ spacing: null, note: 'no scale in this region' });
  const magnified = { ...screen, regions: [region(0, 0, 99, 99, [0.4, 0.4]), region(10, 10, 40, 40, [0.1, 0.1])] };
  expect(scaleBetween(magnified, [{ x: 20, y: 20 }, { x: 30, y: 30 }])).toEqual({ spacing: null, note: 'two scales here: no mm' });
  expect(scaleBetween(magnified, [{ x: 60, y: 60 }, { x: 70, y: 60 }]).spacing).toEqual([0.4, 0.4]);
});

test('regions go before a pixel size that the whole file names', () => {
  expect(scaleBetween({ ...screen, pixelSpacingMm: [1, 1], regions: [region(0, 0, 99, 99, [0.4, 0.4])] }, [{ x: 500, y: 500 }, { x: 501, y: 500 }]).spacing).toBeNull();
});

test('lengths of a mosaic stay within a tile', () => {
  const mosaic = { rows: 384, columns: 384, pixelSpacingMm: [3.2, 3.2] as [number, number], mosaic: { tiles: 36 } };
  expect(tileSize(mosaic)).toEqual({ rows: 64, columns: 64 });
  expect(scaleBetween(mosaic, [{ x: 64, y: 10 }, { x: 128, y: 50 }])).toEqual({ spacing: [3.2, 3.2], note: '' });
  expect(scaleBetween(mosaic, [{ x: 60, y: 10 }, { x: 70, y: 10 }])).toEqual({ spacing: null, note: 'across tiles: no mm' });
  expect(scaleBetween({ ...mosaic, mosaic: { tiles: null } }, [{ x: 60, y: 10 }, { x: 70, y: 10 }])).toEqual({ spacing: [3.2, 3.2], note: 'holds within one tile only' });
  // 48 tiles would be seven across, which 256 columns are not.
  expect(tileSize({ rows: 256, columns: 256, mosaic: { tiles: 48 } })).toBeNull();
  expect(mosaicWords(mosaic)).toMatch(/36 slices on one sheet/);
  expect(mosaicWords({ rows: 1, columns: 1 })).toBeNull();
});

test('any other image has one size everywhere', () => {
  expect(scaleBetween({ rows: 10, columns: 10, pixelSpacingMm: [0.5, 0.7] }, [{ x: 0, y: 0 }])).toEqual({ spacing: [0.5, 0.7], note: '' });
});
