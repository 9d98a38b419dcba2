/**
 * Wholly synthetic images: a subject, study, series and frame of reference of their own, nothing that points at a real person or image
 * (PS3.3 C.12.1, C.7.1.1). MR Image Storage where the package states a pixel size, else Secondary Capture.
 */
import { ScanloomError } from '#contract/errors';
import { DataSet } from './data-set.ts';
import { dateOf, equipmentPurposes, ownEquipmentItem, setOwnEquipment, shortened, timeOf } from './items.ts';
import { quantise, type Quantisation } from './quantise.ts';
import type { SyntheticOptions } from './types.ts';
import { isValidUid } from './uid.ts';
import { writeDicom } from './write.ts';

const storage = '1.2.840.10008.5.1.4.1.1';
const explicitLittle = '1.2.840.10008.1.2.1';
/** Stored value of 1.0 where values have no unit: 12 bits, as scanners write. */
const brightest = 4095;

/**
 * Writes one synthetic image.
 *
 * `values` 0…1 become 0…4095 (MR, SC) or the HU range given (CT), rounded half to even. The window shows the whole range.
 *
 * @throws {ScanloomError} `export/invalid` for values, sizes or UIDs that cannot be written.
 */
export function writeSyntheticImage(options: SyntheticOptions): Uint8Array {
  const { rows, columns } = options;
  if (options.values.length !== rows * columns) throw new ScanloomError('export/invalid', 'The synthetic image has not as many values as rows and columns.', { details: { values: options.values.length, rows, columns } });
  for (const uid of [options.studyInstanceUid, options.seriesInstanceUid, options.frameOfReferenceUid, options.sopInstanceUid]) {
    if (!isValidUid(uid)) throw new ScanloomError('export/invalid', 'The synthetic image has an invalid UID.', { details: { uid } });
  }
  const isCapture = options.pixelSpacingMm === null;
  const isCt = options.modality === 'CT' && !isCapture;
  const sopClassUid = isCapture ? `${storage}.7` : isCt ? `${storage}.2` : `${storage}.4`;
  const dataset = new DataSet().setString('SpecificCharacterSet', 'ISO_IR 192');
  setSubject(dataset, options);
  setSeries(dataset, options, sopClassUid);
  if (isCapture) dataset.setString('ConversionType', 'SYN').setEmpty('PatientOrientation').setString('ImageType', ['DERIVED', 'SECONDARY']);
  else setPlane(dataset, options);
  if (isCt) dataset.setString('ImageType', ['DERIVED', 'SECONDARY', 'AXIAL']).setEmpty('KVP').setEmpty('AcquisitionNumber');
  else if (!isCapture) setMr(dataset);
  setPixels(dataset, options, isCt);
  return writeDicom({ dataset, sopClassUid, sopInstanceUid: options.sopInstanceUid, transferSyntaxUid: explicitLittle });
}

/** An identity that cannot be a real one's; Patient Identity Removed is not set, since nothing was removed. */
function setSubject(dataset: DataSet, options: SyntheticOptions): void {
  dataset
    .setString('PatientName', shortened(options.subject.name, 64))
    .setString('PatientID', shortened(options.subject.id, 64))
    .setString('IssuerOfPatientID', 'SCANLOOM SYNTHETIC')
    .setString('TypeOfPatientID', 'TEXT')
    .setEmpty('PatientBirthDate')
    .setEmpty('PatientSex')
    .setString('PatientComments', 'Synthetic subject: made by a generative model, not a person.')
    .setString('StudyInstanceUID', options.studyInstanceUid)
    .setString('StudyDate', dateOf(options.contentDate))
    .setString('StudyTime', timeOf(options.contentDate))
    .setString('StudyID', shortened(options.studyId ?? 'SYNTHETIC', 16))
    .setString('StudyDescription', shortened(options.studyDescription ?? 'Synthetic images', 64))
    .setEmpty('ReferringPhysicianName')
    .setEmpty('AccessionNumber');
}

