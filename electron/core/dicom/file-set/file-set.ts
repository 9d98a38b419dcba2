/** DICOM file-sets: File IDs and the DICOMDIR that lists them (PS3.10 section 8, PS3.3 Annex F). */
import { ScanloomError } from '#contract/errors';
import { DataSet } from '../data-set.ts';
import { isValidUid } from '../uid.ts';
import { encodedItemBytes, writeDicom } from '../write.ts';
import { recordKindOf } from './record-types.ts';

const mediaStorageDirectory = '1.2.840.10008.1.3.10';
const explicitLittle = '1.2.840.10008.1.2.1';
/** PS3.10 8.2, 8.5: at most eight components of at most eight characters. */
const componentShape = /^[A-Z0-9_]{1,8}$/;
const mostComponents = 8;
const inUse = 0xffff;

export interface FileSetEntry {
  /** File ID: components from the root of the file-set down. */
  readonly fileId: readonly string[];
  /** The object's data set; its pixels are not looked at. */
  readonly dataset: DataSet;
  readonly transferSyntaxUid: string;
}

export interface FileSetOptions {
  readonly sopInstanceUid: string;
  /** File-set ID, at most 16 characters of a code string; empty when left out. */
  readonly fileSetId?: string;
}

export function isFileId(components: readonly string[]): boolean {
  return components.length > 0 && components.length <= mostComponents && components.every((component) => componentShape.test(component));
}

interface Record {
  readonly dataset: DataSet;
  readonly lower: Record[];
}

/**
 * Writes a DICOMDIR: one record a patient, study, series and object, in the order of their identifiers, linked by their offsets.
 *
 * Attributes that the directory must have and an object lacks are said to be missing (an identifier) or taken from the object's own dates; the objects
 * are not changed.
 *
 * @throws {ScanloomError} `export/invalid` for File IDs that are none or not unique, objects without identity, objects of kinds without a record (`canBeListed`).
 */
export function writeDicomdir(entries: readonly FileSetEntry[], options: FileSetOptions): Uint8Array {
  if (!isValidUid(options.sopInstanceUid)) throw new ScanloomError('export/invalid', 'The directory has an invalid UID.');
  if (options.fileSetId !== undefined && !/^[A-Z0-9_ ]{0,16}$/.test(options.fileSetId)) throw new ScanloomError('export/invalid', 'A file-set is named with at most 16 upper case letters, digits and underscores.');
  if (new Set(entries.map(({ fileId }) => fileId.join('\\'))).size !== entries.length) throw new ScanloomError('export/invalid', 'Two files of a file-set have the same name.');
  const patients = recordsOf(entries);
  const flat: Record[] = [];
  const collect = (records: readonly Record[]): void => {
    for (const record of records) {
      flat.push(record);
      collect(record.lower);
    }
  };
  collect(patients);
  const dataset = new DataSet()
    .setString('FileSetID', options.fileSetId ?? '')
    .setNumber('OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity', 0)
    .setNumber('OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity', 0)
    .setNumber('FileSetConsistencyFlag', 0)
    .setSequence('DirectoryRecordSequence', flat.map((record) => record.dataset));
  const write = (): Uint8Array => writeDicom({ dataset, sopClassUid: mediaStorageDirectory, sopInstanceUid: options.sopInstanceUid, transferSyntaxUid: explicitLittle });
  // Offsets are numbers of fixed size: the first writing tells where each record lies, the second says so. The sequence is the last element of the file.
  const lengths = flat.map((record) => encodedItemBytes(record.dataset));
  let at = write().length - lengths.reduce((sum, length) => sum + length, 0);
  const offsets = new Map<Record, number>();
  flat.forEach((record, index) => {
    offsets.set(record, at);
    at += lengths[index]!;
  });
  const link = (records: readonly Record[]): void => records.forEach((record, index) => {
    const next = records[index + 1];
    record.dataset.setNumber('OffsetOfTheNextDirectoryRecord', next === undefined ? 0 : offsets.get(next)!);
    record.dataset.setNumber('OffsetOfReferencedLowerLevelDirectoryEntity', record.lower.length === 0 ? 0 : offsets.get(record.lower[0]!)!);
    link(record.lower);
  });
  link(patients);
  if (patients.length > 0) {
    dataset.setNumber('OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity', offsets.get(patients[0]!)!).setNumber('OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity', offsets.get(patients.at(-1)!)!);
  }
  return write();
}

