/** Copies of one study without names, asked for by the page: runs the copy behind the answer and tells how far it is. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createWorkerPool, randomUuid, type Clock, type Log, type WorkerPool } from '#base';
import { ScanloomError, type CopyPlan, type FacePreview, type PlanStudyCopy, type StartStudyCopy, type StudyCopy } from '#contract';
import type { Library } from '#library';
import { createProject } from '#privacy';
import { checkCopyOrder, copyDeidentified, createCopyWorkers, deidentificationReportName, libraryKeyFile, noFaceDecision, planCopy, readOrMakeKey, skinReason, type FaceDecision, type FaceRow } from '../deidentify/index.ts';
import type { PixelReview } from './pixel-review.ts';
import { createFaces, type SeriesFiles } from './faces.ts';

export interface StudyCopies {
  /** @param folder Absolute; the library's exports folder when left out. @throws ScanloomError `export/exists`, `request/not-found`, `request/conflict` while another copy runs */
  start(request: StartStudyCopy, folder?: string): Promise<StudyCopy>;
  /** @throws ScanloomError `request/not-found` */
  get(copyId: string): StudyCopy;
  cancel(copyId: string): StudyCopy;
  /** What a copy would hold and what somebody should know first. Nothing is written, and no key is made. @throws ScanloomError `request/not-found` */
  plan(request: PlanStudyCopy): Promise<CopyPlan>;
  /** Takes the face off a series in memory, to be looked at. @throws ScanloomError `request/not-found`, `input/…`, `dicom/…` */
  previewFace(seriesUid: string): Promise<FacePreview>;
  /** PNG of a preview. @throws ScanloomError `request/not-found` */
  facePicture(faceId: string): Uint8Array;
  /** report.html of a finished copy. */
  report(copyId: string): Promise<Uint8Array>;
  close(): void;
}

interface Running {
  copy: StudyCopy;
  readonly controller: AbortController;
}