function setSeries(dataset: DataSet, options: SyntheticOptions, sopClassUid: string): void {
  const date = dateOf(options.contentDate);
  const time = timeOf(options.contentDate);
  dataset
    .setString('SOPClassUID', sopClassUid)
    .setString('SOPInstanceUID', options.sopInstanceUid)
    .setString('SeriesInstanceUID', options.seriesInstanceUid)
    .setString('Modality', options.modality)
    .setNumber('SeriesNumber', options.seriesNumber)
    .setNumber('InstanceNumber', options.instanceNumber)
    .setString('SeriesDescription', shortened(options.description, 64))
    .setString('BodyPartExamined', options.bodyPart.toUpperCase().slice(0, 16))
    .setString('SeriesDate', date)
    .setString('SeriesTime', time)
    .setString('ContentDate', date)
    .setString('ContentTime', time)
    .setString('InstanceCreationDate', date)
    .setString('InstanceCreationTime', time)
    .setString('TimezoneOffsetFromUTC', '+0000')
    .setString('SyntheticData', 'YES', 'CS')
    .setString('ContentQualification', 'RESEARCH')
    .setString('DerivationDescription', shortened(options.derivation, 1024))
    .setString('BurnedInAnnotation', 'NO')
    .setSequence('ContributingEquipmentSequence', [ownEquipmentItem(equipmentPurposes.synthesizing, options.equipment, options.contentDate)]);
  setOwnEquipment(dataset, options.equipment);
}

/** Image Plane and Frame of Reference Modules: a space of its own, invented and therefore new (PS3.3 C.7.4.1, C.7.6.2). */
function setPlane(dataset: DataSet, options: SyntheticOptions): void {
  const spacing = options.pixelSpacingMm!;
  const position = options.position ?? [(-(options.columns - 1) / 2) * spacing, (-(options.rows - 1) / 2) * spacing, 0];
  dataset
    .setString('FrameOfReferenceUID', options.frameOfReferenceUid)
    .setEmpty('PositionReferenceIndicator')
    .setString('PatientPosition', 'HFS')
    .setNumber('PixelSpacing', [spacing, spacing])
    .setNumber('ImageOrientationPatient', options.orientation ?? [1, 0, 0, 0, 1, 0])
    .setNumber('ImagePositionPatient', position);
  if (options.sliceThicknessMm == null) dataset.setEmpty('SliceThickness');
  else dataset.setNumber('SliceThickness', options.sliceThicknessMm);
}

/** MR Image Module (PS3.3 C.8.3.1): no sequence was run, so RM (research mode) and NONE, and nothing about an acquisition. */
function setMr(dataset: DataSet): void {
  dataset
    .setString('ImageType', ['DERIVED', 'SECONDARY', 'OTHER'])
    .setString('ScanningSequence', 'RM')
    .setString('SequenceVariant', 'NONE')
    .setEmpty('ScanOptions')
    .setEmpty('MRAcquisitionType')
    .setEmpty('RepetitionTime')
    .setEmpty('EchoTime')
    .setEmpty('EchoTrainLength');
}

function setPixels(dataset: DataSet, options: SyntheticOptions, isCt: boolean): void {
  const [low, high] = options.huRange ?? [-1024, 3071];
  const quantisation: Quantisation = isCt ? { signed: true, slope: 1, intercept: 0 } : { signed: false, slope: 1, intercept: 0 };
  const scaled = new Float32Array(options.values.length);
  for (let i = 0; i < scaled.length; i += 1) {
    const share = Math.min(1, Math.max(0, options.values[i]!));
    scaled[i] = isCt ? low + share * (high - low) : share * brightest;
  }
  const { stored, smallest, largest } = quantise(scaled, quantisation);
  const vr = isCt ? 'SS' : 'US';
  const bitsStored = isCt ? 16 : 12;
  dataset
    .setNumber('SamplesPerPixel', 1)
    .setString('PhotometricInterpretation', 'MONOCHROME2')
    .setNumber('Rows', options.rows)
    .setNumber('Columns', options.columns)
    .setNumber('BitsAllocated', 16)
    .setNumber('BitsStored', bitsStored)
    .setNumber('HighBit', bitsStored - 1)
    .setNumber('PixelRepresentation', isCt ? 1 : 0)
    .setNumber('SmallestImagePixelValue', smallest, vr)
    .setNumber('LargestImagePixelValue', largest, vr)
    .setNumber('WindowCenter', isCt ? 40 : brightest / 2)
    .setNumber('WindowWidth', isCt ? 400 : brightest)
    .setBytes('PixelData', 'OW', new Uint8Array(stored.buffer));
  if (isCt) dataset.setNumber('RescaleSlope', 1).setNumber('RescaleIntercept', 0).setString('RescaleType', 'HU');
}
