import { describe, expect, test } from 'vitest';
import { DataSet } from '../data-set.ts';
import { parseDicom } from '../parse.ts';
import { writeParametricMap } from '../parametric-map-write/write-parametric-map.ts';
import { writeSegmentation } from '../segmentation-write/write-segmentation.ts';
import { writeSyntheticImage } from '../synthetic.ts';
import { validateObject } from './validate-object.ts';
import { writeDicom } from '../write.ts';

const good = writeSyntheticImage({
  values: Float32Array.from({ length: 64 }, (_, i) => i / 63), rows: 8, columns: 8, plane: 'axial', pixelSpacingMm: 1, modality: 'MR', bodyPart: 'BRAIN', description: 'Synthetic', subject: { id: 'S', name: 'Synthetic^Subject' },
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

  test.each([
    { code: 'equipment-code', spoil: (set: DataSet) => set.sequence('ContributingEquipmentSequence')[0]!.sequence('PurposeOfReferenceCodeSequence')[0]!.setString('CodeValue', '109999') },
    { code: 'lossy-ratio', spoil: (set: DataSet) => set.setString('LossyImageCompression', '01') },
    { code: 'lossy-count', spoil: (set: DataSet) => set.setString('LossyImageCompression', '01').setNumber('LossyImageCompressionRatio', [9, 10]).setString('LossyImageCompressionMethod', 'ISO_10918_1') },
    { code: 'derivation-code', spoil: (set: DataSet) => set.setSequence('DerivationCodeSequence', [new DataSet().setString('CodeValue', '1').setString('CodingSchemeDesignator', 'DCM').setString('CodeMeaning', 'One')]) },
    { code: 'image-type-mr', spoil: (set: DataSet) => set.setString('ImageType', ['DERIVED', 'SECONDARY']) },
  ])('warns of $code', ({ code, spoil }) => {
    expect(validateObject(spoiled(spoil)).map((finding) => finding.code)).toContain(code);
  });

  test('says of a file that cannot be read why', () => {
    expect(validateObject(good.subarray(0, good.length - 10))).toMatchObject([{ level: 'error', code: 'dicom/truncated' }]);
  });
});

describe('mandatory modules', () => {
  test('are whole in what the room writes', () => expect(validateObject(good, { modules: true })).toEqual([]));

  test.each([
    { code: 'type-1-missing', says: 'PixelSpacing must be there and have a value.', spoil: (set: DataSet) => set.delete('PixelSpacing') },
    { code: 'type-1-missing', says: 'Modality must be there and have a value.', spoil: (set: DataSet) => set.setEmpty('Modality') },
    { code: 'type-2-missing', says: 'PatientSex must be there, even if empty.', spoil: (set: DataSet) => set.delete('PatientSex') },
    { code: 'type-1-missing', says: 'Manufacturer of ContributingEquipmentSequence must be there and have a value.', spoil: (set: DataSet) => set.sequence('ContributingEquipmentSequence')[0]!.delete('Manufacturer') },
  ])('lack what is gone: $says', ({ code, says, spoil }) => {
    expect(validateObject(spoiled(spoil), { modules: true })).toContainEqual(expect.objectContaining({ level: 'error', code, message: says }));
  });
});

/** Copies of a multi-frame object, each with one fault. */
const source = { file: parseDicom(good), frame: 0 };
const words = { seriesInstanceUid: '2.25.5', sopInstanceUid: '2.25.6', seriesNumber: 2, seriesDescription: 'Mask', contentLabel: 'MASK', contentDate: new Date('2026-01-05T09:00:00Z'), equipment: { manufacturer: 'Scanloom', model: 'm 1', softwareVersions: ['1'] } };
const code = (value: string) => ({ value, scheme: 'SCT', meaning: value });
const segment = { number: 1, label: 'One', category: code('85756007'), propertyType: code('39607008'), algorithm: { type: 'MANUAL' as const } };
const objects = {
  map: writeParametricMap({ ...words, sources: [source], values: [Float32Array.from({ length: 64 }, (_, i) => i)], quantity: { label: 'X', explanation: 'X', unit: { value: '1', scheme: 'UCUM', meaning: 'no units' } }, derivation: { codes: [{ value: '113062', scheme: 'DCM', meaning: 'Subtraction' }] } }),
  labels: writeSegmentation({ ...words, kind: 'LABELMAP', sources: [source], segments: [segment], pixels: { labels: [Uint8Array.from({ length: 64 }, (_, i) => i % 2)] } }),
  mask: writeSegmentation({ ...words, kind: 'BINARY', sources: [source], segments: [segment], pixels: { labels: [Uint8Array.from({ length: 64 }, (_, i) => i % 2)] } }),
};
const shared = (set: DataSet): DataSet => set.sequence('SharedFunctionalGroupsSequence')[0]!;
const frame = (set: DataSet): DataSet => set.sequence('PerFrameFunctionalGroupsSequence')[0]!;

