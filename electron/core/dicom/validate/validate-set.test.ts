import { describe, expect, test } from 'vitest';
import { DataSet } from '../data-set.ts';
import type { DicomFile } from '../types.ts';
import { setMemberOf, validateSet } from './validate-set.ts';

function image(uid: string, change: (set: DataSet) => void = () => undefined): DicomFile {
  const dataset = new DataSet()
    .setString('SOPClassUID', '1.2.840.10008.5.1.4.1.1.2').setString('SOPInstanceUID', uid).setString('StudyInstanceUID', '2.25.1').setString('SeriesInstanceUID', '2.25.2').setString('PatientID', 'P').setString('Modality', 'CT')
    .setString('FrameOfReferenceUID', '2.25.3').setNumber('Rows', 4).setNumber('Columns', 4).setNumber('PixelSpacing', [1, 1]).setNumber('ImagePositionPatient', [0, 0, 0]).setNumber('ImageOrientationPatient', [1, 0, 0, 0, 1, 0]);
  change(dataset);
  return { meta: new DataSet(), dataset, transferSyntaxUid: '1.2.840.10008.1.2.1', notices: [], pixelDataSkipped: false };
}

const source = (change?: (set: DataSet) => void): DicomFile => image('2.25.10', change);
/** Twice as fine over the same field of view, in a series of its own. */
function derived(change: (set: DataSet) => void = () => undefined): DicomFile {
  return image('2.25.11', (set) => {
    set.setString('SeriesInstanceUID', '2.25.4').setNumber('Rows', 8).setNumber('Columns', 8).setNumber('PixelSpacing', [0.5, 0.5]).setNumber('ImagePositionPatient', [-0.25, -0.25, 0]).setString('SyntheticData', 'YES')
      .setSequence('SourceImageSequence', [new DataSet().setString('ReferencedSOPClassUID', '1.2.840.10008.5.1.4.1.1.2').setString('ReferencedSOPInstanceUID', '2.25.10')]);
    change(set);
  });
}
const item = (set: DataSet): DataSet => set.sequence('SourceImageSequence')[0]!;
const found = (...files: DicomFile[]) => validateSet(files.map((file, index) => setMemberOf(file, `${index}.dcm`)));

/** One frame that says it lies on the source. */
const mask = (position: number[]): DicomFile => image('2.25.13', (set) => {
  for (const key of ['PixelSpacing', 'ImagePositionPatient', 'ImageOrientationPatient']) set.delete(key);
  set.setString('SeriesInstanceUID', '2.25.5').setString('Modality', 'SEG').setNumber('NumberOfFrames', 1).setSequence('SharedFunctionalGroupsSequence', [
    new DataSet().setSequence('PixelMeasuresSequence', [new DataSet().setNumber('PixelSpacing', [1, 1])]).setSequence('PlaneOrientationSequence', [new DataSet().setNumber('ImageOrientationPatient', [1, 0, 0, 0, 1, 0])]),
  ]).setSequence('PerFrameFunctionalGroupsSequence', [
    new DataSet()
      .setSequence('PlanePositionSequence', [new DataSet().setNumber('ImagePositionPatient', position)])
      .setSequence('DerivationImageSequence', [new DataSet().setSequence('SourceImageSequence', [new DataSet().setString('ReferencedSOPClassUID', '1.2.840.10008.5.1.4.1.1.2').setString('ReferencedSOPInstanceUID', '2.25.10').setString('SpatialLocationsPreserved', 'YES')])]),
  ]);
});

describe('a set of objects', () => {
  test('that fit together is left alone', () => expect(found(source(), derived(), mask([0, 0, 0]))).toEqual([]));

  test.each([
    { code: 'duplicate-instance', level: 'error', files: () => [source(), source()] },
    { code: 'synthetic-not-inherited', level: 'error', files: () => [source((set) => set.setString('SyntheticData', 'YES')), derived((set) => set.setString('SyntheticData', 'NO'))] },
    { code: 'lossy-not-inherited', level: 'error', files: () => [source((set) => set.setString('LossyImageCompression', '01')), derived()] },
    { code: 'qualification-not-inherited', level: 'error', files: () => [source((set) => set.setString('ContentQualification', 'RESEARCH')), derived((set) => set.setString('ContentQualification', 'PRODUCT'))] },
    { code: 'source-of-another-patient', level: 'error', files: () => [source(), derived((set) => set.setString('PatientID', 'Q'))] },
    { code: 'source-of-another-study', level: 'warning', files: () => [source(), derived((set) => set.setString('StudyInstanceUID', '2.25.99'))] },
    { code: 'reference-missing', level: 'warning', files: () => [derived()] },
    { code: 'reference-class', level: 'error', files: () => [source(), derived((set) => item(set).setString('ReferencedSOPClassUID', '1.2.840.10008.5.1.4.1.1.4'))] },
    { code: 'reference-frame', level: 'error', files: () => [source(), derived((set) => item(set).setNumber('ReferencedFrameNumber', 2))] },
    { code: 'geometry-differs', level: 'error', files: () => [source(), derived((set) => item(set).setString('SpatialLocationsPreserved', 'YES'))] },
    { code: 'geometry-differs', level: 'error', files: () => [source(), mask([0, 0, 3])] },
    { code: 'geometry-shifted', level: 'error', files: () => [source(), derived((set) => set.setNumber('ImagePositionPatient', [0, 0, 0]))] },
    { code: 'series-mixed', level: 'error', files: () => [source(), image('2.25.12', (set) => set.setString('PatientID', 'Q'))] },
    { code: 'series-mixed', level: 'error', files: () => [source(), image('2.25.12', (set) => set.setString('Modality', 'MR'))] },
    { code: 'series-mixed', level: 'warning', files: () => [source(), image('2.25.12', (set) => set.setString('FrameOfReferenceUID', '2.25.98'))] },
  ])('with $code is told so', ({ code, level, files }) => {
    expect(found(...files())).toContainEqual(expect.objectContaining({ code, level }));
  });
});
