/**
 * Nothing is lost, nothing is repeated: an upscale job of the 140-slice head CT is killed with SIGKILL at ten random moments. What was
 * recorded before a kill must still be recorded, untouched, after it, and the end must equal an undisturbed run to the bit.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..', '..');
const cli = path.join(root, 'dist', 'node', 'cli.js');
const headCt = path.resolve(root, '..', 'shared', 'data', 'dicom', 'head-ct');
const folders: string[] = [];

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function newLibrary(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'scanloom-kill-'));
  folders.push(folder);
  return path.join(folder, 'library');
}

/** Deterministic moments: a failure can be run again. Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function start(args: readonly string[]): { child: ChildProcess; ended: Promise<{ code: number | null; stdout: string; stderr: string }> } {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return { child, ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr }))) };
}

interface UnitRow { unit_index: number; blob: string | null; done_at: string | null }

function units(library: string): UnitRow[] {
  const file = path.join(library, 'scanloom.db');
  if (!existsSync(file)) return [];
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return db.prepare('SELECT unit_index, blob, done_at FROM units ORDER BY unit_index').all() as unknown as UnitRow[];
  } catch {
    return [];
  } finally {
    db.close();
  }
}

function one<T>(library: string, sql: string): T {
  const db = new DatabaseSync(path.join(library, 'scanloom.db'), { readOnly: true });
  try {
    return db.prepare(sql).get() as unknown as T;
  } finally {
    db.close();
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const missing = !existsSync(headCt);
if (missing && process.env['CI'] !== undefined) throw new Error('The head CT of ../shared/data/dicom is needed for this test.');

test.skipIf(missing)('ten kills lose nothing, repeat nothing and change no bit', { timeout: 60 * 60_000 }, async () => {
  const calm = await newLibrary();
  const disturbed = await newLibrary();
  const upscale = (library: string): string[] => ['upscale', '--library', library, '--package', 'sr-gan-x2', '--input', headCt, '--device', 'cpu', '--json'];

  const undisturbed = await start(upscale(calm)).ended;
  expect(undisturbed.stderr.split('\n').slice(-5).join('\n') + ` (exit ${undisturbed.code})`).toContain('(exit 0)');
  const wanted = units(calm);
  expect(wanted).toHaveLength(140);
  const sliceMs = (Date.parse(wanted.at(-1)!.done_at!) - Date.parse(wanted[0]!.done_at!)) / 139;

  const random = randomFrom(20261121);
  let recorded = new Map<number, UnitRow>();
  for (let kills = 1; kills <= 10; kills += 1) {
    // The first start ingests and accepts the job; each later one goes on with it.
    const jobId = kills === 1 ? null : one<{ job_id: string } | undefined>(disturbed, 'SELECT job_id FROM jobs')?.job_id ?? null;
    const { child, ended } = start(jobId === null ? upscale(disturbed) : ['jobs', 'resume', jobId, '--library', disturbed, '--json']);
    const before = recorded.size;
    // One to nine more slices, then a random moment of the next one: counted in slices, ten kills fit into 140 however fast the machine is.
    const target = before + 1 + Math.floor(random() * 9);
    const deadline = Date.now() + 600_000;
    while (units(disturbed).filter((unit) => unit.blob !== null).length < target && child.exitCode === null && Date.now() < deadline) await sleep(20);
    await sleep(random() * sliceMs);
    expect(child.exitCode, 'the job still runs when it is killed').toBeNull();
    child.kill('SIGKILL');
    await ended;
    const now = units(disturbed);
    const done = new Map(now.filter((unit) => unit.blob !== null).map((unit) => [unit.unit_index, unit]));
    for (const [index, unit] of recorded) expect(done.get(index), `unit ${index} after kill ${kills}`).toEqual(unit);
    recorded = done;
  }
  const { job_id: jobId } = one<{ job_id: string }>(disturbed, 'SELECT job_id FROM jobs');
  const last = await start(['jobs', 'resume', jobId, '--library', disturbed, '--json']).ended;
  expect(last.code, last.stderr).toBe(0);

  const after = units(disturbed);
  for (const [index, unit] of recorded) expect(after[index], `unit ${index} at the end`).toEqual(unit);
  expect(after.map((unit) => unit.blob)).toEqual(wanted.map((unit) => unit.blob));
  expect(one(disturbed, 'SELECT count(*) AS n FROM items')).toEqual({ n: 1 });
  expect(one(disturbed, "SELECT count(*) AS n FROM ledger WHERE kind = 'item'")).toEqual({ n: 1 });
  expect(one(disturbed, 'SELECT count(*) AS n FROM jobs')).toEqual({ n: 1 });
});
