/** A model package: manifest, graphs, card. The manifest is what the program believes, after checking every hash in it. */
import { z } from 'zod';
import { PackageId, Sha256 } from './ids.ts';

export const TaskName = z.enum(['upscale', 'synthesize']);
export type TaskName = z.infer<typeof TaskName>;

const GraphFile = z.strictObject({ file: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}\.onnx$/), sha256: Sha256, sizeBytes: z.int().positive().max(2 ** 31) });
const Range = z.tuple([z.number(), z.number()]);

export const Figure = z.strictObject({
  name: z.string().max(100),
  value: z.number().nullable(),
  interval: Range.nullable(),
  method: z.string().max(2000),
  data: z.string().max(1000),
  split: z.string().max(100),
  modality: z.string().max(16).optional(),
});
export type Figure = z.infer<typeof Figure>;

const Common = {
  schema: z.literal(1),
  id: PackageId,
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  title: z.string().max(200),
  licence: z.string().max(100),
  summary: z.string().max(2000),
  researchOnly: z.boolean(),
  parameters: z.int().positive(),
  figures: z.array(Figure).max(200),
  training: z.strictObject({ data: z.array(z.string().max(1000)).max(50), recipe: z.string().max(200), seed: z.int(), torch: z.string().max(50), steps: z.int().min(0), date: z.iso.date() }),
  card: z.literal('CARD.md'),
  samples: z.literal('samples.png'),
};

export const UpscaleManifest = z.strictObject({
  ...Common,
  task: z.literal('upscale'),
  graphs: z.strictObject({ generator: GraphFile }),
  /** How stored values become the graph's units: CT by a fixed affine map of HU, MR by one constant of the whole volume. */
  inputDomain: z.strictObject({
    ct: z.strictObject({ unit: z.literal('HU'), offset: z.number(), scale: z.number().positive(), clip: Range }),
    mr: z.strictObject({ method: z.literal('percentile-of-volume'), percentile: z.number().min(50).max(100) }),
  }),
  upscale: z.strictObject({
    factor: z.int().min(2).max(4),
    modalities: z.array(z.enum(['CT', 'MR'])).min(1),
    /** Input pixels on each side that an output pixel can see. Tiles overlap by at least this. */
    receptiveFieldRadius: z.int().min(0).max(256),
    border: z.string().max(500),
  }),
});
export type UpscaleManifest = z.infer<typeof UpscaleManifest>;

export const NoiseSchedule = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('cosine'), trainSteps: z.int().positive(), s: z.number(), betaMax: z.number() }),
  z.strictObject({ type: z.literal('scaled-linear'), trainSteps: z.int().positive(), betaStart: z.number(), betaEnd: z.number() }),
]);
export type NoiseSchedule = z.infer<typeof NoiseSchedule>;

export const SynthesizeManifest = z.strictObject({
  ...Common,
  task: z.literal('synthesize'),
  graphs: z.strictObject({ denoiser: GraphFile, decoder: GraphFile }),
  synthesize: z.strictObject({
    rows: z.int().positive().max(2048),
    columns: z.int().positive().max(2048),
    pixelSpacingMm: z.number().positive(),
    modality: z.enum(['MR', 'CT']),
    bodyPart: z.string().max(16),
    contrast: z.string().max(100),
    plane: z.string().max(50),
    classes: z.array(z.string().regex(/^[a-z0-9-]{1,40}$/)).min(1).max(100),
    nullClass: z.int().min(0),
    latent: z.strictObject({ channels: z.int().positive(), rows: z.int().positive(), columns: z.int().positive() }),
    schedule: NoiseSchedule,
    prediction: z.enum(['epsilon', 'v']),
    defaults: z.strictObject({ steps: z.int(), guidance: z.number(), sampler: z.literal('ddim') }),
    limits: z.strictObject({ steps: Range, guidance: Range, count: Range }),
  }),
});
export type SynthesizeManifest = z.infer<typeof SynthesizeManifest>;

export const Manifest = z.discriminatedUnion('task', [UpscaleManifest, SynthesizeManifest]);
export type Manifest = z.infer<typeof Manifest>;

export const PackageSummary = z.strictObject({
  manifest: Manifest,
  /** SHA-256 over the manifest file's bytes: names the package exactly. */
  manifestSha256: Sha256,
  bundled: z.boolean(),
  state: z.discriminatedUnion('status', [
    z.strictObject({ status: z.literal('verified') }),
    z.strictObject({ status: z.literal('damaged'), message: z.string() }),
  ]),
});
export type PackageSummary = z.infer<typeof PackageSummary>;
