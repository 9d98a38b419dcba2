/** Whether a de-identified copy is what it was, and whether each object says of itself what the report says. Needs neither key nor library. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { lstat, opendir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { sha256File } from '#base';
import { DeidentificationReport, ScanloomError, type VerifyFinding, type VerifyReport } from '#contract';
import { isPrivateTag, keywordOf, parseDicom, type DataSet } from '#dicom';
import { auditDeidentified, codecOf, marksAgree, optionsOfCodes } from '#privacy';
import { checksumsName, parseChecksums } from '../checksums.ts';
import { isSafePath } from '../names.ts';
import { copyDicomdirName, directoryEntries } from './copy-dicomdir.ts';
import { deidentificationName, deidentificationReportName } from './copy-place.ts';
import { createReferenceCheck, type ReferenceCheck } from './reference-check.ts';

const maxTextBytes = 512 * 2 ** 20;
const maxFileBytes = 2 ** 31 - 1;
const maxDepth = 16;
/** Pixels and faces are cleaned object by object, and said of their own objects. */
const ofSingleObjects = ['113101', '113102'];
/** Attributes that are listed for one object. */
const mostAttributes = 8;
/** File meta of a copy: lengths, version, what the object is, how it is encoded, by which program. Titles of applications and private information are never written. */
const writtenMeta = new Set(['00020000', '00020001', '00020002', '00020003', '00020010', '00020012', '00020013']);
const maxFiles = 4_000_000;

/** True for the folder of a copy, whole or not: without its report, its checksums still name it. */
export function isDeidentifiedCopy(folder: string): boolean {
  if (existsSync(path.join(folder, deidentificationName))) return true;
  const sums = path.join(folder, checksumsName);
  try {
    return statSync(sums).size <= maxTextBytes && parseChecksums(readFileSync(sums, 'utf8'))?.has(deidentificationName) === true;
  } catch {
    return false;
  }
}

/**
 * Checks every file's size and digest, missing and additional files; in every object, changed or not, an empty preamble, the file meta group, the marks of PS3.15 E.1.1, that nothing is left that the profile removes
 * under the options that the object names, and that private attributes are gone; between objects where references lead. What only looks odd (a reference out of
 * the copy, dates in no order) is a warning. Writes nothing, follows no link. Needs no key.
 */
export async function verifyDeidentified(folder: string): Promise<VerifyReport> {
  const root = path.resolve(folder);
  const findings: VerifyFinding[] = [];
  const add = (code: string, where: string, message: string): void => void findings.push({ level: 'error', code, path: where, message });
  const finish = (filesChecked: number): VerifyReport => ({ folder: root, ok: !findings.some(({ level }) => level === 'error'), filesChecked, findings });

  const present = new Map<string, number>();
  await list(root, '', 0, present, add);
  const report = await readReport(root, present, add);
  if (report === null) return finish(0);
  const listed = new Map(report.files.map((file) => [file.path, file]));
  for (const where of present.keys()) if (!listed.has(where) && ![deidentificationName, deidentificationReportName, checksumsName].includes(where)) add('file-extra', where, 'A file that the report does not name.');
  await checkSums(root, present, listed, add);
  const references = createReferenceCheck();
  const read = async (where: string): Promise<Uint8Array> => new Uint8Array(await readFile(path.join(root, ...where.split('/'))));
  const directory = await readDirectory(listed, present, read, add);
  for (const file of report.files) {
    const size = present.get(file.path);
    if (!isSafePath(file.path)) add('path-unsafe', file.path, 'The report names a path that leads elsewhere.');
    else if (size === undefined) add('file-missing', file.path, 'A file that the report names is missing.');
    else {
      if (size !== file.sizeBytes) add('size-differs', file.path, `The file has ${size} bytes where the report says ${file.sizeBytes}.`);
      else if ((await sha256File(path.join(root, ...file.path.split('/')))) !== file.sha256) add('hash-differs', file.path, 'The file was changed: its SHA-256 is not the one in the report.');
      // Whoever changed it may have put back what was gone.
      if (file.path !== copyDicomdirName && size <= maxFileBytes) checkObject(await read(file.path), report, file.path, directory, references, add);
    }
  }
  for (const { path: where, code, message } of references.findings()) findings.push({ level: 'warning', code, path: where, message });
  return finish(report.files.length);
}

type Add = (code: string, where: string, message: string) => void;

async function list(root: string, relative: string, depth: number, present: Map<string, number>, add: Add): Promise<void> {
  for await (const entry of await opendir(path.join(root, relative))) {
    const where = relative === '' ? entry.name : `${relative}/${entry.name}`;
    if (present.size >= maxFiles) throw new ScanloomError('request/too-large', 'The folder has more files than a copy can have.');
    if (entry.isDirectory() && depth < maxDepth) await list(root, where, depth + 1, present, add);
    else if (entry.isFile()) present.set(where, (await lstat(path.join(root, where))).size);
    else add('file-kind', where, 'A link or special file does not belong into a copy.');
  }
}

async function readReport(root: string, present: ReadonlyMap<string, number>, add: Add): Promise<DeidentificationReport | null> {
  const size = present.get(deidentificationName);
  if (size === undefined || size > maxTextBytes) {
    add('report-missing', deidentificationName, 'The folder has no deidentification.json that can be read.');
    return null;
  }
  try {
    return DeidentificationReport.parse(JSON.parse(await readFile(path.join(root, deidentificationName), 'utf8')));
  } catch {
    add('report-invalid', deidentificationName, 'deidentification.json does not follow its schema.');
    return null;
  }
}

