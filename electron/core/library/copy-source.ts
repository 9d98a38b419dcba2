/** Source files that the library keeps itself, because it was asked to: `sources/ab/DIGEST.dcm`. Or because they lay in an archive, from which one image cannot be read again. */
import { copyFile, open, rename, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { diskError, ensureDir, randomUuid, sha256File } from '#base';
import { ScanloomError } from '#contract';
import type { DescribedFile } from './study-store.ts';

/**
 * Copies a file beside, checks the copy, renames it. The original is only read.
 *
 * @param bytes The file itself, where it does not lie on the disk.
 * @returns the file at its new place.
 * @throws ScanloomError `disk/full`, `disk/failed`, `input/changed`
 */
export async function copyIntoLibrary(file: DescribedFile, libraryDir: string, bytes?: Uint8Array): Promise<DescribedFile> {
  const target = path.join(libraryDir, 'sources', file.sha256.slice(0, 2), `${file.sha256}${/\.nii(\.gz)?$/i.exec(file.shown)?.[0].toLowerCase() ?? '.dcm'}`);
  const beside = `${target}.${randomUuid()}.part`;
  try {
    await ensureDir(path.dirname(target));
    if (bytes === undefined) await copyFile(file.path, beside);
    else await writeFile(beside, bytes, { flag: 'wx' });
    // Its time goes along: the record says what a look at the file must find.
    const time = new Date(file.mtimeMs);
    await utimes(beside, time, time);
    const handle = await open(beside, 'r+');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    if ((await sha256File(beside)) !== file.sha256) throw new ScanloomError('input/changed', 'A file changed while it was copied.', { hint: 'Open the folder again.' });
    await rename(beside, target);
  } catch (thrown) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw diskError(thrown, 'A file could not be copied into the library.');
  }
  return { ...file, path: target, isInArchive: false };
}
