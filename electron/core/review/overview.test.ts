import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMemoryLog } from '#base';
import { Decide } from '#contract';
import { openLibrary, type Library } from '#library';
import { createOverview } from './overview.ts';
import { createReview, type Review } from './review.ts';

let dir = '';
let library: Library;
let review: Review;
let now = Date.parse('2026-01-01T00:00:00.000Z');
/** Each look at the clock is a second later. */
const clock = { now: () => new Date((now += 1000)) };
const itemId = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const jobs = ['00000000-0000-4000-8000-aaaaaaaaaaaa', '00000000-0000-4000-8000-bbbbbbbbbbbb'] as const;
const exportId = '00000000-0000-4000-8000-eeeeeeeeeeee';

beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'scanloom-overview-'));
  library = await openLibrary({ dir, clock, log: createMemoryLog(), workers: { entry: 'none', size: 1 } });
  review = createReview({ library, clock });
  library.db.run(`INSERT INTO studies (study_uid, short_id, patient_name, patient_id, patient_birth_date, patient_sex, study_date, study_time, description, accession_number, added_at, search_text)
    VALUES ('1.2', 's', 'Doe^Ada', 'A-1', '19700101', 'F', '20260101', '', 'Chest', '', '', '')`);
  library.db.run(`INSERT INTO series (series_uid, short_id, study_uid, modality, series_number, description, manufacturer, model, provenance, added_at) VALUES ('1.2.3', 'r', '1.2', 'CT', 4, 'Lung', '', '', 'source', '')`);
  for (const [n, jobId] of jobs.entries()) {
    library.db.run(`INSERT INTO jobs (job_id, task, title, package_id, package_sha256, state, settings, inputs, created_at, seq) VALUES (?, 'synthesize', 'Job', 'model', '', 'done', '{}', '[]', '', ?)`, [jobId, n]);
  }
  // Three synthetic images, the third with the pixels of the first; one enhanced series.
  for (const [n, pixels] of ['a', 'b', 'a', 'c'].entries()) {
    const isEnhanced = n === 3;
    library.items.insert({
      itemId: itemId(n), jobId: jobs[isEnhanced ? 1 : 0], index: n, createdAt: '', packageId: 'model', packageSha256: 'a'.repeat(64), settings: { task: 'synthesize', packageId: 'model', device: 'cpu', class: 'glioma', count: 1, seed: 1 },
      draft: {
        provenance: isEnhanced ? 'enhanced' : 'synthetic', title: '', packageVersion: '1', rows: 1, columns: 1, modality: 'MR', class: null, seed: null, sourceSeriesUid: isEnhanced ? '1.2.3' : null,
        sourceImageIds: [null], blobs: [pixels.repeat(64)], measures: [], recipe: {},
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

const decide = (n: number, decision: 'accepted' | 'rejected' | 'unsure') => review.decide(Decide.parse({ itemId: itemId(n), decision }));

it('counts each run and names what it was made from, the newest first', () => {
  decide(0, 'accepted');
  decide(1, 'rejected');
  const runs = createOverview({ library }).runs();
  expect(runs.map(({ jobId, total, accepted, rejected, undecided }) => [jobId, total, accepted, rejected, undecided])).toEqual([[jobs[1], 1, 0, 0, 1], [jobs[0], 3, 1, 1, 1]]);
  expect(runs[0]?.sources).toEqual([{ patientName: 'Doe^Ada', patientId: 'A-1', patientBirthDate: '19700101', studyDate: '20260101', modality: 'CT', seriesNumber: 4, seriesDescription: 'Lung' }]);
  expect(runs[1]?.sources).toEqual([]);
});

it('an export says which of its items were decided otherwise since, and no longer when that was taken back', () => {
  decide(0, 'accepted');
  decide(1, 'accepted');
  library.db.run(`INSERT INTO exports (export_id, format, name, folder, state, created_at) VALUES (?, 'png', 'x', '/x', 'done', ?)`, [exportId, clock.now().toISOString()]);
  library.ledger.append(library.db, 'export', { exportId, items: [itemId(0), itemId(1), itemId(3)] });
  const overview = createOverview({ library });
  expect(overview.exports()).toMatchObject([{ exportId, rejected: 0, unsure: 0, takenBack: 0, sources: [{ patientId: 'A-1' }] }]);
  expect(overview.warningsOf(exportId)).toEqual([]);
  decide(0, 'rejected');
  // Decided again, but the same.
  decide(1, 'accepted');
  expect(overview.exports()).toMatchObject([{ rejected: 1, unsure: 0, takenBack: 0 }]);
  expect(overview.warningsOf(exportId)).toMatchObject([{ level: 'warning', code: 'decided-since', message: '1 item in it was rejected since. Export again to leave it out.' }]);
  review.undo({ reader: 'reader-1' });
  review.undo({ reader: 'reader-1' });
  expect(overview.exports()).toMatchObject([{ rejected: 0 }]);
  review.undo({ reader: 'reader-1' });
  expect(overview.exports()).toMatchObject([{ takenBack: 1 }]);
});

it('synthetic images with the same pixels are found', () => {
  expect(library.items.identical()).toEqual([[itemId(0), itemId(2)]]);
});
