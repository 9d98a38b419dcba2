/**
 * A folder in, a de-identified copy out: staged beside its place, every object read back and compared, published by one rename.
 *
 * Originals are opened for reading only. When anything fails, nothing is at the target. Names of files and folders are made from new UIDs: those of
 * the originals are read aloud to `onOutcome` alone, for the screen of who has the originals, and written nowhere.
 */
import os from 'node:os';
import { createMemoryLog, randomUuid, type Log, type WorkerPool } from '#base';
import { DeidentificationReport, ScanloomError, type DeidentifiedAttribute, type DeidentifiedObject, type DeidentifyOption, type PixelBox } from '#contract';
import { findFiles, type FoundFile } from '#library';
import { codesOf, contentsOf, copyWarnings, createProject, profileEdition, type CopyFacts } from '#privacy';
import { checksumsFile, checksumsName } from '../checksums.ts';
import { jsonFile } from '../sidecar.ts';
import { openStage, type Stage } from '../stage.ts';
import { writeCopyDicomdir, copyDicomdirName } from './copy-dicomdir.ts';
import { checkCopyOrder, deidentificationName, deidentificationReportName } from './copy-place.ts';
import { copyInWords, pixelsInWords } from './copy-words.ts';
import { createCopyWorkers, type CopyWorkers } from './copy-workers.ts';
import { decideFaces, noFaceDecision, type FaceDecision, type FaceDecisions, type FaceRow } from './decide-faces.ts';
import { writeDeidentificationReport } from './deidentification-report.ts';
import { createFaceWatch, type FaceWatch } from './face-watch.ts';
import type { ObjectAnswer } from './messages.ts';

export interface DeidentifyOrder {
  /** Files, folders, archives or a DICOMDIR. */
  readonly inputs: readonly string[];
  /** Absolute path of the folder that will be the copy; nothing may be there. */
  readonly target: string;
  readonly options: readonly DeidentifyOption[];
  /** 32 bytes, see `readOrMakeKey`. */
  readonly key: Uint8Array;
  /** Scanloom's version. */
  readonly scanloom: string;
  readonly createdAt: Date;
  /** DICOM workers, for what a DICOMDIR names. */
  readonly pool: WorkerPool;
  /** Folder of the built entries, where the copy's own worker is. */
  readonly entries: string;
  readonly log?: Log;
  /** Somebody has looked at the images at risk of writing in their pixels. */
  readonly acceptBurnedIn?: boolean;
  /** Somebody has looked at the heads that were cut, and at what may show a face. */
  readonly acceptFaces?: boolean;
  /** What somebody decided of single files, by path: boxes to blacken, none where there is nothing to hide. */
  readonly decidedBoxes?: ReadonlyMap<string, readonly PixelBox[]>;
  /**
   * Where somebody decides image by image: by path, whether a search found what looks like writing. What it did, and nobody decided about, is held back; files that
   * are not in it are searched. Left out, pixels are searched under clean-pixel-data alone.
   */
  readonly searchedPixels?: ReadonlyMap<string, boolean>;
  /** What somebody decided of faces, with rows for the report. */
  readonly decidedFaces?: FaceDecisions;
  /** Unless told: a DICOMDIR where the input has one. */
  readonly dicomdir?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (filesDone: number) => void;
  /** Told of each file by its name. Not for logs. */
  readonly onOutcome?: (shown: string, object: DeidentifiedObject) => void;
}

/** Why something was not even found or opened, without the names that the reader's own words may hold. */
const unreadReasons: Readonly<Record<string, string>> = {
  'input/not-found': 'A file that was named, by the order or by a DICOMDIR, is not there.',
  'input/empty': 'The folder holds no files.',
  'dicom/unsupported': 'An archive of this kind is not opened.',
  'dicom/too-large': 'It is larger than what is read.',
};

/** Files that are larger are made alone: several of them would not fit into memory together. */
const largeBytes = 256 * 2 ** 20;
const mostThreads = 4;

/** Threads of one copy: one processor is left for whoever works meanwhile. */
export function copyThreads(): number {
  return Math.max(1, Math.min(mostThreads, os.availableParallelism() - 1));
}

/**
 * @throws {ScanloomError} `export/exists`, `request/invalid`, `export/invalid` when nothing could be written, `export/verification-failed`,
 *   `job/cancelled`, `disk/…`
 */