function recordsOf(entries: readonly FileSetEntry[]): Record[] {
  const patients = new Map<string, Record>();
  const below = new Map<Record, Map<string, Record>>();
  const child = (parent: Record | null, key: string, make: () => DataSet): Record => {
    const level = parent === null ? patients : (below.get(parent) ?? below.set(parent, new Map()).get(parent)!);
    const before = level.get(key);
    if (before !== undefined) return before;
    const record: Record = { dataset: make(), lower: [] };
    level.set(key, record);
    parent?.lower.push(record);
    return record;
  };
  for (const entry of entries) {
    const { dataset, fileId } = entry;
    if (!isFileId(fileId)) throw new ScanloomError('export/invalid', 'A file of a file-set has a name that is none.', { hint: 'At most eight parts of at most eight upper case letters, digits and underscores.' });
    for (const key of ['SOPClassUID', 'SOPInstanceUID', 'StudyInstanceUID', 'SeriesInstanceUID']) if (!isValidUid(dataset.string(key))) throw new ScanloomError('export/invalid', `An object of a file-set has no valid ${key}.`);
    if (recordKindOf(dataset) === null) throw new ScanloomError('export/invalid', 'An object of a file-set is of a kind that no directory record is for.');
    const patient = child(null, `${dataset.string('PatientID')}\n${dataset.string('PatientName')}`, () => patientRecord(dataset));
    const study = child(patient, dataset.string('StudyInstanceUID'), () => studyRecord(dataset));
    const series = child(study, dataset.string('SeriesInstanceUID'), () => seriesRecord(dataset));
    series.lower.push({ dataset: objectRecord(entry), lower: [] });
  }
  return [...patients.values()];
}

/** The elements that every record begins with (F.3.2.2), with the character set of the object whose text follows. */
function record(type: string, object: DataSet): DataSet {
  const dataset = new DataSet()
    .setNumber('OffsetOfTheNextDirectoryRecord', 0)
    .setNumber('RecordInUseFlag', inUse)
    .setNumber('OffsetOfReferencedLowerLevelDirectoryEntity', 0)
    .setString('DirectoryRecordType', type);
  const characterSet = object.get('SpecificCharacterSet');
  if (characterSet !== undefined && object.hasValue('SpecificCharacterSet')) dataset.set(characterSet);
  return dataset;
}

/** Copies what is there; what is Type 1 in the directory and empty in the object gets the value given, Type 2 stays empty. */
function copy(into: DataSet, from: DataSet, required: Readonly<globalThis.Record<string, string>>, empty: readonly string[] = []): DataSet {
  for (const [key, instead] of Object.entries(required)) {
    const element = from.get(key);
    if (element !== undefined && from.hasValue(key)) into.set(element);
    else into.setString(key, instead);
  }
  for (const key of empty) {
    const element = from.get(key);
    if (element === undefined) into.setEmpty(key);
    else into.set(element);
  }
  return into;
}

function dateIn(object: DataSet): string {
  return ['SeriesDate', 'AcquisitionDate', 'ContentDate', 'InstanceCreationDate'].map((key) => object.string(key)).find((date) => /^\d{8}$/.test(date)) ?? '19000101';
}

/** F.5.1. */
function patientRecord(object: DataSet): DataSet {
  return copy(record('PATIENT', object), object, { PatientID: 'NOT STATED' }, ['PatientName']);
}

/** F.5.2. */
function studyRecord(object: DataSet): DataSet {
  return copy(record('STUDY', object), object, { StudyDate: dateIn(object), StudyTime: '000000', StudyInstanceUID: '', StudyID: 'NOT STATED' }, ['StudyDescription', 'AccessionNumber']);
}

/** F.5.3. */
function seriesRecord(object: DataSet): DataSet {
  return copy(record('SERIES', object), object, { Modality: 'OT', SeriesInstanceUID: '', SeriesNumber: '0' });
}

/** F.5.4 and what follows it, with what a reader shows without opening the file. */
function objectRecord({ dataset, fileId, transferSyntaxUid }: FileSetEntry): DataSet {
  const { type, required, empty, optional } = recordKindOf(dataset)!;
  const item = copy(record(type, dataset), dataset, required, empty)
    .setString('ReferencedFileID', fileId)
    .setString('ReferencedSOPClassUIDInFile', dataset.string('SOPClassUID'))
    .setString('ReferencedSOPInstanceUIDInFile', dataset.string('SOPInstanceUID'))
    .setString('ReferencedTransferSyntaxUIDInFile', transferSyntaxUid);
  for (const key of optional) {
    const element = dataset.get(key);
    if (element !== undefined && dataset.hasValue(key)) item.set(element);
  }
  return item;
}
