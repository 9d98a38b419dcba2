/** What `--json` prints, command by command. Published under docs/schemas: scripts of others rely on it, so it grows and does not change. */
import { z } from 'zod';
import { CopyPlan, DeidentificationReport, DeviceReport, ErrorBody, ExportRecord, IngestState, Item, Job, ObjectKind, Oddity, PackageSummary, ReviewSummary, SeriesSummary, Sha256, Stack, StudySummary, VerifyFinding, VerifyReport } from '#contract';

/** One file: its place below the argument, and what it holds, or why it was refused. */
export const InspectedFile = z.strictObject({
  /** Relative to the argument, forward slashes. */
  path: z.string(),
  status: z.enum(['ok', 'no-pixels', 'refused']),
  error: ErrorBody.optional(),
  sopInstanceUid: z.string().optional(),
  /** With its study: the series below that holds it. */
  seriesInstanceUid: z.string().optional(),
  studyInstanceUid: z.string().optional(),
  sopClassUid: z.string().optional(),
  modality: z.string().optional(),
  transferSyntaxUid: z.string().optional(),
  rows: z.int().optional(),
  columns: z.int().optional(),
  frames: z.int().optional(),
  bitsStored: z.int().optional(),
  photometricInterpretation: z.string().optional(),
  /** What the object is beside an image, or instead of one: segmentation, report, structure set … */
  object: z.strictObject({ kind: ObjectKind, what: z.string(), title: z.string(), /** YYYYMMDD or ''. */ date: z.string() }).optional(),
  /** With --content: what the object says, line by line; level 0 is the outermost. */
  content: z.array(z.strictObject({ level: z.int(), relationship: z.string(), name: z.string(), value: z.string() })).optional(),
  /** With --hash: SHA-256 of all frames' stored values, little endian, in the smallest container of Bits Allocated. */
  storedValuesSha256: Sha256.optional(),
});
export type InspectedFile = z.infer<typeof InspectedFile>;

/** A series is known by its study and its own UID; files that put one Series UID under several studies are so many series. */
export const InspectedSeries = z.strictObject({
  seriesInstanceUid: z.string(),
  studyInstanceUid: z.string(),
  modality: z.string(),
  description: z.string(),
  seriesNumber: z.number().nullable(),
  /** As in `files`; and how many of them make the series. */
  firstFile: z.string(),
  files: z.int(),
  oddities: z.array(Oddity),
  notices: z.array(z.string()),
  /** Absent for DICOM objects. */
  sourceFormat: z.enum(['nifti']).optional(),
  stacks: z.array(Stack),
});
export type InspectedSeries = z.infer<typeof InspectedSeries>;

export const InspectResult = z.strictObject({
  files: z.array(InspectedFile),
  series: z.array(InspectedSeries),
  summary: z.strictObject({ files: z.int(), ok: z.int(), noPixels: z.int(), refused: z.int(), series: z.int() }),
});
export type InspectResult = z.infer<typeof InspectResult>;

export const ListResult = z.union([
  z.strictObject({ studies: z.array(StudySummary), total: z.int() }),
  z.strictObject({ series: z.array(SeriesSummary) }),
  z.strictObject({ items: z.array(Item) }),
  z.strictObject({ jobs: z.array(Job) }),
  z.strictObject({ packages: z.array(PackageSummary) }),
  z.strictObject({ exports: z.array(ExportRecord) }),
]);
export const RenderResult = z.strictObject({ file: z.string(), rows: z.int(), columns: z.int(), /** What is burnt in above the picture; null for what no model touched. */ mark: z.string().nullable() });
export const RunResult = z.strictObject({
  jobs: z.array(Job),
  items: z.array(Item),
  /** Series of a folder that the task cannot use, and single stacks (from 1) of those that it can. */
  skipped: z.array(z.strictObject({ seriesInstanceUid: z.string(), stack: z.int().optional(), reason: z.string() })),
  export: ExportRecord.nullable(),
});
export const JobsResult = z.union([z.strictObject({ jobs: z.array(Job) }), z.strictObject({ job: Job })]);
export const ReviewResult = z.union([z.strictObject({ items: z.array(Item), summary: ReviewSummary }), z.strictObject({ items: z.array(Item) }), z.strictObject({ item: Item.nullable() })]);
export const ExportResult = z.strictObject({ export: ExportRecord });
/** With `--plan` what a copy would hold. Else what stands in deidentification.json, without its lists of attributes and files; of the objects only those that are not in the copy. */
export const DeidentifyResult = z.union([DeidentificationReport.omit({ attributes: true, files: true }).extend({ folder: z.string() }), CopyPlan]);
export const ModelsResult = z.union([
  z.strictObject({ packages: z.array(PackageSummary) }),
  z.strictObject({ package: PackageSummary, card: z.string() }),
  z.strictObject({ ok: z.boolean(), packages: z.array(z.strictObject({ id: z.string(), version: z.string(), manifestSha256: Sha256, state: PackageSummary.shape.state })) }),
]);
export const ServeLine = z.strictObject({ url: z.url(), port: z.int(), library: z.string() });
export const DoctorResult = z.strictObject({
  scanloom: z.string(),
  node: z.string(),
  system: z.string(),
  processors: z.int(),
  memoryBytes: z.number(),
  freeMemoryBytes: z.number(),
  onnxruntime: z.string(),
  devices: z.array(DeviceReport),
  packages: z.array(z.strictObject({ id: z.string(), version: z.string(), task: z.string(), state: z.enum(['verified', 'damaged']) })),
  library: z.strictObject({ folder: z.string(), exists: z.boolean(), freeDiskBytes: z.number().nullable() }),
  missing: z.array(z.strictObject({ what: z.string(), how: z.string() })),
});
export const DemoResult = z.strictObject({
  ok: z.boolean(),
  folder: z.string(),
  report: z.string(),
  library: z.string(),
  jobs: z.int(),
  items: z.int(),
  exports: z.array(ExportRecord.extend({ verified: z.boolean(), findings: z.array(VerifyFinding) })),
});
/** Instead of a result, when a command failed. */
export const FailureResult = z.strictObject({ error: ErrorBody });

/** By command; `failure` can come instead of any of them. */
export const shapes = {
  demo: DemoResult,
  inspect: InspectResult,
  ingest: IngestState,
  list: ListResult,
  render: RenderResult,
  run: RunResult,
  jobs: JobsResult,
  review: ReviewResult,
  export: ExportResult,
  deidentify: DeidentifyResult,
  verify: VerifyReport,
  models: ModelsResult,
  serve: ServeLine,
  doctor: DoctorResult,
  failure: FailureResult,
} as const;
