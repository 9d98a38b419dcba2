/** One object under the Basic Profile of PS3.15 Annex E and the options that are chosen. */
import { ScanloomError, type DeidentifiedAttribute, type DeidentifyOption } from '#contract';
import { DataSet, isValidUid, keywordOf, type DicomFile } from '#dicom';
import { identityWords, type IdentityWords } from './identity-words.ts';
import { checkOptions, codesOf } from './options.ts';
import { codecOf } from './pixel-bytes.ts';
import { declarationsOf, keptDeclarations } from './private-elements.ts';
import { patientOf, type Project } from './project.ts';
import { iodOfClass } from './resolve-action.ts';
import type { Outcome } from './rules.ts';
import { walkDataSet } from './walk.ts';

/** Edition of PS3.15 that the tables are of. */
export const profileEdition = 'PS3.15 2026c';

export interface DeidentifiedObject {
  /** Complete, with the marks of PS3.15 E.1.1; to be written with `writeDicom`, whose file meta group and preamble are its own. */
  readonly dataset: DataSet;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** For file names; made from the instance where the object has no study or series. */
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  /** As the source's where its pixels are compressed, else Explicit VR Little Endian. */
  readonly transferSyntaxUid: string;
  /** By tag; all private attributes together. */
  readonly attributes: readonly DeidentifiedAttribute[];
  /** Words of the original that may be nowhere in the copy. Never to be written anywhere. */
  readonly identity: IdentityWords;
}

export interface DeidentifyRequest {
  readonly options: ReadonlySet<DeidentifyOption>;
  /** Scanloom's version, for the method. */
  readonly scanloom: string;
  /** Further values of De-identification Method, at most 64 characters each. */
  readonly remarks?: readonly string[];
}

const explicitLittle = '1.2.840.10008.1.2.1';
const storage = '1.2.840.10008.5.1.4.1.1';

/** What cannot be cleaned at all, with the reason. */
const refused: Readonly<Record<string, string>> = {
  [`${storage}.9.4.1`]: 'A voice cannot be de-identified.',
  [`${storage}.9.4.2`]: 'A sound recording cannot be de-identified.',
  [`${storage}.104.2`]: 'A clinical document (CDA) cannot be de-identified here.',
  [`${storage}.104.3`]: 'A three-dimensional model of a person cannot be de-identified.',
  [`${storage}.104.4`]: 'A three-dimensional model of a person cannot be de-identified.',
  [`${storage}.104.5`]: 'A three-dimensional model of a person cannot be de-identified.',
};

/**
 * De-identifies one object.
 *
 * The source is not touched. Nested items are treated as the data set itself; combined codes are resolved by the attribute's Type in the object's IOD.
 * What the table does not list is judged by VR (beyond-the-table.ts). Pixels stay as they are, but for comments in code streams.
 *
 * @throws {ScanloomError} `request/invalid` for options that exclude each other, `dicom/invalid` for an object without class or instance,
 *   `dicom/unsupported` for what cannot be de-identified.
 */
