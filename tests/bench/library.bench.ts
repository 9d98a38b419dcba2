/**
 * A made library: lists, searches and filters by their p95, and what an ingest keeps in memory while the number of files grows. Prints
 * tables and asserts only that answers are there. SCANLOOM_BENCH_IMAGES says how many images (a million is what the
 * design speaks of), SCANLOOM_BENCH_SECONDS how long they may take to make; SCANLOOM_BENCH_TALK prints what an ingest holds every five seconds.
 */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createMemoryLog, systemClock } from '#base';
import { StudyQuery } from '#contract';
import { openLibrary, type Library } from '#library';
import { repository } from '../../electron/core/library/testing/open-for-test.ts';
import { makeLibrary, seededRandom } from '../../electron/core/library/testing/make-library.ts';

const images = Number(process.env['SCANLOOM_BENCH_IMAGES'] ?? 50_000);
const secondsToMake = Number(process.env['SCANLOOM_BENCH_SECONDS'] ?? 600);
const repeats = 100;

async function withLibrary(work: (library: Library) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'scanloom-bench-'));
  const library = await openLibrary({ dir: path.join(dir, 'library'), clock: systemClock, log: createMemoryLog(), workers: { entry: '', size: 2 } });
  try {
    await work(library);
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
  await withLibrary(async (library) => {
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

/** Files of each run; SCANLOOM_BENCH_FILES names others, as `10000,100000`. */
const ingestSizes = (process.env['SCANLOOM_BENCH_FILES'] ?? (images >= 1_000_000 ? '10000,100000,1000000' : '2000,10000,20000')).split(',').map(Number);
const filesPerFolder = 20;

/** Empty files `SERIES-NUMBER`, a folder for each series. */
function makeFiles(folder: string, files: number): void {
  for (let series = 0; series < files / filesPerFolder; series += 1) {
    const place = path.join(folder, String(Math.floor(series / 500)), String(series));
    mkdirSync(place, { recursive: true });
    for (let n = 0; n < filesPerFolder; n += 1) closeSync(openSync(path.join(place, `${series}-${n}`), 'w'));
  }
}

const Measured = z.object({ added: z.number(), known: z.number(), seconds: z.number(), secondsAgain: z.number(), peakRss: z.number(), peakHeap: z.number(), heldHeap: z.number() });

/** Lets a process of its own ingest the folder, and says how far it is. */
async function ingestApart(entry: string, dir: string, folder: string): Promise<z.infer<typeof Measured>> {
  const child = spawn(process.execPath, ['--expose-gc', entry, dir, folder, path.join(import.meta.dirname, 'describing-worker.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
  let last = '';
  for await (const line of createInterface({ input: child.stdout })) {
    last = line;
    if (process.env['SCANLOOM_BENCH_TALK'] !== undefined) console.log(line);
  }
  return Measured.parse(JSON.parse(last));
}

test('memory of an ingest', { timeout: 7_200_000 }, async () => {
  // The reader is a stand-in that describes a file by its name: what is measured is walking, filing and assembling.
  const dir = await mkdtemp(path.join(os.tmpdir(), 'scanloom-bench-'));
  const bundles = path.join(repository, 'dist', 'test', `bench-${process.pid}`);
  try {
    const { build } = await import('vite');
    await build({
      configFile: false, root: repository, logLevel: 'error', ssr: { target: 'node' },
      build: { ssr: true, target: 'node20', outDir: bundles, minify: false, rollupOptions: { input: path.join(import.meta.dirname, 'ingest-child.ts'), output: { entryFileNames: 'ingest-child.js' } } },
    });
    let first: z.infer<typeof Measured> | null = null;
    for (const files of ingestSizes) {
      const folder = path.join(dir, `files-${files}`);
      makeFiles(folder, files);
      const library = path.join(dir, `library-${files}`);
      const measured = await ingestApart(path.join(bundles, 'ingest-child.js'), library, folder);
      expect(measured).toMatchObject({ added: files, known: files });
      const { size } = await stat(path.join(library, 'scanloom.db'));
      await Promise.all([folder, library].map((place) => rm(place, { recursive: true, force: true })));
      first ??= measured;
      // Each size as it comes: the largest takes minutes. Held: what is left on JavaScript's heap when garbage was collected, at its highest while the ingest ran.
      console.table([{
        files, 'files/s': (files / measured.seconds).toFixed(0), 'known again, files/s': (files / measured.secondsAgain).toFixed(0), 'database, MB': (size / 2 ** 20).toFixed(0),
        'process at its peak, MB': measured.peakRss, [`÷ that of ${ingestSizes[0]}`]: (measured.peakRss / first.peakRss).toFixed(2), 'held after collecting, MB': measured.heldHeap, ' ÷': (measured.heldHeap / first.heldHeap).toFixed(2),
      }]);
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
    await rm(bundles, { recursive: true, force: true });
  }
});
