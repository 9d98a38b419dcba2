/** Names inside archives. Nothing is ever written under such a name; one that tries a trick tells that the archive is not to be trusted. */
import { limits } from '#base';

/** Why a member must not be read, in words, or null. */
export function badMemberName(name: string): string | null {
  if (name === '') return 'A file in the archive has no name.';
  if (name.length > limits.archiveNameLength) return `A name in the archive is longer than ${limits.archiveNameLength} characters.`;
  if (name.includes('\0')) return 'A name in the archive holds a zero byte.';
  const slashed = name.replaceAll('\\', '/');
  if (slashed.startsWith('/') || /^[a-z]:/i.test(slashed)) return 'A name in the archive is an absolute path.';
  const parts = slashed.split('/');
  if (parts.includes('..')) return 'A name in the archive leads out of it (..).';
  if (parts.length > limits.folderDepth) return `The folders in the archive are nested more than ${limits.folderDepth} deep.`;
  return null;
}

/** The name as it is shown: forward slashes, no leading "./". */
export function shownMemberName(name: string): string {
  return name.replaceAll('\\', '/').split('/').filter((part) => part !== '' && part !== '.').join('/');
}