export async function copyDeidentified(order: DeidentifyOrder): Promise<DeidentificationReport> {
  await checkCopyOrder(order);
  const workers = createCopyWorkers({ entries: order.entries, size: copyThreads(), log: order.log ?? createMemoryLog(), signal: order.signal });
  try {
    const faces = await facesOf(order, workers);
    const stage = await openStage(order.target, randomUuid());
    try {
      const copy = new Copy(order, stage, workers, faces);
      await copy.run();
      const report = await copy.describe();
      if (order.signal?.aborted === true) throw stopped();
      stage.publish();
      return report;
    } catch (thrown) {
      await stage.discard();
      throw thrown;
    }
  } finally {
    await workers.close();
  }
}

async function facesOf(order: DeidentifyOrder, workers: CopyWorkers): Promise<FaceDecisions> {
  const decided = order.decidedFaces ?? { byPath: new Map<string, FaceDecision>(), rows: [] };
  if (!order.options.includes('clean-recognizable-visual-features')) return decided;
  const { inputs, pool, options, key, scanloom, acceptFaces, signal } = order;
  const found = await decideFaces({ inputs, pool, workers, options, key, scanloom, accepted: acceptFaces === true, decided: new Set(decided.byPath.keys()), signal });
  return { byPath: new Map([...found.byPath, ...decided.byPath]), rows: [...decided.rows, ...found.rows] };
}

const mostReasons = 4;

/** Why nothing was written, the most frequent first. */
function reasonsInWords(objects: readonly DeidentifiedObject[]): string {
  const counts = new Map<string, number>();
  for (const { reasons } of objects) for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1]).slice(0, mostReasons);
  return sorted.length === 0 ? 'Choose a folder that holds DICOM objects.' : sorted.map(([reason, files]) => `${files === 1 ? '1 file' : `${files} files`}: ${reason}`).join(' ');
}

function stopped(): ScanloomError {
  return new ScanloomError('job/cancelled', 'Stopped.', { hint: 'Nothing was published.' });
}

/** What became of one file; nothing was done to what is not said. */
type Made = Omit<DeidentifiedObject, 'number' | 'blackened' | 'face' | 'emptied'> & Partial<Pick<DeidentifiedObject, 'blackened' | 'face' | 'emptied'>>;

class Copy {
  readonly #order: DeidentifyOrder;
  readonly #stage: Stage;
  readonly #workers: CopyWorkers;
  readonly #faces: FaceDecisions;
  readonly #fingerprint: string;
  readonly #options: ReadonlySet<DeidentifyOption>;
  readonly #objects: DeidentifiedObject[] = [];
  readonly #attributes = new Map<string, DeidentifiedAttribute>();
  readonly #paths = new Set<string>();
  readonly #facts: CopyFacts[] = [];
  readonly #watch: FaceWatch = createFaceWatch();
  readonly #waiting: { readonly file: FoundFile; readonly face: FaceDecision; readonly answer: Promise<ObjectAnswer> }[] = [];
  #unsearched = 0;
  #sourceHasDirectory = false;
  #allSayNoFeatures = true;

  constructor(order: DeidentifyOrder, stage: Stage, workers: CopyWorkers, faces: FaceDecisions) {
    this.#order = order;
    this.#stage = stage;
    this.#workers = workers;
    this.#faces = faces;
    this.#fingerprint = createProject(order.key).fingerprint;
    this.#options = new Set(order.options);
  }

