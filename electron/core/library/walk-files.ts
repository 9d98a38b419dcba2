/** Finds files below what a person opened: each once, links followed but never in a circle, and what cannot be entered reported. */
import type { Dir, Stats } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { limits } from '#base';
import { ScanloomError } from '#contract';
import { unreadable } from './images.ts';
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
  // The library counts as seen, whichever way leads there.
  const { libraryDir } = options;
  const library = libraryDir === undefined ? null : await realpath(libraryDir).catch(() => path.resolve(libraryDir));
  const seen = new Set<string>(library === null ? [] : [library]);
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
      // A file of a folder that was opened before has been met there.
      if (found.isFile() && !seen.has(real) && !seen.has(path.dirname(real))) {
        seen.add(real);
        yield { path: absolute, shown: path.basename(absolute), sizeBytes: found.size, mtimeMs: found.mtimeMs };
      }
      continue;
    }
    if (library !== null && (real === library || (isInside(real, library) && !isOwnSource(real, library)))) {
      options.onRefused(root, new ScanloomError('request/invalid', 'This is the library’s own folder.', { hint: 'Choose the folder that holds the study.' }));
      continue;
    }
    if (seen.has(real)) continue;
    let anything = false;
    const noting: WalkOptions = {
      ...options,
      onRefused: (shown, error) => {
        anything = true;
        options.onRefused(shown, error);
      },
    };
    for await (const file of walkFolder(absolute, absolute, 0, seen, noting)) {
      anything = true;
      yield file;
    }
    if (!anything) options.onRefused(root, new ScanloomError('input/empty', 'The folder holds no files.', { hint: 'Choose the folder that holds the study.' }));
  }
}

/** Names of one folder that are sorted together: one of a million files must not be gathered whole. */
const namesAtOnce = 20_000;

/**
 * @param seen Real paths of folders, and of the few files that can be met twice: links and files that were opened by name. All others are
 *             met when their folder is, which is once; so a million files need no memory here.
 */
async function* walkFolder(folder: string, root: string, depth: number, seen: Set<string>, options: WalkOptions): AsyncGenerator<WalkedFile> {
  const shown = path.relative(root, folder).split(path.sep).join('/') || path.basename(folder);
  let real: string;
  let entries: Dir;
  try {
    real = await realpath(folder);
    // Which is what ends a circle of links.
    if (seen.has(real)) return;
    seen.add(real);
    entries = await opendir(folder);
  } catch (thrown) {
    options.onRefused(shown, openable(thrown));
    return;
  }
  if (depth > limits.folderDepth) {
    await entries.close();
    options.onRefused(shown, new ScanloomError('input/unreadable', `The folders are nested more than ${limits.folderDepth} deep here.`, { hint: 'Open the inner folder itself.' }));
    return;
  }
  const folders: string[] = [];
  const order = new Intl.Collator('en', { numeric: true }).compare;
  for await (const names of namesOf(entries, (thrown) => options.onRefused(shown, openable(thrown)))) {
    names.sort((a, b) => order(a.name, b.name));
    for (const { name, isLink } of names) {
      const file = path.join(folder, name);
      let found: Stats;
      try {
        found = await stat(file);
      } catch (thrown) {
        // A link that leads nowhere is nobody's image.
        if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') options.onRefused(path.relative(root, file).split(path.sep).join('/'), openable(thrown));
        continue;
      }
      if (found.isDirectory()) {
        folders.push(file);
      } else if (found.isFile()) {
        // Pipes and devices are left alone: reading one may never end.
        const place = isLink ? await realpath(file).catch(() => file) : path.join(real, name);
        if (seen.has(place) || (isLink && seen.has(path.dirname(place)))) continue;
        if (isLink) seen.add(place);
        yield { path: file, shown: path.relative(root, file).split(path.sep).join('/'), sizeBytes: found.size, mtimeMs: found.mtimeMs };
      }
    }
  }
  folders.sort(order);
  for (const inner of folders) yield* walkFolder(inner, root, depth + 1, seen, options);
}

async function* namesOf(entries: Dir, onFailed: (thrown: unknown) => void): AsyncGenerator<{ name: string; isLink: boolean }[]> {
  let names: { name: string; isLink: boolean }[] = [];
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
