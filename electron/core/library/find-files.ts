/** Everything that a person opened, file by file: folders, archives, what a DICOMDIR names. One door for the library and for looking without one. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { WorkerPool } from '#base';
import { ScanloomError } from '#contract';
import { looksLikeArchive, unopenedArchive } from './archives/archive-kind.ts';
import { archiveKindOf, notOpened, readArchive } from './archives/read-archive.ts';
import { isFileSetName, readFileSet } from './file-set.ts';
import { unreadable } from './images.ts';
import { walkFiles, type WalkedFile, type WalkOptions } from './walk-files.ts';

export interface FoundFile extends WalkedFile {
  /** The file itself when it lay in an archive: it cannot be read again by its path, which then is `ARCHIVE!/NAME`. */
  readonly bytes?: Uint8Array<ArrayBuffer>;
  /** Path of the archive that it lay in. */
  readonly archive?: string;
}

export interface FindOptions extends WalkOptions {
  /** Reads DICOMDIRs. */
  readonly pool: WorkerPool;
  /** True for an archive that need not be read again. */
  readonly isKnownArchive?: (archive: WalkedFile) => boolean;
  /** All members have been given. */
  readonly onArchiveRead?: (archive: WalkedFile, allAccepted: boolean) => void;
}

/** Roots may be folders, files, archives or a DICOMDIR, which stands for the files it names. What cannot be read is told to `onRefused`. */
export async function* findFiles(roots: readonly string[], options: FindOptions): AsyncGenerator<FoundFile> {
  const asRoots = new Set(roots.map((root) => path.resolve(root)));
  // A DICOMDIR that was opened by itself brings its files; one that is met in a folder only says what is missing there.
  for await (const file of walkFiles(roots, options)) {
    const isRoot = asRoots.has(file.path);
    if (isFileSetName(file.path)) {
      yield file;
      yield* fileSetOf(file, isRoot, options);
    } else if (await isArchive(file, isRoot, options)) {
      yield* membersOf(file, options);
    } else {
      yield file;
    }
  }
}

async function isArchive(file: WalkedFile, isRoot: boolean, options: FindOptions): Promise<boolean> {
  const unopened = unopenedArchive(file.path);
  if (unopened !== null) {
    options.onRefused(file.shown, notOpened(unopened));
    return false;
  }
  if (/\.nii\.gz$/i.test(file.path) || !(isRoot || looksLikeArchive(file.path))) return false;
  try {
    return (await archiveKindOf(file.path)) !== null;
  } catch {
    // Who reads the file next says why.
    return false;
  }
}

/** True for what holds images without being a DICOM file: a folder, an archive, a NIfTI file. @throws the file system's errors */
export async function isContainer(place: string): Promise<boolean> {
  if ((await stat(place)).isDirectory() || /\.nii(\.gz)?$/i.test(place) || isFileSetName(place)) return true;
  return (await archiveKindOf(place)) !== null;
}

async function* membersOf(archive: WalkedFile, options: FindOptions): AsyncGenerator<FoundFile> {
  if (options.isKnownArchive?.(archive) === true) return;
  let allAccepted = true;
  const onRefused: typeof options.onRefused = (shown, error) => {
    allAccepted = false;
    options.onRefused(shown, error);
  };
  for await (const { shown, bytes } of readArchive(archive, onRefused)) {
    const inside = shown.slice(archive.shown.length + 1);
    yield { path: `${archive.path}!/${inside}`, shown, sizeBytes: bytes.byteLength, mtimeMs: archive.mtimeMs, bytes, archive: archive.path };
  }
  options.onArchiveRead?.(archive, allAccepted);
}

async function* fileSetOf(file: WalkedFile, isRoot: boolean, options: FindOptions): AsyncGenerator<FoundFile> {
  let set: Awaited<ReturnType<typeof readFileSet>>;
  try {
    set = await readFileSet(file.path, options.pool);
  } catch {
    // No DICOMDIR in spite of its name, or a damaged one: who reads the file itself says so, and its images are found by walking.
    return;
  }
  if (set.outside > 0) options.onRefused(file.shown, new ScanloomError('input/unreadable', `The DICOMDIR names ${set.outside} ${files(set.outside)} outside its own folder; ${set.outside === 1 ? 'it was' : 'they were'} not read.`, { hint: 'Such names are against the standard (PS3.10 8.5).' }));
  if (set.missing.length > 0) {
    options.onRefused(file.shown, new ScanloomError('input/not-found', `The DICOMDIR names ${set.missing.length} ${files(set.missing.length)} that ${set.missing.length === 1 ? 'is' : 'are'} not there (the first: ${set.missing[0]}).`, { hint: 'The disc or folder was probably not copied completely.' }));
  }
  if (!isRoot) return;
  const folder = path.dirname(file.path);
  for await (const named of walkFiles(set.files, { ...options, onRefused: (shown, error) => options.onRefused(shown, error.code === 'input/not-found' ? error : unreadable(error)) })) {
    yield { ...named, shown: path.relative(folder, named.path).split(path.sep).join('/') };
  }
}

function files(count: number): string {
  return count === 1 ? 'file' : 'files';
}

