/** The collection of real objects beside the project (../shared/data/dicom) with the hashes of its MANIFEST.tsv. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const realDataFolder = path.resolve(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'dicom');

export interface ManifestRow {
  readonly path: string;
  readonly status: 'ok' | 'lossy' | 'no-pixels' | 'unreadable';
  readonly storedValuesSha256: string;
  readonly transferSyntax: string;
}

/**
 * The rows, or null where the collection is not there. In CI that is a failure in words; elsewhere the tests that need it are left out.
 */
export function readManifest(): readonly ManifestRow[] | null {
  const file = path.join(realDataFolder, 'MANIFEST.tsv');
  if (!existsSync(file)) {
    if (process.env['CI']) throw new Error(`The collection of real DICOM objects is not at ${realDataFolder}; CI needs it.`);
    console.warn('The collection of real DICOM objects is not beside the project; the tests on it are left out.');
    return null;
  }
  const [head, ...lines] = readFileSync(file, 'utf8').trim().split('\n').map((line) => line.split('\t'));
  const column = (name: string): number => head!.indexOf(name);
  return lines.map((cells) => ({
    path: cells[column('path')]!,
    status: cells[column('status')] as ManifestRow['status'],
    storedValuesSha256: cells[column('sha256_stored_values')] ?? '',
    transferSyntax: cells[column('transfer_syntax')] ?? '',
  }));
}

export function readReal(relative: string): Uint8Array {
  return readFileSync(path.join(realDataFolder, relative));
}
