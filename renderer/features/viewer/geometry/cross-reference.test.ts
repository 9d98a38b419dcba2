import { expect, test } from 'vitest';
import { crossLine } from './cross-reference.ts';

const place = { pixelSpacingMm: [1, 1] as [number, number], frameOfReferenceUid: '1.2' };
// 100 × 100 mm, axial at z = 40; its pixel (0, 0) has its centre at (0.5, 0.5).
const axial = { ...place, rows: 100, columns: 100, position: [0.5, 0.5, 40] as [number, number, number], orientation: [1, 0, 0, 0, 1, 0] as [number, number, number, number, number, number] };
// Sagittal at x = 30, 60 mm from front to back and 50 mm high from z = 60 downwards.
const sagittal = { ...place, rows: 50, columns: 60, position: [30, 10.5, 59.5] as [number, number, number], orientation: [0, 1, 0, 0, 0, -1] as [number, number, number, number, number, number] };

test('a sagittal plane is a vertical line on an axial image, as long as the sagittal image is deep', () => {
  const line = crossLine(axial, sagittal);
  expect([line?.from.x, line?.to.x]).toEqual([30, 30]);
  expect([line?.from.y, line?.to.y].map(Number).sort((a, b) => a - b)).toEqual([10, 70]);
});

test('an axial plane is a horizontal line on a sagittal image, cut off at its edges', () => {
  const line = crossLine(sagittal, axial);
  expect([line?.from.y, line?.to.y]).toEqual([20, 20]);
  expect([line?.from.x, line?.to.x].map(Number).sort((a, b) => a - b)).toEqual([0, 60]);
});

test('there is none between parallel planes, beyond the image, or in another frame of reference', () => {
  expect(crossLine(axial, { ...axial, position: [0.5, 0.5, 45] })).toBeNull();
  expect(crossLine({ ...axial, position: [0.5, 0.5, 80] }, sagittal)).toBeNull();
  expect(crossLine(axial, { ...sagittal, frameOfReferenceUid: '1.3' })).toBeNull();
  expect(crossLine({ ...axial, frameOfReferenceUid: undefined }, { ...sagittal, frameOfReferenceUid: undefined })).toBeNull();
});
