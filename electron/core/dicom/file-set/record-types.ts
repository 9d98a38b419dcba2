/** Which directory record stands for an object, and what the record must have (PS3.3 F.5). */
import type { DataSet } from '../data-set.ts';
import { isValidUid } from '../uid.ts';

export interface RecordKind {
  /** Directory Record Type (0004,1430). */
  readonly type: string;
  /** Type 1 keys, with what stands there where the object has none. */
  readonly required: Readonly<Record<string, string>>;
  /** Type 2 keys. */
  readonly empty: readonly string[];
  /** Taken along where the object has them. */
  readonly optional: readonly string[];
}

const storage = '1.2.840.10008.5.1.4.1.1.';
const [noDate, noTime] = ['19000101', '000000'];
const content = { InstanceNumber: '0', ContentDate: noDate, ContentTime: noTime };
const identification = { InstanceNumber: '0', ContentLabel: 'UNNAMED' };
const image = ['ImageType', 'Rows', 'Columns', 'NumberOfFrames', 'ImagePositionPatient', 'ImageOrientationPatient', 'PixelSpacing', 'FrameOfReferenceUID', 'SyntheticData'];

function kind(type: string, required: Readonly<Record<string, string>>, empty: readonly string[] = [], optional: readonly string[] = []): RecordKind {
  return { type, required, empty, optional };
}

/** By the beginning of the SOP class after the storage root; the first that fits. */
const kinds: readonly (readonly [RegExp, RecordKind])[] = [
  [/^481\.2$/, kind('RT DOSE', { InstanceNumber: '0', DoseSummationType: 'PLAN' }, [], ['DoseComment'])],
  [/^481\.3$/, kind('RT STRUCTURE SET', { InstanceNumber: '0', StructureSetLabel: 'UNNAMED' }, ['StructureSetDate', 'StructureSetTime'])],
  [/^481\.5$/, kind('RT PLAN', { InstanceNumber: '0', RTPlanLabel: 'UNNAMED' }, ['RTPlanDate', 'RTPlanTime'])],
  [/^481\.(4|6|7)$/, kind('RT TREAT RECORD', { InstanceNumber: '0' }, ['TreatmentDate', 'TreatmentTime'])],
  [/^88\.59$/, kind('KEY OBJECT DOC', content, [], ['ConceptNameCodeSequence'])],
  [/^88\./, kind('SR DOCUMENT', { ...content, CompletionFlag: 'PARTIAL', VerificationFlag: 'UNVERIFIED' }, [], ['VerificationDateTime', 'ConceptNameCodeSequence'])],
  [/^11\.\d+$/, kind('PRESENTATION', { ...identification, PresentationCreationDate: noDate, PresentationCreationTime: noTime }, ['ContentDescription', 'ContentCreatorName'], ['ReferencedSeriesSequence', 'BlendingSequence'])],
  [/^9\./, kind('WAVEFORM', content)],
  [/^104\.\d+$/, kind('ENCAP DOC', { InstanceNumber: '0', MIMETypeOfEncapsulatedDocument: 'application/octet-stream' }, ['ContentDate', 'ContentTime', 'DocumentTitle', 'ConceptNameCodeSequence'], ['HL7InstanceIdentifier'])],
  [/^66$/, kind('RAW DATA', content)],
  [/^66\.(1|3)$/, kind('REGISTRATION', { ...identification, ContentDate: noDate, ContentTime: noTime }, ['ContentDescription', 'ContentCreatorName'])],
  [/^66\.2$/, kind('FIDUCIAL', { ...identification, ContentDate: noDate, ContentTime: noTime }, ['ContentDescription', 'ContentCreatorName'])],
  [/^66\.5$/, kind('SURFACE', content)],
  [/^67$/, kind('VALUE MAP', { ...identification, ContentDate: noDate, ContentTime: noTime }, ['ContentDescription', 'ContentCreatorName'])],
];
const imageKind = kind('IMAGE', { InstanceNumber: '0' }, [], image);

/** Null for objects that are no images and of no class that is known here. */
export function recordKindOf(dataset: DataSet): RecordKind | null {
  const sopClass = dataset.string('SOPClassUID');
  const own = sopClass.startsWith(storage) ? kinds.find(([shape]) => shape.test(sopClass.slice(storage.length))) : undefined;
  if (own !== undefined) return own[1];
  return ['PixelData', 'FloatPixelData', 'DoubleFloatPixelData', 'Rows'].some((key) => dataset.has(key)) ? imageKind : null;
}

/** Whether `writeDicomdir` takes such an object: it has the identity that a directory is made of, and there is a record for its kind. */
export function canBeListed(dataset: DataSet): boolean {
  return recordKindOf(dataset) !== null && ['SOPClassUID', 'SOPInstanceUID', 'StudyInstanceUID', 'SeriesInstanceUID'].every((key) => isValidUid(dataset.string(key)));
}
