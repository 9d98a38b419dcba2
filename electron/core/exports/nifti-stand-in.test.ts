import { describe, expect, test } from 'vitest';
import type { ImageHeader } from '#dicom';
import { fakeSources } from './testing/fake-sources.ts';
import { niftiStandIn } from './nifti-stand-in.ts';

const image = fakeSources().sources[1]!.images[0]!;
const header = {
  sopInstanceUid: '2.25.1', studyInstanceUid: '2.25.2', seriesInstanceUid: '2.25.3', frameOfReferenceUid: '2.25.4', seriesDescription: 'brain.nii.gz', bitsStored: 16, pixelRepresentation: 1, floatPixels: null, rescale: null,
  framesGeometry: [{ temporalPosition: null }, { temporalPosition: 2 }],
} as unknown as ImageHeader;
const range = { low: -0.25, high: 1 };
const made = (more: Partial<ImageHeader>, frame = 0, modality = 'MR') => niftiStandIn({ header: { ...header, ...more }, sha256: 'ab'.repeat(32), range }, image, frame, modality).dataset;

describe('a NIfTI image as what a DICOM object is derived from', () => {
  test('names no patient, and an identity that no other file has', () => {
    const dataset = made({});
    expect(dataset.string('PatientID')).toBe('NIFTI-abababababababab');
    for (const key of ['PatientName', 'PatientBirthDate', 'PatientSex', 'StudyDate']) expect([dataset.has(key), dataset.string(key)], key).toEqual([true, '']);
    expect(dataset.has('TemporalPositionIdentifier')).toBe(false);
    expect(made({}, 1).number('TemporalPositionIdentifier')).toBe(2);
  });

  test.each([
    ['16-bit integers keep their scale', { rescale: { slope: 0.25, intercept: -3.5, type: '' } }, [0.25, -3.5, 1]],
    ['without a scale there is none', {}, [null, null, 1]],
    ['floats get the finest that holds the item', { floatPixels: 'float32', bitsStored: 32 }, [expect.closeTo(1.25 / 65_535, 9), -0.25, 0]],
    ['32-bit integers, too', { bitsStored: 32 }, [expect.closeTo(1.25 / 65_535, 9), -0.25, 0]],
  ] as const)('%s', (_, more, [slope, intercept, sign]) => {
    const dataset = made(more);
    expect([dataset.number('RescaleSlope'), dataset.number('RescaleIntercept'), dataset.number('PixelRepresentation')]).toEqual([slope, intercept, sign]);
  });

  test('the distance of slices is no thickness, and CT has no word for it', () => {
    expect(made({}).number('SpacingBetweenSlices')).toBe(image.sliceThicknessMm);
    expect(made({}).string('SliceThickness')).toBe('');
    expect(made({}, 0, 'CT').has('SpacingBetweenSlices')).toBe(false);
  });
});
