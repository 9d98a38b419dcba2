/** The shapes that leave this room, and those that a format implements. */
import type { ExportFormat, ExportManifest, ExportRecord, ImageMeta, Item, LedgerEntry, Manifest, StartExport, StartJob, VerifyReport } from '#contract';
import type { DicomFile } from '#dicom';

/** One item with everything that any format needs of it. Pixels come frame by frame: a series does not have to fit into memory. */
export interface ExportSource {
  readonly item: Item;
  readonly images: readonly ImageMeta[];
  /** imageId of the source of each frame; null for synthetic images. */
  readonly sourceImageIds: readonly (string | null)[];
  /** `[rows, columns]` in modality units (HU for CT), 0…1 for synthetic images. */
  frame(index: number): Promise<Float32Array>;
  /** The file a frame was derived from, checked against its recorded digest; null for synthetic images. */
  sourceFile(index: number): Promise<DicomFile | null>;
  /** Source values of a frame for before/after pictures; null for synthetic images. */
  sourceFrame(index: number): Promise<{ readonly values: Float32Array; readonly rows: number; readonly columns: number } | null>;
  /** Of the package that made it; null when that package is no longer there. */
  readonly manifest: Manifest | null;
  readonly packageSha256: string;
  readonly ledgerEntry: LedgerEntry;
  readonly settings: StartJob;
}

export type StartExportHere = StartExport & {
  /** The folder the export's own folder is made in; the library's `exports` when left out. */
  readonly folder?: string;
};

export interface Exports {
  /**
   * Accepts an export: checks the request, records it and answers; the work goes on behind. `done` never rejects: a failure is in the record.
   *
   * @throws ScanloomError `export/invalid` (nothing to export, undecided synthetic images), `export/exists` (the target is there), `request/not-found`
   */
  start(request: StartExportHere): { readonly record: ExportRecord; readonly done: Promise<ExportRecord> };
  /** Asks an export that waits or runs to end; its record says `cancelled` when it has. @throws ScanloomError `request/not-found`, `job/wrong-state` */
  cancel(exportId: string): ExportRecord;
  /** Newest first. */
  list(): ExportRecord[];
  /** @throws ScanloomError `request/not-found` */
  get(exportId: string): ExportRecord;
  /** @throws ScanloomError `request/not-found`, `export/invalid` when the folder is gone or its manifest is none */
  manifest(exportId: string): Promise<ExportManifest>;
  /**
   * As `verifyFolder`, and for an export of this library at its own place also whether the manifest is the one that the library's ledger
   * names: then nothing in the folder can be changed unnoticed, rounded values included, unless the library is changed as well.
   */
  verify(folder: string): Promise<VerifyReport>;
}

export type { ExportFormat };
