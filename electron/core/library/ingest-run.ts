/**
 * Reads files into the library. Files are described by workers, several at a time; what they found is stored in batches, and a series
 * shows as soon as its first images are stored, while the rest is still read.
 *
 * Memory does not grow with the number of files, series or archives: what is under way is bounded here (`DescribeQueue.ahead`, `batchFiles`), and what has to be
 * remembered to the end is in the database (`TouchedSeries`, `series.stale`). The walk keeps its starts only (`MetPlaces`).
 */
import path from 'node:path';
import { z } from 'zod';
import { limits, randomUuid, type Clock, type Log, type WorkerPool } from '#base';
import { ScanloomError, type IngestState } from '#contract';
import { copyIntoLibrary } from './copy-source.ts';
import { DescribeQueue } from './describe-queue.ts';
import { Filing } from './filing.ts';
import { findFiles, type FoundFile } from './find-files.ts';
import type { DecodeImage } from './images.ts';
import { IngestReport } from './ingest-report.ts';
import { measureWindows } from './measure-windows.ts';
import { isOwnSource } from './own-files.ts';
import { ReadArchives } from './read-archives.ts';
import { removeUnfiled } from './remove-unfiled.ts';
import type { ObjectStore } from './object-store.ts';
import { SeriesAssembly } from './series-assembly.ts';
import type { SourceFiles } from './source-files.ts';
import type { DescribedFile, StudyStore } from './study-store.ts';
import { TouchedSeries } from './touched-series.ts';
import type { Database, Library } from './types.ts';

/** Files, and frames of files, that are stored in one transaction; each transaction waits for the disk once. */
const batchFiles = 128;
const batchFrames = 4096;
/** A batch that is not full is stored this long after the last one, or after five times what that took: a slow disk must not come to store each file alone. */
const batchMs = 250;
const batchTimes = 5;

const Uid = z.object({ series_uid: z.string() });

export interface IngestNeeds {
  readonly dir: string;
  readonly db: Database;
  readonly store: StudyStore;
  readonly objects: ObjectStore;
  readonly sourceFiles: SourceFiles;
  readonly pool: WorkerPool;
  readonly workers: number;
  readonly decode: DecodeImage;
  readonly events: Library['events'];
  readonly clock: Clock;
  readonly log: Log;
}

/** A described file that waits to be stored, and the archive that it came from. */
interface Waiting {
  readonly file: DescribedFile;
  readonly archive: string | undefined;
}

export class IngestRun {
  readonly ingestId = randomUuid();
  readonly #needs: IngestNeeds;
  readonly #paths: readonly string[];
  /** The same, absolute. */
  readonly #roots: readonly string[];
  readonly #report: IngestReport;
  readonly #touched: TouchedSeries;
  readonly #queue: DescribeQueue;
  readonly #filing: Filing;
  readonly #assembly: SeriesAssembly;
  readonly #archives: ReadArchives;
  #waiting: Waiting[] = [];
  #waitingFrames = 0;
  /** Files below the opened folders that the library knew, or knows now. */
  #knownMet = 0;
  /** Bytes of archive members that are being read. */
  #bytesUnderWay = 0;
  #cancelled = false;
  /** What stops the whole ingest: a full disk, a damaged database. */
  #fatal: ScanloomError | null = null;
  #nextStoreAt = 0;

  constructor(needs: IngestNeeds, paths: readonly string[], copy: boolean) {
    this.#needs = needs;
    this.#paths = paths;
    this.#roots = paths.map((opened) => path.resolve(opened));
    this.#touched = new TouchedSeries(needs.db, this.ingestId);
    this.#report = new IngestReport(this.ingestId, this.#touched, needs.events);
    this.#queue = new DescribeQueue(needs.pool, needs.workers);
    this.#filing = new Filing(needs, copy, this.#roots);
    this.#assembly = new SeriesAssembly({ ...needs, touched: this.#touched });
    this.#archives = new ReadArchives(needs.db);
  }

  state(): IngestState {
    return this.#report.state();
  }

  cancel(): void {
    this.#cancelled = true;
  }

