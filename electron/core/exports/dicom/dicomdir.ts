/** The DICOMDIR of an export that is a file-set, and whether it lists what is there. */
import { createHash } from 'node:crypto';
import { ScanloomError, type ExportFile, type VerifyFinding } from '#contract';
import { newUid, parseDicom, writeDicomdir, type FileSetEntry } from '#dicom';
import { findingsFor } from '../findings.ts';
import type { WrittenItem } from '../format.ts';
import type { Stage } from '../stage.ts';

export const dicomdirName = 'DICOMDIR';

/** The root of the file-set is the export's folder: the manifest and the report beside it are no part of it (PS3.10 8.6 allows other files). */
export async function writeExportDicomdir(written: readonly WrittenItem[], stage: Stage, exportId: string): Promise<void> {
  const entries: FileSetEntry[] = [];
  for (const { files } of written) {
    for (const { path } of files) {
      const file = stage.header(path);
      entries.push({ fileId: path.split('/'), dataset: file.dataset, transferSyntaxUid: file.transferSyntaxUid });
    }
  }
  const uid = newUid(Uint8Array.from(createHash('sha256').update(`scanloom/${exportId}/file-set`).digest().subarray(0, 16)));
  await stage.write(dicomdirName, writeDicomdir(entries, { sopInstanceUid: uid, fileSetId: 'SCANLOOM' }));
  const findings = listed(await stage.read(dicomdirName), new Set(entries.map(({ fileId }) => fileId.join('/'))));
  if (findings.length > 0) throw new ScanloomError('export/verification-failed', `The directory that was read back is not what was meant: ${findings[0]!.message}`, { hint: 'Nothing was published. This is a fault of Scanloom or of the disk; please report it.' });
}

/** Findings where the directory names other files than there are. */
function listed(bytes: Uint8Array, paths: ReadonlySet<string>): readonly VerifyFinding[] {
  const findings = findingsFor(dicomdirName);
  try {
    const names = parseDicom(bytes).dataset.sequence('DirectoryRecordSequence').filter((record) => record.has('ReferencedFileID')).map((record) => record.strings('ReferencedFileID').join('/'));
    for (const name of names) if (!paths.has(name)) findings.error('dicomdir-differs', 'The directory names a file that is not there.');
    if (new Set(names).size !== paths.size || names.length !== paths.size) findings.error('dicomdir-differs', `The directory names ${names.length} files where there are ${paths.size}.`);
  } catch (thrown) {
    findings.error('dicomdir-unreadable', thrown instanceof ScanloomError ? thrown.message : 'The directory holds something that cannot be understood.');
  }
  return findings.all;
}

export async function verifyDicomdir(index: ExportFile, files: readonly ExportFile[], read: (file: ExportFile) => Promise<Uint8Array>): Promise<VerifyFinding[]> {
  return [...listed(await read(index), new Set(files.filter(({ role }) => role === 'image' || role === 'map').map(({ path }) => path)))];
}