  /** Workers are a few files ahead; what becomes of each is noted in the order of the files. */
  async run(): Promise<void> {
    const { inputs, pool, signal } = this.#order;
    const unread: { shown: string; error: ScanloomError }[] = [];
    for await (const file of findFiles(inputs, { onRefused: (shown, error) => void unread.push({ shown, error }), pool })) {
      if (signal?.aborted === true) throw stopped();
      if (unread.length > 0 || file.sizeBytes > largeBytes) await this.#settle(0);
      this.#refuse(unread);
      this.#start(file);
      await this.#settle(file.sizeBytes > largeBytes ? 0 : this.#workers.size);
    }
    await this.#settle(0);
    this.#refuse(unread);
    if (signal?.aborted === true) throw stopped();
    if (!this.#objects.some((object) => object.outcome === 'written')) {
      const held = this.#objects.filter((object) => object.outcome === 'held-back').length;
      throw new ScanloomError('export/invalid', 'There is nothing that could be put into the copy.', {
        hint: held > 0 ? `${held} images were held back: ${reasonsInWords(this.#objects.filter(({ outcome }) => outcome === 'held-back'))} Clean them (clean-pixel-data), or say that somebody has looked (accept-burned-in, accept-faces).`.slice(0, 2000) : reasonsInWords(this.#objects),
        details: { files: this.#objects.length, heldBack: held },
      });
    }
  }

  #refuse(unread: { shown: string; error: ScanloomError }[]): void {
    for (const { shown, error } of unread.splice(0)) this.#note(shown, { outcome: 'refused', path: null, reasons: [unreadReasons[error.code] ?? 'A file, a folder or a member of an archive could not be read.'], code: error.code });
  }

  #start(file: FoundFile): void {
    const { options, key, scanloom, acceptBurnedIn, decidedBoxes, searchedPixels } = this.#order;
    const face = this.#faces.byPath.get(file.path) ?? noFaceDecision;
    const boxes = decidedBoxes?.get(file.path);
    const answer: Promise<ObjectAnswer> = this.#workers.object({
      path: file.path, bytes: file.bytes, options: [...options], key, scanloom,
      clean: this.#options.has('clean-pixel-data'), accepted: acceptBurnedIn === true, boxes: boxes === undefined ? null : [...boxes],
      open: searchedPixels === undefined ? null : (searchedPixels.get(file.path) ?? true) ? (searchedPixels.has(file.path) ? 'suspected' : 'unsearched') : null,
      cut: face.cut, saysNoFeatures: face.saysNoFeatures, remarks: [...face.remarks],
    });
    // It is waited for when its turn comes.
    answer.catch(() => undefined);
    this.#waiting.push({ file, face, answer });
  }

  /** Takes answers until no more than so many are waited for. */
  async #settle(most: number): Promise<void> {
    while (this.#waiting.length > most) {
      const { file, face, answer } = this.#waiting.shift()!;
      this.#note(file.shown, await this.#one(face, answer));
      this.#order.onProgress?.(this.#objects.length);
    }
  }

  #note(shown: string, object: Made): void {
    const numbered: DeidentifiedObject = { number: this.#objects.length + 1, blackened: [], face: 'untouched', emptied: null, ...object };
    this.#objects.push(numbered);
    this.#order.onOutcome?.(shown, numbered);
  }

  async #one(face: FaceDecision, answer: Promise<ObjectAnswer>): Promise<Made> {
    let made: ObjectAnswer;
    try {
      made = await answer;
    } catch (thrown) {
      if (this.#order.signal?.aborted === true) throw stopped();
      const error = ScanloomError.from(thrown);
      // A copy that is not what was meant is no matter of one file.
      if (['internal', 'disk/full', 'disk/failed', 'export/verification-failed', 'job/cancelled'].includes(error.code)) throw thrown;
      if (error.code === 'dicom/not-dicom') return { outcome: 'left-out', path: null, reasons: ['It is not a DICOM file.'], code: null };
      return { outcome: 'refused', path: null, reasons: [error.message], code: error.code };
    }
    if (made.kind === 'directory') {
      this.#sourceHasDirectory = true;
      return { outcome: 'left-out', path: null, reasons: [this.#order.dicomdir === false ? 'A DICOMDIR names the original files; the copy has none.' : 'A DICOMDIR names the original files; the copy has its own.'], code: null };
    }
    if (made.header !== null) this.#watch.add(made.facts.series, made.header);
    if (face.heldBack !== null) return { outcome: 'held-back', path: null, reasons: [face.heldBack], code: null };
    if (made.kind === 'held-back') return { outcome: 'held-back', path: null, reasons: made.reasons, code: null };
    const place = await this.#write(made);
    this.#facts.push(made.facts);
    if (made.unsearched && this.#order.searchedPixels === undefined) this.#unsearched += 1;
    if (!face.saysNoFeatures) this.#allSayNoFeatures = false;
    return { outcome: 'written', path: place, reasons: made.reasons, code: null, blackened: made.blackened, face: face.face, emptied: made.facts.emptied };
  }

  async #write(made: Extract<ObjectAnswer, { kind: 'made' }>): Promise<string> {
    const folder = `dicom/${made.studyInstanceUid}/${made.seriesInstanceUid}`;
    let place = `${folder}/${made.sopInstanceUid}.dcm`;
    // One instance in several files, encoded otherwise perhaps: none is thrown away.
    for (let more = 2; this.#paths.has(place); more += 1) place = `${folder}/${made.sopInstanceUid}-${more}.dcm`;
    await this.#stage.write(place, made.bytes);
    // The worker has compared these bytes with what was meant.
    if (Buffer.compare(await this.#stage.read(place), made.bytes) !== 0) throw new ScanloomError('export/verification-failed', 'An object that was read back is not what was written.', { hint: 'Nothing was published. Check the disk and try again.' });
    this.#paths.add(place);
    for (const row of made.attributes) {
      const sum = this.#attributes.get(row.tag);
      this.#attributes.set(row.tag, sum === undefined ? row : { ...row, removed: sum.removed + row.removed, replaced: sum.replaced + row.replaced, kept: sum.kept + row.kept, cleaned: sum.cleaned + row.cleaned });
    }
    return place;
  }

  async describe(): Promise<DeidentificationReport> {
    const { options, scanloom, createdAt, acceptBurnedIn, acceptFaces } = this.#order;
    const count = (outcome: DeidentifiedObject['outcome']): number => this.#objects.filter((object) => object.outcome === outcome).length;
    let paths = [...this.#paths].sort();
    let objects = this.#objects;
    const withDirectory = this.#order.dicomdir ?? this.#sourceHasDirectory;
    let unlisted = 0;
    if (withDirectory) {
      const fileSet = await writeCopyDicomdir(this.#stage, paths, this.#fingerprint);
      ({ unlisted } = fileSet);
      objects = objects.map((object) => (object.path === null ? object : { ...object, path: fileSet.moved.get(object.path)! }));
      paths = [...paths.map((place) => fileSet.moved.get(place)!), copyDicomdirName].sort();
    }
    const files: DeidentificationReport['files'] = [];
    for (const place of paths) files.push({ path: place, ...(await this.#stage.fingerprint(place)) });
    const said = new Set(options);
    if (!this.#allSayNoFeatures) said.delete('clean-recognizable-visual-features');
    const faces: FaceRow[] = this.#faces.rows.map((row) => ({ ...row }));
    const defaced = new Set(faces.flatMap(({ series }) => series ?? []));
    const facts = {
      schema: 1 as const,
      kind: 'deidentified-copy' as const,
      createdAt: createdAt.toISOString(),
      scanloom,
      edition: profileEdition,
      options: [...options],
      codes: codesOf(said).map(({ value, meaning }) => ({ value, meaning })),
      longitudinalTemporalInformation: this.#options.has('retain-modified-dates') ? ('MODIFIED' as const) : this.#options.has('retain-full-dates') ? ('UNMODIFIED' as const) : ('REMOVED' as const),
      keyFingerprint: this.#fingerprint,
      burnedInAccepted: acceptBurnedIn === true,
      facesAccepted: acceptFaces === true,
      contents: contentsOf(this.#facts),
      faces,
      warnings: copyWarnings(this.#facts, this.#watch.risks(), { options: this.#options, defaced }),
      counts: { files: this.#objects.length, written: count('written'), refused: count('refused'), heldBack: count('held-back'), leftOut: count('left-out') },
      attributes: [...this.#attributes.values()].sort((a, b) => (a.tag < b.tag ? -1 : 1)),
      objects,
    };
    const summary = [...copyInWords(facts), ...pixelsInWords(this.#unsearched), ...(withDirectory ? [`A DICOMDIR lists the objects${unlisted === 0 ? '' : `, but for ${unlisted} that lack an identity, or are of a kind that no directory record is for`}; files are named as discs want it.`] : [])];
    const report = DeidentificationReport.parse({ ...facts, summary, files } satisfies DeidentificationReport);
    await this.#stage.write(deidentificationReportName, writeDeidentificationReport(report));
    await this.#stage.write(deidentificationName, jsonFile(report));
    const sums = new Map(files.map((file) => [file.path, file.sha256]));
    for (const name of [deidentificationReportName, deidentificationName]) sums.set(name, (await this.#stage.fingerprint(name)).sha256);
    await this.#stage.write(checksumsName, checksumsFile(sums));
    return report;
  }
}