  async run(): Promise<IngestState> {
    const { dir, store, objects } = this.#needs;
    const { counts } = this.#report;
    const started = performance.now();
    try {
      await this.#readAll();
      this.#storeWaiting();
      this.#assembly.finish();
      await measureWindows(this.#needs, this.#touched.withoutWindow(), () => this.#stopped);
      await this.#checkSources();
      this.#touched.forget();
      await removeUnfiled(this.#roots, dir, (file) => store.knownByPath(file) !== null || objects.knownByPath(file) !== null);
    } catch (thrown) {
      this.#stopFor(thrown);
    }
    if (this.#fatal !== null) this.#report.refuse('', this.#fatal);
    const nothingFound = counts.filesFound === 0 && counts.refusedTotal > 0;
    this.#report.phase = this.#fatal !== null || nothingFound ? 'failed' : this.#cancelled ? 'cancelled' : 'done';
    this.#report.tell(true);
    this.#needs.log.info('ingest-ended', { ingestId: this.ingestId, state: this.#report.phase, ...counts, ms: Math.round(performance.now() - started) });
    return this.state();
  }

  /** Keeps as many files with the workers as keep them busy. */
  async #readAll(): Promise<void> {
    const { dir, pool } = this.#needs;
    const { counts } = this.#report;
    const underWay = new Set<Promise<void>>();
    const found = findFiles(this.#paths, {
      libraryDir: dir,
      pool,
      onRefused: (shown, error) => this.#report.refuse(shown, error),
      isKnownArchive: (archive) => this.#isKnownArchive(archive),
      onArchiveRead: (archive, allAccepted) => {
        // What was sent to the library goes when it has been read, and cannot be met again.
        if (!allAccepted || isOwnSource(archive.path, dir) || this.#stopped) this.#archives.spoil(archive.path);
        this.#archives.read(archive);
      },
    });
    for await (const file of found) {
      if (this.#stopped) break;
      if (counts.filesFound >= limits.filesPerIngest) {
        this.#report.refuse('', new ScanloomError('request/too-large', `Only the first ${limits.filesPerIngest} files were read.`, { hint: 'Open smaller folders one after another.' }));
        break;
      }
      counts.filesFound += 1;
      if (file.archive !== undefined) this.#archives.given(file.archive);
      const unpacked = file.bytes?.byteLength ?? 0;
      this.#bytesUnderWay += unpacked;
      const work = this.#readOne(file)
        .catch((thrown: unknown) => this.#stopFor(thrown))
        .finally(() => {
          counts.filesDone += 1;
          this.#bytesUnderWay -= unpacked;
          underWay.delete(work);
          this.#report.tell(false);
        });
      underWay.add(work);
      while (underWay.size >= this.#queue.ahead || this.#bytesUnderWay > limits.archiveAheadBytes) await Promise.race(underWay);
    }
    await Promise.all(underWay);
  }

  get #stopped(): boolean {
    return this.#cancelled || this.#fatal !== null;
  }

  async #readOne(file: FoundFile): Promise<void> {
    if (this.#isUnchanged(file)) return;
    const described = await this.#describe(file);
    if (described === null || this.#stopped) {
      if (file.archive !== undefined) this.#archives.settled(file.archive);
      return;
    }
    const settled = this.#filing.isToBeCopied(described, file) ? await copyIntoLibrary(described, this.#needs.dir, file.bytes) : described;
    this.#waiting.push({ file: settled, archive: file.archive });
    this.#waitingFrames += described.header.frames;
    // The first image of an ingest is shown at once.
    const { imagesAdded, imagesKnown } = this.#report.counts;
    if (imagesAdded + imagesKnown === 0 || this.#waiting.length >= batchFiles || this.#waitingFrames >= batchFrames || performance.now() > this.#nextStoreAt) this.#storeWaiting();
  }

  /** A file that the library has read from this very path, of this size and time, is not read again. */
  #isUnchanged(file: FoundFile): boolean {
    const { store, objects } = this.#needs;
    const { counts } = this.#report;
    const known = store.knownByPath(file.path);
    if (known?.size_bytes === file.sizeBytes && known.mtime_ms === file.mtimeMs) {
      counts.imagesKnown += 1;
      this.#knownMet += 1;
      this.#touched.add(known.series_uid);
      return true;
    }
    const object = objects.knownByPath(file.path);
    if (object?.size_bytes !== file.sizeBytes || object.mtime_ms !== file.mtimeMs) return false;
    counts.filesSkipped += 1;
    return true;
  }

  #isKnownArchive(archive: { readonly path: string; readonly sizeBytes: number; readonly mtimeMs: number }): boolean {
    const known = this.#archives.known(archive);
    if (known === null) return false;
    const { counts } = this.#report;
    counts.filesFound += known.images;
    counts.filesDone += known.images;
    counts.imagesKnown += known.images;
    for (const uid of known.seriesUids) this.#touched.add(uid);
    return true;
  }

  /** Null for what is not an image, with or without a word about it. */
  async #describe(file: FoundFile): Promise<DescribedFile | null> {
    try {
      const described = await this.#queue.describe(file);
      if (described === null) this.#report.counts.filesSkipped += 1;
      return described;
    } catch (thrown) {
      const error = ScanloomError.from(thrown);
      if (error.code !== 'job/cancelled') {
        this.#report.refuse(file.shown, error);
        if (file.archive !== undefined) this.#archives.spoil(file.archive);
      }
      return null;
    }
  }

  #storeWaiting(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    this.#waitingFrames = 0;
    if (batch.length === 0) return;
    const started = performance.now();
    const stored = this.#needs.db.transaction(() => batch.map((waiting) => ({ ...waiting, filed: this.#filing.store(waiting.file) })));
    // Only what is committed is counted.
    const { counts } = this.#report;
    const stale = new Set<string>();
    for (const { file, archive, filed } of stored) {
      if (filed instanceof ScanloomError) {
        this.#report.refuse(file.shown, filed);
        if (archive !== undefined) this.#archives.spoil(archive);
      } else if (filed.as === 'object') {
        counts.filesSkipped += 1;
      } else {
        counts[filed.as === 'added' ? 'imagesAdded' : 'imagesKnown'] += 1;
        if (filed.changed) this.#report.imagesChanged += 1;
        if (filed.met) this.#knownMet += 1;
        if (filed.as === 'added') stale.add(filed.seriesUid);
        this.#touched.add(filed.seriesUid);
        if (archive !== undefined) this.#archives.holds(archive, filed.seriesUid);
      }
      if (archive !== undefined) this.#archives.settled(archive);
    }
    this.#assembly.stored(stale);
    const now = performance.now();
    this.#nextStoreAt = now + Math.max(batchMs, (now - started) * batchTimes);
  }

  /** What lay in the opened folders and is gone is said; what was found again is no longer said to be gone. */
  async #checkSources(): Promise<void> {
    const { db, sourceFiles } = this.#needs;
    for (let after = ''; ; ) {
      const amiss = db.all('SELECT series_uid FROM source_states WHERE series_uid > ? ORDER BY series_uid LIMIT 200', [after]).map((row) => Uid.parse(row).series_uid);
      for (const seriesUid of amiss) if (this.#touched.has(seriesUid)) await sourceFiles.check(seriesUid);
      if (amiss.length < 200 || this.#stopped) break;
      after = amiss.at(-1)!;
    }
    if (this.#stopped) return;
    // One folder only: of several, one may lie in another, and each file is met once.
    const [folder, ...more] = this.#roots;
    if (folder !== undefined && more.length === 0) await sourceFiles.recheckBelow(`${folder}${path.sep}`, this.#knownMet);
  }

  #stopFor(thrown: unknown): void {
    const error = ScanloomError.from(thrown);
    if (error.code === 'job/cancelled') {
      this.#cancelled = true;
      return;
    }
    this.#fatal ??= error;
    this.#needs.log.error('ingest-stopped', { ingestId: this.ingestId, code: error.code, cause: error.cause instanceof Error ? error.cause.name : null });
  }
}
