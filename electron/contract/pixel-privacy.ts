/** Writing in pixels and faces, before a study is copied without names: what was found, what a person decided, how the copy goes. */
import { z } from 'zod';
import { DeidentifyOptions } from './deidentify-options.ts';
import { CopyContents, CopyWarning } from './deidentify-plan.ts';
import { ErrorBody } from './errors.ts';
import { Id, Uid } from './ids.ts';
import { PixelBox } from './pixel-box.ts';

export { PixelBox } from './pixel-box.ts';

export const TextBox = z.strictObject({
  ...PixelBox.shape,
  /** 0…1, how sure the search is; no probability. */
  score: z.number().min(0).max(1),
  direction: z.enum(['horizontal', 'vertical']),
  reasons: z.array(z.string()),
});
export type TextBox = z.infer<typeof TextBox>;

/** An object that a person should look at before it is passed on. */
export const ImageAtRisk = z.strictObject({
  sopInstanceUid: Uid,
  seriesInstanceUid: Uid,
  seriesDescription: z.string(),
  /** Of the picture to show: a frame on which something was found, else the first. */
  imageId: z.string().max(80),
  rows: z.int().positive(),
  columns: z.int().positive(),
  frames: z.int().positive(),
  framesLooked: z.int(),
  /** What the header alone says. */
  risk: z.enum(['high', 'possible', 'low']),
  reasons: z.array(z.string()),
  boxes: z.array(TextBox),
  /** Why its pixels could not be searched. */
  error: z.string().nullable(),
});
export type ImageAtRisk = z.infer<typeof ImageAtRisk>;

export const FaceWarning = z.strictObject({ seriesInstanceUid: Uid, seriesDescription: z.string(), level: z.enum(['high', 'possible']), reasons: z.array(z.string()) });
export type FaceWarning = z.infer<typeof FaceWarning>;

export const PixelSearch = z.strictObject({
  searchId: Id,
  studyInstanceUid: Uid,
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  /** Objects. */
  done: z.int(),
  total: z.int(),
  images: z.array(ImageAtRisk),
  faces: z.array(FaceWarning),
  error: ErrorBody.nullable(),
});
export type PixelSearch = z.infer<typeof PixelSearch>;

export const StartPixelSearch = z.strictObject({ studyInstanceUid: Uid });

/** What a person decided about one object: these boxes become black, and nothing else in it needs to. */
export const ReviewedImage = z.strictObject({ sopInstanceUid: Uid, boxes: z.array(PixelBox).max(2000) });
export type ReviewedImage = z.infer<typeof ReviewedImage>;

export const StartStudyCopy = z.strictObject({
  studyInstanceUid: Uid,
  options: DeidentifyOptions,
  /** Names the key of the project, which stays in the library. */
  project: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,39}$/i),
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/),
  /** From the folder dialog; the library's exports folder when left out. */
  folderHandle: z.string().max(100).optional(),
  reviewed: z.array(ReviewedImage).max(100_000),
  /**
   * Series whose faces are to be taken off. One that cannot be defaced is left out of the copy. With `faceId` it is done as that preview showed it; `confirmed`
   * says that a person looked at the preview and recognises nobody: only then the copy says so of itself.
   */
  deface: z.array(z.strictObject({ seriesInstanceUid: Uid, faceId: Id.optional(), confirmed: z.boolean() })).max(1000).optional(),
  /** A DICOMDIR at the root of the copy, and file names that go on a disc. */
  dicomdir: z.boolean().optional(),
});
export type StartStudyCopy = z.infer<typeof StartStudyCopy>;

export const PreviewFace = z.strictObject({ seriesInstanceUid: Uid });

/** A series without its face, made to be looked at; nothing is written. */
export const FacePreview = z.strictObject({
  faceId: Id,
  seriesInstanceUid: Uid,
  /** False when it cannot be defaced; `words` say why. */
  defaced: z.boolean(),
  words: z.string(),
});
export type FacePreview = z.infer<typeof FacePreview>;

export const StudyCopy = z.strictObject({
  copyId: Id,
  studyInstanceUid: Uid,
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  /** Files. */
  done: z.int(),
  total: z.int(),
  folder: z.string(),
  project: z.string(),
  /** True when the project's key was made for this copy. */
  newKey: z.boolean(),
  counts: z.strictObject({ files: z.int(), written: z.int(), refused: z.int(), heldBack: z.int(), leftOut: z.int() }).nullable(),
  /** What was done to faces, a sentence a series. */
  defaced: z.array(z.strictObject({ seriesInstanceUid: Uid, seriesDescription: z.string(), words: z.string() })),
  /** Why objects are not in the copy, with how many of them. */
  notWritten: z.array(z.strictObject({ reason: z.string(), objects: z.int() })),
  /** What the finished copy holds, the report in a few sentences, and what somebody should know who passes it on. */
  contents: CopyContents.nullable(),
  summary: z.array(z.string()),
  warnings: z.array(CopyWarning),
  error: ErrorBody.nullable(),
});
export type StudyCopy = z.infer<typeof StudyCopy>;
