/** Exports over a real library: what is chosen, what is recorded, and what a crash or a full disk leaves. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMemoryLog, randomUuid, sha256Hex, systemClock } from '#base';
import { ScanloomError, type Decision, type EventBody } from '#contract';
import { createExports, verifyFolder, type Exports } from '#exports';
import { openLibrary, type Library } from '#library';
import type { Packages } from '#packages';
import { createReview } from '#review';

const noPackages: Packages = {
  list: () => Promise.resolve([]),
  unreadable: () => Promise.resolve([]),
  get: () => Promise.reject(new ScanloomError('package/not-found', 'There is no such package.')),
  card: () => Promise.reject(new ScanloomError('package/not-found', 'There is no such package.')),
  samples: () => Promise.reject(new ScanloomError('package/not-found', 'There is no such package.')),
};
const jobId = '11111111-1111-4111-8111-111111111111';

let dir: string;
let library: Library;
let exports: Exports;

async function open(): Promise<void> {
  library = await openLibrary({ dir: path.join(dir, 'library'), clock: systemClock, log: createMemoryLog(), workers: { entry: '', size: 1 } });
  exports = createExports({ library, packages: noPackages, clock: systemClock, log: createMemoryLog(), version: '0.1.0' });
}

beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'scanloom-export-service-'));
  await open();
  library.db.run(
    `INSERT INTO jobs (job_id, task, title, package_id, package_sha256, state, settings, inputs, created_at, seq) VALUES (?, 'synthesize', 'job', 'model', ?, 'done', '{}', '[]', ?, 1)`,
    [jobId, 'a'.repeat(64), new Date().toISOString()],
  );
});
afterEach(async () => {
  await library.close();
  await rm(dir, { recursive: true, force: true });
});

/** Noise, which does not shrink: 64 × 64 values are 16 kB. */
async function addItem(index: number, side = 64): Promise<string> {
  const values = Float32Array.from({ length: side * side }, (_, i) => Math.abs(Math.sin((i + 1) * 12.9898 * (index + 1)) * 43758.5453) % 1);
  const blob = await library.blobs.put(new Uint8Array(values.buffer));
  return library.items.insert({
    itemId: randomUuid(), jobId, index, createdAt: new Date().toISOString(), packageId: 'model', packageSha256: 'a'.repeat(64),
    settings: { task: 'synthesize', packageId: 'model', device: 'cpu', class: 'glioma', count: 1, seed: 1, steps: 5, guidance: 2 },
    draft: {
      provenance: 'synthetic', title: `Image ${index}`, packageVersion: '1.0.0', rows: side, columns: side, modality: 'MR', class: 'glioma', seed: 1, sourceSeriesUid: null,
      images: [{
        imageId: '0', sopInstanceUid: '0', frame: 0, instanceNumber: 1, rows: side, columns: side, samplesPerPixel: 1, photometricInterpretation: 'MONOCHROME2', pixelSpacingMm: [1.5, 1.5], position: null,
        orientation: null, positionAlongNormalMm: null, sliceThicknessMm: null, rescale: { slope: 1, intercept: 0 }, unit: '', window: { center: 0.5, width: 1 }, kvp: null, echoTimeMs: null, repetitionTimeMs: null,
      }],
      sourceImageIds: [null], blobs: [blob], measures: [], recipe: {},
    },
  }).itemId;
}

function decide(itemId: string, decision: Decision): void {
  createReview({ library, clock: systemClock }).decide({ itemId, decision, note: '', reader: 'reader-1' });
}

const request = { format: 'png' as const, name: 'set-1', includeUndecided: false };

