/** DICOM files that are no export of this program: each in itself, and all as a set. Needs no library, follows no link, writes nothing. */
import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ScanloomError, type VerifyFinding, type VerifyReport } from '#contract';
import { parseDicom, setMemberOf, validateFile, validateSet, type DataSet, type SetMember } from '#dicom';
import { ledgerName, manifestName } from '../write-export.ts';
import { checksumsName } from '../checksums.ts';
import { walk } from './walk.ts';

/** A file larger than this is not opened. */
const maxFileBytes = 2 ** 31 - 1;
/** One fault in every slice of a thousand is one sentence with a number, not a thousand. */
const mostOfOneKind = 20;
const mediaStorageDirectory = '1.2.840.10008.1.3.10';

/** True for a folder that holds any of the files that make an export: one without its manifest is a damaged export, not plain DICOM. */
export async function looksLikeExport(folder: string): Promise<boolean> {
  for (const name of [manifestName, checksumsName, ledgerName]) if ((await lstat(path.join(folder, name)).catch(() => null)) !== null) return true;
  return false;
}

/**
 * Checks a DICOM file, or all of a folder of any depth, against the standard: what dciodvfy does not see, mandatory attributes, and what the objects say of
 * each other (sources, inheritance, places, series). Files that are not DICOM are passed over.
 *
 * @param target Absolute path of a file or folder.
 * @returns Paths of findings are relative to the folder; `filesChecked` counts the DICOM files.
 * @throws {ScanloomError} `input/unreadable` when the folder cannot be read.
 */
export async function verifyPlain(target: string): Promise<VerifyReport> {
  const isFile = (await lstat(target)).isFile();
  const root = isFile ? path.dirname(target) : target;
  const names = isFile
    ? [{ path: path.basename(target), sizeBytes: (await lstat(target)).size }]
    : (await walk(target).catch((thrown: unknown) => {
        throw new ScanloomError('input/unreadable', 'The folder cannot be read.', { cause: thrown });
      })).filter(({ kind }) => kind === 'file').sort((a, b) => (a.path < b.path ? -1 : 1));
  const findings: VerifyFinding[] = [];
  const members: SetMember[] = [];
  const directories: { readonly path: string; readonly dataset: DataSet }[] = [];
  for (const file of names) {
    if (file.sizeBytes > maxFileBytes) {
      findings.push({ level: 'warning', code: 'too-large', path: file.path, message: 'The file is too large to be opened.' });
      continue;
    }
    const object = await read(path.join(root, ...file.path.split('/')), file.path, isFile, findings);
    if (object === null) continue;
    if (object.meta.string('MediaStorageSOPClassUID') === mediaStorageDirectory) {
      directories.push({ path: file.path, dataset: object.dataset });
      continue;
    }
    try {
      members.push(setMemberOf(object, file.path));
      for (const { level, code, message } of validateFile(object, { modules: true })) findings.push({ level, code, path: file.path, message });
    } catch (thrown) {
      // A fault of ours in one file must not hide what the others are.
      findings.push({ level: 'error', code: ScanloomError.from(thrown).code, path: file.path, message: 'The file holds something that cannot be checked.' });
    }
  }
  for (const { level, code, message, path: where } of validateSet(members)) {
    // Alone, an object cannot be asked where the others are.
    if (!(isFile && code === 'reference-missing')) findings.push({ level, code, path: where, message });
  }
  if (!isFile) for (const directory of directories) checkDirectory(directory, new Set(names.map((file) => file.path)), findings);
  const shown = shortened(findings);
  return { folder: target, ok: !shown.some(({ level }) => level === 'error'), filesChecked: members.length + directories.length, findings: shown };
}

async function read(place: string, name: string, mustBeDicom: boolean, findings: VerifyFinding[]): Promise<ReturnType<typeof parseDicom> | null> {
  try {
    return parseDicom(new Uint8Array(await readFile(place)));
  } catch (thrown) {
    const error = ScanloomError.from(thrown);
    if (mustBeDicom || error.code !== 'dicom/not-dicom') findings.push({ level: 'error', code: error.code, path: name, message: error.code === 'internal' ? 'The file cannot be read.' : error.message });
    return null;
  }
}

/** Every file that a DICOMDIR names is there (PS3.10 8.6). Names on other media are often in lower case. */
function checkDirectory({ path: where, dataset }: { readonly path: string; readonly dataset: DataSet }, files: ReadonlySet<string>, findings: VerifyFinding[]): void {
  const present = new Set([...files].map((name) => name.toUpperCase()));
  const base = path.posix.dirname(where) === '.' ? '' : `${path.posix.dirname(where)}/`;
  const missing = dataset.sequence('DirectoryRecordSequence').filter((record) => record.has('ReferencedFileID') && !present.has(`${base}${record.strings('ReferencedFileID').join('/')}`.toUpperCase()));
  if (missing.length > 0) findings.push({ level: 'error', code: 'dicomdir-differs', path: where, message: `The directory names ${missing.length} files that are not there.` });
}

/** The first of each kind with their files; the others counted. */
function shortened(findings: readonly VerifyFinding[]): VerifyFinding[] {
  const counts = new Map<string, number>();
  const kept: VerifyFinding[] = [];
  for (const finding of findings) {
    const key = `${finding.level} ${finding.code} ${finding.message}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count <= mostOfOneKind) kept.push(finding);
  }
  for (const [key, count] of counts) {
    if (count <= mostOfOneKind) continue;
    const [level, code, ...words] = key.split(' ');
    kept.push({ level: level as VerifyFinding['level'], code: code!, path: '', message: `${words.join(' ')} So it is in ${count - mostOfOneKind} more files.` });
  }
  return kept.sort((a, b) => Number(a.level === 'warning') - Number(b.level === 'warning'));
}
