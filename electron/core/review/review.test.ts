import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryLog, systemClock } from '#base';
import { Decide, type EventBody } from '#contract';
import { openLibrary, type Library } from '#library';
import { createReview, type Review } from './review.ts';

let dir = '';
let library: Library;
let review: Review;
const itemId = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const jobs = ['00000000-0000-4000-8000-aaaaaaaaaaaa', '00000000-0000-4000-8000-bbbbbbbbbbbb'] as const;

const open = async (): Promise<void> => {
  library = await openLibrary({ dir, clock: systemClock, log: createMemoryLog(), workers: { entry: 'none', size: 1 } });
  review = createReview({ library, clock: systemClock });
};

beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'scanloom-review-'));
  await open();
  for (const [n, jobId] of jobs.entries()) {
    library.db.run(
      `INSERT INTO jobs (job_id, task, title, package_id, package_sha256, state, settings, inputs, created_at, seq) VALUES (?, 'synthesize', 'Job', 'model', '', 'done', '{}', '[]', '', ?)`,
      [jobId, n],
    );
  }
  for (let n = 0; n < 4; n += 1) {
    library.items.insert({
      itemId: itemId(n), jobId: jobs[n < 3 ? 0 : 1], index: n, createdAt: '2026-01-01T00:00:00.000Z', packageId: 'model', packageSha256: 'a'.repeat(64),
      settings: { task: 'synthesize', packageId: 'model', device: 'cpu', class: 'glioma', count: 1, seed: 1 },
      draft: {
        provenance: 'synthetic', title: `Image ${n}`, packageVersion: '1', rows: 1, columns: 1, modality: 'MR', class: 'glioma', seed: 1, sourceSeriesUid: null, sourceImageIds: [null], blobs: ['b'.repeat(64)], measures: [], recipe: {},
        images: [{
          imageId: '1', sopInstanceUid: '1', frame: 0, instanceNumber: null, rows: 1, columns: 1, samplesPerPixel: 1, photometricInterpretation: 'MONOCHROME2', pixelSpacingMm: null, position: null, orientation: null,
          positionAlongNormalMm: null, sliceThicknessMm: null, rescale: { slope: 1, intercept: 0 }, unit: '', window: { center: 0, width: 1 }, kvp: null, echoTimeMs: null, repetitionTimeMs: null,
        }],
      },
    });
  }
});
afterEach(async () => {
  await library.close();
  await rm(dir, { recursive: true });
});

const decide = (n: number, decision: 'accepted' | 'rejected' | 'unsure', more: object = {}) => review.decide(Decide.parse({ itemId: itemId(n), decision, ...more }));
const decisions = (): (string | null)[] => library.items.list({ limit: 100, offset: 0 }).map((item) => item.decision);

describe('decide', () => {
  it('records who, what and why, in the ledger too, and tells the page', () => {
    const heard: EventBody[] = [];
    library.events.subscribe((event) => void heard.push(event.body));
    const item = decide(0, 'rejected', { reason: 'lesion-wrong', note: 'no mass effect', reader: 'Ada' });
    expect(item).toMatchObject({ itemId: itemId(0), decision: 'rejected', reason: 'lesion-wrong', note: 'no mass effect' });
    expect(heard).toEqual([{ type: 'item-decided', item }]);
    const entry = [...library.ledger.all(4)];
    expect(entry).toHaveLength(1);
    expect(entry[0]).toMatchObject({ kind: 'decision', body: { itemId: itemId(0), itemLedgerHash: item.ledgerHash, action: 'decide', decision: 'rejected', reason: 'lesion-wrong', note: 'no mass effect', reader: 'Ada' } });
    expect(library.ledger.forItem(itemId(0)).kind).toBe('item');
    expect(library.ledger.verify()).toEqual({ ok: true, entries: 5 });
  });

  it('takes the last word of whoever speaks last', () => {
    decide(0, 'accepted', { reader: 'Ada' });
    expect(decide(0, 'unsure', { reader: 'Ben' }).decision).toBe('unsure');
    expect(decide(0, 'rejected', { reader: 'Ada' })).toMatchObject({ decision: 'rejected', reason: null });
  });

  it('refuses a stranger and an accepted image with a reason against it, and records neither', () => {
    expect(() => decide(77, 'accepted')).toThrow(expect.objectContaining({ code: 'request/not-found' }) as Error);
    expect(() => decide(0, 'accepted', { reason: 'artefact' })).toThrow(expect.objectContaining({ code: 'request/invalid' }) as Error);
    expect(library.ledger.verify()).toEqual({ ok: true, entries: 4 });
    expect(decisions()).toEqual([null, null, null, null]);
  });

  it('is found by its filter and is there after a restart', async () => {
    decide(1, 'accepted');
    decide(2, 'rejected');
    await library.close();
    await open();
    const found = (decision: 'accepted' | 'undecided') => library.items.list({ limit: 9, offset: 0, decision }).map((item) => item.itemId);
    expect(found('accepted')).toEqual([itemId(1)]);
    expect(found('undecided')).toEqual([itemId(0), itemId(3)]);
  });
});

describe('undo', () => {
  const undo = (request: { reader?: string; jobId?: string } = {}) => review.undo({ reader: 'reader-1', ...request });

  it('takes back one decision after another, and what was decided before counts again', () => {
    decide(0, 'accepted');
    decide(1, 'rejected', { reason: 'other' });
    decide(0, 'unsure');
    expect(undo()).toMatchObject({ itemId: itemId(0), decision: 'accepted' });
    expect(undo()).toMatchObject({ itemId: itemId(1), decision: null, reason: null, note: '' });
    expect(undo()).toMatchObject({ itemId: itemId(0), decision: null });
    expect(undo()).toBeNull();
    expect([...library.ledger.all(4)].map((entry) => entry.body['action'])).toEqual(['decide', 'decide', 'decide', 'undo', 'undo', 'undo']);
    expect(library.ledger.verify().ok).toBe(true);
  });

  it('leaves other readers and other jobs alone', () => {
    decide(0, 'accepted', { reader: 'Ada' });
    decide(3, 'rejected', { reader: 'Ada' });
    decide(0, 'unsure', { reader: 'Ben' });
    expect(undo({ reader: 'Cleo' })).toBeNull();
    expect(undo({ reader: 'Ada', jobId: jobs[0] })).toMatchObject({ itemId: itemId(0), decision: 'unsure' });
    expect(decisions()).toEqual(['unsure', null, null, 'rejected']);
  });
});

describe('summary', () => {
  it('counts everything, or one job', () => {
    decide(0, 'accepted');
    decide(1, 'rejected');
    decide(3, 'unsure');
    expect(review.summary({})).toEqual({ total: 4, accepted: 1, rejected: 1, unsure: 1, undecided: 1 });
    expect(review.summary({ jobId: jobs[0] })).toEqual({ total: 3, accepted: 1, rejected: 1, unsure: 0, undecided: 1 });
    expect(review.summary({ jobId: itemId(1) })).toEqual({ total: 0, accepted: 0, rejected: 0, unsure: 0, undecided: 0 });
  });
});