describe('choosing', () => {
  test('accepted synthetic images leave, undecided ones on request, rejected ones never', async () => {
    const [accepted, undecided, rejected, unsure] = [await addItem(0), await addItem(1), await addItem(2), await addItem(3)];
    decide(accepted, 'accepted');
    decide(rejected, 'rejected');
    decide(unsure, 'unsure');
    const first = await exports.start({ ...request, jobIds: [jobId] }).done;
    expect((await exports.manifest(first.exportId)).items.map((item) => item.itemId)).toEqual([accepted]);
    const second = await exports.start({ ...request, name: 'set-2', includeUndecided: true }).done;
    expect((await exports.manifest(second.exportId)).items.map((item) => [item.itemId, item.decision])).toEqual([[accepted, 'accepted'], [undecided, null], [unsure, 'unsure']]);
    expect(() => exports.start({ ...request, name: 'set-3', itemIds: [rejected], includeUndecided: true })).toThrow(expect.objectContaining({ code: 'export/invalid' }));
    expect(() => exports.start({ ...request, name: 'set-3', itemIds: [accepted, undecided] })).toThrow(expect.objectContaining({ code: 'export/invalid', message: expect.stringContaining('1 of the 2') }));
  });

  test('nothing to export is said at once, with what waits', async () => {
    expect(() => exports.start(request)).toThrow(expect.objectContaining({ code: 'export/invalid' }));
    await addItem(0);
    expect(() => exports.start(request)).toThrow(expect.objectContaining({ hint: expect.stringContaining('1 synthetic images wait') }));
    expect(exports.list()).toEqual([]);
  });
});

describe('recording', () => {
  test('a cancelled export publishes nothing and says so; another takes its name', async () => {
    decide(await addItem(0), 'accepted');
    const { record, done } = exports.start(request);
    exports.cancel(record.exportId);
    expect(await done).toMatchObject({ state: 'cancelled', files: 0 });
    expect(existsSync(record.folder)).toBe(false);
    expect([...library.ledger.all()].filter(({ kind }) => kind === 'export')).toEqual([]);
    expect(() => exports.cancel(record.exportId)).toThrow(expect.objectContaining({ code: 'job/wrong-state' }));
    expect(await exports.start(request).done).toMatchObject({ state: 'done', folder: record.folder });
  });

  test('record, events and ledger entry agree with what lies in the folder', async () => {
    decide(await addItem(0), 'accepted');
    const seen: EventBody[] = [];
    library.events.subscribe((event) => void seen.push(event.body));
    const { record, done } = exports.start(request);
    expect(record).toMatchObject({ state: 'running', items: 1, folder: path.join(library.dir, 'exports', 'set-1') });
    const finished = await done;
    expect(finished).toMatchObject({ state: 'done', error: null, files: 4 });
    expect(exports.list()).toEqual([finished]);
    expect(seen.flatMap((body) => (body.type === 'export-changed' ? [body.export.state] : []))).toEqual(['running', 'done']);
    expect(seen.flatMap((body) => (body.type === 'export-progressed' ? [body.imagesDone] : [])).every((count) => count <= 1)).toBe(true);
    const entry = [...library.ledger.all()].at(-1)!;
    expect(entry).toMatchObject({ kind: 'export', body: { exportId: record.exportId, manifestSha256: (await readFile(path.join(finished.folder, 'checksums.sha256'), 'utf8')).match(/^([0-9a-f]{64}) {2}manifest\.json$/m)![1] } });
    expect(library.ledger.verify().ok).toBe(true);
    expect(await exports.verify(finished.folder)).toMatchObject({ ok: true, findings: [] });
  });

  test('a folder that was made anew to the last digest is not what the library published', async () => {
    decide(await addItem(0), 'accepted');
    const { folder, exportId } = await exports.start(request).done;
    const manifest = JSON.stringify(await exports.manifest(exportId));
    await writeFile(path.join(folder, 'manifest.json'), manifest);
    const sums = await readFile(path.join(folder, 'checksums.sha256'), 'utf8');
    await writeFile(path.join(folder, 'checksums.sha256'), sums.replace(/^[0-9a-f]{64}(?= {2}manifest\.json$)/m, sha256Hex(manifest)));
    expect((await verifyFolder(folder)).findings).toEqual([]);
    expect(await exports.verify(folder)).toMatchObject({ ok: false, findings: [{ code: 'manifest-replaced' }] });
  });

  test('a decision taken back counts as none, in manifest and ledger', async () => {
    const itemId = await addItem(0);
    decide(itemId, 'accepted');
    createReview({ library, clock: systemClock }).undo({ reader: 'reader-1' });
    const done = await exports.start({ ...request, includeUndecided: true }).done;
    expect((await exports.manifest(done.exportId)).items[0]!.decision).toBeNull();
    expect((await verifyFolder(done.folder)).findings).toEqual([]);
  });

  test('a name that is taken is refused, also while the other one is still running', async () => {
    decide(await addItem(0), 'accepted');
    const first = exports.start(request);
    expect(() => exports.start(request)).toThrow(expect.objectContaining({ code: 'export/exists' }));
    await first.done;
    expect(() => exports.start(request)).toThrow(expect.objectContaining({ code: 'export/exists' }));
  });

  test('a damaged blob fails the export in words and leaves nothing', async () => {
    const itemId = await addItem(0);
    decide(itemId, 'accepted');
    const [sha256] = library.items.get(itemId).blobs;
    const blobs = path.join(library.dir, 'blobs');
    const file = (await readdir(blobs, { recursive: true, withFileTypes: true })).find((entry) => entry.isFile() && sha256!.endsWith(entry.name.slice(-40)))!;
    await writeFile(path.join(file.parentPath, file.name), 'spoiled');
    const done = await exports.start(request).done;
    expect(done).toMatchObject({ state: 'failed', error: expect.stringMatching(/\S/) });
    expect(await readdir(path.join(library.dir, 'exports'))).toEqual([]);
  });
});

