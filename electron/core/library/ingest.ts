/**
 * Reads files into the library. Files are described by workers, several at a time; what they found is stored in batches, and a series
 * shows as soon as its first images are stored, while the rest is still read.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { limits, randomUuid, type Clock, type Log, type WorkerPool } from '#base';
import { ScanloomError, type IngestState } from '#contract';
import { applyRescale, defaultWindow } from '#dicom';
import { copyIntoLibrary } from './copy-source.ts';
import { describeFile } from './describe-file.ts';
import { findFiles, type FoundFile } from './find-files.ts';
import { imageIdOf } from './image-ids.ts';
import { cleanWindow, needsMeasuredWindow, rescaleOf } from './image-meta.ts';
import type { DecodeImage } from './images.ts';
import { isInside, isOwnSource, removeWithEmptyFolders } from './own-files.ts';
import { ReadArchives } from './read-archives.ts';
import type { ObjectStore } from './object-store.ts';
import type { SourceFiles } from './source-files.ts';
import type { DescribedFile, StudyStore } from './study-store.ts';
import type { Database, IngestHandle, Library } from './types.ts';


/** Files that are stored in one transaction; each transaction waits for the disk once. */
const batchSize = 64;
/** A batch that is not full is stored after this long, so that a slow disk shows something. */
const batchMs = 250;
/** Ingests that can still be asked for. */
const kept = 200;

interface Needs {
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
  readonly readOnly: boolean;
}

export interface Ingests {
  readonly api: Library['ingest'];
  cancelAll(): void;
  /** Resolves when none runs any more. */
  settled(): Promise<void>;
}

export function createIngests(needs: Needs): Ingests {
  const handles = new Map<string, IngestHandle>();
  return {
    api: {
      start(paths, options = {}) {
        if (needs.readOnly) throw new ScanloomError('library/locked', 'The library was opened for reading only, so nothing can be added.', { hint: 'Close the program that owns it and try again.' });
        const handle = startIngest(needs, paths, options.copy === true);
        handles.set(handle.ingestId, handle);
        if (handles.size > kept) handles.delete(handles.keys().next().value!);
        return handle;
      },
      get(ingestId) {
        const handle = handles.get(ingestId);
        if (handle === undefined) throw new ScanloomError('request/not-found', 'That ingest is not known any more.', { hint: 'What it added is in the study list.' });
        return handle;
      },
    },
    cancelAll() {
      for (const handle of handles.values()) handle.cancel();
    },
    async settled() {
      await Promise.all([...handles.values()].map((handle) => handle.done));
    },
  };
}

function startIngest(needs: Needs, paths: readonly string[], copy: boolean): IngestHandle {
  const run = new IngestRun(needs, copy);
  const done = run.run(paths);
  return { ingestId: run.ingestId, state: () => run.state(), done, cancel: () => run.cancel() };
}

class IngestRun {
  readonly ingestId = randomUuid();
  readonly #needs: Needs;
  readonly #copy: boolean;
  readonly #counts = { filesFound: 0, filesDone: 0, imagesAdded: 0, imagesKnown: 0, filesSkipped: 0, refusedTotal: 0 };
  readonly #refused: IngestState['refused'] = [];
  readonly #seriesUids = new Set<string>();
  /** When each series was last assembled and how long that took: a large one is not assembled anew for every batch. */
  readonly #assembledAt = new Map<string, { at: number; tookMs: number }>();
  readonly #waiting: DescribedFile[] = [];
  readonly #stale = new Set<string>();
  readonly #needWindow = new Set<string>();
  /** Files that lie in the library itself because they were sent to it. */
  readonly #own: string[] = [];
  readonly #archives: ReadArchives;
  /** Files below the opened folders that the library knew, or knows now. */
  #knownMet = 0;
  #imagesChanged = 0;
  #roots: readonly string[] = [];
  /** Bytes of archive members that are being read. */
  #bytesUnderWay = 0;
  #phase: IngestState['state'] = 'running';
  #cancelled = false;
  /** What stops the whole ingest: a full disk, a damaged database. */
  #fatal: ScanloomError | null = null;
  #lastStore = 0;
  #lastEvent = 0;

  constructor(needs: Needs, copy: boolean) {
    this.#needs = needs;
    this.#copy = copy;
    this.#archives = new ReadArchives(needs.db);
  }

