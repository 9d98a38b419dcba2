/** What a new object made from images of a study has in common with any other: patient and study of the sources, a series and equipment of its own. */
import { ScanloomError } from '#contract/errors';
import { DataSet } from '../data-set.ts';
import { repairAge, repairBodyPart, repairDecimalStrings, repairDeidentification, repairMissingUid, repairPadding, repairSeries } from '../derived/repairs.ts';
import { attributesOfIod, type Iod } from '../iod/iod.ts';
import { codeItem, dateOf, equipmentPurposes, instanceItem, momentIn, ownEquipmentItem, setOwnEquipment, shortened, timeOf } from '../items.ts';
import type { Equipment } from '../types.ts';
import { isValidUid } from '../uid.ts';
import type { Plane } from './planes.ts';

/** Identity and words of a new object. */
export interface NewObject {
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly seriesNumber: number;
  readonly instanceNumber?: number;
  readonly seriesDescription: string;
  /** Content Label, a code string: upper case letters, digits, space, underscore, at most 16 characters. */
  readonly contentLabel: string;
  readonly contentDescription?: string;
  /** Content Creator's Name: left out when nobody is named. */
  readonly contentCreator?: string;
  readonly contentDate: Date;
  readonly equipment: Equipment;
  /** What Device Serial Number says: Enhanced General Equipment asks for one (PS3.3 C.7.5.2), and software has none. */
  readonly deviceSerialNumber?: string;
}

/** Of the sources these modules are kept whole: they speak of the patient and the study, not of an image. */
const keptModules: Iod = {
  name: 'patient and study',
  sopClassUids: [],
  modules: ['patient', 'clinical-trial-subject', 'general-study', 'patient-study', 'clinical-trial-study'].map((name) => ({ name, usage: 'M' as const })),
};
const alsoKept = ['BodyPartExamined', 'TimezoneOffsetFromUTC'] as const;
const type2 = ['PatientName', 'PatientID', 'PatientBirthDate', 'PatientSex', 'StudyDate', 'StudyTime', 'ReferringPhysicianName', 'StudyID', 'AccessionNumber'] as const;

/**
 * The data set with patient, study, series, equipment, frame of reference, SOP common and references of a new object; its own image is for the caller.
 * Text is UTF-8. Synthetic Data and lossy compression are inherited from the sources (PS3.3 C.12.1, C.7.6.1.1.5).
 *
 * @throws {ScanloomError} `export/invalid` for UIDs or a content label that cannot be written.
 */
export function newObjectHeader(planes: readonly Plane[], options: NewObject, sopClassUid: string, modality: string): DataSet {
  for (const uid of [options.seriesInstanceUid, options.sopInstanceUid]) if (!isValidUid(uid)) throw new ScanloomError('export/invalid', 'A new object has an invalid UID.', { details: { uid } });
  if (!/^[A-Z0-9 _]{1,16}$/.test(options.contentLabel)) throw new ScanloomError('export/invalid', 'A content label is made of upper case letters, digits, spaces and underscores, at most 16.');
  const before = planes[0]!.source.file.dataset.toUtf8();
  const names = attributesOfIod(keptModules);
  const dataset = new DataSet([...before.elements()].filter(({ tag }) => names.has(tag) || alsoKept.some((key) => before.get(key)?.tag === tag)), ['ISO_IR 192']);
  dataset.setString('SpecificCharacterSet', 'ISO_IR 192');
  for (const key of type2) if (!dataset.has(key)) dataset.setEmpty(key);
  const moment = momentIn(dataset, options.contentDate);
  dataset
    .setString('SOPClassUID', sopClassUid)
    .setString('SOPInstanceUID', options.sopInstanceUid)
    .setString('SeriesInstanceUID', options.seriesInstanceUid)
    .setString('Modality', modality)
    .setNumber('SeriesNumber', options.seriesNumber)
    .setNumber('InstanceNumber', options.instanceNumber ?? 1)
    .setString('SeriesDescription', shortened(options.seriesDescription, 64))
    .setString('ContentLabel', options.contentLabel)
    .setString('ContentDescription', shortened(options.contentDescription ?? '', 64))
    .setString('ContentQualification', 'RESEARCH')
    .setString('LossyImageCompression', '00');
  if (options.contentCreator === undefined) dataset.setEmpty('ContentCreatorName');
  else dataset.setString('ContentCreatorName', shortened(options.contentCreator, 64));
  for (const what of ['Series', 'Content', 'InstanceCreation']) dataset.setString(`${what}Date`, dateOf(moment)).setString(`${what}Time`, timeOf(moment));
  inherit(dataset, planes);
  setEquipment(dataset, planes, options);
  setReferences(dataset, planes);
  repairPadding(dataset);
  repairDecimalStrings(dataset);
  repairAge(dataset);
  repairBodyPart(dataset);
  repairDeidentification(dataset);
  // Laterality (C.7.3.1), which a segmentation does not have; Patient Position is of none of these objects.
  if (modality !== 'SEG') repairSeries(dataset, '');
  repairMissingUid(dataset, 'StudyInstanceUID', before.string('SeriesInstanceUID'));
  return dataset;
}

