import { describe, expect, test } from 'vitest';
import type { DataSet } from './data-set.ts';
import { parseDicom } from './parse.ts';
import { writeSyntheticImage } from './synthetic.ts';
import { validateObject } from './validate.ts';
import { writeDicom } from './write.ts';

const good = writeSyntheticImage({
  values: Float32Array.from({ length: 64 }, (_, i) => i / 63), rows: 8, columns: 8, pixelSpacingMm: 1, modality: 'MR', bodyPart: 'BRAIN', description: 'Synthetic', subject: { id: 'S', name: 'Synthetic^Subject' },
  studyInstanceUid: '2.25.1', seriesInstanceUid: '2.25.2', frameOfReferenceUid: '2.25.3', sopInstanceUid: '2.25.4', seriesNumber: 1, instanceNumber: 1,
  equipment: { manufacturer: 'Scanloom', model: 'm 1', softwareVersions: ['1'] }, derivation: 'made', contentDate: new Date('2026-01-05T09:00:00Z'),
});

function spoiled(spoil: (set: DataSet) => void): Uint8Array {
  const { dataset } = parseDicom(good);
  spoil(dataset);
  return writeDicom({ dataset, sopClassUid: '1.2.840.10008.5.1.4.1.1.4', sopInstanceUid: '2.25.4', transferSyntaxUid: '1.2.840.10008.1.2.1' });
}

describe('the validator', () => {
  test('has nothing to say of what the room writes', () => expect(validateObject(good)).toEqual([]));

  test.each([
    { code: 'synthetic-value', spoil: (set: DataSet) => set.setString('SyntheticData', 'MAYBE') },
    { code: 'synthetic-not-said', spoil: (set: DataSet) => set.delete('SyntheticData') },
    { code: 'qualification-not-research', spoil: (set: DataSet) => set.setString('ContentQualification', 'PRODUCT') },
    { code: 'derived-called-original', spoil: (set: DataSet) => set.setString('ImageType', ['ORIGINAL', 'PRIMARY', 'OTHER']) },
    { code: 'smallest-false', spoil: (set: DataSet) => set.setNumber('SmallestImagePixelValue', 5) },
    { code: 'largest-false', spoil: (set: DataSet) => set.setNumber('LargestImagePixelValue', 5) },
    { code: 'pixel-length', spoil: (set: DataSet) => set.setNumber('Rows', 9) },
    { code: 'uid-invalid', spoil: (set: DataSet) => set.setString('SeriesInstanceUID', '1.02.3') },
    { code: 'private-without-owner', spoil: (set: DataSet) => set.setString('00991001', 'x', 'LO') },
    { code: 'orientation-invalid', spoil: (set: DataSet) => set.setNumber('ImageOrientationPatient', [1, 0, 0, 1, 0, 0]) },
    { code: 'spacing-invalid', spoil: (set: DataSet) => set.setNumber('PixelSpacing', [1, 0]) },
    { code: 'bits-invalid', spoil: (set: DataSet) => set.setNumber('HighBit', 15) },
    { code: 'meta-differs', spoil: (set: DataSet) => set.setString('SOPInstanceUID', '2.25.5') },
    { code: 'lossy-value', spoil: (set: DataSet) => set.setString('LossyImageCompression', '02') },
    { code: 'window-invalid', spoil: (set: DataSet) => set.setNumber('WindowWidth', 0.5) },
    { code: 'identity-missing', spoil: (set: DataSet) => set.delete('StudyInstanceUID') },
  ])('finds $code', ({ code, spoil }) => {
    const findings = validateObject(spoiled(spoil));
    expect(findings.filter(({ level }) => level === 'error').map((finding) => finding.code)).toContain(code);
  });

  test('says of a file that cannot be read why', () => {
    expect(validateObject(good.subarray(0, good.length - 10))).toMatchObject([{ level: 'error', code: 'dicom/truncated' }]);
  });
});