  state(): IngestState {
    return { ingestId: this.ingestId, state: this.#phase, ...this.#counts, ...(this.#imagesChanged === 0 ? {} : { imagesChanged: this.#imagesChanged }), refused: [...this.#refused], seriesUids: [...this.#seriesUids] };
  }

  cancel(): void {
    this.#cancelled = true;
  }

  async run(paths: readonly string[]): Promise<IngestState> {
    this.#roots = paths.map((opened) => path.resolve(opened));
    const started = performance.now();
    try {
      await this.#readAll(paths);
      this.#storeWaiting();
      this.#assembleStale();
      await this.#measureWindows();
      if (!this.#stopped) this.#archives.record();
      await this.#checkSources(paths);
      // Sent files that turned out to be known, or no images, are nobody's.
      for (const file of this.#own) if (this.#needs.store.knownByPath(file) === null && this.#needs.objects.knownByPath(file) === null) removeWithEmptyFolders(file, this.#needs.dir);
    } catch (thrown) {
      this.#stopFor(thrown);
    }
    if (this.#fatal !== null) this.#refuse('', this.#fatal);
    const nothingFound = this.#counts.filesFound === 0 && this.#counts.refusedTotal > 0;
    this.#phase = this.#fatal !== null || nothingFound ? 'failed' : this.#cancelled ? 'cancelled' : 'done';
    this.#announce(true);
    this.#needs.log.info('ingest-ended', { ingestId: this.ingestId, state: this.#phase, ...this.#counts, ms: Math.round(performance.now() - started) });
    return this.state();
  }

  /** Keeps a few files with the workers at any time, so that none waits and memory stays bounded. */
  async #readAll(paths: readonly string[]): Promise<void> {
    const underWay = new Set<Promise<void>>();
    const atOnce = this.#needs.workers * 2;
    const found = findFiles(paths, {
      libraryDir: this.#needs.dir,
      pool: this.#needs.pool,
      onRefused: (shown, error) => this.#refuse(shown, error),
      isKnownArchive: (archive) => this.#isKnownArchive(archive),
      onArchiveRead: (archive, allAccepted) => {
        if (!allAccepted) this.#archives.spoil(archive.path);
        if (isOwnSource(archive.path, this.#needs.dir)) this.#own.push(archive.path);
        else this.#archives.read(archive);
      },
    });
    for await (const file of found) {
      if (this.#stopped) break;
      if (this.#counts.filesFound >= limits.filesPerIngest) {
        this.#refuse('', new ScanloomError('request/too-large', `Only the first ${limits.filesPerIngest} files were read.`, { hint: 'Open smaller folders one after another.' }));
        break;
      }
      this.#counts.filesFound += 1;
      if (file.archive === undefined && isOwnSource(file.path, this.#needs.dir)) this.#own.push(file.path);
      const unpacked = file.bytes?.byteLength ?? 0;
      this.#bytesUnderWay += unpacked;
      const work = this.#readOne(file)
        .catch((thrown: unknown) => this.#stopFor(thrown))
        .finally(() => {
          this.#counts.filesDone += 1;
          this.#bytesUnderWay -= unpacked;
          underWay.delete(work);
          this.#announce(false);
        });
      underWay.add(work);
      while (underWay.size >= atOnce || this.#bytesUnderWay > limits.archiveAheadBytes) await Promise.race(underWay);
    }
    await Promise.all(underWay);
  }

  get #stopped(): boolean {
    return this.#cancelled || this.#fatal !== null;
  }

  async #readOne(file: FoundFile): Promise<void> {
    const { store, objects } = this.#needs;
    const knownObject = objects.knownByPath(file.path);
    if (knownObject?.size_bytes === file.sizeBytes && knownObject.mtime_ms === file.mtimeMs) {
      this.#counts.filesSkipped += 1;
      return;
    }
    const known = store.knownByPath(file.path);
    if (known !== null && known.size_bytes === file.sizeBytes && known.mtime_ms === file.mtimeMs) {
      this.#counts.imagesKnown += 1;
      this.#knownMet += 1;
      this.#seriesUids.add(known.series_uid);
      return;
    }
    const described = await this.#describe(file);
    if (described === null || this.#stopped) return;
    if (file.archive !== undefined && described.header.hasPixels) this.#archives.holds(file.archive, described.header.seriesInstanceUid);
    this.#waiting.push(this.#isToBeCopied(described, file) ? await copyIntoLibrary(described, this.#needs.dir, file.bytes) : described);
    // The first image of an ingest is shown at once.
    const due = this.#counts.imagesAdded + this.#counts.imagesKnown === 0 || this.#waiting.length >= batchSize || performance.now() - this.#lastStore > batchMs;
    if (due) this.#storeWaiting();
  }

  /** Nothing is copied that would not be added; an archive's member that is here already is copied only when its file is gone. */
  #isToBeCopied(described: DescribedFile, file: FoundFile): boolean {
    const judgement = this.#judge(described);
    if (judgement instanceof ScanloomError) return false;
    if (file.bytes === undefined) return this.#copy && judgement === 'new';
    const same = this.#needs.store.knownByUid(described.header.sopInstanceUid);
    return judgement === 'new' || (same !== null && !existsSync(same.path));
  }

  #isKnownArchive(archive: { readonly path: string; readonly sizeBytes: number; readonly mtimeMs: number }): boolean {
    const known = this.#archives.known(archive);
    if (known === null) return false;
    this.#counts.filesFound += known.images;
    this.#counts.filesDone += known.images;
    this.#counts.imagesKnown += known.images;
    for (const uid of known.seriesUids) this.#seriesUids.add(uid);
    return true;
  }

  /** Null for what is not an image, with or without a word about it. */
  async #describe(file: FoundFile): Promise<DescribedFile | null> {
    try {
      const described = await describeFile(file, this.#needs.pool);
      if (described === null) this.#counts.filesSkipped += 1;
      return described;
    } catch (thrown) {
      const error = ScanloomError.from(thrown);
      if (error.code !== 'job/cancelled') {
        this.#refuse(file.shown, error);
        if (file.archive !== undefined) this.#archives.spoil(file.archive);
      }
      return null;
    }
  }

  #storeWaiting(): void {
    const batch = this.#waiting.splice(0);
    this.#lastStore = performance.now();
    if (batch.length > 0) {
      const outcome = { added: 0, known: 0, object: 0 };
      const refused: { path: string; error: ScanloomError }[] = [];
      const touched = new Set<string>();
      this.#needs.db.transaction(() => {
        for (const file of batch) {
          const result = this.#storeOne(file);
          if (result instanceof ScanloomError) refused.push({ path: file.shown, error: result });
          else {
            outcome[result] += 1;
            if (result !== 'object') touched.add(file.header.seriesInstanceUid);
          }
        }
      });
      // Only what is committed is counted.
      this.#counts.imagesAdded += outcome.added;
      this.#counts.imagesKnown += outcome.known;
      this.#counts.filesSkipped += outcome.object;
      for (const uid of touched) {
        this.#seriesUids.add(uid);
        this.#stale.add(uid);
      }
      for (const { path: shown, error } of refused) this.#refuse(shown, error);
    }
    this.#assembleDue();
  }

  #storeOne(file: DescribedFile): 'added' | 'known' | 'object' | ScanloomError {
    const { store, objects, clock } = this.#needs;
    const judgement = this.#judge(file);
    if (judgement instanceof ScanloomError) return judgement;
    if (file.object !== undefined && (judgement === 'new' || !objects.has(file.object.sopInstanceUid))) objects.put({ file, object: file.object }, clock.now().toISOString());
    if (!file.header.hasPixels) return 'object';
    if (judgement === 'new') {
      if (store.knownByUid(file.header.sopInstanceUid) !== null) this.#imagesChanged += 1;
      store.putImage(file, clock.now().toISOString());
      this.#knownMet += 1;
      return 'added';
    }
    // The newest place counts, but a copy of the library's own is not given up for another while it is there; and a place in an archive is none.
    const same = store.knownByUid(file.header.sopInstanceUid);
    if (same !== null && file.isInArchive !== true && !this.#keepsPlace(same.path, file.path)) {
      store.moveImage(same.sop_uid, file);
      this.#knownMet += 1;
    }
    return 'known';
  }

  /** A copy of the library's own stays what it reads, and so does the first of two equal files in one opened folder: else each ingest would read both again. */
  #keepsPlace(known: string, found: string): boolean {
    const isSettled = isOwnSource(known, this.#needs.dir) || (known !== found && this.#roots.some((root) => isInside(known, root)));
    return isSettled && existsSync(known);
  }

  /** Whether a file is new, is here already (perhaps elsewhere, or touched without being changed), or must not be filed. */
  #judge(file: DescribedFile): 'new' | 'known' | ScanloomError {
    const { store, objects } = this.#needs;
    const same = file.header.hasPixels ? store.knownByUid(file.header.sopInstanceUid) : objects.knownByUid(file.header.sopInstanceUid);
    if (same !== null && same.sha256 === file.sha256) return this.#copy && !isOwnSource(same.path, this.#needs.dir) ? 'new' : 'known';
    if (same !== null && same.path !== file.path) {
      return new ScanloomError('dicom/invalid', 'Another file with the same SOP Instance UID but other content is in the library already.', {
        hint: 'Two different objects must not share a UID. Remove the study that holds the other one if this file should take its place.',
      });
    }
    const conflict = store.conflictOf(file.header);
    if (conflict !== null) return new ScanloomError('dicom/invalid', conflict, { hint: 'Two studies share a UID, which must not be. Remove the one in the library if this one should take its place.' });
    return 'new';
  }

  /** Assembles series that wait for it, unless they were assembled a moment ago. */
  #assembleDue(): void {
    const now = performance.now();
    this.#assemble([...this.#stale].filter((uid) => {
      const last = this.#assembledAt.get(uid);
      return last === undefined || now - last.at > Math.max(batchMs, last.tookMs * 10);
    }));
  }

  #assembleStale(): void {
    // Series that lost an image to another one are stale, too, without being this ingest's.
    this.#assemble([...new Set([...this.#stale, ...this.#needs.store.staleSeries()])]);
  }

  /** One transaction for all of them; the page hears of it when it is committed. */
  #assemble(seriesUids: readonly string[]): void {
    if (seriesUids.length === 0) return;
    const { db, store, events } = this.#needs;
    const shown: { seriesInstanceUid: string; studyInstanceUid: string }[] = [];
    db.transaction(() => {
      for (const seriesInstanceUid of seriesUids) {
        const started = performance.now();
        const first = store.assemble(seriesInstanceUid)?.headers.values().next().value;
        this.#assembledAt.set(seriesInstanceUid, { at: performance.now(), tookMs: performance.now() - started });
        if (first === undefined) continue;
        if (needsMeasuredWindow(first)) this.#needWindow.add(seriesInstanceUid);
        shown.push({ seriesInstanceUid, studyInstanceUid: first.studyInstanceUid });
      }
    });
    for (const uid of seriesUids) this.#stale.delete(uid);
    for (const series of shown) events.publish({ type: 'series-added', ...series });
  }

  /** What lay in the opened folders and is gone is said; what was found again is no longer said to be gone. */
  async #checkSources(paths: readonly string[]): Promise<void> {
    const { db, sourceFiles } = this.#needs;
    const amiss = db.all('SELECT series_uid FROM source_states').map((row) => z.object({ series_uid: z.string() }).parse(row).series_uid);
    for (const seriesUid of amiss) if (this.#seriesUids.has(seriesUid)) await sourceFiles.check(seriesUid);
    if (this.#stopped) return;
    // One folder only: of several, one may lie in another, and each file is met once.
    const [folder, ...more] = paths;
    if (folder !== undefined && more.length === 0) await sourceFiles.recheckBelow(`${path.resolve(folder)}${path.sep}`, this.#knownMet);
  }

  /** Where neither file nor modality says how to show a series, its middle image does. */
  async #measureWindows(): Promise<void> {
    const { store, decode, events } = this.#needs;
    for (const seriesUid of this.#needWindow) {
      if (this.#stopped || store.hasWindow(seriesUid)) continue;
      const middle = store.middleImage(seriesUid);
      if (middle === null || !needsMeasuredWindow(middle.header)) continue;
      try {
        const { frame } = await decode(imageIdOf(middle.header.sopInstanceUid, middle.frame, middle.header.frames), 'normal');
        const values = applyRescale(frame.stored, rescaleOf(middle.header, middle.frame));
        store.setWindow(seriesUid, cleanWindow(defaultWindow(middle.header, values)));
        events.publish({ type: 'series-added', seriesInstanceUid: seriesUid, studyInstanceUid: middle.header.studyInstanceUid });
      } catch (thrown) {
        // The image itself will say why when somebody looks at it.
        this.#needs.log.warn('window-not-measured', { code: ScanloomError.from(thrown).code });
      }
    }
  }

  #refuse(shown: string, error: ScanloomError): void {
    this.#counts.refusedTotal += 1;
    if (this.#refused.length >= limits.refusedListed) return;
    this.#refused.push({ path: shown, code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) });
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

  #announce(always: boolean): void {
    const now = performance.now();
    if (!always && now - this.#lastEvent < 200) return;
    this.#lastEvent = now;
    this.#needs.events.publish({ type: 'ingest-progressed', ingest: this.state() });
  }
}
