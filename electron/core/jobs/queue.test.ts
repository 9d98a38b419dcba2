import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMemoryLog, systemClock } from '#base';
import { ScanloomError, type ImageMeta, type StartJob } from '#contract';
import { openLibrary, type Library } from '#library';
import { createJobs, type JobKind, type Jobs, type UnitContext } from './index.ts';

const start: StartJob = { task: 'synthesize', packageId: 'test-package', device: 'cpu', class: 'glioma', count: 3, seed: 7, steps: 2, guidance: 1 };

const image: ImageMeta = {
  imageId: '0', sopInstanceUid: '0', frame: 0, instanceNumber: 1, rows: 1, columns: 1, samplesPerPixel: 1, photometricInterpretation: 'MONOCHROME2', pixelSpacingMm: null, position: null, orientation: null,
  positionAlongNormalMm: null, sliceThicknessMm: null, rescale: { slope: 1, intercept: 0 }, unit: '', window: { center: 0.5, width: 1 }, kvp: null, echoTimeMs: null, repetitionTimeMs: null,
};

/** A task whose units are numbers; each unit's result is its own number, so a lost or repeated one shows. */
function countingKind(run: (context: UnitContext) => Promise<void>): JobKind & { readonly ran: number[] } {
  const ran: number[] = [];
  return {
    ran,
    task: 'synthesize',
    preview: async () => ({ units: [], leftOut: [] }),
    freeze: async (request) => ({
      settings: request, title: 'Count', packageId: 'test-package', packageSha256: '0'.repeat(64), inputs: [],
      units: Array.from({ length: request.task === 'synthesize' ? request.count : 0 }, (_, item) => ({ itemIndex: item, plan: { item } })),
    }),
    async runUnit(context) {
      await run(context);
      ran.push(context.unitIndex);
      return { bytes: new Uint8Array(Float32Array.of(context.unitIndex).buffer), meta: { totalMs: 1, pixels: 1 }, device: { device: 'cpu', reason: 'test' } };
    },
    makeItem: async ({ itemIndex, units }) => ({
      provenance: 'synthetic', title: `Item ${itemIndex}`, packageVersion: '1.0.0', rows: 1, columns: 1, modality: 'MR', class: 'glioma', seed: 7, sourceSeriesUid: null,
      images: [image], sourceImageIds: [null], blobs: units.map((unit) => unit.blob), measures: [], recipe: {},
    }),
    release: () => undefined,
  };
}

