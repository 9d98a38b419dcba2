/**
 * Upscale: every slice of a stack of a CT or MR series, in plane, by a super-resolution package. One unit is one slice; one item is one stack.
 *
 * Geometry: the field of view stays, the spacing is divided by the factor, and the first pixel's centre moves (half-pixel convention).
 */
import { z } from 'zod';
import type { Json } from '#base';
import { ScanloomError, type ImageMeta, type SeriesSummary, type StartJob, type UpscaleManifest } from '#contract';
import { upscaledGeometry } from '#dicom';
import type { FrozenJob, ItemDraft, JobKind, JobPreview, RunningJob, UnitPlan } from '#jobs';
import type { Library } from '#library';
import { combineMeasures, measureUpscale } from '#measures';
import type { TaskServices } from '../index.ts';
import { ctDomain, fromModel, mrDomain, toModel, type IntensityDomain } from './intensity-domain.ts';
import { nameOf, stackChoices, volumeOf, type StackChoice } from './usable-stacks.ts';

const Plan = z.strictObject({ seriesUid: z.string(), imageId: z.string() });
const Meta = z.object({
  modality: z.enum(['CT', 'MR']),
  normalisation: z.string(),
  totalMs: z.number(),
  pixels: z.number(),
  onnxruntime: z.string(),
  device: z.string(),
  measures: z.array(z.strictObject({ name: z.string(), value: z.number(), unit: z.string(), method: z.string() })),
});

/** Input pixels of one tile's side: 256 keeps a 512² slice at four tiles and the peak memory of a 64-channel network near 100 MB. */
const tileSize = 256;

/** Sentences in one refusal. */
const mostReasons = 4;

type UpscaleStart = Extract<StartJob, { task: 'upscale' }>;

