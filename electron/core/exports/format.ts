/** What a format is to the rest of the room. A new one is a folder with this shape and a line in formats.ts. */
import type { ExportFile, ExportFormat, ExportManifest, VerifyFinding } from '#contract';
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

/** One data file of a published export, as `verify` looks at it. */
export interface FileOnDisk {
  /** Absolute. */
  readonly absolutePath: string;
  readonly file: ExportFile;
  readonly item: ManifestItem;
  /** All data files of the same item. */
  readonly itemFiles: readonly ExportFile[];
  /** Reads a sibling that the manifest names, bounded by the size it states. */
  readonly read: (file: ExportFile) => Promise<Uint8Array>;
}

export interface FormatWriter {
  readonly format: ExportFormat;
  /** Roughly what one item takes on disk, for asking the disk before the work. */
  estimateBytes(source: ExportSource): number;
  placeOf(source: ExportSource, baseName: string): ItemPlace;
  /** @throws ScanloomError `export/invalid` for what the format cannot hold honestly, `disk/…` */
  writeItem(source: ExportSource, place: ItemPlace, stage: Stage, scanloom: string): Promise<WrittenItem>;
  /** Reads what lies on the disk and compares it with what was meant. @throws ScanloomError `export/verification-failed` */
  readBack(source: ExportSource, written: WrittenItem, stage: Stage): Promise<void>;
  /** Looks at one image file: is it what the manifest and its marks say. Knows nothing of the library. */
  verifyFile(onDisk: FileOnDisk): Promise<VerifyFinding[]>;
}
