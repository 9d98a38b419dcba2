/**
 * Runs many damaged inputs through parser and decoders in worker threads, each input on its own clock. A worker that dies or hangs is replaced, the
 * input is a finding, and the rest goes on. Findings are written to tests/output/fuzz, with the seed and the number that make them again.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { inputOf, type FuzzReport, type FuzzWork } from './fuzz-worker.ts';
import { readSeeds } from './seeds.ts';

/** Longer than this is a hang. */
export const longestMs = 5000;
/** Memory of the whole process: two workers, each with a decoder's memory and one frame, and the test runner. */
export const mostMemoryBytes = 2.5 * 2 ** 30;
/** JavaScript objects of one worker; more ends it. */
const heapMb = 768;
const root = path.resolve(import.meta.dirname, '..', '..');
const output = path.join(root, 'tests', 'output', 'fuzz');

export interface Finding {
  readonly input: number;
  readonly what: string;
  readonly file: string;
}

export interface FuzzResult {
  readonly outcomes: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
  readonly peakMemoryBytes: number;
  readonly slowest: readonly { readonly input: number; readonly from: string; readonly ms: number }[];
  readonly seconds: number;
}

async function bundledWorker(): Promise<string> {
  const { build } = await import('vite');
  await build({
    configFile: false, root, logLevel: 'error', ssr: { target: 'node' },
    build: { ssr: true, target: 'node20', outDir: output, emptyOutDir: false, minify: false, rollupOptions: { input: { 'fuzz-worker': path.join(root, 'tests', 'fuzz', 'fuzz-worker.ts') }, output: { format: 'es', entryFileNames: '[name].mjs' } } },
  });
  return path.join(output, 'fuzz-worker.mjs');
}

/** One input in a worker of its own. A hang is one that takes more than the limit of the processor's time, not of a busy machine's clock. */
function alone(entry: string, work: FuzzWork, input: number): Promise<{ what: string | null; outcome: string }> {
  return new Promise((resolve) => {
    const worker = new Worker(entry, { workerData: work, resourceLimits: { maxOldGenerationSizeMb: heapMb } });
    let usage = process.cpuUsage();
    const done = (what: string | null, outcome: string): void => {
      clearInterval(timer);
      void worker.terminate();
      resolve({ what, outcome });
    };
    const timer = setInterval(() => {
      const { user, system } = process.cpuUsage(usage);
      if ((user + system) / 1000 > longestMs) done(`takes more than ${longestMs} ms`, '');
    }, 100);
    worker.on('error', (error) => done(`killed its worker: ${error.message}`, ''));
    worker.on('exit', (code) => done(`ended its worker with ${code}`, ''));
    worker.on('message', (report: FuzzReport) => {
      if (report.state === 'begun') usage = process.cpuUsage();
      else if (report.state === 'fault') done(report.stack, '');
      else done(null, report.outcome);
    });
    worker.postMessage(input);
  });
}

/** Inputs 0 … `count` - 1 of the seed, on as many workers. */
export async function runFuzz(options: { readonly count: number; readonly seed: number; readonly workers: number }): Promise<FuzzResult> {
  mkdirSync(output, { recursive: true });
  const entry = await bundledWorker();
  const seeds = await readSeeds();
  const startedAt = performance.now();
  const outcomes = new Map<string, number>();
  const findings: Finding[] = [];
  const suspects: { input: number; what: string }[] = [];
  const slowest: { input: number; from: string; ms: number }[] = [];
  let peakMemoryBytes = 0;
  let next = 0;
  const work = (index: number): FuzzWork => ({ seeds, seed: options.seed, scratch: path.join(os.tmpdir(), `scanloom-fuzz-${process.pid}-${index}`) });
  const count = (outcome: string): void => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  const find = (input: number, what: string): void => {
    const file = path.join(output, `${options.seed}-${input}.bin`);
    writeFileSync(file, inputOf({ seeds, seed: options.seed }, input).bytes);
    findings.push({ input, what, file });
    count('FINDING');
  };

  /** Feeds one worker until there are no more inputs; begins again with a fresh one when it is lost. */
  const feed = (index: number): Promise<void> => new Promise((resolve) => {
    let begun = { input: -1, from: '', at: 0 };
    const worker = new Worker(entry, { workerData: work(index), resourceLimits: { maxOldGenerationSizeMb: heapMb } });
    let lost = false;
    const lose = (what: string): void => {
      if (lost) return;
      lost = true;
      clearInterval(watch);
      if (begun.input >= 0) suspects.push({ input: begun.input, what });
      void worker.terminate().then(() => resolve(next < options.count ? feed(index) : undefined));
    };
    const watch = setInterval(() => {
      if (begun.input >= 0 && performance.now() - begun.at > longestMs) lose(`takes more than ${longestMs} ms`);
    }, 250);
    const go = (): void => {
      begun = { input: -1, from: '', at: 0 };
      if (next >= options.count) {
        lost = true;
        clearInterval(watch);
        void worker.terminate().then(() => resolve());
        return;
      }
      begun = { input: next, from: '', at: performance.now() };
      worker.postMessage(next);
      next += 1;
    };
    worker.on('error', (error) => lose(`killed its worker: ${error.message}`));
    worker.on('exit', (code) => lose(`ended its worker with ${code}`));
    worker.on('message', (report: FuzzReport) => {
      if (lost) return;
      if (report.state === 'begun') {
        begun = { input: report.input, from: report.from, at: performance.now() };
        return;
      }
      peakMemoryBytes = Math.max(peakMemoryBytes, process.memoryUsage.rss());
      const ms = performance.now() - begun.at;
      if (slowest.length < 5 || ms > slowest.at(-1)!.ms) {
        slowest.push({ input: report.input, from: begun.from, ms });
        slowest.sort((a, b) => b.ms - a.ms).splice(5);
      }
      if (report.state === 'ended') count(report.outcome);
      else find(report.input, report.stack);
      go();
    });
    go();
  });

  await Promise.all(Array.from({ length: options.workers }, (_, index) => feed(index)));
  // On a busy machine a clock runs on although the worker does not: what was slow or died is tried once more, alone.
  for (const { input } of suspects) {
    const { what, outcome } = await alone(entry, work(options.workers), input);
    if (what === null) count(outcome);
    else find(input, what);
  }
  return { outcomes, findings, peakMemoryBytes, slowest, seconds: (performance.now() - startedAt) / 1000 };
}
