/**
 * The engine beside raw ONNX Runtime on the same tiles and steps, in the same run: `npx vitest run --config tests/bench/vitest.config.ts`.
 * Raw and engine take turns, so that whatever else the machine does hits both. Figures are printed, never asserted.
 */
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createMemoryLog, systemClock } from '#base';
import type { SynthesizeWork, UpscaleWork } from '#contract';
import { createEngineLink, launchNodeEngine } from '#engine-link';
import { openPackages } from '#packages';
import { median, megabytes, raw, tileSteps, type RawStep } from './raw-onnxruntime.ts';

const rounds = 5;
const threads = 2;
const side = 512;
const link = createEngineLink({ launch: launchNodeEngine(path.resolve('dist/node/engine-process.js')), log: createMemoryLog(), clock: systemClock });
const packages = openPackages([path.resolve('models')]);
afterAll(() => link.close());

async function compare(steps: RawStep[], work: UpscaleWork | SynthesizeWork): Promise<void> {
  await link.run(work);
  const rawMs: number[] = [];
  const wallMs: number[] = [];
  const insideMs: number[] = [];
  let rawMemory = 0;
  let engineMemory = 0;
  for (let round = 0; round < rounds; round += 1) {
    const measured = await raw(steps, { threads });
    rawMs.push(...measured.ms);
    rawMemory = Math.max(rawMemory, measured.peakMemoryBytes);
    const started = performance.now();
    const output = await link.run(work);
    wallMs.push(performance.now() - started);
    insideMs.push(output.runtimeMs);
    engineMemory = Math.max(engineMemory, output.peakMemoryBytes);
  }
  console.table({
    [work.kind]: {
      'raw ms': Math.round(median(rawMs)),
      'engine, whole ms': Math.round(median(wallMs)),
      'of it inside ONNX Runtime': Math.round(median(insideMs)),
      'engine ÷ raw': (median(wallMs) / median(rawMs)).toFixed(3),
      'whole ÷ inside': median(wallMs.map((ms, i) => ms / insideMs[i]!)).toFixed(3),
      'raw peak': megabytes(rawMemory),
      'engine peak': megabytes(engineMemory),
    },
  });
  expect(rawMs).toHaveLength(rounds);
}

test('upscale: one 512² slice in tiles of 256, beside raw runs of the same tiles', async () => {
  const { manifest, dir } = await packages.get('sr-gan-x2');
  if (manifest.task !== 'upscale') throw new Error('sr-gan-x2 does not upscale');
  const graph = path.join(dir, manifest.graphs.generator.file);
  const tile = { size: 256, overlap: manifest.upscale.receptiveFieldRadius };
  const image = Float32Array.from({ length: side ** 2 }, (_, i) => Math.sin(i / 37) + Math.cos(i / 1111));
  const steps = tileSteps(graph, image, side, side, tile);
  await compare(steps, { kind: 'upscale', graph: { path: graph, sha256: manifest.graphs.generator.sha256 }, device: 'cpu', image, rows: side, columns: side, factor: manifest.upscale.factor, modality: 'CT', tile, threads });
});

test('synthesize: 30 steps with guidance, beside raw runs of the denoiser and the decoder', async () => {
  const { manifest, dir } = await packages.get('brain-t1c-diffusion');
  if (manifest.task !== 'synthesize') throw new Error('brain-t1c-diffusion does not synthesize');
  const { latent, schedule, prediction, nullClass } = manifest.synthesize;
  const count = 30;
  const shape = [1, latent.channels, latent.rows, latent.columns];
  const sample = { type: 'float32', data: Float32Array.from({ length: latent.channels * latent.rows * latent.columns }, (_, i) => Math.sin(i)), shape };
  const denoiser = path.join(dir, manifest.graphs.denoiser.file);
  const decoder = path.join(dir, manifest.graphs.decoder.file);
  const denoise = (classIndex: number): RawStep => ({
    graph: denoiser,
    inputs: { sample, timestep: { type: 'float32', data: Float32Array.of(500), shape: [1] }, class: { type: 'int64', data: BigInt64Array.of(BigInt(classIndex)), shape: [1] } },
  });
  const steps = [...Array.from({ length: count }, () => [denoise(nullClass), denoise(0)]).flat(), { graph: decoder, inputs: { latent: sample } }];
  await compare(steps, {
    kind: 'synthesize', denoiser: { path: denoiser, sha256: manifest.graphs.denoiser.sha256 }, decoder: { path: decoder, sha256: manifest.graphs.decoder.sha256 }, device: 'cpu',
    latent, schedule, prediction, classIndex: 0, nullClass, seed: 1, item: 0, steps: count, guidance: 2, threads,
  });
});

test('start and cancel', async () => {
  const { manifest, dir } = await packages.get('sr-gan-x2');
  if (manifest.task !== 'upscale') throw new Error('sr-gan-x2 does not upscale');
  const graph = { path: path.join(dir, manifest.graphs.generator.file), sha256: manifest.graphs.generator.sha256 };
  const image = new Float32Array(side ** 2);
  const work: UpscaleWork = { kind: 'upscale', graph, device: 'cpu', image, rows: side, columns: side, factor: manifest.upscale.factor, modality: 'CT', tile: { size: 256, overlap: manifest.upscale.receptiveFieldRadius }, threads };
  const heard: number[] = [];
  const started: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const abort = new AbortController();
    let abortedAt = 0;
    const running = link.run(work, { signal: abort.signal, onProgress: (done) => void (done === 1 && setTimeout(() => { abortedAt = performance.now(); abort.abort(); }, 100)) });
    await running.catch(() => undefined);
    heard.push(performance.now() - abortedAt);
    const fresh = performance.now();
    await link.run({ ...work, image: new Float32Array(32 * 32), rows: 32, columns: 32 });
    started.push(performance.now() - fresh);
  }
  console.table({ 'abort in the middle of a tile → answered, ms': median(heard).toFixed(1), 'new process, graph loaded, 32² tile done, ms': Math.round(median(started)) });
  expect(heard).toHaveLength(rounds);
});