export function createUpscaleTask(services: TaskServices): JobKind {
  const { library, packages, engine } = services;
  const domains = new Map<string, Promise<IntensityDomain>>();

  async function manifestOf(packageId: string): Promise<{ manifest: UpscaleManifest; manifestSha256: string; dir: string }> {
    const found = await packages.get(packageId);
    if (found.manifest.task !== 'upscale') throw new ScanloomError('task/not-applicable', `The package ${packageId} does not upscale.`, { hint: 'Choose one whose task is upscale: scanloom models list.' });
    return { ...found, manifest: found.manifest };
  }

  /** The MR constant belongs to the whole volume, also when only one slice of it is tried. Computed once a job and volume. */
  function domainOf(jobId: string, manifest: UpscaleManifest, seriesUid: string, imageId: string, modality: 'CT' | 'MR'): Promise<IntensityDomain> {
    if (modality === 'CT') return Promise.resolve(ctDomain(manifest));
    const volume = volumeOf(stackChoices(library, seriesUid), imageId, weightingOf);
    if (volume.length === 0) throw new ScanloomError('input/changed', 'The source series changed while it was being upscaled.', { hint: 'Start the job again.' });
    const key = `${jobId} ${volume[0]!.imageId}`;
    const known = domains.get(key);
    if (known !== undefined) return known;
    const made = (async () => {
      const slices: Float32Array[] = [];
      for (const image of volume) slices.push((await library.images.values(image.imageId)).values);
      return mrDomain(manifest, slices);
    })();
    domains.set(key, made);
    made.catch(() => domains.delete(key));
    return made;
  }

  function weightingOf({ sopInstanceUid, frame }: ImageMeta): number | null {
    const header = library.images.header(sopInstanceUid);
    return header.framesGeometry?.[frame]?.diffusionBValue ?? header.diffusionBValue;
  }

  /** The stacks that a request takes of one series; `refused` has a sentence for each that it would have taken and cannot. */
  function chosenOf(start: UpscaleStart, manifest: UpscaleManifest, seriesUid: string): { series: SeriesSummary; taken: StackChoice[]; refused: { stack: number | null; reason: string }[] } {
    const { series } = library.studies.series(seriesUid);
    const isUnsaid = series.modality === 'OT' && series.sourceFormat === 'nifti';
    if (isUnsaid && start.modality === undefined) {
      return { series, taken: [], refused: [{ stack: null, reason: `The NIfTI file "${series.description || series.shortId}" does not say whether it is ${manifest.upscale.modalities.join(' or ')}: say so with the request (--modality), or in a sidecar beside it ({"Modality": "MR"}).` }] };
    }
    const modality = isUnsaid ? start.modality : series.modality;
    if (!manifest.upscale.modalities.some((one) => one === modality)) {
      return { series, taken: [], refused: [{ stack: null, reason: `The series "${series.description || series.shortId}" is ${series.modality || 'of unknown modality'}; ${manifest.id} was made for ${manifest.upscale.modalities.join(' and ')}.` }] };
    }
    const wanted = start.imageIds === undefined ? null : new Set(start.imageIds);
    const choices = stackChoices(library, seriesUid);
    const missing = start.stacks?.filter((number) => number > choices.length) ?? [];
    if (missing.length > 0) throw new ScanloomError('request/not-found', `The series "${series.description || series.shortId}" has ${choices.length} ${choices.length === 1 ? 'stack' : 'stacks'}; there is no number ${missing[0]}.`, { hint: 'scanloom inspect lists them in order.' });
    const named = choices.filter(({ number }) => start.stacks?.includes(number) ?? true);
    const taken = named.map((choice) => ({ ...choice, images: choice.images.filter(({ imageId }) => wanted?.has(imageId) ?? true) })).filter(({ images }) => images.length > 0);
    // Of single images that were named, nothing is said about stacks that nobody asked for.
    const refused = named.filter(({ reason }) => reason !== null && (wanted === null || taken.length === 0)).map((choice) => ({ stack: choice.of === 1 ? null : choice.number, reason: `${nameOf(series, choice)} ${choice.reason}.` }));
    return { series, taken, refused };
  }

  return {
    task: 'upscale',

    async preview(start): Promise<JobPreview> {
      const { manifest } = await manifestOf(start.packageId);
      const units: { rows: number; columns: number }[] = [];
      const leftOut: JobPreview['leftOut'][number][] = [];
      for (const seriesUid of seriesOf(upscaleStart(start), library)) {
        const { taken, refused } = chosenOf(upscaleStart(start), manifest, seriesUid);
        for (const { images } of taken) for (const { rows, columns } of images) units.push({ rows, columns });
        for (const one of refused) leftOut.push({ seriesUid, ...one });
      }
      return { units, leftOut };
    },

    async freeze(request): Promise<FrozenJob> {
      const start = upscaleStart(request);
      const { manifest, manifestSha256 } = await manifestOf(start.packageId);
      if (start.factor !== manifest.upscale.factor) {
        throw new ScanloomError('task/not-applicable', `The package ${manifest.id} upscales by ${manifest.upscale.factor}, not by ${start.factor}.`, { hint: `Set factor=${manifest.upscale.factor} or choose another package.` });
      }
      const units: UnitPlan[] = [];
      const inputs: { imageId: string; sha256: string }[] = [];
      const seriesUids = seriesOf(start, library);
      const titles: string[] = [];
      for (const seriesUid of seriesUids) {
        const { series, taken, refused } = chosenOf(start, manifest, seriesUid);
        // Who names a stack is told; without names what cannot be used is left out, unless nothing else is there.
        if (refused.length > 0 && (taken.length === 0 || start.stacks !== undefined)) {
          throw new ScanloomError('task/not-applicable', refused.slice(0, mostReasons).map(({ reason }) => reason).join(' '), { hint: 'Choose a series or stack of grey CT or MR images with a pixel spacing.' });
        }
        if (taken.length === 0) throw new ScanloomError('task/not-applicable', `The series "${series.description || series.shortId}" has none of the images that were named, or none at all.`);
        for (const stack of taken) {
          for (const image of stack.images) {
            units.push({ itemIndex: titles.length, plan: { seriesUid, imageId: image.imageId } });
            inputs.push({ imageId: image.imageId, sha256: await library.images.hash(image.sopInstanceUid) });
          }
          titles.push(`${series.description || `${series.modality} series ${series.shortId}`}${inBrackets(stack)}`);
        }
      }
      const settings: UpscaleStart = { ...start, seriesUids };
      return { settings, title: `Upscale ×${start.factor}: ${titles[0] ?? ''}${titles.length > 1 ? ` and ${titles.length - 1} more` : ''}`, packageId: manifest.id, packageSha256: manifestSha256, inputs, units };
    },

    async runUnit({ job, plan, signal, onProgress }) {
      const { seriesUid, imageId } = Plan.parse(plan);
      const { manifest, manifestSha256, dir } = await manifestOf(job.packageId);
      assertSamePackage(job, manifestSha256);
      const source = await library.images.values(imageId);
      await assertSameInput(library, job, imageId, source.meta.sopInstanceUid);
      const modality = modalityOf(source.header.modality, job.settings);
      const unit = modality === 'CT' ? 'HU' : source.meta.unit;
      const domain = await domainOf(job.jobId, manifest, seriesUid, imageId, modality);
      const output = await engine.run(
        {
          kind: 'upscale',
          graph: { path: `${dir}/${manifest.graphs.generator.file}`, sha256: manifest.graphs.generator.sha256 },
          device: job.settings.device,
          image: toModel(source.values, domain),
          rows: source.rows,
          columns: source.columns,
          factor: manifest.upscale.factor,
          modality,
          tile: { size: tileSize, overlap: manifest.upscale.receptiveFieldRadius },
          threads: services.threads,
        },
        { signal, onProgress },
      );
      const tensor = output.tensors[0];
      const pixels = source.rows * source.columns;
      if (tensor === undefined || tensor.data.length !== pixels * manifest.upscale.factor ** 2) throw new ScanloomError('engine/failed', 'The model gave an image of the wrong size.', { hint: 'The package is not what its manifest says.' });
      const values = fromModel(tensor.data, domain);
      const measures = measureUpscale(source.values, values, source.rows, source.columns, manifest.upscale.factor, unit);
      return {
        bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
        meta: { modality, normalisation: domain.method, totalMs: output.totalMs, pixels, onnxruntime: engine.version(), device: output.device.device, measures: measures as unknown as Json },
        device: output.device,
      };
    },

    async makeItem({ job, units }): Promise<ItemDraft> {
      const { manifest } = await manifestOf(job.packageId);
      const first = units[0];
      if (first === undefined) throw new ScanloomError('internal', 'An item without units.');
      const { seriesUid } = Plan.parse(first.plan);
      const { series, stacks } = library.studies.series(seriesUid);
      const byId = new Map(stacks.flatMap(({ images }) => images).map((image) => [image.imageId, image]));
      const sources = units.map((unit) => byId.get(Plan.parse(unit.plan).imageId)).filter((image): image is ImageMeta => image !== undefined);
      if (sources.length !== units.length) throw new ScanloomError('input/changed', 'The source series changed while it was being upscaled.', { hint: 'Start the job again.' });
      const at = stacks.findIndex(({ images }) => images.includes(sources[0]!));
      const stack = { number: at + 1, of: stacks.length, label: stacks[at]!.stack.label ?? '', timePoints: stacks[at]!.stack.timePoints };
      const metas = units.map((unit) => Meta.parse(unit.meta));
      const factor = manifest.upscale.factor;
      const modality = modalityOf(series.modality, job.settings);
      const images = sources.map((image) => ({ ...upscaledMeta(image, factor), unit: modality === 'CT' ? 'HU' : image.unit }));
      return {
        provenance: 'enhanced',
        title: `${series.description || series.modality}${inBrackets(stack)} ×${factor}`,
        packageVersion: manifest.version,
        rows: images[0]!.rows,
        columns: images[0]!.columns,
        modality,
        class: null,
        seed: null,
        sourceSeriesUid: seriesUid,
        images,
        sourceImageIds: sources.map((image) => image.imageId),
        blobs: units.map((unit) => unit.blob),
        measures: combineMeasures(metas.map((meta) => meta.measures)),
        recipe: {
          program: { scanloom: services.version, onnxruntime: metas[0]!.onnxruntime, processor: services.processor },
          graph: manifest.graphs.generator.sha256,
          precision: 'float32',
          devices: [...new Set(metas.map((meta) => meta.device))],
          normalisation: [...new Set(metas.map((meta) => meta.normalisation))].join('; '),
          stack,
          tile: { size: tileSize, overlap: manifest.upscale.receptiveFieldRadius },
          inputs: units.map((unit) => {
            const { imageId } = Plan.parse(unit.plan);
            return { imageId, sha256: job.inputs.find((input) => input.imageId === imageId)?.sha256 ?? '' };
          }),
          outputs: units.map((unit) => unit.blob),
        },
      };
    },

    release(jobId) {
      for (const key of domains.keys()) if (key.startsWith(`${jobId} `)) domains.delete(key);
    },
  };
}

