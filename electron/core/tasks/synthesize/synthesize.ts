/**
 * Synthesize: images of a condition from noise, by a class-conditional latent diffusion package. One unit is one image is one item;
 * image n of seed s is the same whatever the count, the order or the machine (on the CPU).
 */
import { z } from 'zod';
import { ScanloomError, type ImageMeta, type StartJob, type SynthesizeManifest } from '#contract';
import type { FrozenJob, ItemDraft, JobKind } from '#jobs';
import type { TaskServices } from '../index.ts';

const Plan = z.strictObject({ item: z.int().min(0) });
const Meta = z.object({ totalMs: z.number(), pixels: z.number(), onnxruntime: z.string(), device: z.string() });

type SynthesizeStart = Extract<StartJob, { task: 'synthesize' }>;

export function createSynthesizeTask(services: TaskServices): JobKind {
  const { packages, engine } = services;

  async function manifestOf(packageId: string): Promise<{ manifest: SynthesizeManifest; manifestSha256: string; dir: string }> {
    const found = await packages.get(packageId);
    if (found.manifest.task !== 'synthesize') throw new ScanloomError('task/not-applicable', `The package ${packageId} does not synthesize.`, { hint: 'Choose one whose task is synthesize: scanloom models list.' });
    return { ...found, manifest: found.manifest };
  }

  return {
    task: 'synthesize',

    async preview(start) {
      const { manifest } = await manifestOf(start.packageId);
      const { rows, columns } = manifest.synthesize;
      return { units: Array.from({ length: start.task === 'synthesize' ? start.count : 0 }, () => ({ rows, columns })), leftOut: [] };
    },

    async freeze(start): Promise<FrozenJob> {
      if (start.task !== 'synthesize') throw new ScanloomError('task/not-applicable', 'This is not a synthesize request.');
      const { manifest, manifestSha256 } = await manifestOf(start.packageId);
      const spec = manifest.synthesize;
      if (!spec.classes.includes(start.class)) {
        throw new ScanloomError('task/not-applicable', `The package ${manifest.id} knows no class "${start.class}".`, { hint: `It knows ${spec.classes.join(', ')}.` });
      }
      const settings: SynthesizeStart = { ...start, steps: start.steps ?? spec.defaults.steps, guidance: start.guidance ?? spec.defaults.guidance };
      checkRange('steps', settings.steps!, spec.limits.steps, manifest.id);
      checkRange('guidance', settings.guidance!, spec.limits.guidance, manifest.id);
      checkRange('count', settings.count, spec.limits.count, manifest.id);
      return {
        settings,
        title: `Synthesize ${start.class}, ${start.count} image${start.count === 1 ? '' : 's'}`,
        packageId: manifest.id,
        packageSha256: manifestSha256,
        inputs: [],
        units: Array.from({ length: start.count }, (_, item) => ({ itemIndex: item, plan: { item } })),
      };
    },

    async runUnit({ job, plan, signal, onProgress }) {
      const { item } = Plan.parse(plan);
      const settings = synthesizeSettings(job.settings);
      const { manifest, manifestSha256, dir } = await manifestOf(job.packageId);
      if (job.packageSha256 !== manifestSha256) {
        throw new ScanloomError('package/hash-mismatch', `The package ${job.packageId} is not the one this job was accepted with.`, { hint: 'Start a new job with the package as it is now.' });
      }
      const spec = manifest.synthesize;
      const output = await engine.run(
        {
          kind: 'synthesize',
          denoiser: { path: `${dir}/${manifest.graphs.denoiser.file}`, sha256: manifest.graphs.denoiser.sha256 },
          decoder: { path: `${dir}/${manifest.graphs.decoder.file}`, sha256: manifest.graphs.decoder.sha256 },
          device: settings.device,
          latent: spec.latent,
          schedule: spec.schedule,
          prediction: spec.prediction,
          classIndex: spec.classes.indexOf(settings.class),
          nullClass: spec.nullClass,
          seed: settings.seed,
          item,
          steps: settings.steps,
          guidance: settings.guidance,
          threads: services.threads,
        },
        { signal, onProgress },
      );
      const tensor = output.tensors[0];
      const pixels = spec.rows * spec.columns;
      if (tensor === undefined || tensor.data.length !== pixels) throw new ScanloomError('engine/failed', 'The model gave an image of the wrong size.', { hint: 'The package is not what its manifest says.' });
      return {
        bytes: new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength),
        meta: { totalMs: output.totalMs, pixels, onnxruntime: engine.version(), device: output.device.device },
        device: output.device,
      };
    },

    async makeItem({ job, itemIndex, units }): Promise<ItemDraft> {
      const settings = synthesizeSettings(job.settings);
      const { manifest } = await manifestOf(job.packageId);
      const spec = manifest.synthesize;
      const unit = units[0];
      if (unit === undefined) throw new ScanloomError('internal', 'An item without units.');
      const meta = Meta.parse(unit.meta);
      return {
        provenance: 'synthetic',
        title: `${settings.class} ${itemIndex + 1}`,
        packageVersion: manifest.version,
        rows: spec.rows,
        columns: spec.columns,
        modality: spec.modality,
        class: settings.class,
        seed: settings.seed,
        sourceSeriesUid: null,
        images: [syntheticMeta(spec)],
        sourceImageIds: [null],
        blobs: [unit.blob],
        measures: [],
        recipe: {
          program: { scanloom: services.version, onnxruntime: meta.onnxruntime, processor: services.processor },
          graphs: { denoiser: manifest.graphs.denoiser.sha256, decoder: manifest.graphs.decoder.sha256 },
          precision: 'float32',
          devices: [meta.device],
          random: { generator: 'philox-4x32-10', key: [settings.seed, itemIndex] },
          sampler: { name: 'ddim', steps: settings.steps, guidance: settings.guidance, prediction: spec.prediction },
          outputs: [unit.blob],
        },
      };
    },

    release() {
      // Nothing is kept between units.
    },
  };
}

function synthesizeSettings(settings: StartJob): SynthesizeStart & { steps: number; guidance: number } {
  if (settings.task !== 'synthesize' || settings.steps === undefined || settings.guidance === undefined) throw new ScanloomError('internal', 'A synthesize job without its settings.');
  return { ...settings, steps: settings.steps, guidance: settings.guidance };
}

function checkRange(name: string, value: number, [low, high]: readonly [number, number], packageId: string): void {
  if (value < low || value > high) throw new ScanloomError('request/invalid', `${name} must be from ${low} to ${high} for ${packageId}, not ${value}.`);
}

/** An invented image has a pixel spacing (the training grid's) but no place in any patient. The identifier is never a DICOM instance's. */
function syntheticMeta(spec: SynthesizeManifest['synthesize']): ImageMeta {
  return {
    imageId: '0',
    sopInstanceUid: '0',
    frame: 0,
    instanceNumber: 1,
    rows: spec.rows,
    columns: spec.columns,
    samplesPerPixel: 1,
    photometricInterpretation: 'MONOCHROME2',
    pixelSpacingMm: [spec.pixelSpacingMm, spec.pixelSpacingMm],
    position: null,
    orientation: null,
    positionAlongNormalMm: null,
    sliceThicknessMm: null,
    rescale: { slope: 1, intercept: 0 },
    unit: '',
    window: { center: 0.5, width: 1 },
    kvp: null,
    echoTimeMs: null,
    repetitionTimeMs: null,
  };
}
