/**
 * Images derived from a source image: a new series in the same study, with everything of the source that remains true
 * and nothing that does not (attribute-rules.ts). CT, MR, PET, CR, DX and Secondary Capture of one frame.
 */
import { ScanloomError } from '#contract/errors';
import { removedFromDerived, isRemovedFromDerived } from './attribute-rules.ts';
import { DataSet } from '../data-set.ts';
import { isPrivateTag } from '../dictionary.ts';
import { codeItem, dateOf, equipmentPurposes, instanceItem, momentIn, ownEquipmentItem, setOwnEquipment, shortened, sourceForProcessing, timeOf } from '../items.ts';
import { asWritten, quantise, type Quantisation } from '../quantise.ts';
import { repairAge, repairBodyPart, repairDecimalStrings, repairDeidentification, repairImage, repairMissingUid, repairMr, repairPadding, repairRequests, repairSeries } from './repairs.ts';
import type { DerivedOptions } from '../types.ts';
import { isValidUid } from '../uid.ts';
import { writeDicom } from '../write.ts';

export { removedFromDerived };

const storage = '1.2.840.10008.5.1.4.1.1';
const explicitLittle = '1.2.840.10008.1.2.1';

type Kind = 'CT' | 'MR' | 'PT' | 'CR' | 'DX' | 'SC';

/** SOP classes that can be derived from; the new image has the class of its source. */
const kinds: Readonly<Record<string, Kind | undefined>> = {
  [`${storage}.2`]: 'CT',
  [`${storage}.4`]: 'MR',
  [`${storage}.128`]: 'PT',
  [`${storage}.1`]: 'CR',
  [`${storage}.1.1`]: 'DX',
  [`${storage}.7`]: 'SC',
};

/** Type 2 attributes that the object must have, empty if need be: Patient, Study, Series, Frame of Reference and image modules (PS3.3 Annex A, C.7, C.8). */
const type2: Readonly<Record<'all' | Kind, readonly string[]>> = {
  all: ['PatientName', 'PatientID', 'PatientBirthDate', 'PatientSex', 'StudyDate', 'StudyTime', 'ReferringPhysicianName', 'StudyID', 'AccessionNumber'],
  CT: ['PositionReferenceIndicator', 'SliceThickness', 'KVP', 'AcquisitionNumber'],
  MR: ['PositionReferenceIndicator', 'SliceThickness', 'ScanOptions', 'MRAcquisitionType', 'EchoTime', 'EchoTrainLength'],
  PT: ['PositionReferenceIndicator', 'SliceThickness'],
  CR: ['BodyPartExamined', 'ViewPosition'],
  DX: [],
  SC: [],
};

/**
 * Writes one derived image: Synthetic Data YES (unless `synthetic` is false), Content Qualification RESEARCH, Image Type of its IOD, derivation,
 * sources, equipment, the new grid's geometry; stored values rounded half to even and clamped; explicit VR little endian, uncompressed.
 *
 * @throws {ScanloomError} `dicom/unsupported` for classes that cannot be derived from yet, `export/invalid` for values or UIDs that cannot be written.
 */
export function writeDerivedImage(options: DerivedOptions): Uint8Array {
  const { source, rows, columns } = options;
  const sopClassUid = source.dataset.string('SOPClassUID');
  const kind = kinds[sopClassUid];
  if (kind === undefined) {
    throw new ScanloomError('dicom/unsupported', 'Images of this kind cannot be written as derived objects yet.', { hint: 'Export them as PNG or NIfTI instead.', details: { sopClassUid } });
  }
  if ((source.dataset.number('SamplesPerPixel') ?? 1) !== 1 || source.dataset.string('PhotometricInterpretation') === 'PALETTE COLOR') throw new ScanloomError('dicom/unsupported', 'Colour images cannot be written as derived objects yet.');
  if (options.values.length !== rows * columns || rows < 1 || columns < 1 || rows > 65_535 || columns > 65_535) {
    throw new ScanloomError('export/invalid', 'The derived image has not as many values as rows and columns.', { details: { values: options.values.length, rows, columns } });
  }
  for (const uid of [options.seriesInstanceUid, options.sopInstanceUid, options.frameOfReferenceUid ?? '2.25.0']) if (!isValidUid(uid)) throw new ScanloomError('export/invalid', 'The derived image has an invalid UID.', { details: { uid } });
  const dataset = keptAttributes(source.dataset);
  setIdentity(dataset, options, kind);
  setDerivation(dataset, options);
  setEquipment(dataset, options);
  setGeometry(dataset, options, kind);
  setPixels(dataset, options, kind);
  repair(dataset, options, kind);
  for (const key of [...type2.all, ...type2[kind]]) if (!dataset.has(key)) dataset.setEmpty(key);
  return writeDicom({ dataset, sopClassUid, sopInstanceUid: options.sopInstanceUid, transferSyntaxUid: explicitLittle });
}

