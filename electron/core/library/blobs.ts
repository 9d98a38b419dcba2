/** Pixels that the program made, named by their own SHA-256 under `blobs/ab/cd…`. */
import { readdir, readFile, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { ensureDir, sha256Hex, writeFileAtomic } from '#base';
import { ScanloomError } from '#contract';
import type { Database, Library } from './types.ts';

const digest = /^[0-9a-f]{64}$/;

export function createBlobs(dir: string, db: Database): Library['blobs'] {
  const fileOf = (sha256: string): string => {
    // The name becomes a path, so nothing but a digest may get here.
    if (!digest.test(sha256)) throw new ScanloomError('request/invalid', 'That is not the name of stored pixels.');
    return path.join(dir, sha256.slice(0, 2), sha256.slice(2));
  };
  /** Written since the library was opened: their record may not be committed yet. */
  const fresh = new Set<string>();
  const openedAt = Date.now();

  return {
    async put(bytes) {
      const sha256 = sha256Hex(bytes);
      const file = fileOf(sha256);
      fresh.add(sha256);
      const there = await stat(file).catch(() => null);
      if (there !== null && there.size === bytes.byteLength && sha256Hex(await readFile(file)) === sha256) return sha256;
      await ensureDir(path.dirname(file));
      await writeFileAtomic(file, bytes);
      return sha256;
    },

    async get(sha256) {
      let bytes: Uint8Array;
      try {
        bytes = new Uint8Array(await readFile(fileOf(sha256)));
      } catch (thrown) {
        if (thrown instanceof ScanloomError) throw thrown;
        throw new ScanloomError('library/corrupt', 'Pixels that the library made are missing from its folder.', { hint: 'Put the library’s blobs folder back from a backup, or run the job again.', details: { sha256 }, cause: thrown });
      }
      if (sha256Hex(bytes) !== sha256) {
        throw new ScanloomError('library/corrupt', 'Pixels that the library made have changed on the disk.', { hint: 'Check the disk; put the library’s blobs folder back from a backup, or run the job again.', details: { sha256 } });
      }
      return bytes;
    },

    async sweep(referenced = []) {
      const keep = new Set([...referenced, ...fresh, ...referencedByDatabase(db)]);
      let removed = 0;
      let bytes = 0;
      for (const prefix of await namesIn(dir)) {
        const folder = path.join(dir, prefix);
        for (const name of await namesIn(folder)) {
          const file = path.join(folder, name);
          const found = await stat(file).catch(() => null);
          if (found === null || keep.has(prefix + name)) continue;
          // A half-written file of a killed process goes too; one that is being written now stays.
          const isLeftover = name.endsWith('.part') && found.mtimeMs < openedAt;
          if (!isLeftover && !digest.test(prefix + name)) continue;
          bytes += found.size;
          await rm(file, { force: true });
          removed += 1;
        }
        await rmdir(folder).catch(() => undefined);
      }
      return { removed, bytes };
    },
  };
}

function* referencedByDatabase(db: Database): Iterable<string> {
  const Units = z.object({ blob: z.string() });
  for (const row of db.iterate('SELECT blob FROM units WHERE blob IS NOT NULL')) yield Units.parse(row).blob;
  const Items = z.object({ blobs: z.string() });
  for (const row of db.iterate('SELECT blobs FROM items')) yield* z.array(z.string()).parse(JSON.parse(Items.parse(row).blobs));
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
