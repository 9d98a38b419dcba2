/** A library in a folder of its own, with real workers, that is gone after the test. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createMemoryLog, type Clock, type MemoryLog } from '#base';
import type { ItemDraftInput, Library, NewItem } from '../types.ts';
import { openLibrary } from '../open-library.ts';

export const repository = path.resolve(import.meta.dirname, '..', '..', '..', '..');
/** Built before the tests start. */
export const workerEntry = path.join(repository, 'dist', 'node', 'dicom-worker.js');

/** A clock that goes on by a second each time it is asked. */
export function tickingClock(): Clock {
  let ms = Date.UTC(2026, 0, 2, 3, 4, 5);
  return {
    now: () => {
      ms += 1000;
      return new Date(ms);
    },
  };
}

export interface TestLibrary {
  readonly library: Library;
  readonly log: MemoryLog;
  /** A folder beside the library, for sources. */
  readonly sources: string;
  reopen(): Promise<TestLibrary>;
  remove(): Promise<void>;
}

export async function openForTest(options: { entry?: string; folder?: string } = {}): Promise<TestLibrary> {
  const folder = options.folder ?? (await mkdtemp(path.join(os.tmpdir(), 'scanloom-library-')));
  const log = createMemoryLog();
  const library = await openLibrary({ dir: path.join(folder, 'library'), clock: tickingClock(), log, workers: { entry: options.entry ?? workerEntry, size: 2 } });
  return {
    library,
    log,
    sources: path.join(folder, 'sources'),
    async reopen() {
      await library.close();
      return openForTest({ ...options, folder });
    },
    async remove() {
      await library.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A job row, as items need one to belong to. */
export function addJob(library: Library, jobId: string): void {
  library.db.run(
    `INSERT INTO jobs (job_id, task, title, package_id, package_sha256, state, settings, inputs, created_at, seq)
     VALUES (?, 'synthesize', 'Job', 'model', ?, 'running', '{}', '[]', '2026-01-01T00:00:00.000Z', (SELECT coalesce(max(seq), 0) + 1 FROM jobs))`,
    [jobId, 'a'.repeat(64)],
  );
}

export function newItem(itemId: string, jobId: string, index: number, draft: Partial<ItemDraftInput> = {}): NewItem {
  return {
    itemId,
    jobId,
    index,
    createdAt: '2026-01-02T00:00:00.000Z',
    packageId: 'model',
    packageSha256: 'a'.repeat(64),
    settings: { task: 'synthesize', packageId: 'model', device: 'cpu', class: 'glioma', count: 1, seed: 1, steps: 5, guidance: 2 },
    draft: {
      provenance: 'synthetic', title: `Image ${index}`, packageVersion: '1.0.0', rows: 2, columns: 2, modality: 'MR', class: 'glioma', seed: 1, sourceSeriesUid: null,
      images: [{
        imageId: '2.25.9', sopInstanceUid: '2.25.9', frame: 0, instanceNumber: 1, rows: 2, columns: 2, samplesPerPixel: 1, photometricInterpretation: 'MONOCHROME2', pixelSpacingMm: null, position: null,
        orientation: null, positionAlongNormalMm: null, sliceThicknessMm: null, rescale: { slope: 1, intercept: 0 }, unit: '', window: { center: 0.5, width: 1 }, kvp: null, echoTimeMs: null, repetitionTimeMs: null,
      }],
      sourceImageIds: [null], blobs: ['b'.repeat(64)], measures: [{ name: 'Mean', value: 0.5, unit: '', method: 'mean of all pixels' }], recipe: { graph: 'c'.repeat(64), precision: 'float32' },
      ...draft,
    },
  };
}
