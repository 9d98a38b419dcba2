/** A disk that is full and a file that vanishes while a copy is made: originals stay, a failed copy leaves nothing, and what is missing is said. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type * as fsPromises from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createMemoryLog, createWorkerPool, sha256Hex, type WorkerPool } from '#base';
import { copyDeidentified, verifyDeidentified, type DeidentifyOrder } from '#exports';
import { entries } from '../support/real-core.ts';
import { plainObject } from './deidentify-canary.ts';

/** Bytes that may still be written; the real disk when null. */
let room: number | null = null;

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof fsPromises>();
  const open: typeof real.open = async (...given) => {
    const handle = await real.open(...given);
    if (given[1] !== 'wx') return handle;
    const writeFile = handle.writeFile.bind(handle);
    handle.writeFile = async (data, options) => {
      if (room !== null) {
        room -= typeof data === 'string' ? data.length : (data as Uint8Array).byteLength;
        if (room < 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      }
      await writeFile(data, options);
    };
    return handle;
  };
  return { ...real, open, default: { ...real, open } };
});

let dir: string;
let pool: WorkerPool;
beforeAll(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'scanloom-faults-'));
  pool = createWorkerPool({ entry: path.join(entries, 'dicom-worker.js'), size: 1, log: createMemoryLog() });
});
afterAll(async () => {
  await pool.close();
  rmSync(dir, { recursive: true, force: true });
});

function sourceOf(name: string, files: number): string {
  const folder = path.join(dir, name);
  mkdirSync(folder);
  for (let n = 1; n <= files; n += 1) writeFileSync(path.join(folder, `${n}.dcm`), plainObject(n));
  return folder;
}

const fingerprint = (folder: string): string => readdirSync(folder).sort().map((name) => `${name} ${statSync(path.join(folder, name)).mtimeMs} ${sha256Hex(readFileSync(path.join(folder, name)))}`).join('\n');
const order = (source: string, target: string): DeidentifyOrder => ({ inputs: [source], target: path.join(dir, target), options: [], key: new Uint8Array(32).fill(2), scanloom: '0', createdAt: new Date(0), pool, entries });

test.each([['at the first object', 500], ['between two', 3000], ['at the report', 9000]])('a disk that is full %s: nothing is published, nothing stays, originals are what they were', async (_, bytes) => {
  const source = sourceOf(`full-${bytes}`, 4);
  const before = fingerprint(source);
  room = bytes;
  await expect(copyDeidentified(order(source, `copy-of-full-${bytes}`))).rejects.toMatchObject({ code: 'disk/full' });
  room = null;
  expect(readdirSync(dir).filter((name) => name.includes(`copy-of-full-${bytes}`))).toEqual([]);
  expect(fingerprint(source)).toBe(before);
  expect((await copyDeidentified(order(source, `copy-of-full-${bytes}`))).counts.written).toBe(4);
});

test('a file that vanishes before its turn is told of; the others are copied', async () => {
  const source = sourceOf('vanishing', 12);
  const report = await copyDeidentified({ ...order(source, 'copy-of-vanishing'), onProgress: (done) => { if (done === 1) for (const n of [11, 12]) rmSync(path.join(source, `${n}.dcm`), { force: true }); } });
  expect(report.counts.written).toBe(10);
  // Where the folder was listed before, the files are refused; else they were never met.
  expect(report.objects.filter(({ outcome }) => outcome === 'refused').every(({ reasons }) => reasons.join() === 'The file is not there any more.')).toBe(true);
  expect(await verifyDeidentified(path.join(dir, 'copy-of-vanishing'))).toMatchObject({ ok: true, findings: [] });
  expect(readdirSync(source)).toHaveLength(10);
});