describe('the queue', () => {
  let dir: string;
  let library: Library;
  const opened: { jobs: Jobs }[] = [];

  beforeEach(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'scanloom-jobs-'));
    library = await openLibrary({ dir, clock: systemClock, log: createMemoryLog(), workers: { entry: path.join(dir, 'none.js'), size: 1 } });
  });
  afterEach(async () => {
    for (const { jobs } of opened.splice(0)) await jobs.close();
    await library.close();
    await rm(dir, { recursive: true, force: true });
  });

  const queueOf = (kind: JobKind): Jobs => {
    const jobs = createJobs({ library, kinds: [kind], clock: systemClock, log: createMemoryLog() });
    opened.push({ jobs });
    return jobs;
  };

  test('runs every unit once and makes one item of each', async () => {
    const kind = countingKind(async () => undefined);
    const jobs = queueOf(kind);
    const job = await jobs.settled((await jobs.start(start)).jobId);
    expect(job).toMatchObject({ state: 'done', unitsDone: 3, items: 3 });
    expect(kind.ran).toEqual([0, 1, 2]);
    const items = library.items.list({ jobId: job.jobId, limit: 10, offset: 0 });
    expect(items.map((item) => item.index)).toEqual([0, 1, 2]);
    expect(await library.items.frame(items[2]!.itemId, 0)).toEqual(Float32Array.of(2));
    expect(library.ledger.verify()).toMatchObject({ ok: true, entries: 3 });
  });

  test('pause waits after the unit in hand; resume goes on without repeating', async () => {
    let jobs: Jobs | null = null;
    let jobId = '';
    const kind = countingKind(async ({ unitIndex }) => {
      if (unitIndex === 1 && kind.ran.length === 1) jobs?.pause(jobId);
    });
    jobs = queueOf(kind);
    jobId = (await jobs.start(start)).jobId;
    expect(await jobs.settled(jobId)).toMatchObject({ state: 'paused' });
    const paused = jobs;
    await expect.poll(() => paused.get(jobId), { timeout: 20_000 }).toMatchObject({ state: 'paused', unitsDone: 2 });
    jobs.resume(jobId);
    expect(await jobs.settled(jobId)).toMatchObject({ state: 'done', unitsDone: 3 });
    expect(kind.ran).toEqual([0, 1, 2]);
  });

  test('cancel aborts the unit in hand; retry runs only what has no record', async () => {
    let entered = (): void => undefined;
    const inSecond = new Promise<void>((resolve) => (entered = resolve));
    let blocked = true;
    const kind = countingKind(async ({ unitIndex, signal }) => {
      if (unitIndex !== 1 || !blocked) return;
      entered();
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new ScanloomError('job/cancelled', 'stopped'))));
    });
    const jobs = queueOf(kind);
    const { jobId } = await jobs.start(start);
    await inSecond;
    expect(jobs.cancel(jobId)).toMatchObject({ state: 'cancelled', unitsDone: 1 });
    blocked = false;
    jobs.retry(jobId);
    expect(await jobs.settled(jobId)).toMatchObject({ state: 'done', unitsDone: 3 });
    expect(kind.ran).toEqual([0, 1, 2]);
  });

  test('a failing job says why and leaves the next one running', async () => {
    let fail = true;
    const kind = countingKind(async () => {
      if (fail) throw new ScanloomError('engine/crashed', 'The engine ended while it worked.', { hint: 'Try again.' });
    });
    const jobs = queueOf(kind);
    const failed = await jobs.settled((await jobs.start(start)).jobId);
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'engine/crashed', hint: 'Try again.' } });
    fail = false;
    expect(await jobs.settled((await jobs.start(start)).jobId)).toMatchObject({ state: 'done' });
  });

  test('a full disk pauses the job where it is', async () => {
    let full = true;
    const kind = countingKind(async ({ unitIndex }) => {
      if (full && unitIndex === 1) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    });
    const jobs = queueOf(kind);
    const { jobId } = await jobs.start(start);
    expect(await jobs.settled(jobId)).toMatchObject({ state: 'paused', unitsDone: 1, error: { code: 'disk/full' } });
    full = false;
    jobs.resume(jobId);
    expect(await jobs.settled(jobId)).toMatchObject({ state: 'done', error: null });
  });

  test('a job that was running when the program ended goes on in the next one', async () => {
    let entered = (): void => undefined;
    const inSecond = new Promise<void>((resolve) => (entered = resolve));
    const hanging = countingKind(async ({ unitIndex, signal }) => {
      if (unitIndex !== 1) return;
      entered();
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('gone'))));
    });
    const first = createJobs({ library, kinds: [hanging], clock: systemClock, log: createMemoryLog() });
    const { jobId } = await first.start(start);
    await inSecond;
    await first.close();
    expect(first.get(jobId)).toMatchObject({ state: 'running', unitsDone: 1 });
    const kind = countingKind(async () => undefined);
    const second = queueOf(kind);
    expect(await second.settled(jobId)).toMatchObject({ state: 'done', unitsDone: 3 });
    expect(kind.ran).toEqual([1, 2]);
  });

  test('a job of a task that this version does not know hides no other and is left alone', async () => {
    const jobs = queueOf(countingKind(async () => undefined));
    const { jobId } = await jobs.settled((await jobs.start(start)).jobId);
    const { jobId: foreign } = await jobs.settled((await jobs.start(start)).jobId);
    library.db.run(`UPDATE jobs SET task = 'denoise', state = 'queued' WHERE job_id = ?`, [foreign]);
    expect(jobs.list().map((job) => job.jobId)).toEqual([jobId]);
    expect(() => jobs.get(foreign)).toThrowError(expect.objectContaining({ code: 'library/newer' }));
    expect(await jobs.settled((await jobs.start(start)).jobId)).toMatchObject({ state: 'done' });
  });

  test('a wrong move is refused in words', async () => {
    const jobs = queueOf(countingKind(async () => undefined));
    const { jobId } = await jobs.start(start);
    await jobs.settled(jobId);
    expect(() => jobs.cancel(jobId)).toThrowError(expect.objectContaining({ code: 'job/wrong-state' }));
    expect(() => jobs.get('00000000-0000-4000-8000-000000000000')).toThrowError(expect.objectContaining({ code: 'request/not-found' }));
  });
});
