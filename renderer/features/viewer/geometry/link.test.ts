import { expect, test } from 'vitest';
import { linkByPosition, sameExtent } from './link.ts';
import { scaleBar } from './scale-bar.ts';

const axial: [number, number, number, number, number, number] = [1, 0, 0, 0, 1, 0];
const stack = (zs: readonly number[], orientation = axial) => zs.map((z) => ({ position: [0, 0, z] as [number, number, number], orientation, sliceThicknessMm: 1 }));

test('the nearest slice along the normal, whatever the order and in-plane shift', () => {
  const from = { position: [50, -20, -540.8] as [number, number, number], orientation: axial, sliceThicknessMm: 1 };
  expect(linkByPosition(from, stack([-530.8, -535.8, -540.8, -545.8]))).toEqual({ kind: 'at', index: 2, distanceMm: 0 });
  expect(linkByPosition(from, stack([-540.3, -541.4]))).toMatchObject({ kind: 'at', index: 0 });
});

test('refused in words: other plane, other place, no position', () => {
  const from = { position: [0, 0, 0] as [number, number, number], orientation: axial, sliceThicknessMm: 1 };
  expect(linkByPosition(from, stack([0], [1, 0, 0, 0, 0, -1]))).toEqual({ kind: 'none', because: 'the planes differ' });
  expect(linkByPosition(from, stack([100, 101, 102]))).toEqual({ kind: 'none', because: 'no slice at this place' });
  const elsewhere = stack([0]).map((image) => ({ ...image, frameOfReferenceUid: '1.3' }));
  expect(linkByPosition({ ...from, frameOfReferenceUid: '1.2' }, elsewhere)).toEqual({ kind: 'none', because: 'another frame of reference' });
  expect(linkByPosition(from, elsewhere)).toMatchObject({ kind: 'at' });
  const each = stack([0, 1]).map((image, i) => ({ ...image, frameOfReferenceUid: `1.4.${i}` }));
  expect(linkByPosition({ ...from, frameOfReferenceUid: '1.4.0' }, each)).toMatchObject({ kind: 'at', index: 0 });
  expect(linkByPosition({ ...from, position: null }, stack([0]))).toEqual({ kind: 'none', because: 'this image has no position' });
});

test('the same field at twice the matrix is the same extent; another field is not', () => {
  const source = { rows: 512, columns: 512, pixelSpacingMm: [0.78125, 0.78125] as [number, number] };
  expect(sameExtent(source, { rows: 1024, columns: 1024, pixelSpacingMm: [0.390625, 0.390625] })).toBe(true);
  expect(sameExtent(source, { rows: 512, columns: 512, pixelSpacingMm: [0.7, 0.7] })).toBe(false);
});

test.each([
  [2, 120, { lengthMm: 50, lengthPx: 100, label: '5 cm' }],
  [12, 120, { lengthMm: 10, lengthPx: 120, label: '1 cm' }],
  [40, 120, { lengthMm: 2, lengthPx: 80, label: '2 mm' }],
])('at %d px/mm and %d px of room', (pxPerMm, room, bar) => expect(scaleBar(pxPerMm, room)).toEqual(bar));

test('no bar without a spacing', () => expect(scaleBar(Number.NaN, 100)).toBeNull());
