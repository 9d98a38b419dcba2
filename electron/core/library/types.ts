/** The shapes that leave this room. */
import type { Clock, Json, Log } from '#base';
import type {
  EventBody, ImageMeta, IngestState, Item, ItemQuery, LedgerEntry, Measure, PixelDtype, ScanloomEvent, SeriesDetail, StartJob, StudyDetail, StudyQuery, StudySummary, Window,
} from '#contract';
import type { ImageHeader, StoredFrame } from '#dicom';
import type { ObjectReads } from './object-reads.ts';
import type { SearchTextResult } from './workers/messages.ts';

export type SqlValue = string | number | bigint | null | Uint8Array;

/** The database as other rooms see it. Rows come back as `unknown`: the caller parses them with zod. Everything is synchronous and durable when it returns. */
export interface Database {
  /** One statement that changes something. @throws ScanloomError `disk/full`, `disk/failed`, `library/corrupt` */
  run(sql: string, params?: readonly SqlValue[]): { readonly changes: number; readonly lastInsertRowid: number };
  /** The first row, or undefined. */
  get(sql: string, params?: readonly SqlValue[]): unknown;
  all(sql: string, params?: readonly SqlValue[]): unknown[];
  /** Rows one by one; nothing may be written while it runs. */
  iterate(sql: string, params?: readonly SqlValue[]): IterableIterator<unknown>;
  /** All of it or nothing. One within another belongs to it, and is undone alone when it throws. `work` must not be async. */
  transaction<T>(work: (tx: Database) => T): T;
}

export interface LibraryOptions {
  /** The library's folder; made when it is not there (but for `readOnly`). */
  readonly dir: string;
  readonly clock: Clock;
  readonly log: Log;
  /** `entry`: the built dicom-worker.js. `size`: how many run at once. They start with the first file, or at once with `warm`: a third of a second that nobody then waits for. */
  readonly workers: { readonly entry: string; readonly size: number; readonly warm?: boolean };
  /** Opens beside an owner; nothing can be written. */
  readonly readOnly?: boolean;
}

export interface IngestHandle {
  readonly ingestId: string;
  state(): IngestState;
  /** Never rejects: what went wrong is in the state. */
  readonly done: Promise<IngestState>;
  /** Stops before the next file; what is in the library stays. */
  cancel(): void;
}

/** A new item as a task describes it; the queue adds ids and time. Same shape as the queue's `ItemDraft`. */
export interface ItemDraftInput {
  readonly provenance: Item['provenance'];
  readonly title: string;
  readonly packageVersion: string;
  readonly rows: number;
  readonly columns: number;
  readonly modality: string;
  readonly class: string | null;
  readonly seed: number | null;
  readonly sourceSeriesUid: string | null;
  readonly images: readonly ImageMeta[];
  readonly sourceImageIds: readonly (string | null)[];
  /** SHA-256 of each frame's blob. */
  readonly blobs: readonly string[];
  readonly measures: readonly Measure[];
  readonly recipe: { readonly [key: string]: Json };
}

export interface NewItem {
  readonly itemId: string;
  readonly jobId: string;
  readonly index: number;
  readonly createdAt: string;
  readonly packageId: string;
  readonly packageSha256: string;
  readonly settings: StartJob;
  readonly draft: ItemDraftInput;
}

export interface ItemRecord {
  readonly item: Item;
  readonly packageSha256: string;
  readonly images: ImageMeta[];
  readonly sourceImageIds: (string | null)[];
  readonly blobs: string[];
}

export interface ImageValues {
  /** Modality units (HU for CT), rescale applied in float32; row-major `[row, column]`. */
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly meta: ImageMeta;
  readonly header: ImageHeader;
}

