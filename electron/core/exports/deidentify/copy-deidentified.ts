/**
 * A folder in, a de-identified copy out: staged beside its place, every object read back and compared, published by one rename.
 *
 * Originals are opened for reading only. When anything fails, nothing is at the target. Names of files and folders are made from new UIDs: those of
 * the originals are read aloud to `onOutcome` alone, for the screen of who has the originals, and written nowhere.
 */
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { limits, randomUuid, type WorkerPool } from '#base';
import { DeidentificationReport, ScanloomError, type DeidentifiedAttribute, type DeidentifiedObject, type DeidentifyOption } from '#contract';
import { parseDicom, writeDicom, type DicomFile } from '#dicom';
import { findFiles, type FoundFile } from '#library';
import { checkOptions, codesOf, createProject, deidentifyObject, profileEdition, type PixelBox } from '#privacy';
import { checksumsFile, checksumsName } from '../checksums.ts';
import { jsonFile } from '../sidecar.ts';
import { existsError, openStage, somethingAt, type Stage } from '../stage.ts';
import { attendPixels } from './attend-pixels.ts';
import { writeDeidentificationReport } from './deidentification-report.ts';
import { readBack, refuseResidue } from './read-back.ts';

export const deidentificationName = 'deidentification.json';
export const deidentificationReportName = 'report.html';

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
  /** Somebody has looked at the images at risk of writing in their pixels. */
  readonly acceptBurnedIn?: boolean;
  /** What somebody decided of single objects, by original SOP Instance UID: boxes to blacken, none where there is nothing to hide. */
  readonly confirmedBoxes?: ReadonlyMap<string, readonly PixelBox[]>;
  /** Objects whose pixels were changed before the copy (a face taken off), by original SOP Instance UID: taken instead of what the file holds. */
  readonly prepared?: ReadonlyMap<string, DicomFile>;
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

const directoryClass = '1.2.840.10008.1.3.10';

/**
 * @throws {ScanloomError} `export/exists`, `request/invalid`, `export/invalid` when nothing could be written, `export/verification-failed`,
 *   `job/cancelled`, `disk/…`
 */
export async function copyDeidentified(order: DeidentifyOrder): Promise<DeidentificationReport> {
  checkOptions(new Set(order.options));
  if (order.options.includes('clean-recognizable-visual-features')) {
    throw new ScanloomError('request/invalid', 'Faces cannot be removed while a folder is copied.', { hint: 'A face belongs to a whole volume: use the De-identify screen, or leave the option out.' });
  }
  if (somethingAt(order.target)) throw existsError(order.target);
  await refuseInside(order);
  const stage = await openStage(order.target, randomUuid());
  try {
    const copy = new Copy(order, stage);
    await copy.run();
    const report = await copy.describe();
    stage.publish();
    return report;
  } catch (thrown) {
    await stage.discard();
    throw thrown;
  }
}

