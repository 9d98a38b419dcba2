/** The files that a DICOMDIR names, found in its folder. Its names have no more rights than any others: nothing outside the folder is opened. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { WorkerPool } from '#base';
import { FileSetAnswer } from './workers/messages.ts';

export interface FileSet {
  /** Absolute paths of what is there, each once. */
  readonly files: readonly string[];
  /** As the DICOMDIR writes them, with forward slashes. */
  readonly missing: readonly string[];
  /** Names with `..` and the like. */
  readonly outside: number;
}

export function isFileSetName(file: string): boolean {
  return /^dicomdir$/i.test(path.basename(file));
}

/** @throws ScanloomError what the reader says of a file that is no DICOMDIR */
export async function readFileSet(file: string, pool: WorkerPool): Promise<FileSet> {
  const { referenced } = FileSetAnswer.parse(await pool.run({ op: 'file-set', path: file }));
  const folder = path.dirname(file);
  const find = finder();
  const files = new Set<string>();
  const missing: string[] = [];
  let outside = 0;
  for (const parts of referenced) {
    // Components of a File ID have neither separators nor dots (PS3.10 8.2); with dots they are common all the same.
    if (parts.length === 0 || parts.some((part) => part === '' || part === '.' || part === '..' || /[/\\\0]|^[a-z]:/i.test(part))) {
      outside += 1;
      continue;
    }
    const found = await find(folder, parts);
    if (found === null) missing.push(parts.join('/'));
    else files.add(found);
  }
  return { files: [...files], missing, outside };
}

/** Looks names up as discs have them: capitals or not, each folder read once. */
function finder(): (folder: string, parts: readonly string[]) => Promise<string | null> {
  const folders = new Map<string, Map<string, string> | null>();
  const namesIn = async (folder: string): Promise<Map<string, string> | null> => {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const names = await readdir(folder).catch(() => null);
    const map = names === null ? null : new Map(names.flatMap((name) => [[name.toLowerCase(), name] as const]));
    folders.set(folder, map);
    return map;
  };
  return async (folder, parts) => {
    let place = folder;
    for (const part of parts) {
      const name = (await namesIn(place))?.get(part.toLowerCase());
      if (name === undefined) return null;
      place = path.join(place, name);
    }
    return place;
  };
}
