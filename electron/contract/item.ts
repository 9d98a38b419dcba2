/** An item: one output of a job, the unit of review and export. */
import { z } from 'zod';
import { Id, Instant, PackageId, Sha256, Uid } from './ids.ts';
import { ImageMeta } from './study.ts';

export const Decision = z.enum(['accepted', 'rejected', 'unsure']);
export type Decision = z.infer<typeof Decision>;
export const RejectReason = z.enum(['anatomy-wrong', 'lesion-wrong', 'artefact', 'copy-of-real', 'other']);
export type RejectReason = z.infer<typeof RejectReason>;

export const Measure = z.strictObject({ name: z.string(), value: z.number(), unit: z.string(), method: z.string() });
export type Measure = z.infer<typeof Measure>;

export const Item = z.strictObject({
  itemId: Id,
  jobId: Id,
  index: z.int().min(0),
  /** `enhanced`: a series derived from a source series. `synthetic`: one image from noise. */
  provenance: z.enum(['enhanced', 'synthetic']),
  title: z.string(),
  packageId: PackageId,
  packageVersion: z.string(),
  frames: z.int().positive(),
  rows: z.int().positive(),
  columns: z.int().positive(),
  modality: z.string(),
  /** Of a synthetic image: the condition asked for, and the seed it came from. */
  class: z.string().nullable(),
  seed: z.int().nullable(),
  sourceSeriesUid: Uid.nullable(),
  createdAt: Instant,
  ledgerIndex: z.int().min(0),
  ledgerHash: Sha256,
  measures: z.array(Measure),
  decision: Decision.nullable(),
  reason: RejectReason.nullable(),
  note: z.string(),
});
export type Item = z.infer<typeof Item>;

/** One item with what the viewer needs of each frame; pixels are float32 modality units at /api/items/:id/frames/:n. */
export const ItemDetail = z.strictObject({ item: Item, images: z.array(ImageMeta), /** imageId of the source of each frame, for comparing. */ sourceImageIds: z.array(z.string().nullable()) });
export type ItemDetail = z.infer<typeof ItemDetail>;

export const ItemQuery = z.strictObject({
  jobId: Id.optional(),
  sourceSeriesUid: Uid.optional(),
  provenance: z.enum(['enhanced', 'synthetic']).optional(),
  decision: z.enum(['accepted', 'rejected', 'unsure', 'undecided']).optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(1000),
  offset: z.coerce.number().int().min(0).default(0),
});
export type ItemQuery = z.infer<typeof ItemQuery>;

/** Reader: who decides. A name for agreement between readers, not a login. */
export const Reader = z.string().trim().min(1).max(60);
export const Decide = z.strictObject({ itemId: Id, decision: Decision, reason: RejectReason.optional(), note: z.string().max(500).default(''), reader: Reader.default('reader-1') });
export type Decide = z.infer<typeof Decide>;
export const UndoDecision = z.strictObject({ reader: Reader.default('reader-1'), jobId: Id.optional() });
export type UndoDecision = z.infer<typeof UndoDecision>;
export const ReviewSummary = z.strictObject({ total: z.int(), accepted: z.int(), rejected: z.int(), unsure: z.int(), undecided: z.int() });
export type ReviewSummary = z.infer<typeof ReviewSummary>;

/** One line of the ledger. `hash` = SHA-256 of `previousHash`, a newline and the canonical JSON of `{at, body, index, kind}`; the first `previousHash` is 64 zeros. */
export const LedgerEntry = z.strictObject({ index: z.int().min(0), at: Instant, kind: z.enum(['item', 'decision', 'export']), body: z.record(z.string(), z.unknown()), previousHash: Sha256, hash: Sha256 });
export type LedgerEntry = z.infer<typeof LedgerEntry>;
