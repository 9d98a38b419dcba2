import { expect, test } from 'vitest';
import { DataSet } from '../data-set.ts';
import type { ImagePlane } from '../image-plane.ts';
import type { DicomFile } from '../types.ts';
import { masksOnImage, matchFrames } from './masks.ts';
import { readSegmentation } from './read-segmentation.ts';

const axial = [1, 0, 0, 0, 1, 0] as const;

/** Two frames of 2 × 3 pixels at z 0 and 2, drawn on images `a` and `b`; values 0…4 of 4. */
function fractional(change: (dataset: DataSet) => void = () => undefined): DicomFile {
  const frame = (z: number, source: string): DataSet => new DataSet()
    .setSequence('PlanePositionSequence', [new DataSet().setNumber('ImagePositionPatient', [10, 20, z])])
    .setSequence('SegmentIdentificationSequence', [new DataSet().setNumber('ReferencedSegmentNumber', 1)])
    .setSequence('DerivationImageSequence', [new DataSet().setSequence('SourceImageSequence', [new DataSet().setString('ReferencedSOPInstanceUID', source)])]);
  const dataset = new DataSet()
    .setString('SOPClassUID', '1.2.840.10008.5.1.4.1.1.66.4').setString('SegmentationType', 'FRACTIONAL').setString('SegmentationFractionalType', 'PROBABILITY').setNumber('MaximumFractionalValue', 4)
    .setString('FrameOfReferenceUID', '1.2.3').setNumber('Rows', 2).setNumber('Columns', 3).setNumber('NumberOfFrames', 2).setNumber('SamplesPerPixel', 1).setString('PhotometricInterpretation', 'MONOCHROME2')
    .setNumber('BitsAllocated', 8).setNumber('BitsStored', 8).setNumber('HighBit', 7).setNumber('PixelRepresentation', 0)
    .setSequence('SegmentSequence', [new DataSet().setNumber('SegmentNumber', 1).setString('SegmentLabel', 'One')])
    .setSequence('SharedFunctionalGroupsSequence', [new DataSet()
      .setSequence('PixelMeasuresSequence', [new DataSet().setNumber('PixelSpacing', [1, 1]).setNumber('SliceThickness', 2)])
      .setSequence('PlaneOrientationSequence', [new DataSet().setNumber('ImageOrientationPatient', axial)])])
    .setSequence('PerFrameFunctionalGroupsSequence', [frame(0, '9.1'), frame(2, '9.2')])
    .setBytes('PixelData', 'OB', Uint8Array.of(0, 1, 2, 3, 4, 0, 4, 4, 4, 4, 4, 4));
  change(dataset);
  return { meta: new DataSet(), dataset, transferSyntaxUid: '1.2.840.10008.1.2.1', notices: [], pixelDataSkipped: false };
}

function image(change: Partial<ImagePlane> = {}): ImagePlane {
  return { sopInstanceUid: '9.1', frame: 0, rows: 2, columns: 3, position: [10, 20, 0], orientation: axial, spacingMm: [1, 1], frameOfReferenceUid: '1.2.3', sliceSpacingMm: 2, ...change };
}

async function first(file: DicomFile, plane: ImagePlane): Promise<number[] | undefined> {
  const { masks } = await masksOnImage(file, readSegmentation(file.dataset), plane);
  return masks[0] === undefined ? undefined : [...masks[0].pixels];
}

test('fractions come as 0…255', async () => {
  expect(await first(fractional(), image())).toEqual([0, 64, 128, 191, 255, 0]);
});

test('a finer, mirrored grid is sampled where its pixels lie', async () => {
  // Columns run to the left from x = 12; half the spacing.
  const mirrored = image({ rows: 1, columns: 5, position: [12, 20, 0], orientation: [-1, 0, 0, 0, 1, 0], spacingMm: [1, 0.5] });
  // x = 12, 11.5, 11, 10.5, 10; the nearest pixels have 2, 2 (or 1), 1, 1 (or 0), 0.
  expect((await first(fractional(), mirrored))!.filter((_, i) => i % 2 === 0)).toEqual([128, 64, 0]);
});

test('an image beside the segmentation is left empty where that does not reach', async () => {
  expect(await first(fractional(), image({ position: [11, 20, 0] }))).toEqual([64, 128, 0, 255, 0, 0]);
});

test('an image between two frames takes the nearest, one beyond half the thickness none', () => {
  const segmentation = readSegmentation(fractional().dataset);
  expect(matchFrames(segmentation, image({ sopInstanceUid: '5', position: [10, 20, 1.2] }))).toEqual([{ index: 1, how: 'geometry' }]);
  expect(matchFrames(segmentation, image({ sopInstanceUid: '5', position: [10, 20, 3.2] }))).toEqual([]);
  expect(matchFrames(segmentation, image({ position: [10, 20, 0] }))).toEqual([{ index: 0, how: 'reference' }]);
});

test('another frame of reference is another space, unless the image is named', () => {
  const segmentation = readSegmentation(fractional().dataset);
  expect(matchFrames(segmentation, image({ sopInstanceUid: '5', frameOfReferenceUid: '7' }))).toEqual([]);
  expect(matchFrames(segmentation, image({ sopInstanceUid: '9.2', frameOfReferenceUid: '7' }))).toEqual([{ index: 1, how: 'reference' }]);
});

test('a tilted image shares no plane', () => {
  expect(matchFrames(readSegmentation(fractional().dataset), image({ orientation: [1, 0, 0, 0, 0.9, 0.43589] }))).toEqual([]);
});

test('without geometry the frames belong to the images they name; without either they are refused in words', async () => {
  const bare = fractional((dataset) => dataset.delete('SharedFunctionalGroupsSequence'));
  expect(await first(bare, image())).toEqual([0, 64, 128, 191, 255, 0]);
  const nothing = readSegmentation(fractional((dataset) => dataset.setSequence('PerFrameFunctionalGroupsSequence', []).delete('SharedFunctionalGroupsSequence')).dataset);
  expect(nothing.canOverlay).toBe(false);
  expect(nothing.notices.join()).toMatch(/neither where its frames lie nor which images/);
});

test('more labels than memory is given for are refused', async () => {
  const many = fractional((dataset) => dataset.setString('SegmentationType', 'LABELMAP').setSequence('SegmentSequence', [1, 2, 3, 4].map((number) => new DataSet().setNumber('SegmentNumber', number))));
  const segmentation = readSegmentation(many.dataset);
  await expect(masksOnImage(many, segmentation, image({ rows: 20_000, columns: 20_000 }))).rejects.toThrow(/more segments/);
});