/** The file's word, or that of who asked where the file has none. */
function modalityOf(said: string, settings: StartJob): 'CT' | 'MR' {
  if (said === 'CT' || said === 'MR') return said;
  return upscaleStart(settings).modality ?? 'CT';
}

function upscaleStart(start: StartJob): UpscaleStart {
  if (start.task !== 'upscale') throw new ScanloomError('task/not-applicable', 'This is not an upscale request.');
  return start;
}

/** @throws ScanloomError `request/not-found`, `request/invalid` when stacks are numbered in several series */
function seriesOf(start: UpscaleStart, library: Library): string[] {
  const seriesUids = start.seriesUids.map((uid) => library.studies.resolveSeries(uid));
  if (start.stacks !== undefined && new Set(seriesUids).size > 1) throw new ScanloomError('request/invalid', 'Stacks can be named of one series only.', { hint: 'Start a job for each series.' });
  return [...new Set(seriesUids)];
}

/** What tells a stack from its neighbours, after the name of the series. */
function inBrackets({ label, number, of }: Pick<StackChoice, 'label' | 'number' | 'of'>): string {
  return of === 1 ? '' : ` (${label === '' ? `stack ${number}` : label.replace(/^\((.*)\)$/, 'part $1')})`;
}

function upscaledMeta(image: ImageMeta, factor: number): ImageMeta {
  const spacing = image.pixelSpacingMm!;
  const shared = { ...image, rows: image.rows * factor, columns: image.columns * factor, rescale: { slope: 1, intercept: 0 } };
  if (image.position === null || image.orientation === null) return { ...shared, pixelSpacingMm: [spacing[0] / factor, spacing[1] / factor] };
  const geometry = upscaledGeometry({ position: image.position, orientation: image.orientation, spacingMm: spacing }, factor);
  return { ...shared, position: [...geometry.position], pixelSpacingMm: [...geometry.spacingMm] };
}

function assertSamePackage(job: RunningJob, manifestSha256: string): void {
  if (job.packageSha256 !== manifestSha256) {
    throw new ScanloomError('package/hash-mismatch', `The package ${job.packageId} is not the one this job was accepted with.`, { hint: 'Start a new job with the package as it is now.' });
  }
}

async function assertSameInput(library: Library, job: RunningJob, imageId: string, sopInstanceUid: string): Promise<void> {
  const frozen = job.inputs.find((input) => input.imageId === imageId);
  if (frozen === undefined || frozen.sha256 !== (await library.images.hash(sopInstanceUid))) {
    throw new ScanloomError('input/changed', 'A source file is not the one this job was accepted with.', { hint: 'Ingest the study again and start a new job.' });
  }
}