/** A copy that grows inside its own input would be copied, too. */
async function refuseInside({ inputs, target }: DeidentifyOrder): Promise<void> {
  const real = async (place: string): Promise<string> => realpath(place).catch(() => path.resolve(place));
  const parent = await real(path.dirname(target));
  for (const input of inputs) {
    const from = path.relative(await real(input), path.join(parent, path.basename(target)));
    if (from === '' || (!from.startsWith('..') && !path.isAbsolute(from))) throw new ScanloomError('request/invalid', 'The copy cannot lie inside of what is copied.', { hint: 'Choose a folder elsewhere.' });
  }
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
  readonly #project;
  readonly #options: ReadonlySet<DeidentifyOption>;
  readonly #objects: DeidentifiedObject[] = [];
  readonly #attributes = new Map<string, DeidentifiedAttribute>();
  readonly #paths = new Set<string>();

  constructor(order: DeidentifyOrder, stage: Stage) {
    this.#order = order;
    this.#stage = stage;
    this.#project = createProject(order.key);
    this.#options = new Set(order.options);
  }

  async run(): Promise<void> {
    const { inputs, pool, signal } = this.#order;
    const onRefused = (shown: string, error: ScanloomError): void => this.#note(shown, { outcome: 'refused', path: null, reasons: [unreadReasons[error.code] ?? 'A file, a folder or a member of an archive could not be read.'], code: error.code });
    for await (const file of findFiles(inputs, { onRefused, pool })) {
      if (signal?.aborted === true) throw stopped();
      this.#note(file.shown, await this.#one(file));
      this.#order.onProgress?.(this.#objects.length);
    }
    if (!this.#objects.some((object) => object.outcome === 'written')) {
      const held = this.#objects.filter((object) => object.outcome === 'held-back').length;
      throw new ScanloomError('export/invalid', 'There is nothing that could be put into the copy.', {
        hint: held > 0 ? `${held} images may have writing in their pixels. Clean them (clean-pixel-data), or say that somebody has looked (accept-burned-in).` : reasonsInWords(this.#objects),
        details: { files: this.#objects.length, heldBack: held },
      });
    }
  }

  #note(shown: string, object: Made): void {
    const numbered: DeidentifiedObject = { number: this.#objects.length + 1, blackened: [], face: 'untouched', emptied: null, ...object };
    this.#objects.push(numbered);
    this.#order.onOutcome?.(shown, numbered);
  }

  async #one(found: FoundFile): Promise<Made> {
    try {
      return await this.#copied(found);
    } catch (thrown) {
      if (this.#order.signal?.aborted === true) throw stopped();
      const error = ScanloomError.from(thrown);
      // A disk that is full or a copy that is not what was meant is no matter of one file.
      if (['internal', 'disk/full', 'disk/failed', 'export/verification-failed', 'job/cancelled'].includes(error.code)) throw thrown;
      if (error.code === 'dicom/not-dicom') return { outcome: 'left-out', path: null, reasons: ['It is not a DICOM file.'], code: null };
      return { outcome: 'refused', path: null, reasons: [error.message], code: error.code };
    }
  }

  async #copied(found: FoundFile): Promise<Made> {
    const file = parseDicom(await this.#read(found));
    if (file.dataset.string('SOPClassUID') === directoryClass || file.meta.string('MediaStorageSOPClassUID') === directoryClass || file.dataset.has('DirectoryRecordSequence')) {
      return { outcome: 'left-out', path: null, reasons: ['A DICOMDIR names the original files; the copy needs none.'], code: null };
    }
    const attended = await attendPixels(this.#order.prepared?.get(file.dataset.string('SOPInstanceUID')) ?? file, {
      clean: this.#options.has('clean-pixel-data'),
      accepted: this.#order.acceptBurnedIn === true,
      confirmed: this.#order.confirmedBoxes ?? new Map(),
      ...(this.#order.signal === undefined ? {} : { signal: this.#order.signal }),
    }).catch((thrown: unknown) => {
      const { code } = ScanloomError.from(thrown);
      if (!code.startsWith('dicom/')) throw thrown;
      // The decoder's own words may repeat what the file says of itself.
      throw new ScanloomError(code, 'Its pixels cannot be decoded, so nobody can look for writing in them.');
    });
    if (attended.kind === 'held-back') return { outcome: 'held-back', path: null, reasons: [...attended.reasons], code: null };
    const { reasons } = attended;
    const place = await this.#write(attended.file, file, attended.cleaned);
    return { outcome: 'written', path: place, reasons: [...reasons], code: null };
  }

  async #read(found: FoundFile): Promise<Uint8Array> {
    if (found.bytes !== undefined) return found.bytes;
    if (found.sizeBytes > limits.sourceFileBytes) throw new ScanloomError('dicom/too-large', 'The file is too large to be read at once.');
    try {
      return new Uint8Array(await readFile(found.path));
    } catch (thrown) {
      throw new ScanloomError('input/unreadable', 'The file cannot be read.', { cause: thrown });
    }
  }

  /** @param original As it was read, to look for what must not be left of it. */
  async #write(file: DicomFile, original: DicomFile, isCleaned: boolean): Promise<string> {
    const options = isCleaned ? new Set<DeidentifyOption>([...this.#options, 'clean-pixel-data']) : this.#options;
    const made = deidentifyObject(file, { options, scanloom: this.#order.scanloom }, this.#project);
    const folder = `dicom/${made.studyInstanceUid}/${made.seriesInstanceUid}`;
    let place = `${folder}/${made.sopInstanceUid}.dcm`;
    // One instance in several files, encoded otherwise perhaps: none is thrown away.
    for (let more = 2; this.#paths.has(place); more += 1) place = `${folder}/${made.sopInstanceUid}-${more}.dcm`;
    refuseResidue(made, original, this.#options.has('retain-uids'));
    await this.#stage.write(place, writeDicom(made));
    readBack(await this.#stage.read(place), made);
    this.#paths.add(place);
    for (const row of made.attributes) {
      const sum = this.#attributes.get(row.tag);
      this.#attributes.set(row.tag, sum === undefined ? row : { ...row, removed: sum.removed + row.removed, replaced: sum.replaced + row.replaced, kept: sum.kept + row.kept, cleaned: sum.cleaned + row.cleaned });
    }
    return place;
  }

  async describe(): Promise<DeidentificationReport> {
    const { options, scanloom, createdAt, acceptBurnedIn } = this.#order;
    const count = (outcome: DeidentifiedObject['outcome']): number => this.#objects.filter((object) => object.outcome === outcome).length;
    const files: DeidentificationReport['files'] = [];
    for (const place of [...this.#paths].sort()) files.push({ path: place, ...(await this.#stage.fingerprint(place)) });
    const report = DeidentificationReport.parse({
      schema: 1,
      kind: 'deidentified-copy',
      createdAt: createdAt.toISOString(),
      scanloom,
      edition: profileEdition,
      options: [...options],
      codes: codesOf(this.#options).map(({ value, meaning }) => ({ value, meaning })),
      longitudinalTemporalInformation: this.#options.has('retain-modified-dates') ? 'MODIFIED' : this.#options.has('retain-full-dates') ? 'UNMODIFIED' : 'REMOVED',
      keyFingerprint: this.#project.fingerprint,
      burnedInAccepted: acceptBurnedIn === true,
      facesAccepted: false,
      contents: null,
      faces: [],
      warnings: [],
      summary: [],
      counts: { files: this.#objects.length, written: count('written'), refused: count('refused'), heldBack: count('held-back'), leftOut: count('left-out') },
      attributes: [...this.#attributes.values()].sort((a, b) => (a.tag < b.tag ? -1 : 1)),
      objects: this.#objects,
      files,
    } satisfies DeidentificationReport);
    await this.#stage.write(deidentificationReportName, writeDeidentificationReport(report));
    await this.#stage.write(deidentificationName, jsonFile(report));
    const sums = new Map(files.map((file) => [file.path, file.sha256]));
    for (const name of [deidentificationReportName, deidentificationName]) sums.set(name, (await this.#stage.fingerprint(name)).sha256);
    await this.#stage.write(checksumsName, checksumsFile(sums));
    return report;
  }
}
