/** Exports: one folder with manifest, checksums, ledger and data in the format's own layout. */
import { z } from 'zod';
import { DicomExportOptions } from './dicom-export.ts';
import { Id, Instant, Sha256 } from './ids.ts';

export const ExportFormat = z.enum(['dicom', 'png', 'nifti']);
export type ExportFormat = z.infer<typeof ExportFormat>;

export const StartExport = z.strictObject({
  format: ExportFormat,
  /** Either these items, or those of these jobs; enhanced series unless rejected, synthetic images only when accepted (unless said otherwise). */
  itemIds: z.array(Id).max(100_000).optional(),
  jobIds: z.array(Id).max(1000).optional(),
  /** Take synthetic images that nobody has accepted, too; the manifest says so of each. */
  includeUndecided: z.boolean().default(false),
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/),
  /** A folder handle from a dialog; the library's own exports folder when left out. */
  folderHandle: z.string().max(100).optional(),
  /** For the format `dicom` only. */
  dicom: DicomExportOptions.optional(),
});
export type StartExport = z.infer<typeof StartExport>;
export type StartExportInput = z.input<typeof StartExport>;

export const ExportFile = z.strictObject({
  /** Relative, with forward slashes. */
  path: z.string().max(400),
  sha256: Sha256,
  sizeBytes: z.int().min(0),
  /** `map`: figures about an item's images, such as a difference; `index`: what lists the files for readers (DICOMDIR). */
  role: z.enum(['image', 'sidecar', 'map', 'ledger', 'report', 'index']),
  itemId: Id.nullable(),
  frame: z.int().min(0).nullable(),
});
export type ExportFile = z.infer<typeof ExportFile>;

export const ExportManifest = z.strictObject({
  schema: z.literal(1),
  exportId: Id,
  format: ExportFormat,
  createdAt: Instant,
  scanloom: z.string(),
  researchOnly: z.literal(true),
  /** How many items there are of each kind, and how many nobody has reviewed. */
  counts: z.strictObject({ enhanced: z.int(), synthetic: z.int(), undecided: z.int(), files: z.int() }),
  items: z.array(z.strictObject({
    itemId: Id,
    provenance: z.enum(['enhanced', 'synthetic']),
    class: z.string().nullable(),
    decision: z.enum(['accepted', 'rejected', 'unsure']).nullable(),
    packageId: z.string(),
    packageSha256: Sha256,
    ledgerIndex: z.int(),
    ledgerHash: Sha256,
    /** Stored value → modality unit, where the format holds integers. */
    scale: z.strictObject({ slope: z.number(), intercept: z.number(), unit: z.string() }).nullable(),
  })),
  files: z.array(ExportFile),
});
export type ExportManifest = z.infer<typeof ExportManifest>;

export const ExportRecord = z.strictObject({
  exportId: Id,
  format: ExportFormat,
  name: z.string(),
  folder: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  files: z.int(),
  items: z.int(),
  error: z.string().nullable(),
  createdAt: Instant,
});
export type ExportRecord = z.infer<typeof ExportRecord>;

/** One thing that `verify` found. */
export const VerifyFinding = z.strictObject({ level: z.enum(['error', 'warning']), code: z.string(), path: z.string(), message: z.string() });
export type VerifyFinding = z.infer<typeof VerifyFinding>;
export const VerifyReport = z.strictObject({ folder: z.string(), ok: z.boolean(), filesChecked: z.int(), findings: z.array(VerifyFinding) });
export type VerifyReport = z.infer<typeof VerifyReport>;
