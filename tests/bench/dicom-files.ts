/** What the two DICOM measurements share: the files, and the Python with pydicom and its decoders. */
import { readdirSync } from 'node:fs';
import path from 'node:path';

/** pydicom is looked for in the Python named by SCANLOOM_PYTHON, else in `python3`. */
export const python = process.env['SCANLOOM_PYTHON'] ?? 'python3';

export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name)).sort();
}
