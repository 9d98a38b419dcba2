/** Is this file an archive, and which? The bytes decide; the name only says whether it is worth a look. */
import path from 'node:path';

export type ArchiveKind = 'zip' | 'gzip' | 'tar';

/** So many bytes of a file's start tell what it is. */
export const headBytes = 512;

/** Names of archives that are opened. A `.nii.gz` is an image, not an archive. */
export function looksLikeArchive(name: string): boolean {
  return /\.(zip|tar|tgz|taz|gz)$/i.test(name) && !/\.nii\.gz$/i.test(name);
}

/** Archives that often hold studies and are not opened: to be said, not to be passed over. */
export function unopenedArchive(name: string): string | null {
  const match = /\.(7z|rar|tar\.(?:bz2|xz|zst|lz4?)|tbz2?|txz|tzst|iso)$/i.exec(name);
  return match === null ? null : match[1]!.toLowerCase();
}

/** What macOS adds to archives and foreign disks: it has the names of images and is none. */
export function isSystemClutter(name: string): boolean {
  return path.posix.basename(name).startsWith('._') || name.split('/').includes('__MACOSX');
}

/** @param head The first bytes of the file, `headBytes` where it has so many. */
export function archiveKind(head: Uint8Array): ArchiveKind | null {
  // A local file header, or the end record of an archive without files (APPNOTE 4.3.7, 4.3.16).
  if (head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6))) return 'zip';
  // RFC 1952: two magic bytes, and deflate is the only method.
  if (head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return 'gzip';
  return isTar(head) ? 'tar' : null;
}

/** POSIX and GNU headers have a word at 257; the check sum keeps other files out that happen to have it. */
export function isTar(head: Uint8Array): boolean {
  if (head.length < 512 || String.fromCharCode(...head.subarray(257, 262)) !== 'ustar') return false;
  const said = Number.parseInt(String.fromCharCode(...head.subarray(148, 156)).replace(/[^0-7].*$/s, ''), 8);
  const sum = head.subarray(0, 512).reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
  return said === sum;
}
