/**
 * Upscale: every slice of a CT or MR series, in plane, by a super-resolution package. One unit is one slice; one item is one series.
 *
 * Geometry: the field of view stays, the spacing is divided by the factor, and the first pixel's centre moves (half-pixel convention).
 */
import { z } from 'zod';
import type { Json } from '#base';
import { ScanloomError, type ImageMeta, type StartJob, type UpscaleManifest } from '#contract';
import { upscaledGeometry } from '#dicom';
import type { FrozenJob, ItemDraft, JobKind, RunningJob, UnitPlan } from '#jobs';
import type { Library } from '#library';
import { combineMeasures, measureUpscale } from '#measures';
import type { TaskServices } from '../index.ts';
import { isMapOfFigures } from './maps-of-figures.ts';
import { ctDomain, fromModel, mrDomain, toModel, type IntensityDomain } from './intensity-domain.ts';

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

type UpscaleStart = Extract<StartJob, { task: 'upscale' }>;

export function createUpscaleTask(services: TaskServices): JobKind {
  const { library, packages, engine } = services;
  const domains = new Map<string, Promise<IntensityDomain>>();

  async function manifestOf(packageId: string): Promise<{ manifest: UpscaleManifest; manifestSha256: string; dir: string }> {
    const found = await packages.get(packageId);
    if (found.manifest.task !== 'upscale') throw new ScanloomError('task/not-applicable', `The package ${packageId} does not upscale.`, { hint: 'Choose one whose task is upscale: scanloom models list.' });
    return { ...found, manifest: found.manifest };
  }

  /** The MR constant belongs to the whole series, also when only one slice of it is tried. Computed once a job and series. */
  function domainOf(jobId: string, manifest: UpscaleManifest, seriesUid: string, modality: 'CT' | 'MR'): Promise<IntensityDomain> {
    if (modality === 'CT') return Promise.resolve(ctDomain(manifest));
    const key = `${jobId} ${seriesUid}`;
    const known = domains.get(key);
    if (known !== undefined) return known;
    const made = (async () => {
      const slices: Float32Array[] = [];
      for (const image of usableImages(library, seriesUid)) slices.push((await library.images.values(image.imageId)).values);
      return mrDomain(manifest, slices);
    })();
    domains.set(key, made);
    made.catch(() => domains.delete(key));
    return made;
  }

  return {
    task: 'upscale',

    async freeze(start): Promise<FrozenJob> {
      if (start.task !== 'upscale') throw new ScanloomError('task/not-applicable', 'This is not an upscale request.');
      const { manifest, manifestSha256 } = await manifestOf(start.packageId);
      if (start.factor !== manifest.upscale.factor) {
        throw new ScanloomError('task/not-applicable', `The package ${manifest.id} upscales by ${manifest.upscale.factor}, not by ${start.factor}.`, { hint: `Set factor=${manifest.upscale.factor} or choose another package.` });
      }
      const units: UnitPlan[] = [];
      const inputs: { imageId: string; sha256: string }[] = [];
      const seriesUids = start.seriesUids.map((uid) => library.studies.resolveSeries(uid));
      const titles: string[] = [];
      for (const [itemIndex, seriesUid] of seriesUids.entries()) {
        const { series } = library.studies.series(seriesUid);
        if (!manifest.upscale.modalities.some((modality) => modality === series.modality)) {
          throw new ScanloomError('task/not-applicable', `The series "${series.description || series.shortId}" is ${series.modality || 'of unknown modality'}; ${manifest.id} was made for ${manifest.upscale.modalities.join(' and ')}.`, { hint: 'Choose a CT or MR series of images.' });
        }
        const wanted = start.imageIds === undefined ? null : new Set(start.imageIds);
        const images = usableImages(library, seriesUid).filter((image) => wanted === null || wanted.has(image.imageId));
        if (images.length === 0) {
          throw new ScanloomError('task/not-applicable', `The series "${series.description || series.shortId}" has no grey images with pixel spacing that could be upscaled.`, { hint: 'Dose pages, colour captures, and maps of phase, field, velocity or diffusion are left out: no network that learned anatomy can add to them.' });
        }
        for (const image of images) {
          units.push({ itemIndex, plan: { seriesUid, imageId: image.imageId } });
          inputs.push({ imageId: image.imageId, sha256: await library.images.hash(image.sopInstanceUid) });
        }
        titles.push(series.description || `${series.modality} series ${series.shortId}`);
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
      const modality = source.header.modality === 'MR' ? 'MR' : 'CT';
      const domain = await domainOf(job.jobId, manifest, seriesUid, modality);
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
      const measures = measureUpscale(source.values, values, source.rows, source.columns, manifest.upscale.factor, source.meta.unit);
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
      const metas = units.map((unit) => Meta.parse(unit.meta));
      const factor = manifest.upscale.factor;
      const images = sources.map((image) => upscaledMeta(image, factor));
      return {
        provenance: 'enhanced',
        title: `${series.description || series.modality} ×${factor}`,
        packageVersion: manifest.version,
        rows: images[0]!.rows,
        columns: images[0]!.columns,
        modality: series.modality,
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
          normalisation: metas[0]!.normalisation,
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

/** Grey images with a spacing, in stack order: what a super-resolution network can honestly work on. */
function usableImages(library: Library, seriesUid: string): ImageMeta[] {
  const detail = library.studies.series(seriesUid);
  if (detail.series.oddities.includes('dose-report')) return [];
  return detail.stacks
    .filter(({ stack }) => !stack.oddities.includes('dose-report'))
    .flatMap(({ images }) => images)
    .filter((image) => image.samplesPerPixel === 1 && image.pixelSpacingMm !== null && image.photometricInterpretation !== 'PALETTE COLOR' && !isMapOfFigures(typeOf(library, image)));
}

/** Of the frame where the object is multi-frame, else of the object. */
function typeOf(library: Library, { sopInstanceUid, frame }: ImageMeta): readonly string[] {
  const header = library.images.header(sopInstanceUid);
  return header.framesGeometry?.[frame]?.frameType ?? header.imageType;
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

