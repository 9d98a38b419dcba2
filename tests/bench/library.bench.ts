/**
 * A made library: lists, searches and filters by their p95, and what an ingest keeps in memory while the number of files grows. Prints
 * tables and asserts only that answers are there. SCANLOOM_BENCH_IMAGES says how many images (a million is what the
 * design speaks of), SCANLOOM_BENCH_SECONDS how long they may take to make.
 */
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createMemoryLog, systemClock } from '#base';
import { StudyQuery } from '#contract';
import { openLibrary, type Library } from '#library';
import { makeLibrary, seededRandom } from '../../electron/core/library/testing/make-library.ts';

const images = Number(process.env['SCANLOOM_BENCH_IMAGES'] ?? 50_000);
const secondsToMake = Number(process.env['SCANLOOM_BENCH_SECONDS'] ?? 600);
const repeats = 100;

async function withLibrary(entry: string, work: (library: Library, dir: string) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'scanloom-bench-'));
  const library = await openLibrary({ dir: path.join(dir, 'library'), clock: systemClock, log: createMemoryLog(), workers: { entry, size: 2 } });
  try {
    await work(library, dir);
  } finally {
    await library.close();
    await rm(dir, { recursive: true, force: true });
  }
}

function measured(name: string, ask: (round: number) => number): Record<string, string | number> {
  const times: number[] = [];
  let found = 0;
  for (let round = 0; round < repeats; round += 1) {
    const started = performance.now();
    found += ask(round);
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  expect(found, name).toBeGreaterThan(0);
  return { what: name, found: Math.round(found / repeats), 'p50, ms': times[Math.floor(repeats / 2)]!.toFixed(1), 'p95, ms': times[Math.floor(repeats * 0.95)]!.toFixed(1) };
}

test(`lists, searches and filters of ${images} images`, { timeout: 1_800_000 }, async () => {
  await withLibrary('', async (library) => {
    const started = performance.now();
    const made = makeLibrary(library, images, secondsToMake);
    const seconds = (performance.now() - started) / 1000;
    const { size } = await stat(path.join(library.dir, 'scanloom.db'));
    console.log(`made: ${made.studies} studies, ${made.series} series, ${made.images} images in ${seconds.toFixed(0)} s (${(made.images / seconds).toFixed(0)} images/s), database ${(size / 2 ** 20).toFixed(0)} MB`);
    const random = seededRandom(7);
    const list = (query: Record<string, unknown>): number => library.studies.list(StudyQuery.parse(query)).total;
    const any = (from: readonly string[]): string => from[Math.floor(random() * from.length)]!;
    console.table([
      measured('list, newest 200', () => list({})),
      measured('list, 200 after the middle', () => list({ offset: Math.floor(made.studies / 2) })),
      measured('list, the last 200', () => list({ offset: Math.max(0, made.studies - 200) })),
      measured('search: a whole name', () => list({ search: any(made.names).replace('^', ' ') })),
      measured('search: the start of a name', () => list({ search: any(made.names).slice(0, 4) })),
      measured('search: the middle of a name', () => list({ search: any(made.names).slice(2, 6) })),
      measured('search: a patient id', () => list({ search: any(made.ids) })),
      measured('search: part of an id', () => list({ search: any(made.ids).slice(3, 8) })),
      measured('search: an accession number', (round) => list({ search: `A${1 + ((round * 37) % made.studies)}` })),
      measured('search: a common word', () => list({ search: 'contrast' })),
      measured('search: two common words', () => list({ search: 'knee trauma' })),
      measured('search: two letters', () => list({ search: 'zu' })),
      measured('filter: modality', (round) => list({ modality: ['CT', 'MR', 'DX', 'US', 'PT'][round % 5] })),
      measured('filter: a month', (round) => list({ from: `20${10 + (round % 15)}0301`, to: `20${10 + (round % 15)}0331` })),
      measured('filter: provenance', () => list({ provenance: 'synthetic' })),
      measured('all of them', () => list({ search: 'routine', modality: 'CT', from: '20120101', to: '20201231' })),
      measured('one study with its series', (round) => library.studies.get(`1.2.826.0.1.3680043.8.498.${1 + ((round * 53) % made.studies)}`).series.length),
      measured('one series with its images', (round) => library.studies.series(`1.2.826.0.1.3680043.8.498.${1 + ((round * 53) % made.studies)}.1`).stacks.length),
    ]);
  });
});

test('memory of an ingest', { timeout: 1_800_000 }, async () => {
  // The reader is a stand-in that describes a file by its name: what is measured is walking, filing and assembling.
  const entry = path.join(import.meta.dirname, 'describing-worker.mjs');
  const sizes = images >= 1_000_000 ? [10_000, 100_000, 1_000_000] : [2_000, 10_000, 20_000];
  const rows: Record<string, string | number>[] = [];
  for (const files of sizes) {
    await withLibrary(entry, async (library, dir) => {
      const perSeries = 20;
      for (let series = 0; series < files / perSeries; series += 1) {
        const folder = path.join(dir, 'files', String(Math.floor(series / 500)), String(series));
        await mkdir(folder, { recursive: true });
        await Promise.all(Array.from({ length: perSeries }, (_, n) => writeFile(path.join(folder, `${series}-${n}`), 'x')));
      }
      const heap: number[] = [];
      let peak = 0;
      const look = setInterval(() => {
        const { rss, heapUsed } = process.memoryUsage();
        peak = Math.max(peak, rss);
        heap.push(heapUsed);
      }, 100);
      const started = performance.now();
      const state = await library.ingest.start([path.join(dir, 'files')]).done;
      const seconds = (performance.now() - started) / 1000;
      clearInterval(look);
      expect(state.imagesAdded).toBe(files);
      const again = performance.now();
      expect((await library.ingest.start([path.join(dir, 'files')]).done).imagesKnown).toBe(files);
      rows.push({
        files, 'files/s': (files / seconds).toFixed(0), 'known again, files/s': (files / ((performance.now() - again) / 1000)).toFixed(0),
        'heap in use, median, MB': (heap.sort((a, b) => a - b)[Math.floor(heap.length / 2)]! / 2 ** 20).toFixed(0), 'peak of the process, MB': (peak / 2 ** 20).toFixed(0),
      });
    });
    // Each size as it comes: the largest takes long.
    console.table(rows.slice(-1));
  }
});
