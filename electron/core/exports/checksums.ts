/** checksums.sha256 as coreutils' sha256sum writes and reads it: `hash`, two spaces, path. */
import { isSafePath } from './names.ts';

export const checksumsName = 'checksums.sha256';

export function checksumsFile(sums: ReadonlyMap<string, string>): string {
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, hash]) => `${hash}  ${path}\n`).join('');
}

/** Null for a file that is not one; a path that leads elsewhere makes it none. */
export function parseChecksums(text: string): Map<string, string> | null {
  const sums = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const match = /^([0-9a-f]{64}) [ *](.+)$/.exec(line);
    if (match === null || !isSafePath(match[2]!) || sums.has(match[2]!)) return null;
    sums.set(match[2]!, match[1]!);
  }
  return sums;
}