describe('multi-frame objects', () => {
  test.each(Object.entries(objects))('%s: nothing is said of what the room writes', (_, bytes) => expect(validateObject(bytes, { modules: true })).toEqual([]));

  test.each([
    { of: 'map', code: 'frame-groups-count', spoil: (set: DataSet) => set.setNumber('NumberOfFrames', 2) },
    { of: 'map', code: 'group-missing', spoil: (set: DataSet) => shared(set).delete('RealWorldValueMappingSequence') },
    { of: 'map', code: 'group-twice', spoil: (set: DataSet) => frame(set).setSequence('PixelMeasuresSequence', shared(set).sequence('PixelMeasuresSequence')) },
    { of: 'map', code: 'dimension-count', spoil: (set: DataSet) => frame(set).sequence('FrameContentSequence')[0]!.setNumber('DimensionIndexValues', [1, 1]) },
    { of: 'map', code: 'image-type-enhanced', spoil: (set: DataSet) => set.setString('ImageType', ['DERIVED', 'PRIMARY']) },
    { of: 'map', code: 'image-type-map', spoil: (set: DataSet) => set.setString('ImageType', ['ORIGINAL', 'PRIMARY', 'VOLUME', 'QUANTITY']) },
    { of: 'map', code: 'frame-type-differs', spoil: (set: DataSet) => shared(set).sequence('ParametricMapFrameTypeSequence')[0]!.setString('FrameType', ['ORIGINAL', 'PRIMARY', 'VOLUME', 'QUANTITY']) },
    { of: 'map', code: 'derivation-missing', spoil: (set: DataSet) => shared(set).sequence('DerivationImageSequence')[0]!.delete('DerivationCodeSequence') },
    { of: 'map', code: 'source-locations', spoil: (set: DataSet) => shared(set).sequence('DerivationImageSequence')[0]!.sequence('SourceImageSequence')[0]!.setString('SpatialLocationsPreserved', 'PERHAPS') },
    { of: 'map', code: 'source-purpose', spoil: (set: DataSet) => shared(set).sequence('DerivationImageSequence')[0]!.sequence('SourceImageSequence')[0]!.sequence('PurposeOfReferenceCodeSequence')[0]!.setString('CodeValue', '113076') },
    { of: 'map', code: 'source-is-self', spoil: (set: DataSet) => shared(set).sequence('DerivationImageSequence')[0]!.sequence('SourceImageSequence')[0]!.setString('ReferencedSOPInstanceUID', '2.25.6') },
    { of: 'map', code: 'pixel-length', spoil: (set: DataSet) => set.setBytes('FloatPixelData', 'OF', new Uint8Array(8)) },
    { of: 'map', code: 'bits-of-floats', spoil: (set: DataSet) => set.setNumber('BitsStored', 32) },
    { of: 'map', code: 'type-1-missing', spoil: (set: DataSet) => shared(set).sequence('RealWorldValueMappingSequence')[0]!.delete('LUTLabel') },
    { of: 'labels', code: 'label-unknown', spoil: (set: DataSet) => set.sequence('SegmentSequence')[0]!.setNumber('SegmentNumber', 7) },
    { of: 'labels', code: 'image-type-seg', spoil: (set: DataSet) => set.setString('ImageType', ['DERIVED', 'SECONDARY']) },
    { of: 'mask', code: 'segment-numbers', spoil: (set: DataSet) => set.sequence('SegmentSequence')[0]!.setNumber('SegmentNumber', 2) },
    { of: 'mask', code: 'segment-unknown', spoil: (set: DataSet) => shared(set).sequence('SegmentIdentificationSequence')[0]!.setNumber('ReferencedSegmentNumber', 3) },
    { of: 'mask', code: 'segments-missing', spoil: (set: DataSet) => set.setSequence('SegmentSequence', []) },
  ] as const)('$of: $code is found', ({ of, code: expected, spoil }) => {
    const file = parseDicom(objects[of]);
    spoil(file.dataset);
    const bytes = writeDicom({ dataset: file.dataset, sopClassUid: file.dataset.string('SOPClassUID'), sopInstanceUid: '2.25.6', transferSyntaxUid: '1.2.840.10008.1.2.1' });
    expect(validateObject(bytes, { modules: true }).map((finding) => finding.code)).toContain(expected);
  });
});