/**
 * What of the source stays. Private elements do not: what they say of the pixels is unknown and some readers follow them
 * (Philips' private rescale, Siemens' mosaics). Text becomes UTF-8 where the file's character set could not take ours.
 */
function keptAttributes(source: DataSet): DataSet {
  const needsUtf8 = !source.characterSets.every((term) => /^(|ISO[_ ]IR ?(6|100|192))$/i.test(term));
  const base = needsUtf8 ? source.toUtf8() : source.clone();
  return new DataSet([...base.elements()].filter(({ tag }) => !isRemovedFromDerived(tag) && !isPrivateTag(tag) && tag > '00080000'));
}

function setText(dataset: DataSet, key: string, text: string): void {
  if (/^[\x00-\x7f]*$/.test(text)) dataset.setString(key, text);
  else {
    // The set of the whole object is decided; what does not fit is written in plain letters.
    try {
      dataset.setString(key, text);
    } catch {
      dataset.setString(key, text.normalize('NFKD').replace(/[^\x20-\x7e]/g, '?'));
    }
  }
}

function setIdentity(dataset: DataSet, options: DerivedOptions, kind: Kind): void {
  const moment = momentIn(dataset, options.contentDate);
  const date = dateOf(moment);
  const time = timeOf(moment);
  // A new series: one equipment, one frame of reference, one modality (PS3.3 A.1.2.3, C.7.3.1). Study and patient stay.
  dataset
    .setString('SOPInstanceUID', options.sopInstanceUid)
    .setString('SeriesInstanceUID', options.seriesInstanceUid)
    .setNumber('SeriesNumber', options.seriesNumber)
    .setNumber('InstanceNumber', options.instanceNumber)
    .setString('SeriesDate', date)
    .setString('SeriesTime', time)
    .setString('ContentDate', date)
    .setString('ContentTime', time)
    .setString('InstanceCreationDate', date)
    .setString('InstanceCreationTime', time)
    // PS3.3 C.12.1: made, wholly or in part, by a program; inherited from a source that was.
    .setString('SyntheticData', options.synthetic === false && dataset.string('SyntheticData') !== 'YES' ? 'NO' : 'YES', 'CS')
    // PS3.3 C.8.13.2.1.1: RESEARCH when there is any doubt.
    .setString('ContentQualification', 'RESEARCH')
    .setString('ImageType', imageType(dataset.strings('ImageType'), kind, options.factor));
  setText(dataset, 'SeriesDescription', shortened(options.seriesDescription, 64));
  if (options.synthetic === false && dataset.string('SyntheticData') === 'NO') dataset.delete('SyntheticData');
}

/** PS3.3 C.7.6.1.1.2 and the clause of each IOD. */
function imageType(source: readonly string[], kind: Kind, factor: number): string[] {
  const resampled = factor === 1 ? [] : ['RESAMPLED'];
  switch (kind) {
    // C.8.2.1.1.1: value 3 must be there.
    case 'CT': return ['DERIVED', 'SECONDARY', source[2] === 'LOCALIZER' ? 'LOCALIZER' : 'AXIAL', ...resampled];
    // C.8.3.1.1.1.
    case 'MR': return ['DERIVED', 'SECONDARY', 'OTHER', ...resampled];
    // C.8.9.4.1.1: value 2 is PRIMARY.
    case 'PT': return ['DERIVED', 'PRIMARY'];
    // C.8.11.3.1.1: value 3 is there and may be empty.
    case 'DX': return ['DERIVED', 'SECONDARY', ''];
    case 'CR':
    case 'SC': return ['DERIVED', 'SECONDARY'];
  }
}

