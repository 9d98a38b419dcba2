/** A copy as a file-set: names that go on a disc, and a DICOMDIR that lists the objects by their new identifiers (PS3.10 section 8). */
import { createHash } from 'node:crypto';
import { ScanloomError } from '#contract';
import { canBeListed, newUid, parseDicom, writeDicomdir, type FileSetEntry } from '#dicom';
import type { Stage } from '../stage.ts';

export const copyDicomdirName = 'DICOMDIR';
const digits = 6;
const most = 10 ** digits - 1;

export interface FileSetNames {
  /** New path by old path. */
  readonly moved: ReadonlyMap<string, string>;
  /** Objects of kinds that no directory record is for; they are in the copy all the same. */
  readonly unlisted: number;
}

/** `dicom/STUDY/SERIES/INSTANCE.dcm` becomes `DICOM/ST000001/SE000001/IM000001`, in the order of the UIDs. */
export function fileSetNames(paths: readonly string[]): ReadonlyMap<string, string> {
  const numbers = new Map<string, number>();
  const counts = new Map<string, number>();
  const numbered = (letters: string, parent: string, key: string): string => {
    let number = numbers.get(`${parent}\n${key}`);
    if (number === undefined) {
      number = (counts.get(parent) ?? 0) + 1;
      if (number > most) throw new ScanloomError('export/invalid', 'There are more files than a file-set can name here.', { hint: 'Make the copy without a DICOMDIR.' });
      counts.set(parent, number);
      numbers.set(`${parent}\n${key}`, number);
    }
    return `${letters}${String(number).padStart(digits, '0')}`;
  };
  return new Map([...paths].sort().map((place) => {
    const [, study = '', series = '', instance = ''] = place.split('/');
    return [place, ['DICOM', numbered('ST', '', study), numbered('SE', study, series), numbered('IM', `${study}/${series}`, instance)].join('/')];
  }));
}

/**
 * Renames what is staged and writes the directory.
 *
 * @param fingerprint Of the project's key: the same copy has the same directory.
 */
export async function writeCopyDicomdir(stage: Stage, paths: readonly string[], fingerprint: string): Promise<FileSetNames> {
  const moved = fileSetNames(paths);
  const entries: FileSetEntry[] = [];
  const digest = createHash('sha256').update(`scanloom/${fingerprint}/file-set`);
  let unlisted = 0;
  for (const [from, to] of moved) {
    await stage.move(from, to);
    const file = stage.header(to);
    digest.update(file.dataset.string('SOPInstanceUID'));
    if (canBeListed(file.dataset)) entries.push({ fileId: to.split('/'), dataset: file.dataset, transferSyntaxUid: file.transferSyntaxUid });
    else unlisted += 1;
  }
  await stage.write(copyDicomdirName, writeDicomdir(entries, { sopInstanceUid: newUid(Uint8Array.from(digest.digest().subarray(0, 16))), fileSetId: 'SCANLOOM' }));
  const listed = directoryEntries(await stage.read(copyDicomdirName));
  if (listed.size !== entries.length || entries.some(({ fileId, dataset }) => listed.get(fileId.join('/')) !== dataset.string('SOPInstanceUID'))) {
    throw new ScanloomError('export/verification-failed', 'The directory that was read back is not what was meant.', { hint: 'Nothing was published. This is a fault of Scanloom or of the disk; please report it.' });
  }
  return { moved, unlisted };
}

/** SOP Instance UID by File ID, of every object that a DICOMDIR lists. @throws ScanloomError `dicom/…` */
export function directoryEntries(bytes: Uint8Array): ReadonlyMap<string, string> {
  const records = parseDicom(bytes).dataset.sequence('DirectoryRecordSequence').filter((record) => record.hasValue('ReferencedFileID'));
  return new Map(records.map((record) => [record.strings('ReferencedFileID').join('/'), record.string('ReferencedSOPInstanceUIDInFile')]));
}
