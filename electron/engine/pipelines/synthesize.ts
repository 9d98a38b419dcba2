/**
 * Synthesize: one image from noise by a class-conditional latent diffusion model.
 *
 * Graphs: denoiser: `sample` float32 [1, channels, rows, columns], `timestep` float32 [1] (0 … T − 1), `class` int64 [1] → `prediction`, the
 * sample's shape; decoder: `latent`, the sample's shape → `image` float32 [1, 1, R, C], clamped here to 0 … 1.
 *
 * The image depends on (seed, item) and the settings alone. The two predictions of guidance are two runs, not one batch of two: on the CPU
 * that costs no time (25 + 25 ms against 47 ms), and no kernel can choose another order of additions for a larger batch.
 */
import type { DeviceName, EngineTensor, SynthesizeWork } from '#contract/engine';
import { ScanloomError } from '#contract/errors';
import { philoxNormals } from '../random/philox.ts';
import { ddimStep, ddimTimesteps, guide } from '../schedulers/ddim.ts';
import { alphaBars } from '../schedulers/noise-schedule.ts';
import { breathe, expectNames, onDevice, takeOutput, type PipelineContext, type PipelineResult } from './pipeline.ts';

const maxLatentValues = 2 ** 24;
const maxWord = 2 ** 32 - 1;

/** For comparing with another sampler. Latents are `[channels, rows, columns]`. */
export interface LatentProbe {
  /** Where to start instead of Philox noise. */
  readonly initial?: Float32Array;
  /** Sees the latent that the decoder gets. */
  onLatent?(latent: Float32Array): void;
}

/** @param work Settings; `steps` at most the schedule's. */
export async function synthesize(work: SynthesizeWork, context: PipelineContext, probe: LatentProbe = {}): Promise<PipelineResult> {
  const { channels, rows, columns } = work.latent;
  const size = channels * rows * columns;
  const isSize = [channels, rows, columns].every((side) => side > 0) && size <= maxLatentValues;
  if (!isSize) throw new ScanloomError('request/invalid', `A latent of ${channels} × ${rows} × ${columns} cannot be made.`);
  if (work.seed > maxWord || work.item > maxWord) throw new ScanloomError('request/invalid', 'Seed and item are whole numbers below 2³².');
  if (work.steps > work.schedule.trainSteps) throw new ScanloomError('request/invalid', `The model knows ${work.schedule.trainSteps} steps, not ${work.steps}.`);
  const noise = probe.initial ?? philoxNormals(work.seed, work.item, size);
  return onDevice(work.device, context, (device) => synthesizeOn(device, work, noise, context, probe));
}

async function synthesizeOn(device: DeviceName, work: SynthesizeWork, noise: Float32Array, context: PipelineContext, probe: LatentProbe): Promise<EngineTensor[]> {
  const { ort, sessions, onProgress } = context;
  const { channels, rows, columns } = work.latent;
  const shape = [1, channels, rows, columns];
  const options = { device, threads: work.threads, arena: true };
  const denoiser = await sessions.open(work.denoiser, options);
  expectNames(denoiser, ['sample', 'timestep', 'class'], ['prediction']);
  const decoder = await sessions.open(work.decoder, options);
  expectNames(decoder, ['latent'], ['image']);

  const predict = async (sample: Float32Array, timestep: number, classIndex: number): Promise<Float32Array> => {
    const outputs = await denoiser.run({
      sample: new ort.Tensor('float32', sample, shape),
      timestep: new ort.Tensor('float32', Float32Array.of(timestep), [1]),
      class: new ort.Tensor('int64', BigInt64Array.of(BigInt(classIndex)), [1]),
    });
    return takeOutput(outputs, 'prediction', shape);
  };

  const bars = alphaBars(work.schedule);
  const timesteps = ddimTimesteps(work.steps, work.schedule.trainSteps);
  // The decoder counts as one more step.
  const total = timesteps.length + 1;
  let sample = noise;
  for (const [index, timestep] of timesteps.entries()) {
    onProgress(index, total);
    await breathe();
    const prediction = await guidedPrediction(work, (classIndex) => predict(sample, timestep, classIndex));
    const next = timesteps[index + 1];
    sample = ddimStep(sample, prediction, work.prediction, { from: bars[timestep]!, to: next === undefined ? 1 : bars[next]! });
  }
  probe.onLatent?.(sample);
  onProgress(timesteps.length, total);
  await breathe();
  const outputs = await decoder.run({ latent: new ort.Tensor('float32', sample, shape) });
  const dims = outputs['image']?.dims ?? [];
  const image = takeOutput(outputs, 'image', [1, 1, dims[2] ?? 0, dims[3] ?? 0]);
  onProgress(total, total);
  return [{ name: 'image', shape: [...dims], data: image.map((value) => Math.min(1, Math.max(0, value))) }];
}

/** At guidance 1 and 0 one of the two predictions has no weight and is not made. */
async function guidedPrediction(work: SynthesizeWork, predict: (classIndex: number) => Promise<Float32Array>): Promise<Float32Array> {
  if (work.guidance === 1) return predict(work.classIndex);
  const withoutClass = await predict(work.nullClass);
  if (work.guidance === 0) return withoutClass;
  return guide(withoutClass, await predict(work.classIndex), work.guidance);
}
