/** The phantoms as DICOM files: what a scanner would say where it is true of a drawing, and the marks that say it is one. */
import { createHash } from 'node:crypto';
import { DataSet, encodeJpegLs, newUid, writeDicom } from '#dicom';
import { sliceZ, thorax, thoraxSlice } from './ct-thorax.ts';
import { brain, brainAxes, brainPosition, brainSlice } from './mr-brain.ts';

export interface PhantomFile {
  /** Relative to test-data. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The same name gives the same UID, so that the files can be made again byte for byte. */
function uidOf(name: string): string {
  return newUid(Uint8Array.from(createHash('sha256').update(`scanloom phantom 1 ${name}`).digest().subarray(0, 16)));
}

function common(kind: 'ct' | 'mr', index: number): DataSet {
  const date = '20260105';
  return new DataSet()
    .setString('SpecificCharacterSet', 'ISO_IR 192')
    .setString('InstanceCreationDate', date)
    .setString('InstanceCreationTime', '090000')
    .setString('SOPInstanceUID', uidOf(`${kind} instance ${index}`))
    // A program drew the pixels (PS3.3 C.12.1); it is a phantom, not a person (C.7.1.1).
    .setString('SyntheticData', 'YES', 'CS')
    .setString('QualityControlSubject', 'YES')
    .setString('ContentQualification', 'RESEARCH')
    .setString('StudyDate', date)
    .setString('StudyTime', kind === 'ct' ? '090000' : '093000')
    .setString('SeriesDate', date)
    .setString('SeriesTime', kind === 'ct' ? '090000' : '093000')
    .setString('ContentDate', date)
    .setString('ContentTime', kind === 'ct' ? '090000' : '093000')
    .setEmpty('AccessionNumber')
    .setEmpty('ReferringPhysicianName')
    .setString('Manufacturer', 'Scanloom project')
    .setString('ManufacturerModelName', 'Phantom generator')
    .setString('SoftwareVersions', '1')
    .setString('PatientID', kind === 'ct' ? 'PHANTOM-CT' : 'PHANTOM-MR')
    .setString('IssuerOfPatientID', 'SCANLOOM PHANTOMS')
    .setEmpty('PatientBirthDate')
    .setString('PatientSex', 'O')
    .setString('StudyInstanceUID', uidOf(`${kind} study`))
    .setString('SeriesInstanceUID', uidOf(`${kind} series`))
    .setString('FrameOfReferenceUID', uidOf(`${kind} frame of reference`))
    .setEmpty('PositionReferenceIndicator')
    .setString('StudyID', kind === 'ct' ? 'CT1' : 'MR1')
    .setNumber('SeriesNumber', 2)
    .setNumber('AcquisitionNumber', 1)
    .setNumber('InstanceNumber', index + 1)
    .setNumber('SamplesPerPixel', 1)
    .setString('PhotometricInterpretation', 'MONOCHROME2')
    .setNumber('BitsAllocated', 16)
    .setNumber('BitsStored', 12)
    .setNumber('HighBit', 11)
    .setNumber('PixelRepresentation', 0)
    .setString('BurnedInAnnotation', 'NO')
    .setString('PatientPosition', 'HFS');
}

function storedOf(values: Float32Array, offset: number): Uint16Array<ArrayBuffer> {
  const stored = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i += 1) stored[i] = Math.min(4095, Math.max(0, Math.round(values[i]! + offset)));
  return stored;
}