/** General Reference Module (C.12.4) and Common Instance Reference Module (C.12.2). */
function setDerivation(dataset: DataSet, options: DerivedOptions): void {
  const before = options.source.dataset;
  const earlier = before.string('DerivationDescription');
  setText(dataset, 'DerivationDescription', shortened(earlier === '' ? options.derivation.description : `${options.derivation.description} | Source: ${earlier}`, 1024));
  const earlierCodes = before.sequence('DerivationCodeSequence').filter((item) => !options.derivation.codes.some((code) => code.value === item.string('CodeValue')));
  const codes = [...options.derivation.codes.map(codeItem), ...earlierCodes.map((item) => item.clone())];
  if (codes.length > 0) dataset.setSequence('DerivationCodeSequence', codes);
  if (options.sources.length === 0) return;
  dataset.setSequence('SourceImageSequence', options.sources.map((source) => {
    const item = instanceItem(source).setSequence('PurposeOfReferenceCodeSequence', [codeItem(sourceForProcessing)]);
    // On the same grid each pixel lies where its source's did (C.12.4.1.3); on a finer one that question has no yes.
    return options.factor === 1 ? item.setString('SpatialLocationsPreserved', 'YES') : item;
  }));
  const series = before.string('SeriesInstanceUID');
  if (series !== '') {
    dataset.setSequence('ReferencedSeriesSequence', [new DataSet().setString('SeriesInstanceUID', series).setSequence('ReferencedInstanceSequence', options.sources.map(instanceItem))]);
  }
}

/** C.7.5.1 and C.12.1.1.5: this program is the equipment; what made the source is named as contributing. */
function setEquipment(dataset: DataSet, options: DerivedOptions): void {
  const before = options.source.dataset;
  const isOriginal = before.string('ImageType') === 'ORIGINAL';
  const scanner = new DataSet([], dataset.characterSets).setSequence('PurposeOfReferenceCodeSequence', [codeItem(isOriginal ? equipmentPurposes.acquisition : equipmentPurposes.processing)]);
  const carried = ['Manufacturer', 'InstitutionName', 'StationName', 'ManufacturerModelName', 'DeviceSerialNumber', 'SoftwareVersions', 'DeviceUID', 'SpatialResolution', 'DateOfLastCalibration', 'TimeOfLastCalibration'];
  for (const key of carried) {
    const element = (dataset.characterSets.includes('ISO_IR 192') && !before.characterSets.includes('ISO_IR 192') ? before.toUtf8() : before).get(key);
    if (element !== undefined && before.string(key) !== '') scanner.set(element);
  }
  if (!scanner.has('Manufacturer')) scanner.setString('Manufacturer', 'Unknown');
  const own = ownEquipmentItem(options.synthetic === false ? equipmentPurposes.processing : equipmentPurposes.synthesizing, options.equipment, options.contentDate);
  dataset.setSequence('ContributingEquipmentSequence', [...dataset.sequence('ContributingEquipmentSequence'), scanner, own]);
  setOwnEquipment(dataset, options.equipment);
}

/** C.7.6.2 and, for projections, C.8.11.7: the new grid. */
function setGeometry(dataset: DataSet, options: DerivedOptions, kind: Kind): void {
  const { position, spacingMm } = options.geometry;
  if (position !== undefined) dataset.setNumber('ImagePositionPatient', position);
  if (spacingMm !== undefined && (kind === 'CT' || kind === 'MR' || kind === 'PT' || dataset.has('PixelSpacing'))) dataset.setNumber('PixelSpacing', spacingMm);
  for (const key of ['ImagerPixelSpacing', 'NominalScannedPixelSpacing']) {
    const values = dataset.numbers(key);
    if (values.length === 2 && values.every((value) => Number.isFinite(value) && value > 0)) dataset.setNumber(key, values.map((value) => value / options.factor));
  }
  if (options.frameOfReferenceUid !== undefined) dataset.setString('FrameOfReferenceUID', options.frameOfReferenceUid);
  if ((dataset.number('SpacingBetweenSlices') ?? 0) < 0) dataset.delete('SpacingBetweenSlices');
}

