/** What the library knows of source studies, as the page and the command line see it. */
import { z } from 'zod';
import { Instant, Uid } from './ids.ts';

/** Published words for what is unusual about a series or a stack. */
export const Oddity = z.enum([
  'gantry-tilt', 'uneven-spacing', 'missing-slices', 'duplicates', 'mixed-orientation', 'mixed-size', 'mosaic', 'localizer', 'dose-report',
  'time-series', 'multi-echo', 'diffusion', 'enhanced-multi-frame', 'no-geometry', 'burned-in-text', 'lossy', 'synthetic', 'colour',
]);
export type Oddity = z.infer<typeof Oddity>;

export const Window = z.strictObject({
  center: z.number(),
  width: z.number().positive(),
  explanation: z.string().optional(),
  /** VOI LUT Function; LINEAR when left out. */
  function: z.enum(['LINEAR', 'LINEAR_EXACT', 'SIGMOID']).optional(),
});
export type Window = z.infer<typeof Window>;

const Vector3 = z.tuple([z.number(), z.number(), z.number()]);

/** Everything the viewer needs of one image (one frame of one SOP instance) before its pixels arrive. */
export const ImageMeta = z.strictObject({
  /** `SOP Instance UID` or `SOP Instance UID:frame` (frames from 0); the key of the pixel route. */
  imageId: z.string().max(80),
  sopInstanceUid: Uid,
  frame: z.int().min(0),
  instanceNumber: z.number().nullable(),
  rows: z.int().positive(),
  columns: z.int().positive(),
  samplesPerPixel: z.int(),
  photometricInterpretation: z.string(),
  /** [row spacing, column spacing] in mm, as Pixel Spacing. */
  pixelSpacingMm: z.tuple([z.number(), z.number()]).nullable(),
  /** Centre of the first pixel, LPS, mm. */
  position: Vector3.nullable(),
  /** Row cosines then column cosines. */
  orientation: z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]).nullable(),
  positionAlongNormalMm: z.number().nullable(),
  /** Where two images have the same one, their positions are of the same space. */
  frameOfReferenceUid: z.string().max(64).optional(),
  sliceThicknessMm: z.number().nullable(),
  rescale: z.strictObject({ slope: z.number(), intercept: z.number() }),
  /** `HU`, `SUV`, or '' where the values have no physical unit. */
  unit: z.string(),
  window: Window,
  kvp: z.number().nullable(),
  echoTimeMs: z.number().nullable(),
  repetitionTimeMs: z.number().nullable(),
  /** The pixel spacing of a projection is that at the detector: what is measured is larger than in the patient. */
  spacingAtDetector: z.boolean().optional(),
  /** Where rows and columns lead (`L`, `F`, …) of an image without cosines. */
  patientOrientation: z.tuple([z.string().max(3), z.string().max(3)]).optional(),
  /** How long this frame is shown in a cine loop, from the file. */
  frameTimeMs: z.number().positive().optional(),
  /** PET: standardised uptake value by body weight = modality value × factor (g/ml); null with the reason where the file does not allow it. */
  suv: z.strictObject({ factor: z.number().positive().nullable(), reason: z.string() }).optional(),
  /** What the values are where `unit` is '': `magnitude`, `phase`, `field map` …; images of different kinds are not read in one window. */
  valueKind: z.string().max(80).optional(),
  /** Ultrasound: parts of the picture, in pixels from 0 (the last column and row included), each with its own [row, column] spacing; null where its axes are not lengths. Outside of them nothing has a size. */
  regions: z.array(z.strictObject({ left: z.int(), top: z.int(), right: z.int(), bottom: z.int(), spacingMm: z.tuple([z.number(), z.number()]).nullable() })).max(64).optional(),
  /** Slices side by side on one sheet: how many, where the file says it. It has no one position, and lengths hold within a tile. */
  mosaic: z.strictObject({ tiles: z.int().positive().nullable() }).optional(),
  /** MR whose file says it: b-value in s/mm², and the unit vector (LPS) of the gradient where there is one. */
  diffusion: z.strictObject({ bValue: z.number(), direction: Vector3.optional() }).optional(),
  /** Presentation LUT Shape INVERSE of an image that is not MONOCHROME1: dark and bright are exchanged. */
  inverted: z.boolean().optional(),
  /** What `getImageDisplay` has to offer beside the window above; `colours`: some values are colours of a palette, to be had as `imageColour`. */
  more: z.array(z.enum(['windows', 'voi-table', 'modality-table', 'overlays', 'colours'])).optional(),
});
export type ImageMeta = z.infer<typeof ImageMeta>;

