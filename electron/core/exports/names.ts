/** Names inside an export: made from identifiers only, never from titles or descriptions, which may hold a person's data. */
import type { Item } from '#contract';
import { fileMark } from './marks.ts';

/** For example `ai-enhanced-0001-ct-1a2b3c4d`: mark, place in the export, what it shows, start of the item's id. */
export function itemBaseName(item: Item, position: number): string {
  const shows = (item.class ?? item.modality).toLowerCase().replace(/[^a-z0-9-]+/g, '-').slice(0, 40) || 'image';
  return `${fileMark[item.provenance]}-${String(position + 1).padStart(4, '0')}-${shows}-${item.itemId.slice(0, 8)}`;
}

/** `name-0001.png` in a series, `name.png` for a single image. */
export function frameFileName(baseName: string, frame: number, frames: number, extension: string): string {
  return frames === 1 ? `${baseName}.${extension}` : `${baseName}-${String(frame + 1).padStart(4, '0')}.${extension}`;
}

const windowsDevice = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Whether a path from a manifest may be joined to a folder: relative, forward slashes, plain characters, no way upwards, the same on every system. */
export function isSafePath(path: string): boolean {
  if (path.length === 0 || path.length > 400 || !/^[A-Za-z0-9._/-]+$/.test(path)) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !part.endsWith('.') && !windowsDevice.test(part));
}
