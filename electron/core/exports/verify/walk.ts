/** What lies below a folder, without following a link. */
import { lstat, opendir } from 'node:fs/promises';
import path from 'node:path';

const maxFiles = 1_000_000;
const maxDepth = 16;

export interface Found {
  /** Relative, with forward slashes. */
  readonly path: string;
  readonly kind: 'file' | 'other';
  readonly sizeBytes: number;
}

/** @throws when the folder cannot be read, or holds more files than can be checked */
export async function walk(root: string): Promise<Found[]> {
  const found: Found[] = [];
  const visit = async (relative: string, depth: number): Promise<void> => {
    for await (const entry of await opendir(path.join(root, relative))) {
      const where = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (found.length >= maxFiles) throw new Error('too many files');
      if (entry.isDirectory() && depth < maxDepth) await visit(where, depth + 1);
      else if (entry.isFile()) found.push({ path: where, kind: 'file', sizeBytes: (await lstat(path.join(root, where))).size });
      else found.push({ path: where, kind: 'other', sizeBytes: 0 });
    }
  };
  await visit('', 0);
  return found;
}
