/** Files that are either wholly there or not at all, also after a power cut. */
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { ScanloomError } from '#contract';
import { randomUuid } from './random.ts';

/** Makes a folder and those above it, with these rights (on POSIX systems) where they are made now. @throws ScanloomError `disk/full`, `disk/failed` */
export async function ensureDir(dir: string, mode?: number): Promise<void> {
  try {
    // One by one: asked for all at once, Node tries for ever where a file system answers that the parent is not there, as /proc does.
    const missing: string[] = [];
    for (let at = path.resolve(dir); !(await isFolder(at)); at = path.dirname(at)) missing.unshift(at);
    for (const folder of missing) {
      await mkdir(folder, mode).catch(async (thrown: unknown) => {
        // Another process may have been quicker.
        if (!(await isFolder(folder))) throw thrown;
      });
    }
  } catch (thrown) {
    throw diskError(thrown, `The folder ${path.basename(dir)} could not be made.`);
  }
}

/** False where nothing is, or something else; the root of all is always one. */
async function isFolder(place: string): Promise<boolean> {
  if (path.dirname(place) === place) return true;
  return stat(place).then((found) => found.isDirectory(), () => false);
}

/**
 * Writes beside, forces it to the disk, renames, forces the rename to the disk. When it rejects, nothing was left behind and a file
 * that was there before is unchanged. Two writers of one path do not mix: the last rename wins.
 *
 * @throws ScanloomError `disk/full`, `disk/failed`
 */
export async function writeFileAtomic(file: string, bytes: Uint8Array | string): Promise<void> {
  const beside = path.join(path.dirname(file), `.${path.basename(file)}.${randomUuid()}.part`);
  try {
    const handle = await open(beside, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await renameOver(beside, file);
  } catch (thrown) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw diskError(thrown, `The file ${path.basename(file)} could not be written.`);
  }
  await syncFolder(path.dirname(file));
}

/** On Windows a virus scanner or an indexer may hold the target for a moment; elsewhere the first try decides. */
async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await rename(from, to);
      return;
    } catch (thrown) {
      const code = errorCode(thrown);
      const mayPass = process.platform === 'win32' && (code === 'EPERM' || code === 'EACCES' || code === 'EBUSY');
      if (!mayPass || attempt >= 8) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, 10 * 2 ** attempt));
    }
  }
}

/** The new name is only durable when its folder is; Windows has no such call and needs none. */
async function syncFolder(dir: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    const handle = await open(dir, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    // Some network file systems refuse to sync a folder; the file itself is written.
    if (!['EINVAL', 'ENOTSUP', 'EISDIR', 'EACCES', 'EPERM'].includes(errorCode(thrown))) throw diskError(thrown, 'The disk did not confirm what was written.');
  }
}

/** A file system's error in words. `sentence` says what was being done. */
export function diskError(thrown: unknown, sentence: string): ScanloomError {
  if (thrown instanceof ScanloomError) return thrown;
  const code = errorCode(thrown);
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return new ScanloomError('disk/full', 'The disk is full.', { hint: 'Free some space and try again; finished work is kept.', details: { code }, cause: thrown });
  }
  const hint = code === 'EACCES' || code === 'EPERM' || code === 'EROFS' ? 'Check that you may write there.' : 'Check the disk and the connection to it.';
  return new ScanloomError('disk/failed', sentence, { hint, details: { code }, cause: thrown });
}

function errorCode(thrown: unknown): string {
  const code = (thrown as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}