describe('after a crash', () => {
  const insertRunning = (exportId: string, folder: string): void =>
    void library.db.run(`INSERT INTO exports (export_id, format, name, folder, state, items, created_at) VALUES (?, 'png', 'set-1', ?, 'running', 1, ?)`, [exportId, folder, new Date().toISOString()]);

  test('what was half written is cleared away and said', async () => {
    const exportId = randomUuid();
    const folder = path.join(dir, 'out', 'set-1');
    insertRunning(exportId, folder);
    await mkdir(path.join(dir, 'out', `.set-1.${exportId}.part`), { recursive: true });
    await writeFile(path.join(dir, 'out', `.set-1.${exportId}.part`, 'x.png'), 'half');
    await library.close();
    await open();
    expect(exports.get(exportId)).toMatchObject({ state: 'failed', error: expect.stringContaining('ended before') });
    expect(await readdir(path.join(dir, 'out'))).toEqual([]);
  });

  test('what was published just before is counted as done, with its ledger entry', async () => {
    decide(await addItem(0), 'accepted');
    const done = await exports.start(request).done;
    library.db.run(`UPDATE exports SET state = 'running', files = 0 WHERE export_id = ?`, [done.exportId]);
    await library.close();
    await open();
    expect(exports.get(done.exportId)).toEqual(done);
    expect([...library.ledger.all()].at(-1)!.body['exportId']).toBe(done.exportId);
  });

  test('a folder of somebody else at the target is never touched', async () => {
    const exportId = randomUuid();
    const folder = path.join(dir, 'set-1');
    await mkdir(folder);
    await writeFile(path.join(folder, 'manifest.json'), '{}');
    insertRunning(exportId, folder);
    await library.close();
    await open();
    expect(exports.get(exportId).state).toBe('failed');
    expect(existsSync(path.join(folder, 'manifest.json'))).toBe(true);
  });
});

/** A real full disk: 300 kB of memory as a file system. */
describe.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)('on a disk that is full', () => {
  let small: string;
  beforeEach(async () => {
    small = path.join(dir, 'small');
    await mkdir(small);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=300k', 'tmpfs', small]);
  });
  afterEach(() => void execFileSync('umount', [small]));

  test('an export that plainly does not fit is refused before it is written', async () => {
    for (let n = 0; n < 50; n += 1) decide(await addItem(n), 'accepted');
    const done = await exports.start({ ...request, folder: small }).done;
    expect(done).toMatchObject({ state: 'failed', error: expect.stringContaining('not enough room') });
    expect(await readdir(small)).toEqual([]);
  });

  test('one that runs full on the way leaves nothing, and the library goes on', async () => {
    for (let n = 0; n < 30; n += 1) decide(await addItem(n), 'accepted');
    // The estimate just fits; names, sidecars and the report do not.
    const done = await exports.start({ ...request, folder: small }).done;
    expect(done).toMatchObject({ state: 'failed', error: expect.stringContaining('disk is full') });
    expect(await readdir(small)).toEqual([]);
    expect(await exports.start({ ...request, name: 'set-2' }).done).toMatchObject({ state: 'done' });
  });
});
