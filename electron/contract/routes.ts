/**
 * Every request the page can make. The host registers a handler for each row, the page's client makes its calls from the same rows:
 * neither can drift from the other. Bodies and queries are parsed strictly; an unknown key is refused.
 */
import { z } from 'zod';
import { DeviceReport } from './engine.ts';
import { ExportManifest, ExportRecord, StartExport, VerifyReport } from './export.ts';
import { Id, PackageId, Uid } from './ids.ts';
import { Decide, Item, ItemDetail, ItemQuery, LedgerEntry, ReviewSummary, UndoDecision } from './item.ts';
import { Job, JobEstimate, StartJob } from './job.ts';
import { Marks, MarksOwner } from './marks.ts';
import { ImageContours, ImageDisplay, ObjectContent, PresentationState, SegmentationDetail, SeriesObject, StructureSetDetail, StudyObject } from './objects.ts';
import { ExportOverview, IdenticalItems, RunOverview } from './overview.ts';
import { PackageSummary } from './package.ts';
import { CopyPlan, PlanStudyCopy } from './deidentify-plan.ts';
import { FacePreview, PixelSearch, PreviewFace, StartPixelSearch, StartStudyCopy, StudyCopy } from './pixel-privacy.ts';
import { IngestState, SeriesDetail, StudyDetail, StudyQuery, StudySummary } from './study.ts';

const Nothing = z.strictObject({});
const imageId = z.string().regex(/^[0-9.]{1,64}(:\d{1,6})?$/);

export interface RouteShape<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType, Answer extends z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Hono pattern; each `:name` is a key of `params`. */
  readonly path: string;
  readonly params: Params;
  readonly query: Query;
  /** JSON body; `Nothing` for none. */
  readonly body: Body;
  readonly answer: Answer;
}

function json<Answer extends z.ZodType, Params extends z.ZodType = typeof Nothing, Query extends z.ZodType = typeof Nothing, Body extends z.ZodType = typeof Nothing>(
  method: RouteShape<Params, Query, Body, Answer>['method'],
  path: string,
  shape: { answer: Answer; params?: Params; query?: Query; body?: Body },
): RouteShape<Params, Query, Body, Answer> {
  return { method, path, params: (shape.params ?? Nothing) as Params, query: (shape.query ?? Nothing) as Query, body: (shape.body ?? Nothing) as Body, answer: shape.answer };
}

const byJob = z.strictObject({ jobId: Id });
const byItem = z.strictObject({ itemId: Id });
const byExport = z.strictObject({ exportId: Id });
const bySearch = z.strictObject({ searchId: Id });
const byCopy = z.strictObject({ copyId: Id });
const byObject = z.strictObject({ objectUid: Uid });
const ofSeries = z.strictObject({ seriesUid: Uid.optional() });

export const HostInfo = z.strictObject({
  host: z.enum(['desktop', 'loopback', 'test']),
  version: z.string(),
  library: z.string(),
  /** Whether the host can open the system's folder dialog. Where not, the page sends files instead. */
  folderDialog: z.boolean(),
  freeDiskBytes: z.number(),
  freeMemoryBytes: z.number(),
  onnxruntime: z.string(),
});
export type HostInfo = z.infer<typeof HostInfo>;

