/** Finds files below what a person opened: each once, links followed but never in a circle, and what cannot be entered reported. */
import type { Dir, Stats } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { limits } from '#base';
import { ScanloomError } from '#contract';
import { unreadable } from './images.ts';
import { followedLinks, MetPlaces } from './met-places.ts';
import { isInside, isOwnSource } from './own-files.ts';

/** A file on the disk. */
export interface WalkedFile {
  /** Absolute. */
  readonly path: string;
  /** For people: relative to the folder that was opened, or the file's own name. */
  readonly shown: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

export interface WalkOptions {
  /** A file or folder that could not be read. */
  readonly onRefused: (shown: string, error: ScanloomError) => void;
  /** Its own files are not read, but for those that were sent to it. Left out when there is no library. */
  readonly libraryDir?: string;
}

/** Folders are read as they come; within one, files come in natural order (2 before 10), then folders. */
export async function* walkFiles(roots: readonly string[], options: WalkOptions): AsyncGenerator<WalkedFile> {
  const { libraryDir } = options;
  const library = libraryDir === undefined ? null : await realpath(libraryDir).catch(() => path.resolve(libraryDir));
  const met = new MetPlaces(library);
  for (const root of roots) {
    const absolute = path.resolve(root);
    const found = await stat(absolute).catch((thrown: unknown) => {
      options.onRefused(root, openable(thrown));
      return null;
    });
    if (found === null) continue;
    // The real path is the same for every way that leads there.
    const real = await realpath(absolute).catch(() => absolute);
    if (!found.isDirectory()) {
      if (found.isFile() && met.isNewFile(real)) yield { path: absolute, shown: path.basename(absolute), sizeBytes: found.size, mtimeMs: found.mtimeMs };
      continue;
    }
    if (library !== null && (real === library || (isInside(real, library) && !isOwnSource(real, library)))) {
      options.onRefused(root, new ScanloomError('request/invalid', 'This is the library’s own folder.', { hint: 'Choose the folder that holds the study.' }));
      continue;
    }
    if (met.isBelowStart(real)) continue;
    met.start(real);
    let anything = false;
    const noting: WalkOptions = {
      ...options,
      onRefused: (shown, error) => {
        anything = true;
        options.onRefused(shown, error);
      },
    };
    for await (const file of walkFolder({ folder: absolute, real, root: absolute, depth: 0 }, met, noting)) {
      anything = true;
      yield file;
    }
    if (!anything) options.onRefused(root, new ScanloomError('input/empty', 'The folder holds no files.', { hint: 'Choose the folder that holds the study.' }));
  }
}

/** Names of one folder that are sorted together: one of a million files or folders must not be gathered whole. */
const namesAtOnce = 20_000;
/** Names that the system is asked for at once. */
const namesInOneRead = 512;
/** Files that are asked for their size and time at once: a network disk answers slowly, but several at a time. */
const asksAtOnce = 64;
interface Folder {
  readonly folder: string;
  /** The same without links. */
  readonly real: string;
  readonly root: string;
  readonly depth: number;
}

async function* walkFolder(place: Folder, met: MetPlaces, options: WalkOptions): AsyncGenerator<WalkedFile> {
  const { folder, root, depth } = place;
  const shownOf = (file: string): string => path.relative(root, file).split(path.sep).join('/');
  const shown = shownOf(folder) || path.basename(folder);
  let entries: Dir;
  try {
    entries = await opendir(folder, { bufferSize: namesInOneRead });
  } catch (thrown) {
    options.onRefused(shown, openable(thrown));
    return;
  }
  if (depth > limits.folderDepth) {
    await entries.close();
    options.onRefused(shown, new ScanloomError('input/unreadable', `The folders are nested more than ${limits.folderDepth} deep here.`, { hint: 'Open the inner folder itself.' }));
    return;
  }
  for await (const names of namesOf(entries, (thrown) => options.onRefused(shown, openable(thrown)))) {
    names.sort((a, b) => naturalOrder(a.name, b.name));
    const folders: Folder[] = [];
    for (let from = 0; from < names.length; from += asksAtOnce) {
      const looked = await Promise.all(names.slice(from, from + asksAtOnce).map((name) => lookAt(place, name)));
      for (const { file, real, isLink, found } of looked) {
        if (!('isFile' in found)) {
          // A link that leads nowhere is nobody's image.
          if (found.code !== 'ENOENT') options.onRefused(shownOf(file), openable(found));
        } else if (found.isDirectory()) {
          if (isLink ? !met.follows(real) : met.isStart(real)) continue;
          if (isLink && !met.mayFollowMore) {
            options.onRefused(shownOf(file), new ScanloomError('input/unreadable', `More than ${followedLinks} links to other folders; this one was not followed.`, { hint: 'Open the folder that it leads to itself.' }));
            continue;
          }
          if (isLink) met.start(real);
          folders.push({ folder: file, real, root, depth: depth + 1 });
        } else if (found.isFile() && (isLink ? met.isNewLinkedFile(real) : !met.hasFile(real))) {
          // Pipes and devices are left alone: reading one may never end.
          yield { path: file, shown: shownOf(file), sizeBytes: found.size, mtimeMs: found.mtimeMs };
        }
      }
    }
    for (const inner of folders) yield* walkFolder(inner, met, options);
  }
}

const naturalOrder = new Intl.Collator('en', { numeric: true }).compare;

interface Name {
  readonly name: string;
  readonly isLink: boolean;
}

async function lookAt({ folder, real }: Folder, { name, isLink }: Name): Promise<{ file: string; real: string; isLink: boolean; found: Stats | NodeJS.ErrnoException }> {
  const file = path.join(folder, name);
  const found = await stat(file).catch((thrown: unknown) => thrown as NodeJS.ErrnoException);
  const place = isLink ? await realpath(file).catch(() => file) : path.join(real, name);
  return { file, real: place, isLink, found };
}

async function* namesOf(entries: Dir, onFailed: (thrown: unknown) => void): AsyncGenerator<Name[]> {
  let names: Name[] = [];
  try {
    for await (const entry of entries) {
      names.push({ name: entry.name, isLink: entry.isSymbolicLink() });
      if (names.length >= namesAtOnce) {
        yield names;
        names = [];
      }
    }
  } catch (thrown) {
    onFailed(thrown);
  }
  yield names;
}

function openable(thrown: unknown): ScanloomError {
  const code = String((thrown as { code?: unknown } | null)?.code ?? '');
  if (code === 'ENOENT') return new ScanloomError('input/not-found', 'There is no such file or folder.', { hint: 'Check the path.', details: { code } });
  if (code === 'EACCES' || code === 'EPERM') return new ScanloomError('input/unreadable', 'You may not open this folder.', { hint: 'Ask its owner for the right to read it.', details: { code } });
  return unreadable(thrown);
}