export function createStudyCopies({ library, pixelReview, clock, log, version, entries }: { library: Library; pixelReview: Pick<PixelReview, 'searched'>; clock: Clock; log: Log; version: string; entries: string }): StudyCopies {
  const copies = new Map<string, Running>();
  const faces = createFaces(library);
  const closing = new AbortController();
  // Starts a thread only where an input is a DICOMDIR, which no image of a library is.
  const filePool = (): WorkerPool => createWorkerPool({ entry: path.join(entries, 'dicom-worker.js'), size: 1, log });

  function find(copyId: string): Running {
    const found = copies.get(copyId);
    if (found === undefined) throw new ScanloomError('request/not-found', 'There is no such copy.', { hint: 'What it wrote is where it was written; the list is not kept when Scanloom ends.' });
    return found;
  }

  async function run(running: Running, request: StartStudyCopy, series: readonly SeriesFiles[], others: readonly string[], key: Uint8Array): Promise<void> {
    const change = (part: Partial<StudyCopy>): void => {
      running.copy = { ...running.copy, ...part };
    };
    const reasons = new Map<string, number>();
    const { signal } = running.controller;
    const pool = filePool();
    const workers = createCopyWorkers({ entries, size: 1, log, signal });
    try {
      const decisions = new Map<string, FaceDecision>();
      const rows: FaceRow[] = [];
      const left: SeriesFiles[] = [];
      for (const one of series) {
        const wish = request.deface?.find(({ seriesInstanceUid }) => seriesInstanceUid === one.seriesInstanceUid);
        if (wish === undefined) {
          left.push(one);
          continue;
        }
        const taken = await faces.take(one, wish, workers);
        change({ defaced: [...running.copy.defaced, { seriesInstanceUid: one.seriesInstanceUid, seriesDescription: one.description, words: taken.words }] });
        if (taken.refused) {
          reasons.set(taken.words, one.objects.length);
          change({ total: running.copy.total - one.objects.length });
          rows.push({ series: null, objects: one.objects.length, words: taken.words, seen: false });
        } else {
          left.push(one);
          rows.push({ series: createProject(key).uid(one.seriesInstanceUid), objects: one.objects.length, words: taken.words, seen: taken.seen });
          for (const [place, decision] of taken.decisions) decisions.set(place, decision);
        }
      }
      if (rows.length > 0) {
        for (const place of others) {
          const looked = await workers.look({ path: place, options: request.options, key, scanloom: version }).catch(() => null);
          if (looked?.kind === 'object' && looked.facts.outlinesSkin) decisions.set(place, { ...noFaceDecision, heldBack: skinReason });
        }
      }
      await workers.close();
      const report = await copyDeidentified({
        inputs: [...inputsOf(left), ...others], key, pool, entries, log, signal,
        target: running.copy.folder,
        options: request.options,
        scanloom: version,
        createdAt: clock.now(),
        decidedFaces: { byPath: decisions, rows },
        decidedBoxes: new Map(request.reviewed.map(({ sopInstanceUid, boxes }) => [library.images.sourceFile(sopInstanceUid).path, boxes])),
        searchedPixels: searchedIn(left, request.studyInstanceUid),
        ...(request.dicomdir === undefined ? {} : { dicomdir: request.dicomdir }),
        onProgress: (done) => change({ done }),
        onOutcome: (_, object) => {
          if (object.outcome !== 'written') for (const reason of object.reasons.slice(0, 1)) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
        },
      });
      change({ state: 'done', counts: report.counts, contents: report.contents, summary: report.summary, warnings: report.warnings, notWritten: listed(reasons) });
    } catch (thrown) {
      // Deep inside, a stop is thrown as the signal's own reason.
      const error = running.controller.signal.aborted ? new ScanloomError('job/cancelled', 'Stopped.', { hint: 'Nothing was published.' }) : ScanloomError.from(thrown);
      if (error.code === 'internal') log.error('study-copy-failed', { cause: String((thrown as Error).stack ?? thrown).slice(0, 2000) });
      change({ state: error.code === 'job/cancelled' ? 'cancelled' : 'failed', error: error.toBody(), notWritten: listed(reasons) });
    } finally {
      await workers.close();
      await pool.close();
    }
  }

  function seriesOf(studyUid: string): SeriesFiles[] {
    return library.studies.get(studyUid).series.filter(({ provenance }) => provenance === 'source').map(({ seriesInstanceUid }) => faces.filesOf(seriesInstanceUid));
  }

  /** Files of what a study holds beside images: structure sets, plans, reports, documents, presentation states. */
  function othersOf(studyUid: string): string[] {
    return [...new Set(library.objects.ofStudy(studyUid).filter(({ isImage }) => !isImage).map(({ sopInstanceUid }) => library.objects.sourceFile(sopInstanceUid).path))];
  }

  /** By path, what searches found so far. */
  function searchedIn(series: readonly SeriesFiles[], studyUid: string): Map<string, boolean> {
    const searched = pixelReview.searched(studyUid);
    return new Map(series.flatMap(({ objects }) => objects.flatMap((uid) => (searched.has(uid) ? [[library.images.sourceFile(uid).path, searched.get(uid)!] as const] : []))));
  }

  function inputsOf(series: readonly SeriesFiles[]): string[] {
    return [...new Set(series.flatMap(({ objects }) => objects.map((uid) => library.images.sourceFile(uid).path)))];
  }

  return {
    async start(request, folder) {
      if ([...copies.values()].some(({ copy }) => copy.state === 'running')) throw new ScanloomError('request/conflict', 'Another copy is being made.', { hint: 'Wait for it, or cancel it.' });
      const series = seriesOf(request.studyInstanceUid);
      const others = othersOf(request.studyInstanceUid);
      const total = series.reduce((sum, { objects }) => sum + objects.length, others.length);
      if (total === 0) throw new ScanloomError('input/empty', 'This study has no objects of its own.', { hint: 'What a model made is exported, not de-identified.' });
      const target = path.join(folder ?? path.join(library.dir, 'exports'), request.name);
      // A copy that cannot be made needs no key.
      await checkCopyOrder({ inputs: [...inputsOf(series), ...others], target, options: request.options });
      const { key, made } = await readOrMakeKey(libraryKeyFile(library.dir, request.project));
      const running: Running = {
        controller: new AbortController(),
        copy: { copyId: randomUuid(), studyInstanceUid: request.studyInstanceUid, state: 'running', done: 0, total, folder: target, project: request.project, newKey: made, counts: null, defaced: [], notWritten: [], contents: null, summary: [], warnings: [], error: null },
      };
      copies.set(running.copy.copyId, running);
      void run(running, request, series, others, key);
      return running.copy;
    },
    get: (copyId) => find(copyId).copy,
    cancel(copyId) {
      const running = find(copyId);
      running.controller.abort();
      return running.copy;
    },
    async plan({ studyInstanceUid, options }) {
      const pool = filePool();
      try {
        return await planCopy({ inputs: [...inputsOf(seriesOf(studyInstanceUid)), ...othersOf(studyInstanceUid)], options, scanloom: version, pool, entries, log, signal: closing.signal });
      } finally {
        await pool.close();
      }
    },
    async previewFace(seriesUid) {
      const workers = createCopyWorkers({ entries, size: 1, log, signal: closing.signal });
      try {
        return await faces.preview(seriesUid, workers);
      } finally {
        await workers.close();
      }
    },
    facePicture: (faceId) => faces.picture(faceId),
    async report(copyId) {
      const { copy } = find(copyId);
      if (copy.state !== 'done') throw new ScanloomError('request/not-found', 'The copy has no report yet.');
      return new Uint8Array(await readFile(path.join(copy.folder, deidentificationReportName)));
    },
    close() {
      closing.abort();
      for (const { controller } of copies.values()) controller.abort();
    },
  };
}

function listed(reasons: ReadonlyMap<string, number>): StudyCopy['notWritten'] {
  return [...reasons].map(([reason, objects]) => ({ reason, objects })).sort((a, b) => b.objects - a.objects).slice(0, 20);
}