function inherit(dataset: DataSet, planes: readonly Plane[]): void {
  const sources = planes.map(({ source }) => source.file.dataset);
  if (sources.some((source) => source.string('SyntheticData') === 'YES')) dataset.setString('SyntheticData', 'YES', 'CS');
  const lossy = sources.find((source) => source.string('LossyImageCompression') === '01');
  if (lossy === undefined) return;
  dataset.setString('LossyImageCompression', '01');
  for (const key of ['LossyImageCompressionRatio', 'LossyImageCompressionMethod']) {
    const element = lossy.get(key);
    if (element !== undefined && lossy.hasValue(key)) dataset.set(element);
  }
}

/** General and Enhanced General Equipment (C.7.5.1, C.7.5.2); the scanner is named as contributing (C.12.1.1.5). */
function setEquipment(dataset: DataSet, planes: readonly Plane[], options: NewObject): void {
  const before = planes[0]!.source.file.dataset.toUtf8();
  const scanner = new DataSet([], ['ISO_IR 192']).setSequence('PurposeOfReferenceCodeSequence', [codeItem(before.string('ImageType') === 'ORIGINAL' ? equipmentPurposes.acquisition : equipmentPurposes.processing)]);
  for (const key of ['Manufacturer', 'InstitutionName', 'StationName', 'ManufacturerModelName', 'DeviceSerialNumber', 'SoftwareVersions']) {
    const element = before.get(key);
    if (element !== undefined && before.hasValue(key)) scanner.set(element);
  }
  if (!scanner.has('Manufacturer')) scanner.setString('Manufacturer', 'Unknown');
  dataset.setSequence('ContributingEquipmentSequence', [...before.sequence('ContributingEquipmentSequence'), scanner, ownEquipmentItem(equipmentPurposes.processing, options.equipment, options.contentDate)]);
  setOwnEquipment(dataset, options.equipment);
  dataset.setString('DeviceSerialNumber', shortened(options.deviceSerialNumber ?? 'software', 64));
}

/** Common Instance Reference Module (C.12.2): every source, by series; all are of this study. */
function setReferences(dataset: DataSet, planes: readonly Plane[]): void {
  const bySeries = new Map<string, Map<string, DataSet>>();
  for (const plane of planes) {
    const series = plane.source.file.dataset.string('SeriesInstanceUID');
    if (!bySeries.has(series)) bySeries.set(series, new Map());
    bySeries.get(series)!.set(plane.sopInstanceUid, instanceItem(plane));
  }
  dataset.setSequence('ReferencedSeriesSequence', [...bySeries].map(([series, items]) => new DataSet().setString('SeriesInstanceUID', series).setSequence('ReferencedInstanceSequence', [...items.values()])));
}

/** Frame of Reference Module (C.7.4.1): that of the sources, whose space the new object lies in. */
export function setFrameOfReference(dataset: DataSet, planes: readonly Plane[]): void {
  const before = planes[0]!.source.file.dataset;
  dataset.setString('FrameOfReferenceUID', before.string('FrameOfReferenceUID')).setString('PositionReferenceIndicator', before.string('PositionReferenceIndicator'));
  repairMissingUid(dataset, 'FrameOfReferenceUID', before.string('SeriesInstanceUID'));
}