/** One CT slice: explicit little endian, uncompressed. */
export function ctFile(index: number): PhantomFile {
  const stored = storedOf(thoraxSlice(index), 1024);
  const dataset = common('ct', index)
    .setString('SOPClassUID', '1.2.840.10008.5.1.4.1.1.2')
    .setString('Modality', 'CT')
    .setString('ImageType', ['DERIVED', 'SECONDARY', 'AXIAL'])
    .setString('PatientName', 'Phantom^Thorax')
    .setString('StudyDescription', 'Phantom: thorax with contrast')
    .setString('SeriesDescription', 'Thorax 5 mm')
    .setString('BodyPartExamined', 'CHEST')
    .setString('ContrastBolusAgent', 'Simulated')
    .setNumber('SliceThickness', thorax.thicknessMm)
    .setNumber('SpacingBetweenSlices', thorax.sliceSpacingMm)
    .setEmpty('KVP')
    .setNumber('GantryDetectorTilt', 0)
    .setNumber('ImagePositionPatient', [-((thorax.columns - 1) / 2) * thorax.spacingMm, -((thorax.rows - 1) / 2) * thorax.spacingMm, sliceZ(index)])
    .setNumber('ImageOrientationPatient', [1, 0, 0, 0, 1, 0])
    .setNumber('SliceLocation', sliceZ(index))
    .setNumber('PixelSpacing', [thorax.spacingMm, thorax.spacingMm])
    .setNumber('Rows', thorax.rows)
    .setNumber('Columns', thorax.columns)
    .setString('WindowCenterWidthExplanation', ['SOFT TISSUE', 'LUNG'])
    .setNumber('WindowCenter', [40, -600])
    .setNumber('WindowWidth', [400, 1500])
    .setNumber('RescaleIntercept', -1024)
    .setNumber('RescaleSlope', 1)
    .setString('RescaleType', 'HU')
    .setBytes('PixelData', 'OW', new Uint8Array(stored.buffer));
  return file(`phantom-ct/slice-${String(index + 1).padStart(2, '0')}.dcm`, dataset, '1.2.840.10008.1.2.1');
}

/** One MR slice: JPEG-LS, lossless. */
export async function mrFile(index: number): Promise<PhantomFile> {
  const stored = storedOf(brainSlice(index), 0);
  const { row, column } = brainAxes();
  const encoded = await encodeJpegLs(stored, { rows: brain.rows, columns: brain.columns, samples: 1, bitsStored: 12 });
  const dataset = common('mr', index)
    .setString('SOPClassUID', '1.2.840.10008.5.1.4.1.1.4')
    .setString('Modality', 'MR')
    .setString('ImageType', ['DERIVED', 'SECONDARY', 'OTHER'])
    .setString('PatientName', 'Phantom^Brain')
    .setString('StudyDescription', 'Phantom: head')
    .setString('SeriesDescription', 'T1 oblique 5.5 mm')
    .setString('BodyPartExamined', 'BRAIN')
    .setString('ScanningSequence', 'RM')
    .setString('SequenceVariant', 'NONE')
    .setEmpty('ScanOptions')
    .setString('MRAcquisitionType', '2D')
    .setEmpty('RepetitionTime')
    .setEmpty('EchoTime')
    .setEmpty('EchoTrainLength')
    .setNumber('SliceThickness', brain.thicknessMm)
    .setNumber('SpacingBetweenSlices', brain.sliceSpacingMm)
    .setNumber('ImagePositionPatient', brainPosition(index))
    .setNumber('ImageOrientationPatient', [...row, ...column])
    .setNumber('PixelSpacing', [brain.rowSpacingMm, brain.columnSpacingMm])
    .setNumber('Rows', brain.rows)
    .setNumber('Columns', brain.columns)
    .setNumber('WindowCenter', 450)
    .setNumber('WindowWidth', 900)
    .set({ tag: '7fe00010', vr: 'OB', value: { kind: 'encapsulated', offsetTable: new Uint8Array(4), fragments: [encoded] } });
  return file(`phantom-mr/slice-${String(index + 1).padStart(2, '0')}.dcm`, dataset, '1.2.840.10008.1.2.4.80');
}

function file(path: string, dataset: DataSet, transferSyntaxUid: string): PhantomFile {
  return { path, bytes: writeDicom({ dataset, sopClassUid: dataset.string('SOPClassUID'), sopInstanceUid: dataset.string('SOPInstanceUID'), transferSyntaxUid }) };
}

/** All files, one after the other. */
export async function* phantomFiles(): AsyncGenerator<PhantomFile> {
  for (let index = 0; index < thorax.slices; index += 1) yield ctFile(index);
  for (let index = 0; index < brain.slices; index += 1) yield await mrFile(index);
}
