import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SynthesizeWork } from '#contract';
import { pipelineContext } from '../testing/pipeline-context.ts';
import { writeTinyGraph } from '../testing/tiny-graphs.ts';
import { synthesize } from './synthesize.ts';

const dir = mkdtempSync(path.join(os.tmpdir(), 'scanloom-synthesize-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
let context: Awaited<ReturnType<typeof pipelineContext>>;
let work: SynthesizeWork;
beforeAll(async () => {
  context = await pipelineContext();
  work = {
    kind: 'synthesize', denoiser: writeTinyGraph(dir, 'denoiser'), decoder: writeTinyGraph(dir, 'decoder'), device: 'cpu',
    latent: { channels: 2, rows: 8, columns: 8 }, schedule: { type: 'cosine', trainSteps: 1000, s: 0.008, betaMax: 0.999 }, prediction: 'v',
    classIndex: 0, nullClass: 3, seed: 1, item: 0, steps: 7, guidance: 2, threads: 1,
  };
});
const make = async (facts: Partial<SynthesizeWork> = {}): Promise<Float32Array> => (await synthesize({ ...work, ...facts }, context)).tensors[0]!.data;

test('an image has the decoder\'s size and lies in 0 … 1', async () => {
  const { tensors, device } = await synthesize(work, context);
  expect(tensors[0]).toMatchObject({ name: 'image', shape: [1, 1, 16, 16] });
  expect(device.device).toBe('cpu');
  const values = [...tensors[0]!.data];
  expect(Math.min(...values)).toBe(0);
  expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
  expect(new Set(values).size).toBeGreaterThan(50);
});

test('an image is the same to the bit whatever was made before it and with any number of threads', async () => {
  const first = await make({ item: 5 });
  for (const item of [0, 9, 2]) await make({ item });
  expect(await make({ item: 5 })).toEqual(first);
  expect(await make({ item: 5, threads: 2 })).toEqual(first);
});

test.each<Partial<SynthesizeWork>>([{ item: 1 }, { seed: 2 }, { classIndex: 1 }, { steps: 8 }, { guidance: 3 }, { prediction: 'epsilon', schedule: { type: 'scaled-linear', trainSteps: 1000, betaStart: 0.00085, betaEnd: 0.012 } }])('another image for %o', async (facts) => {
  expect(await make(facts)).not.toEqual(await make());
});

test('guidance 1 is the class alone: the class that stands for "none" has no say', async () => {
  expect(await make({ guidance: 1, nullClass: 2 })).toEqual(await make({ guidance: 1, nullClass: 3 }));
  expect(await make({ guidance: 2, nullClass: 2 })).not.toEqual(await make({ guidance: 2, nullClass: 3 }));
});

test('progress counts the steps and the decoder', async () => {
  context.progress.length = 0;
  await make({ steps: 2 });
  expect(context.progress).toEqual([[0, 3], [1, 3], [2, 3], [3, 3]]);
});

test.each<{ facts: Partial<SynthesizeWork>; code: string }>([
  { facts: { seed: 2 ** 32 }, code: 'request/invalid' },
  { facts: { schedule: { type: 'cosine', trainSteps: 5, s: 0.008, betaMax: 0.999 } }, code: 'request/invalid' },
  { facts: { latent: { channels: 4096, rows: 4096, columns: 4096 } }, code: 'request/invalid' },
  { facts: { latent: { channels: 3, rows: 8, columns: 8 } }, code: 'engine/failed' },
])('refused in words: $facts', async ({ facts, code }) => {
  await expect(make(facts)).rejects.toMatchObject({ code, message: expect.stringMatching(/\S/) });
});
