/** The secret of a project, from which its pseudonyms are made: 32 random bytes, as 64 hex digits in a file that only its owner can read. */
import { randomBytes } from 'node:crypto';
import { chmod, open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { diskError, ensureDir } from '#base';
import { ScanloomError } from '#contract';
import { keyBytes } from '#privacy';

/** Where a library keeps the key of a project. @param name Letters, digits, dots and dashes; `default` unless told. */
export function libraryKeyFile(libraryDir: string, name = 'default'): string {
  if (!/^[a-z0-9][a-z0-9.-]{0,39}$/i.test(name)) throw new ScanloomError('request/invalid', 'A project is named with letters, digits, dots and dashes.');
  return path.join(libraryDir, 'keys', `deidentification-${name}.key`);
}

/**
 * Reads the key, or makes one where there is none. Who loses it can never add to a project; who finds it can try out who its patients are.
 *
 * @throws {ScanloomError} `input/unreadable` when the file is no key, `disk/…`
 */
export async function readOrMakeKey(file: string): Promise<{ readonly key: Uint8Array; readonly made: boolean }> {
  try {
    await ensureDir(path.dirname(file), 0o700);
    const handle = await open(file, 'wx', 0o600);
    try {
      const key = randomBytes(keyBytes);
      await handle.writeFile(`${key.toString('hex')}\n`);
      await handle.sync();
      await chmod(file, 0o600);
      return { key: new Uint8Array(key), made: true };
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw diskError(thrown, 'The key of the project could not be written.');
  }
  const noKey = (): ScanloomError => new ScanloomError('input/unreadable', 'This file is not the key of a project.', { hint: 'A key is 64 hex digits, as Scanloom made it. Name a file that is not there yet for a new project.' });
  const found = await stat(file).catch(() => null);
  if (found === null || !found.isFile() || found.size > 1000) throw noKey();
  const text = (
    await readFile(file, 'utf8').catch((thrown: unknown) => {
      throw new ScanloomError('input/unreadable', 'The key of the project cannot be read.', { hint: 'Check who may read it: only its owner can.', cause: thrown });
    })
  ).trim();
  if (!new RegExp(`^[0-9a-f]{${2 * keyBytes}}$`).test(text)) throw noKey();
  return { key: Uint8Array.from(Buffer.from(text, 'hex')), made: false };
}