export const Stack = z.strictObject({
  images: z.int(),
  rows: z.int(),
  columns: z.int(),
  /** [slice, row, column]; slice is null where no honest spacing exists. */
  spacingMm: z.tuple([z.number().nullable(), z.number(), z.number()]).nullable(),
  volume: z.boolean(),
  timePoints: z.int(),
  oddities: z.array(Oddity),
  /** Where a series has several stacks: what tells this one from the others, as `phase`, `TE 30 ms` or `coronal`; of a diffusion stack the b-values in any case. */
  label: z.string().max(80).optional(),
});
export type Stack = z.infer<typeof Stack>;

/** `source` came from a scanner's files; `enhanced` and `synthetic` were touched or made by a model. */
export const Provenance = z.enum(['source', 'enhanced', 'synthetic']);
export type Provenance = z.infer<typeof Provenance>;

export const SeriesSummary = z.strictObject({
  seriesInstanceUid: Uid,
  /** First eight characters of a hash of the UID: short enough to type. */
  shortId: z.string(),
  studyInstanceUid: Uid,
  modality: z.string(),
  seriesNumber: z.number().nullable(),
  description: z.string(),
  manufacturer: z.string(),
  model: z.string(),
  images: z.int(),
  stacks: z.array(Stack),
  oddities: z.array(Oddity),
  /** What was noticed, in words for people. */
  notices: z.array(z.string()),
  provenance: Provenance,
  /** Where another study in the library had this series' UID first: what the files say, `seriesInstanceUid` then being the library's own key. */
  uidInFiles: Uid.optional(),
  /** Absent for DICOM objects. */
  sourceFormat: z.enum(['nifti']).optional(),
  /** Source files that were not found, or had changed, when they were last looked at; absent when all was well. `notices` has the words. */
  sources: z.strictObject({ missing: z.int(), changed: z.int(), checkedAt: Instant }).optional(),
});
export type SeriesSummary = z.infer<typeof SeriesSummary>;

export const StudySummary = z.strictObject({
  studyInstanceUid: Uid,
  shortId: z.string(),
  patientName: z.string(),
  patientId: z.string(),
  patientBirthDate: z.string(),
  patientSex: z.string(),
  studyDate: z.string(),
  description: z.string(),
  accessionNumber: z.string(),
  modalities: z.array(z.string()),
  series: z.int(),
  images: z.int(),
  addedAt: Instant,
  /** A series whose thumbnail stands for the study. */
  thumbnailSeriesUid: Uid.nullable(),
});
export type StudySummary = z.infer<typeof StudySummary>;

export const StudyDetail = z.strictObject({ study: StudySummary, series: z.array(SeriesSummary) });
export type StudyDetail = z.infer<typeof StudyDetail>;

/** The images of one series, stack by stack, each in order along its normal (then by time). */
export const SeriesDetail = z.strictObject({ series: SeriesSummary, study: StudySummary, stacks: z.array(z.strictObject({ stack: Stack, images: z.array(ImageMeta) })) });
export type SeriesDetail = z.infer<typeof SeriesDetail>;

export const StudyQuery = z.strictObject({
  search: z.string().max(200).optional(),
  modality: z.string().max(16).optional(),
  /** Study dates, YYYYMMDD, both included. */
  from: z.string().regex(/^\d{8}$/).optional(),
  to: z.string().regex(/^\d{8}$/).optional(),
  /** Studies that have a series of this kind. */
  provenance: Provenance.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
  offset: z.coerce.number().int().min(0).default(0),
});
export type StudyQuery = z.infer<typeof StudyQuery>;

/** An ingest: a scan of files that goes on while the first series already show. */
export const IngestState = z.strictObject({
  ingestId: z.uuid(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  filesFound: z.int(),
  filesDone: z.int(),
  imagesAdded: z.int(),
  imagesKnown: z.int(),
  /** Of those added: their file had other content when it was read before. */
  imagesChanged: z.int().optional(),
  /** Files that are not images, without fault: text, DICOMDIR, reports. */
  filesSkipped: z.int(),
  refused: z.array(z.strictObject({ path: z.string(), code: z.string(), message: z.string(), hint: z.string().optional() })).max(1000),
  refusedTotal: z.int(),
  /** The first thousand. */
  seriesUids: z.array(Uid).max(1000),
  /** How many series there are in all; absent when `seriesUids` has them all. */
  seriesTotal: z.int().optional(),
});
export type IngestState = z.infer<typeof IngestState>;