/** What the source had wrong already (repairs.ts). */
function repair(dataset: DataSet, options: DerivedOptions, kind: Kind): void {
  repairPadding(dataset);
  repairDecimalStrings(dataset);
  repairAge(dataset);
  repairBodyPart(dataset);
  repairDeidentification(dataset);
  repairSeries(dataset, kind);
  repairRequests(dataset);
  repairImage(dataset, kind);
  const sourceSeriesUid = options.source.dataset.string('SeriesInstanceUID');
  repairMissingUid(dataset, 'StudyInstanceUID', sourceSeriesUid);
  if (kind === 'CT' || kind === 'MR' || kind === 'PT') repairMissingUid(dataset, 'FrameOfReferenceUID', sourceSeriesUid);
  if (kind === 'MR') repairMr(dataset);
}

/** Image Pixel Module (C.7.6.3) and the modality LUT of the kind. */
function setPixels(dataset: DataSet, options: DerivedOptions, kind: Kind): void {
  const quantisation = chooseQuantisation(options, kind);
  const { stored, smallest, largest } = quantise(options.values, quantisation);
  const pixelVr = quantisation.signed ? 'SS' : 'US';
  dataset
    .setNumber('SamplesPerPixel', 1)
    .setNumber('Rows', options.rows)
    .setNumber('Columns', options.columns)
    .setNumber('BitsAllocated', 16)
    .setNumber('BitsStored', 16)
    .setNumber('HighBit', 15)
    .setNumber('PixelRepresentation', quantisation.signed ? 1 : 0)
    .setNumber('SmallestImagePixelValue', smallest, pixelVr)
    .setNumber('LargestImagePixelValue', largest, pixelVr)
    .setBytes('PixelData', 'OW', new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength));
  dataset.delete('PlanarConfiguration');
  const hasRescale = kind !== 'MR' && kind !== 'CR' && kind !== 'SC' ? true : options.source.dataset.has('RescaleSlope') || quantisation.slope !== 1 || quantisation.intercept !== 0;
  if (hasRescale) {
    dataset.setNumber('RescaleSlope', quantisation.slope).setNumber('RescaleIntercept', quantisation.intercept);
    // Rescale Type: Type 1 in DX and with a modality LUT outside CT; HU is what CT means without it (C.8.2.1).
    if (kind === 'DX') dataset.setString('RescaleType', 'US');
    else if (kind !== 'CT' && kind !== 'PT' && !dataset.hasValue('RescaleType')) dataset.setString('RescaleType', 'US');
  }
  // A window of LINEAR needs a width of at least 1 (C.11.2.1.2).
  const widths = dataset.numbers('WindowWidth');
  if (widths.some((width) => !(width >= 1)) || widths.length !== dataset.numbers('WindowCenter').length) {
    for (const key of ['WindowCenter', 'WindowWidth', 'WindowCenterWidthExplanation', 'VOILUTFunction']) dataset.delete(key);
  }
}

/**
 * A rescale that is at least as fine as the source's, with room for what a network adds at edges.
 *
 * CT of slope 1: HU themselves, signed. PET: the source's slope, or the one that the brightest pixel just fits. Else: the source's rescale, 16 bits.
 * Values above what signed 16 bits hold (a few sources use all 16) are written unsigned.
 */
function chooseQuantisation(options: DerivedOptions, kind: Kind): Quantisation {
  const { dataset } = options.source;
  const slope = dataset.number('RescaleSlope') || 1;
  const intercept = dataset.number('RescaleIntercept') ?? 0;
  const signedSource = dataset.number('PixelRepresentation') === 1;
  let largest = 0;
  let smallest = 0;
  for (const value of options.values) {
    if (value > largest) largest = value;
    if (value < smallest) smallest = value;
  }
  if (kind === 'PT') {
    // PET has intercept 0 (C.8.9.4); a slope a slice is allowed.
    const fits = intercept === 0 && slope > 0 && largest <= 32_767 * slope;
    return { signed: true, slope: fits ? slope : asWritten(largest === 0 ? 1 : largest / 32_767), intercept: 0 };
  }
  const fitsSigned = (largest - intercept) / slope <= 32_767;
  if (kind === 'CT' && slope === 1 && Number.isInteger(intercept) && largest <= 32_767 && smallest >= -32_768) return { signed: true, slope: 1, intercept: 0 };
  return { signed: signedSource || (kind === 'CT' && fitsSigned), slope, intercept };
}
