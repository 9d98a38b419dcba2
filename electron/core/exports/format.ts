/** What a format is to the rest of the room. A new one is a folder with this shape and a line in formats.ts. */
import type { DicomExportOptions, ExportFile, ExportFormat, ExportManifest, VerifyFinding } from '#contract';
import type { Sidecar } from './sidecar.ts';
import type { Stage } from './stage.ts';
import type { ExportSource } from './types.ts';

export type ItemScale = NonNullable<ExportManifest['items'][number]['scale']>;
export type ManifestItem = ExportManifest['items'][number];

/** Where one item's files go, relative to the export's folder. */
export interface ItemPlace {
  /** Folder with forward slashes, for example `png/ai-enhanced-0001-ct-1a2b3c4d`. */
  readonly folder: string;
  /** Start of every file's name; says `ai-enhanced` or `synthetic`. */
  readonly name: string;
}

/** What an order chose beside its format, and which of its items is written. */
export interface FormatChoice {
  /** From 0, in the order's sequence. */
  readonly position: number;
  readonly dicom: DicomExportOptions;
}

export interface WrittenFile {
  readonly path: string;
  readonly role: ExportFile['role'];
  readonly frame: number | null;
}

export interface WrittenItem {
  readonly files: readonly WrittenFile[];
  /** Stored value → modality unit for the whole item; null where the files hold the values themselves or each its own. */
  readonly scale: ItemScale | null;
}

/** One item of a published export, as `verify` looks at it. */
export interface ItemOnDisk {
  readonly item: ManifestItem;
  /** Its images that are there and of a size that can be opened, in the manifest's order. */
  readonly images: readonly ExportFile[];
  /** Its files of the role `map`, likewise. */
  readonly maps: readonly ExportFile[];
  /** Null when there is none that follows its schema. */
  readonly sidecar: Sidecar | null;
  /** From the item's ledger entry: SHA-256 of each frame's float32 values (little endian, row by row). Null when there is no such entry that can be believed. */
  readonly frameDigests: readonly string[] | null;
  /** What the source was, from the same entry; absent where it does not say. */
  readonly sourceFormat?: 'dicom' | 'nifti' | null;
  readonly absolutePathOf: (file: ExportFile) => string;
  readonly read: (file: ExportFile) => Promise<Uint8Array>;
}

export interface FormatWriter {
  readonly format: ExportFormat;
  /** As a report names it: "2 enhanced series as …". */
  readonly label: string;
  /** One line for people: what the files hold. */
  readonly description: string;
  /**
   * `float32`: the very values, so that `verifyItem` compares each frame with its digest in the ledger. `rounded`: integers, from which
   * those digests cannot be made again: whoever changes pixels and makes every digest of the folder true again is not found by their values.
   */
  readonly values: 'float32' | 'rounded';
  /** Whether each item has a JSON file beside its images. */
  readonly hasSidecar: boolean;
  /** Roughly what one item takes on disk, for asking the disk before the work. */
  estimateBytes(source: ExportSource, choice: FormatChoice): number;
  placeOf(source: ExportSource, baseName: string, choice: FormatChoice): ItemPlace;
  /** @throws ScanloomError `export/invalid` for what the format cannot hold honestly, `disk/…` */
  writeItem(source: ExportSource, place: ItemPlace, stage: Stage, scanloom: string, choice: FormatChoice): Promise<WrittenItem>;
  /** Files about the whole export, when all items are written; each read back by itself. */
  finish?(written: readonly WrittenItem[], stage: Stage, exportId: string, choice: FormatChoice): Promise<readonly WrittenFile[]>;
  /** Reads what lies on the disk and compares it with what was meant. @throws ScanloomError `export/verification-failed` */
  readBack(source: ExportSource, written: WrittenItem, stage: Stage): Promise<void>;
  /** Are an item's images what the manifest, their own marks and, where `values` is `float32`, the ledger's digests say. Knows nothing of the library. */
  verifyItem(onDisk: ItemOnDisk): Promise<VerifyFinding[]>;
  /** The same for the files that `finish` wrote. */
  verifyIndex?(index: ExportFile, files: readonly ExportFile[], read: ItemOnDisk['read']): Promise<VerifyFinding[]>;
}