export const routes = {
  host: json('GET', '/api/host', { answer: HostInfo }),
  devices: json('GET', '/api/devices', { answer: z.array(DeviceReport) }),
  chooseFolder: json('POST', '/api/dialogs/folder', { body: z.strictObject({ purpose: z.enum(['open', 'export']) }), answer: z.strictObject({ handle: z.string().nullable(), name: z.string() }) }),

  startIngest: json('POST', '/api/ingests', { body: z.strictObject({ handle: z.string().max(100) }), answer: IngestState }),
  getIngest: json('GET', '/api/ingests/:ingestId', { params: z.strictObject({ ingestId: Id }), answer: IngestState }),
  cancelIngest: json('POST', '/api/ingests/:ingestId/cancel', { params: z.strictObject({ ingestId: Id }), answer: IngestState }),
  /** Files from a drop or a folder input where the host has no dialog: open, send each (`upload` below), finish; they are copied into the library. */
  openUpload: json('POST', '/api/uploads', { answer: z.strictObject({ uploadId: Id }) }),
  finishUpload: json('POST', '/api/uploads/:uploadId/finish', { params: z.strictObject({ uploadId: Id }), answer: IngestState }),

  listStudies: json('GET', '/api/studies', { query: StudyQuery, answer: z.strictObject({ studies: z.array(StudySummary), total: z.int() }) }),
  getStudy: json('GET', '/api/studies/:studyUid', { params: z.strictObject({ studyUid: Uid }), answer: StudyDetail }),
  forgetStudy: json('DELETE', '/api/studies/:studyUid', { params: z.strictObject({ studyUid: Uid }), answer: z.strictObject({ forgotten: z.int() }) }),
  getSeries: json('GET', '/api/series/:seriesUid', { params: z.strictObject({ seriesUid: Uid }), answer: SeriesDetail }),

  /** Objects of a study that are no plain images: segmentations, structure sets, reports, documents, … */
  listStudyObjects: json('GET', '/api/studies/:studyUid/objects', { params: z.strictObject({ studyUid: Uid }), answer: z.array(StudyObject) }),
  /** Segmentations, structure sets and presentation states for a series. */
  listSeriesObjects: json('GET', '/api/series/:seriesUid/objects', { params: z.strictObject({ seriesUid: Uid }), answer: z.array(SeriesObject) }),
  getObjectContent: json('GET', '/api/objects/:objectUid/content', { params: byObject, answer: ObjectContent }),
  getSegmentation: json('GET', '/api/objects/:objectUid/segmentation', { params: byObject, query: ofSeries, answer: SegmentationDetail }),
  getStructureSet: json('GET', '/api/objects/:objectUid/structure-set', { params: byObject, query: ofSeries, answer: StructureSetDetail }),
  getContours: json('GET', '/api/objects/:objectUid/contours/:imageId', { params: z.strictObject({ objectUid: Uid, imageId }), answer: ImageContours }),
  getPresentationState: json('GET', '/api/objects/:objectUid/presentation-state', { params: byObject, answer: PresentationState }),
  getImageDisplay: json('GET', '/api/images/:imageId/display', { params: z.strictObject({ imageId }), answer: ImageDisplay }),

  listPackages: json('GET', '/api/packages', { answer: z.array(PackageSummary) }),
  /** Folders with a manifest that cannot be believed, so that they have no summary. */
  listUnreadablePackages: json('GET', '/api/unreadable-packages', { answer: z.array(z.strictObject({ folder: z.string(), message: z.string(), hint: z.string().optional() })) }),
  getPackageCard: json('GET', '/api/packages/:packageId/card', { params: z.strictObject({ packageId: PackageId }), answer: z.strictObject({ markdown: z.string() }) }),

  estimateJob: json('POST', '/api/jobs/estimate', { body: StartJob, answer: JobEstimate }),
  startJob: json('POST', '/api/jobs', { body: StartJob, answer: Job }),
  listJobs: json('GET', '/api/jobs', { answer: z.array(Job) }),
  getJob: json('GET', '/api/jobs/:jobId', { params: byJob, answer: Job }),
  pauseJob: json('POST', '/api/jobs/:jobId/pause', { params: byJob, answer: Job }),
  resumeJob: json('POST', '/api/jobs/:jobId/resume', { params: byJob, answer: Job }),
  cancelJob: json('POST', '/api/jobs/:jobId/cancel', { params: byJob, answer: Job }),
  retryJob: json('POST', '/api/jobs/:jobId/retry', { params: byJob, answer: Job }),

  listItems: json('GET', '/api/items', { query: ItemQuery, answer: z.array(Item) }),
  getItem: json('GET', '/api/items/:itemId', { params: byItem, answer: ItemDetail }),
  getItemLedger: json('GET', '/api/items/:itemId/ledger', { params: byItem, answer: LedgerEntry }),

  decide: json('POST', '/api/reviews', { body: Decide, answer: Item }),
  undoDecision: json('POST', '/api/reviews/undo', { body: UndoDecision, answer: z.strictObject({ item: Item.nullable() }) }),
  reviewSummary: json('GET', '/api/reviews/summary', { query: z.strictObject({ jobId: Id.optional() }), answer: ReviewSummary }),

  /** Where every run with items stands. */
  runOverviews: json('GET', '/api/overviews/runs', { answer: z.array(RunOverview) }),
  /** Which finished exports hold items that were decided otherwise since. */
  exportOverviews: json('GET', '/api/overviews/exports', { answer: z.array(ExportOverview) }),
  identicalItems: json('GET', '/api/overviews/identical', { answer: IdenticalItems }),

  /** A reader's measurements and key images of one series or item; put replaces all of them. */
  getMarks: json('GET', '/api/marks/:owner', { params: z.strictObject({ owner: MarksOwner }), answer: Marks }),
  putMarks: json('PUT', '/api/marks/:owner', { params: z.strictObject({ owner: MarksOwner }), body: Marks, answer: Marks }),

  startExport: json('POST', '/api/exports', { body: StartExport, answer: ExportRecord }),
  listExports: json('GET', '/api/exports', { answer: z.array(ExportRecord) }),
  getExport: json('GET', '/api/exports/:exportId', { params: byExport, answer: ExportRecord }),
  getExportManifest: json('GET', '/api/exports/:exportId/manifest', { params: byExport, answer: ExportManifest }),
  /** Stops before the next image; what was written is removed. One that waits for its turn never starts. */
  cancelExport: json('POST', '/api/exports/:exportId/cancel', { params: byExport, answer: ExportRecord }),
  verifyExport: json('POST', '/api/exports/:exportId/verify', { params: byExport, answer: VerifyReport }),

  startPixelSearch: json('POST', '/api/deidentify/searches', { body: StartPixelSearch, answer: PixelSearch }),
  getPixelSearch: json('GET', '/api/deidentify/searches/:searchId', { params: bySearch, answer: PixelSearch }),
  cancelPixelSearch: json('POST', '/api/deidentify/searches/:searchId/cancel', { params: bySearch, answer: PixelSearch }),
  previewFace: json('POST', '/api/deidentify/faces', { body: PreviewFace, answer: FacePreview }),
  planStudyCopy: json('POST', '/api/deidentify/plans', { body: PlanStudyCopy, answer: CopyPlan }),
  startStudyCopy: json('POST', '/api/deidentify/copies', { body: StartStudyCopy, answer: StudyCopy }),
  getStudyCopy: json('GET', '/api/deidentify/copies/:copyId', { params: byCopy, answer: StudyCopy }),
  cancelStudyCopy: json('POST', '/api/deidentify/copies/:copyId/cancel', { params: byCopy, answer: StudyCopy }),
} as const;