export function deidentifyObject(file: DicomFile, { options, scanloom, remarks = [] }: DeidentifyRequest, project: Project): DeidentifiedObject {
  checkOptions(options);
  const { dataset: source } = file;
  const sopClassUid = source.string('SOPClassUID') || file.meta.string('MediaStorageSOPClassUID');
  const originalUid = source.string('SOPInstanceUID') || file.meta.string('MediaStorageSOPInstanceUID');
  if (!isValidUid(sopClassUid) || originalUid === '') throw new ScanloomError('dicom/invalid', 'The object does not say what it is: its SOP class or instance is missing.');
  const reason = refused[sopClassUid];
  if (reason !== undefined) throw new ScanloomError('dicom/unsupported', reason, { hint: 'Leave it out of what is passed on.' });
  if (/^1\.2\.840\.10008\.1\.2\.4\.10[0-8](\.1)?$/.test(file.transferSyntaxUid)) throw new ScanloomError('dicom/unsupported', 'A film cannot be de-identified: its pictures and its sound cannot be looked at here.');

  const counts = new Map<string, Record<Outcome, number>>();
  const patient = patientOf(source);
  const identity = identityWords(source, options);
  const dataset = walkDataSet(source, {
    project,
    options,
    iod: iodOfClass(sopClassUid),
    patient,
    patientName: source.string('PatientName'),
    days: project.shiftDays(patient),
    identity,
    declarations: declarationsOf(source),
    codec: codecOf(file),
    count(tag, outcome) {
      const row = counts.get(tag) ?? { removed: 0, replaced: 0, kept: 0, cleaned: 0 };
      row[outcome] += 1;
      counts.set(tag, row);
    },
  }, { path: [], characterSets: [] });

  const sopInstanceUid = options.has('retain-uids') && isValidUid(originalUid) ? originalUid : project.uid(originalUid);
  dataset.setString('SOPClassUID', sopClassUid).setString('SOPInstanceUID', sopInstanceUid);
  // The length is of the document that stands there now (PS3.3 C.24.2).
  const document = dataset.bytes('EncapsulatedDocument');
  if (document !== null && dataset.has('EncapsulatedDocumentLength')) dataset.setNumber('EncapsulatedDocumentLength', document.length);
  if (options.has('retain-safe-private')) {
    const declared = keptDeclarations(source, dataset);
    if (declared.length > 0) dataset.setSequence('PrivateDataElementCharacteristicsSequence', declared);
  }
  mark(dataset, source, options, scanloom, remarks);
  return {
    dataset: hasKnownCharacterSets(dataset) ? dataset : dataset.toUtf8(),
    sopClassUid,
    sopInstanceUid,
    studyInstanceUid: dataset.string('StudyInstanceUID') || project.uid(`study of ${originalUid}`),
    seriesInstanceUid: dataset.string('SeriesInstanceUID') || project.uid(`series of ${originalUid}`),
    transferSyntaxUid: dataset.encapsulated('PixelData') === null ? explicitLittle : file.transferSyntaxUid,
    attributes: [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([tag, row]) => ({ tag, keyword: tag === 'private' ? '' : keywordOf(tag), ...row })),
    identity,
  };
}

/** PS3.15 E.1.1 and E.2; PS3.3 C.7.1.1, C.12.1. */
function mark(dataset: DataSet, source: DataSet, options: ReadonlySet<DeidentifyOption>, scanloom: string, remarks: readonly string[]): void {
  const codes = codesOf(options);
  dataset
    .setString('PatientIdentityRemoved', 'YES')
    .setString('DeidentificationMethod', [`Scanloom ${scanloom}`.slice(0, 64), `${profileEdition} Annex E`, ...[...codes.map(({ meaning }) => meaning), ...remarks].map((text) => text.slice(0, 64))])
    .setSequence('DeidentificationMethodCodeSequence', codes.map(({ value, meaning }) => code(value, meaning)))
    .setString('LongitudinalTemporalInformationModified', longitudinal(source, options));
  // (109104, DCM) without its operator, and without a time: when a copy was made says when the study was sent.
  const equipment = new DataSet()
    .setSequence('PurposeOfReferenceCodeSequence', [code('109104', 'De-identifying Equipment')])
    .setString('Manufacturer', 'Scanloom')
    .setString('ManufacturerModelName', 'Scanloom')
    .setString('SoftwareVersions', scanloom.slice(0, 64))
    .setString('ContributionDescription', `De-identified by ${profileEdition} Annex E`);
  dataset.setSequence('ContributingEquipmentSequence', [...dataset.sequence('ContributingEquipmentSequence'), equipment]);
}

/** What a source that was de-identified before says of its dates stays true (PS3.15 E.3.6). */
function longitudinal(source: DataSet, options: ReadonlySet<DeidentifyOption>): 'UNMODIFIED' | 'MODIFIED' | 'REMOVED' {
  const before = source.string('LongitudinalTemporalInformationModified');
  if (options.has('retain-modified-dates')) return before === 'REMOVED' ? 'REMOVED' : 'MODIFIED';
  if (options.has('retain-full-dates')) return before === 'MODIFIED' || before === 'REMOVED' ? before : 'UNMODIFIED';
  return 'REMOVED';
}

function code(value: string, meaning: string): DataSet {
  return new DataSet().setString('CodeValue', value).setString('CodingSchemeDesignator', 'DCM').setString('CodeMeaning', meaning);
}

/** Specific Character Set says what text is in, at every depth; a term that is none could say anything. */
function hasKnownCharacterSets(dataset: DataSet): boolean {
  for (const { tag, vr } of dataset.elements()) {
    if (tag === '00080005' && !dataset.strings(tag).every((term) => /^(|ISO[_ ]IR \d{1,3}|ISO 2022 IR \d{1,3}|GB18030|GBK)$/.test(term))) return false;
    if (vr === 'SQ' && !dataset.sequence(tag).every(hasKnownCharacterSets)) return false;
  }
  return true;
}