async function checkSums(root: string, present: ReadonlyMap<string, number>, listed: ReadonlyMap<string, { readonly sha256: string }>, add: Add): Promise<void> {
  const size = present.get(checksumsName);
  const sums = size === undefined || size > maxTextBytes ? null : parseChecksums(await readFile(path.join(root, checksumsName), 'utf8'));
  if (sums === null) return add('checksums-missing', checksumsName, 'The folder has no list of checksums that can be read.');
  for (const [where, file] of listed) if (sums.get(where) !== file.sha256) add('checksums-differ', where, 'Report and list of checksums disagree.');
  for (const name of [deidentificationName, deidentificationReportName]) {
    if (!present.has(name) || sums.get(name) !== (await sha256File(path.join(root, name)))) add('checksums-differ', name, 'The file is not the one in the list of checksums.');
  }
  for (const where of sums.keys()) if (!listed.has(where) && where !== deidentificationName && where !== deidentificationReportName) add('checksums-differ', where, 'The list of checksums names a file that the report does not.');
}

/** Objects by File ID, null where the copy is no file-set. */
async function readDirectory(listed: ReadonlyMap<string, unknown>, present: ReadonlyMap<string, number>, read: (where: string) => Promise<Uint8Array>, add: Add): Promise<ReadonlyMap<string, string> | null> {
  if (!listed.has(copyDicomdirName) || (present.get(copyDicomdirName) ?? maxTextBytes) >= maxTextBytes) return null;
  try {
    const directory = directoryEntries(await read(copyDicomdirName));
    for (const where of directory.keys()) if (!listed.has(where)) add('dicomdir-differs', copyDicomdirName, 'The DICOMDIR names a file that is not in the copy.');
    return directory;
  } catch (thrown) {
    add('dicomdir-unreadable', copyDicomdirName, thrown instanceof ScanloomError ? thrown.message : 'The DICOMDIR cannot be understood.');
    return null;
  }
}

function checkObject(bytes: Uint8Array, report: DeidentificationReport, where: string, directory: ReadonlyMap<string, string> | null, references: ReferenceCheck, add: Add): void {
  let dataset: DataSet;
  let meta: DataSet;
  try {
    ({ dataset, meta } = parseDicom(bytes));
  } catch (thrown) {
    return add('object-unreadable', where, ScanloomError.from(thrown).message);
  }
  if (bytes.subarray(0, 128).some((byte) => byte !== 0)) add('preamble-left', where, 'The preamble of the file (its first 128 bytes) is not empty.');
  for (const { tag } of meta.elements()) if (!writtenMeta.has(tag)) add('meta-left', where, `(${tag.slice(0, 4)},${tag.slice(4)}) ${isPrivateTag(tag) ? 'in the file meta group' : keywordOf(tag)} does not belong into a copy: it can name who sent the file.`);
  if (dataset.string('PatientIdentityRemoved') !== 'YES') add('mark-missing', where, 'The object does not say that the patient’s identity was removed.');
  const codes = dataset.sequence('DeidentificationMethodCodeSequence').map((item) => item.string('CodeValue'));
  const said = report.codes.map(({ value }) => value);
  if (codes.filter((code) => !ofSingleObjects.includes(code) || said.includes(code)).join() !== said.join()) add('method-differs', where, 'The object names another method of de-identification than the report.');
  for (const sentence of marksAgree(dataset, codes)) add('marks-disagree', where, sentence);
  const dates = dataset.string('LongitudinalTemporalInformationModified');
  const isSaid = dates === report.longitudinalTemporalInformation || (report.longitudinalTemporalInformation !== 'REMOVED' && (dates === 'MODIFIED' || dates === 'REMOVED'));
  if (!isSaid) add('dates-differ', where, 'The object says of its dates something else than the report.');
  const left = auditDeidentified(dataset, optionsOfCodes(codes), codecOf({ transferSyntaxUid: meta.string('TransferSyntaxUID') })).filter(({ keyword }) => keyword !== 'private');
  for (const { tag, keyword, should } of left.slice(0, mostAttributes)) add('attribute-left', where, `(${tag.slice(0, 4)},${tag.slice(4)}) ${keyword} should ${should} by the methods that the object names.`);
  if (left.length > mostAttributes) add('attribute-left', where, `${left.length - mostAttributes} more attributes should be gone or others.`);
  references.add(where, dataset);
  if (!report.options.includes('retain-safe-private') && hasPrivate(dataset)) add('private-left', where, 'The object has private attributes, which the report says were removed.');
  const listedUid = directory?.get(where);
  if (listedUid !== undefined && listedUid !== dataset.string('SOPInstanceUID')) add('dicomdir-differs', where, 'The DICOMDIR says of this file that it is another object.');
  const name = path.posix.basename(where).replace(/(-\d+)?\.dcm$/, '');
  if (where.endsWith('.dcm') && dataset.string('SOPInstanceUID') !== name) add('name-differs', where, 'The file’s name is not its object’s UID.');
}

function hasPrivate(dataset: DataSet): boolean {
  return [...dataset.elements()].some(({ tag, vr }) => isPrivateTag(tag) || (vr === 'SQ' && dataset.sequence(tag).some(hasPrivate)));
}
