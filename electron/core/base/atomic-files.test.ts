import type * as FsPromises from 'node:fs/promises';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ScanloomError } from '#contract';
import { diskError, ensureDir, writeFileAtomic } from './atomic-files.ts';

const fault = vi.hoisted(() => ({ code: '' }));
/** A disk that fails while it is written to, in the way the system reports it. */
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof FsPromises>();
  const open: typeof real.open = async (...args) => {
    const handle = await real.open(...args);
    if (fault.code !== '') {
      handle.writeFile = async (data) => {
        await handle.write(Buffer.from(data as Uint8Array).subarray(0, 2));
        throw Object.assign(new Error(fault.code), { code: fault.code });
      };
    }
    return handle;
  };
  return { ...real, open, default: { ...real, open } };
});

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'scanloom-atomic-'));
});
afterEach(async () => {
  fault.code = '';
  await chmod(dir, 0o700);
  await rm(dir, { recursive: true });
});

describe('writeFileAtomic', () => {
  it('writes bytes and text, and replaces what was there', async () => {
    const file = path.join(dir, 'a.bin');
    await writeFileAtomic(file, new Uint8Array([1, 2, 3]));
    expect([...(await readFile(file))]).toEqual([1, 2, 3]);
    await writeFileAtomic(file, 'text');
    expect(await readFile(file, 'utf8')).toBe('text');
    expect(await readdir(dir)).toEqual(['a.bin']);
  });

  it('says that the disk is full, leaves the old file as it was and nothing else', async () => {
    const file = path.join(dir, 'a.bin');
    await writeFile(file, 'before');
    fault.code = 'ENOSPC';
    const error = await writeFileAtomic(file, 'after, and longer').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ScanloomError);
    expect((error as ScanloomError).code).toBe('disk/full');
    expect((error as ScanloomError).hint).toContain('Free some space');
    expect(await readFile(file, 'utf8')).toBe('before');
    expect(await readdir(dir)).toEqual(['a.bin']);
  });

  it('says that a write failed, without quoting the path of its folder', async () => {
    fault.code = 'EIO';
    const error = (await writeFileAtomic(path.join(dir, 'a.bin'), 'x').catch((thrown: unknown) => thrown)) as ScanloomError;
    expect(error.code).toBe('disk/failed');
    expect(JSON.stringify(error.toBody())).not.toContain(path.basename(dir));
    expect(await readdir(dir)).toEqual([]);
  });

  it('lets the last of many writers of one path win, whole', async () => {
    const file = path.join(dir, 'a.bin');
    await Promise.all(Array.from({ length: 20 }, (_, n) => writeFileAtomic(file, new Uint8Array(50_000).fill(n))));
    const bytes = await readFile(file);
    expect(bytes.length).toBe(50_000);
    expect(new Set(bytes).size).toBe(1);
    expect(await readdir(dir)).toEqual(['a.bin']);
  });

  it('refuses a folder that cannot be made, in words', async () => {
    await writeFile(path.join(dir, 'file'), '');
    // Where folders cannot be made at all, it says so instead of trying for ever.
    if (process.platform === 'linux') await expect(ensureDir('/proc/scanloom/below')).rejects.toMatchObject({ code: 'disk/failed' });
    await expect(ensureDir(path.join(dir, 'file', 'below'))).rejects.toMatchObject({ code: 'disk/failed' });
  });

  it('takes a quota for a full disk and leaves errors of the program alone', () => {
    expect(diskError(Object.assign(new Error('q'), { code: 'EDQUOT' }), 's').code).toBe('disk/full');
    const own = new ScanloomError('input/changed', 'x');
    expect(diskError(own, 's')).toBe(own);
  });
});
