/**
 * Wholly synthetic images: a subject, study, series and frame of reference of their own, nothing that points at a real person or image
 * (PS3.3 C.12.1, C.7.1.1). CT or MR Image Storage where the package states pixel size and plane, else Secondary Capture: those classes must say where their
 * pixels lie (C.7.6.2, Type 1), which nobody measured. What is said is what the package declares of its images, in a space that is invented for
 * this subject; Image Comments says so, and Patient Position stays empty, for nobody lay in a scanner.
 */
import { ScanloomError } from '#contract/errors';
import { DataSet } from './data-set.ts';
import { dateOf, equipmentPurposes, ownEquipmentItem, setMadeAt, setOwnEquipment, shortened, timeOf } from './items.ts';
import { quantise, type Quantisation } from './quantise.ts';
import type { Equipment, Orientation } from './types.ts';
import { isValidUid } from './uid.ts';
import { writeDicom } from './write.ts';

const storage = '1.2.840.10008.5.1.4.1.1';
const explicitLittle = '1.2.840.10008.1.2.1';
/** Row and column cosines as a radiologist looks: to the left or to the back, and to the back or to the feet. */
const planes = { axial: [1, 0, 0, 0, 1, 0], coronal: [1, 0, 0, 0, 0, -1], sagittal: [0, 1, 0, 0, 0, -1] } as const satisfies Record<string, Orientation>;
export type SyntheticPlane = keyof typeof planes;

/** The plane that a package's word means; null for words that name none. */
export function syntheticPlaneOf(word: string): SyntheticPlane | null {
  const known = word.trim().toLowerCase();
  return Object.hasOwn(planes, known) ? (known as SyntheticPlane) : null;
}

export interface SyntheticOptions {
  /** 0…1, row-major. */
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
  /** Nominal pixel size the package declares; null writes a Secondary Capture without geometry. */
  readonly pixelSpacingMm: number | null;
  readonly sliceThicknessMm?: number | null;
  readonly modality: 'MR' | 'CT';
  /** CT only: what 0 and 1 mean, HU. */
  readonly huRange?: readonly [number, number];
  readonly bodyPart: string;
  /** Series Description, e.g. `Synthetic T1 post-contrast: glioma`. */
  readonly description: string;
  readonly subject: { readonly id: string; readonly name: string };
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly frameOfReferenceUid: string;
  readonly sopInstanceUid: string;
  readonly studyId?: string;
  readonly studyDescription?: string;
  readonly seriesNumber: number;
  readonly instanceNumber: number;
  readonly equipment: Equipment;
  /** Package, version, digest, seed, settings, in words (Derivation Description, at most 1024 characters). */
  readonly derivation: string;
  readonly contentDate: Date;
  /** As the package declares it; null, like an unknown pixel size, writes a Secondary Capture: an orientation is nothing to be guessed. */
  readonly plane: SyntheticPlane | null;
}

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
  const isCapture = options.pixelSpacingMm === null || options.plane === null;
  const isCt = options.modality === 'CT' && !isCapture;
  const sopClassUid = isCapture ? `${storage}.7` : isCt ? `${storage}.2` : `${storage}.4`;
  const dataset = new DataSet().setString('SpecificCharacterSet', 'ISO_IR 192');
  setSubject(dataset, options);
  setSeries(dataset, options, sopClassUid);
  if (isCapture) dataset.setString('ConversionType', 'SYN').setEmpty('PatientOrientation').setString('ImageType', ['DERIVED', 'SECONDARY']);
  else setPlane(dataset, options, planes[options.plane!], options.pixelSpacingMm!);
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
  setMadeAt(dataset, options.contentDate);
  dataset
    .setString('SOPClassUID', sopClassUid)
    .setString('SOPInstanceUID', options.sopInstanceUid)
    .setString('SeriesInstanceUID', options.seriesInstanceUid)
    .setString('Modality', options.modality)
    .setNumber('SeriesNumber', options.seriesNumber)
    .setNumber('InstanceNumber', options.instanceNumber)
    .setString('SeriesDescription', shortened(options.description, 64))
    .setString('BodyPartExamined', options.bodyPart.toUpperCase().slice(0, 16))
    .setString('TimezoneOffsetFromUTC', '+0000')
    .setString('SyntheticData', 'YES', 'CS')
    .setString('ContentQualification', 'RESEARCH')
    .setString('DerivationDescription', shortened(options.derivation, 1024))
    .setString('BurnedInAnnotation', 'NO')
    .setSequence('ContributingEquipmentSequence', [ownEquipmentItem(equipmentPurposes.synthesizing, options.equipment, options.contentDate)]);
  setOwnEquipment(dataset, options.equipment);
}

/** Image Plane and Frame of Reference Modules: a space of its own, invented and therefore new, with the image's centre as its origin (PS3.3 C.7.4.1, C.7.6.2). */
function setPlane(dataset: DataSet, options: SyntheticOptions, orientation: Orientation, spacing: number): void {
  const [across, down] = [((options.columns - 1) / 2) * spacing, ((options.rows - 1) / 2) * spacing];
  dataset
    .setString('FrameOfReferenceUID', options.frameOfReferenceUid)
    .setEmpty('PositionReferenceIndicator')
    .setEmpty('PatientPosition')
    .setNumber('PixelSpacing', [spacing, spacing])
    .setNumber('ImageOrientationPatient', orientation)
    .setNumber('ImagePositionPatient', ([0, 1, 2] as const).map((axis) => 0 - orientation[axis] * across - orientation[axis + 3]! * down))
    .setString('ImageComments', 'Nothing was measured: pixel size and plane are those the model was trained for, the position is the origin of an invented space.');
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
