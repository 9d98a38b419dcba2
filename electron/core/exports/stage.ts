/** The folder beside the target in which an export grows. It becomes the export by one rename, or is removed. */
import { closeSync, createReadStream, fsyncSync, lstatSync, openSync, renameSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { diskError, ensureDir, invariant, sha256File, withFileBytes } from '#base';
import { ScanloomError } from '#contract';
import { parseHeader, type DicomFile } from '#dicom';
import { isSafePath } from './names.ts';

export interface Stage {
  readonly target: string;
  /** Writes a new file and forces it to the disk. */
  write(relativePath: string, bytes: Uint8Array | string): Promise<void>;
  /** The same for what comes in pieces. */
  writeStream(relativePath: string, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  read(relativePath: string): Promise<Uint8Array>;
  /** Gives a file of the stage another name in it. */
  move(from: string, to: string): Promise<void>;
  /** All but the pixels of a DICOM file, which keeps no more than that in memory. */
  header(relativePath: string): DicomFile;
  readStream(relativePath: string): AsyncIterable<Uint8Array>;
  /** Digest and size of what lies on the disk now. */
  fingerprint(relativePath: string): Promise<{ sha256: string; sizeBytes: number }>;
  /**
   * One rename, synchronous so that it can stand inside a database transaction.
   *
   * @throws ScanloomError `export/exists` when something has taken the place meanwhile; the stage is then still there.
   */
  publish(): void;
  /** Removes the stage, and the target if it was published from here. */
  discard(): Promise<void>;
}

/** Where the stage of an export lies: known from the record, so that what a crash left can be found. */
export function stagePath(target: string, exportId: string): string {
  return path.join(path.dirname(target), `.${path.basename(target)}.${exportId}.part`);
}

/** A file, a folder or a link, even one that leads nowhere. */
export function somethingAt(target: string): boolean {
  return lstatSync(target, { throwIfNoEntry: false }) !== undefined;
}

/** @throws ScanloomError `export/exists`, `disk/…` */
export async function openStage(target: string, exportId: string): Promise<Stage> {
  if (somethingAt(target)) throw existsError(target);
  const dir = stagePath(target, exportId);
  await ensureDir(path.dirname(target));
  await rm(dir, { recursive: true, force: true });
  await ensureDir(dir);
  const made = new Set<string>();
  let published = false;

  const placeFor = async (relativePath: string): Promise<string> => {
    invariant(isSafePath(relativePath), `an export names its files plainly: ${relativePath}`);
    const file = path.join(dir, ...relativePath.split('/'));
    if (!made.has(path.dirname(file))) {
      await mkdir(path.dirname(file), { recursive: true });
      made.add(path.dirname(file));
    }
    return file;
  };
  const at = (relativePath: string): string => path.join(dir, ...relativePath.split('/'));

  const writeStream = async (relativePath: string, chunks: AsyncIterable<Uint8Array>): Promise<void> => {
    try {
      const handle = await open(await placeFor(relativePath), 'wx');
      try {
        for await (const chunk of chunks) await handle.writeFile(chunk);
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (thrown) {
      throw diskError(thrown, 'A file of the export could not be written.');
    }
  };

  return {
    target,
    write: (relativePath, bytes) => writeStream(relativePath, once(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes)),
    writeStream,
    async move(from, to) {
      const file = await placeFor(to);
      if (somethingAt(file)) throw existsError(file);
      try {
        await rename(at(from), file);
        // Folders that hold nothing any more are no part of an export.
        for (let folder = path.dirname(at(from)); folder !== dir; folder = path.dirname(folder)) await rmdir(folder);
      } catch (thrown) {
        const { code } = thrown as NodeJS.ErrnoException;
        if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw diskError(thrown, 'A file of the export could not be renamed.');
      }
    },
    read: async (relativePath) => new Uint8Array(await readFile(at(relativePath))),
    header: (relativePath) => withFileBytes(at(relativePath), (file) => parseHeader(file)),
    readStream: (relativePath) => createReadStream(at(relativePath), { highWaterMark: 1 << 20 }),
    fingerprint: async (relativePath) => ({ sha256: await sha256File(at(relativePath)), sizeBytes: (await stat(at(relativePath))).size }),
    publish() {
      // Renaming a folder onto an empty one would succeed in silence.
      if (somethingAt(target)) throw existsError(target);
      try {
        renameSync(dir, target);
      } catch (thrown) {
        const code = (thrown as NodeJS.ErrnoException).code;
        if (code === 'ENOTEMPTY' || code === 'EEXIST') throw existsError(target);
        throw diskError(thrown, 'The export could not be put in its place.');
      }
      published = true;
      syncFolder(path.dirname(target));
    },
    async discard() {
      await rm(dir, { recursive: true, force: true });
      if (published) await rm(target, { recursive: true, force: true });
    },
  };
}

/** A rename is only durable when its folder is. Some systems and network disks cannot do this, and lose nothing but the guarantee. */
function syncFolder(dir: string): void {
  try {
    const handle = openSync(dir, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    // Windows refuses to open a folder; there the rename itself is written through.
  }
}

export function existsError(target: string): ScanloomError {
  return new ScanloomError('export/exists', `There is already something named ${path.basename(target)} in that folder.`, { hint: 'Choose another name; an export never replaces anything.' });
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