/** Answers that are not JSON. */
export const binaryRoutes = {
  /** Stored values of one frame, little endian; headers below say how to read them. */
  imagePixels: { method: 'GET', path: '/api/images/:imageId/pixels', params: z.strictObject({ imageId }) },
  /** Colour, palette and YBR images as they are seen: uint8 R, G, B, … of one frame. */
  imageColour: { method: 'GET', path: '/api/images/:imageId/colour', params: z.strictObject({ imageId }) },
  /** One overlay plane of an image (group as a number, 24576 for 0x6000): uint8 0 or 1, the plane's own rows × columns. */
  imageOverlay: { method: 'GET', path: '/api/images/:imageId/overlays/:group', params: z.strictObject({ imageId, group: z.coerce.number().int().min(0x6000).max(0x60ff) }) },
  /** An overlay plane that a presentation state brings, as `imageOverlay`. */
  objectOverlay: { method: 'GET', path: '/api/objects/:objectUid/overlays/:group', params: z.strictObject({ objectUid: Uid, group: z.coerce.number().int().min(0x6000).max(0x60ff) }) },
  /** A segmentation's masks on one image, in that image's grid: one uint8 plane a segment (0 or 1; fractional: 0…255), see maskHeaders. Empty when there is none. */
  segmentMasks: { method: 'GET', path: '/api/objects/:objectUid/masks/:imageId', params: z.strictObject({ objectUid: Uid, imageId }) },
  /** PNG of one frame as it is first shown, at most 1024 pixels on each side. */
  imagePicture: { method: 'GET', path: '/api/images/:imageId/picture', params: z.strictObject({ imageId }) },
  /** PNG: the surface from the front, before on the left, after on the right. */
  facePicture: { method: 'GET', path: '/api/deidentify/faces/:faceId/picture', params: z.strictObject({ faceId: Id }) },
  studyCopyReport: { method: 'GET', path: '/api/deidentify/copies/:copyId/report', params: byCopy },
  /** The middle image of the series' largest stack, or of the one asked for. */
  seriesThumbnail: { method: 'GET', path: '/api/series/:seriesUid/thumbnail', params: z.strictObject({ seriesUid: Uid }), query: z.strictObject({ stack: z.coerce.number().int().min(0).max(9999).optional() }) },
  /** Float32 modality units of one frame of an item. */
  itemPixels: { method: 'GET', path: '/api/items/:itemId/frames/:frame', params: z.strictObject({ itemId: Id, frame: z.coerce.number().int().min(0).max(100_000) }) },
  itemThumbnail: { method: 'GET', path: '/api/items/:itemId/thumbnail', params: byItem },
  packageSamples: { method: 'GET', path: '/api/packages/:packageId/samples', params: z.strictObject({ packageId: PackageId }) },
  exportReport: { method: 'GET', path: '/api/exports/:exportId/report', params: byExport },
  /** Body: the file's bytes. `path` is relative to what was dropped, forward slashes. */
  upload: { method: 'PUT', path: '/api/uploads/:uploadId/files', params: z.strictObject({ uploadId: Id }), query: z.strictObject({ path: z.string().min(1).max(1000) }) },
  /** text/event-stream of ScanloomEvent; resumes after `Last-Event-ID` or `?after=`. */
  events: { method: 'GET', path: '/api/events' },
} as const;

/** Headers of a pixel answer. */
export const pixelHeaders = { dtype: 'x-scanloom-dtype', rows: 'x-scanloom-rows', columns: 'x-scanloom-columns', samples: 'x-scanloom-samples', photometric: 'x-scanloom-photometric' } as const;
export const PixelDtype = z.enum(['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'float32', 'float64']);
export type PixelDtype = z.infer<typeof PixelDtype>;
/** Header that carries the page's token on the loopback host (also accepted as a cookie for images and the event stream). */
export const tokenHeader = 'x-scanloom-token';