export interface Library {
  readonly dir: string;
  readonly readOnly: boolean;
  readonly db: Database;
  readonly ingest: {
    /** Answers at once; files are read behind. */
    start(paths: readonly string[], options?: { readonly copy?: boolean }): IngestHandle;
    /** @throws ScanloomError `request/not-found` */
    get(ingestId: string): IngestHandle;
  };
  readonly studies: {
    list(query: StudyQuery): { studies: StudySummary[]; total: number };
    /** @throws ScanloomError `request/not-found` */
    get(studyUid: string): StudyDetail;
    /** @throws ScanloomError `request/not-found` */
    series(seriesUid: string): SeriesDetail;
    /** A Series Instance UID from itself or from a short id. @throws ScanloomError `request/not-found`, `request/invalid` when several match */
    resolveSeries(idOrShortId: string): string;
    /** Takes a study out of the library; files elsewhere are never touched. Answers how many images went. */
    forget(studyUid: string): number;
  };
  readonly images: {
    /** Stored values of one frame. The file is checked against its recorded digest on the way. @throws ScanloomError `input/not-found`, `input/changed`, `dicom/…` */
    pixels(imageId: string): Promise<StoredFrame & { readonly dtype: PixelDtype }>;
    /** @throws ScanloomError as `pixels`; `task/not-applicable` for colour */
    values(imageId: string): Promise<ImageValues>;
    /** PNG of one frame as it is first shown, at most 1024 pixels wide and high. @throws ScanloomError as `pixels` */
    picture(imageId: string): Promise<Uint8Array>;
    /** Writing in the pixels of all frames, and what the header says of the risk. @throws ScanloomError as `pixels` */
    searchText(sopInstanceUid: string): Promise<SearchTextResult>;
    header(sopInstanceUid: string): ImageHeader;
    sourceFile(sopInstanceUid: string): { readonly path: string; readonly sha256: string; readonly sizeBytes: number };
    /** @throws ScanloomError `input/not-found`, `input/changed` */
    readBytes(sopInstanceUid: string): Promise<Uint8Array>;
    /** The digest recorded when the file was read. */
    hash(sopInstanceUid: string): string;
  };
  readonly items: {
    /** @throws ScanloomError `request/not-found` */
    get(itemId: string): ItemRecord;
    list(query: ItemQuery): Item[];
    /** Synthetic images with the same pixels bit for bit: groups of two and more, oldest first in each. */
    identical(): string[][];
    /** Item and ledger entry in one transaction (the caller's, when there is one). */
    insert(item: NewItem): Item;
    /** One frame, modality units. */
    frame(itemId: string, frame: number): Promise<Float32Array>;
  };
  readonly objects: ObjectReads;
  readonly thumbnails: {
    /**
     * PNG, at most 128 pixels wide and high; kept on disk.
     * @param stack Index of a stack; the largest one stands for the series when left out.
     */
    series(seriesUid: string, stack?: number): Promise<Uint8Array>;
    /** PNG of any values; `badge` draws the mark of what a model touched. */
    of(values: Float32Array, rows: number, columns: number, window: Window, badge?: boolean): Promise<Uint8Array>;
  };
  readonly blobs: {
    /** On disk when it resolves. Answers the SHA-256. */
    put(bytes: Uint8Array): Promise<string>;
    /** @throws ScanloomError `library/corrupt` when it is missing or is not what its name says */
    get(sha256: string): Promise<Uint8Array>;
    /** Removes what neither `referenced` nor the database names. Blobs written since the library was opened stay. */
    sweep(referenced?: Iterable<string>): Promise<{ readonly removed: number; readonly bytes: number }>;
  };
  readonly ledger: {
    append(tx: Database, kind: LedgerEntry['kind'], body: { readonly [key: string]: Json }): LedgerEntry;
    /** @throws ScanloomError `request/not-found` */
    get(index: number): LedgerEntry;
    /** The entry that the item was made with. */
    forItem(itemId: string): LedgerEntry;
    all(from?: number): IterableIterator<LedgerEntry>;
    verify(): { readonly ok: boolean; readonly entries: number; readonly brokenAt?: number };
  };
  readonly events: {
    publish(body: EventBody): ScanloomEvent;
    /** What came after `id`; a single `reload` when that is no longer kept. */
    after(id: number): ScanloomEvent[];
    /** Id of the newest event. */
    last(): number;
    subscribe(listener: (event: ScanloomEvent) => void): () => void;
  };
  close(): Promise<void>;
}
