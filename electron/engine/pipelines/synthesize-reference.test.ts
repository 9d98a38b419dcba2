/**
 * The sampler beside PyTorch's: models/training/make_fixtures.py sampled the same graphs' weights from a given latent and wrote down
 * where it went. Another program, another language, another runtime: what agrees here is not a shared mistake of ours.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Manifest, type SynthesizeManifest, type SynthesizeWork } from '#contract';
import { philox4x32, philoxNormals } from '../random/philox.ts';
import { ddimTimesteps } from '../schedulers/ddim.ts';
import { alphaBars } from '../schedulers/noise-schedule.ts';
import { largestDifference, pipelineContext } from '../testing/pipeline-context.ts';
import { synthesize } from './synthesize.ts';

const fixtures = path.resolve('models/training/fixtures');
const packageDir = path.resolve('models/brain-t1c-diffusion');
const Numbers = z.array(z.number());
const Reference = z.looseObject({
  graphs: z.object({ denoiser: z.string(), decoder: z.string() }),
  class: z.number(),
  steps: z.number(),
  guidance: z.number(),
  timesteps: Numbers,
  alphaBar: Numbers,
  initialLatent: Numbers,
  finalLatent: Numbers,
  image: z.object({ rows: z.number(), columns: z.number(), mean: z.number(), std: z.number(), probes: z.array(z.object({ row: z.number(), column: z.number(), value: z.number() })) }),
});
const Random = z.looseObject({
  knownAnswers: z.array(z.object({ counter: z.tuple([z.number(), z.number(), z.number(), z.number()]), key: z.tuple([z.number(), z.number()]), result: Numbers })),
  normal: z.array(z.object({ seed: z.number(), item: z.number(), values: Numbers })),
});

function read<T>(schema: z.ZodType<T>, file: string): T | null {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (process.env['CI'] !== undefined || (error as { code?: unknown }).code !== 'ENOENT') throw error;
    return null;
  }
}

/** Reference and package, when both are there and belong together. */
function load(): { reference: z.infer<typeof Reference>; manifest: SynthesizeManifest } | string {
  const reference = read(Reference, path.join(fixtures, 'ddim-reference.json'));
  const manifest = read(Manifest, path.join(packageDir, 'manifest.json'));
  if (reference === null || manifest === null) return 'the reference or the package is not there';
  if (manifest.task !== 'synthesize') throw new Error('brain-t1c-diffusion does not synthesize');
  const same = reference.graphs.denoiser === manifest.graphs.denoiser.sha256 && reference.graphs.decoder === manifest.graphs.decoder.sha256;
  if (same) return { reference, manifest };
  const outdated = 'the reference was made with other weights: run models/training/make_fixtures.py';
  if (process.env['CI'] !== undefined) throw new Error(outdated);
  return outdated;
}

test('five guided steps end where PyTorch ended', async ({ skip }) => {
  const loaded = load();
  if (typeof loaded === 'string') return skip(loaded);
  const { reference, manifest } = loaded;
  const spec = manifest.synthesize;

  expect(ddimTimesteps(reference.steps, spec.schedule.trainSteps)).toEqual(reference.timesteps);
  const bars = alphaBars(spec.schedule);
  for (const [i, timestep] of reference.timesteps.entries()) expect(bars[timestep]! / reference.alphaBar[i]!).toBeCloseTo(1, 9);

  const work: SynthesizeWork = {
    kind: 'synthesize',
    denoiser: { path: path.join(packageDir, manifest.graphs.denoiser.file), sha256: manifest.graphs.denoiser.sha256 },
    decoder: { path: path.join(packageDir, manifest.graphs.decoder.file), sha256: manifest.graphs.decoder.sha256 },
    device: 'cpu', latent: spec.latent, schedule: spec.schedule, prediction: spec.prediction, classIndex: reference.class, nullClass: spec.nullClass,
    seed: 0, item: 0, steps: reference.steps, guidance: reference.guidance, threads: 1,
  };
  let latent: Float32Array = new Float32Array(0);
  const { tensors } = await synthesize(work, await pipelineContext(), { initial: Float32Array.from(reference.initialLatent), onLatent: (values) => (latent = values.slice()) });
  expect(largestDifference(latent, Float32Array.from(reference.finalLatent))).toBeLessThan(1e-3);

  const { shape, data } = tensors[0]!;
  expect(shape).toEqual([1, 1, reference.image.rows, reference.image.columns]);
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  expect(mean).toBeCloseTo(reference.image.mean, 4);
  expect(Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length)).toBeCloseTo(reference.image.std, 4);
  // Single pixels, so that an image that is turned or mirrored does not pass by its mean.
  for (const { row, column, value } of reference.image.probes) expect(data[row * reference.image.columns + column]!).toBeCloseTo(value, 3);
}, 120_000);

test("random numbers are the training recipe's", ({ skip }) => {
  const random = read(Random, path.join(fixtures, 'philox-reference.json'));
  if (random === null) return skip('the reference is not there');
  for (const { counter, key, result } of random.knownAnswers) expect(philox4x32(counter, key)).toEqual(result);
  for (const { seed, item, values } of random.normal) expect(largestDifference(philoxNormals(seed, item, values.length), Float32Array.from(values))).toBeLessThan(1e-6);
});
