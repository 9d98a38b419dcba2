/** Writes studies, series and images, and keeps each series' stacks in step with its images. */
import { z } from 'zod';
import { sha256Hex } from '#base';
import type { Provenance, Window } from '#contract';
import { assembleSeries, type AssembledSeries, type ImageHeader, type ObjectDescription } from '#dicom';
import type { Database } from './types.ts';

/** One file as a worker described it. */
export interface DescribedFile {
  /** Absolute. */
  readonly path: string;
  /** For people. */
  readonly shown: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly sha256: string;
  readonly header: ImageHeader;
  /** Its path leads into an archive: it must be copied before it can be filed. */
  readonly isInArchive?: boolean;
  /** What the file is beside an image, or instead of one (then `header.hasPixels` is false). */
  readonly object?: ObjectDescription;
}

/** The image that the library has under a path or a UID. */
export const KnownImage = z.object({ sop_uid: z.string(), series_uid: z.string(), path: z.string(), size_bytes: z.number(), mtime_ms: z.number(), sha256: z.string() });
export type KnownImage = z.infer<typeof KnownImage>;
const knownColumns = 'sop_uid, series_uid, path, size_bytes, mtime_ms, sha256';

const Places = z.object({ stacks: z.array(z.object({ images: z.array(z.object({ id: z.string(), frame: z.int() })) })) });
const HeaderRow = z.object({ header: z.string() });
// Shapes are made once: making one costs far more than parsing a row with it.
const StudyUid = z.object({ study_uid: z.string() });
const SeriesUid = z.object({ series_uid: z.string() });
const PatientId = z.object({ patient_id: z.string() });
const Assembled = z.object({ assembled: z.string() });
const SeriesFigures = z.object({ series_uid: z.string(), modality: z.string(), image_count: z.number() });

export function shortIdOf(uid: string): string {
  return sha256Hex(uid).slice(0, 8);
}

export class StudyStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  knownByPath(path: string): KnownImage | null {
    const row = this.#db.get(`SELECT ${knownColumns} FROM images WHERE path = ?`, [path]);
    return row === undefined ? null : KnownImage.parse(row);
  }

  knownByUid(sopInstanceUid: string): KnownImage | null {
    const row = this.#db.get(`SELECT ${knownColumns} FROM images WHERE sop_uid = ?`, [sopInstanceUid]);
    return row === undefined ? null : KnownImage.parse(row);
  }

  /**
   * Why an image must not be filed under the UIDs it carries, or null. Two patients under one UID, as careless de-identification makes
   * them, would otherwise show one's images in the other's study.
   */
  conflictOf(header: ImageHeader): string | null {
    const study = this.#db.get('SELECT patient_id FROM studies WHERE study_uid = ?', [header.studyInstanceUid]);
    const patientId = study === undefined ? '' : PatientId.parse(study).patient_id;
    if (patientId !== '' && header.patientId !== '' && patientId !== header.patientId) return 'The study that this file names is in the library already, under another patient ID.';
    return null;
  }

  /**
   * The library's key of the series that a file belongs to, and whether the series is there. A series is known by its study and its own UID (PS3.3 A.1.4: it belongs to one study); as a
   * rule the UID alone says which. Where files put one Series UID under several studies, the first study keeps it as its key, and the others' series get
   * a made one that follows from both.
   */
  seriesKeyOf({ seriesInstanceUid, studyInstanceUid }: Pick<ImageHeader, 'seriesInstanceUid' | 'studyInstanceUid'>): { readonly key: string; readonly isThere: boolean } {
    const studyOf = (key: string): string | undefined => {
      const row = this.#db.get('SELECT study_uid FROM series WHERE series_uid = ?', [key]);
      return row === undefined ? undefined : StudyUid.parse(row).study_uid;
    };
    const study = studyOf(seriesInstanceUid);
    if (study === studyInstanceUid) return { key: seriesInstanceUid, isThere: true };
    const made = madeSeriesUid(studyInstanceUid, seriesInstanceUid);
    // The study that had the UID first may be gone: its followers keep their keys.
    const isThere = studyOf(made) !== undefined;
    return { key: study !== undefined || isThere ? made : seriesInstanceUid, isThere };
  }

  /**
   * Adds a file's image, or puts it in the place of what its path or UID held before. Its series is stale afterwards. Call within a transaction.
   *
   * @returns the key of its series.
   */
  putImage(file: DescribedFile, addedAt: string): string {
    const { header } = file;
    const { key: seriesUid, isThere } = this.seriesKeyOf(header);
    if (!isThere) {
      this.#putStudy(header, addedAt);
      this.#putSeries(seriesUid, header, addedAt);
    }
    // A path holds one image: what was read from it before is gone.
    const before = this.#db.all('SELECT DISTINCT series_uid FROM images WHERE path = ? OR sop_uid = ?', [file.path, header.sopInstanceUid]).map((row) => SeriesUid.parse(row).series_uid);
    if (before.length > 0) this.#db.run('DELETE FROM images WHERE path = ? OR sop_uid = ?', [file.path, header.sopInstanceUid]);
    for (const uid of before) this.#db.run('UPDATE series SET stale = 1 WHERE series_uid = ? AND stale = 0', [uid]);
    this.#db.run('INSERT INTO images (sop_uid, series_uid, header, frames, path, size_bytes, mtime_ms, sha256, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', [
      header.sopInstanceUid, seriesUid, JSON.stringify(header), Math.max(1, header.frames), file.path, file.sizeBytes, file.mtimeMs, file.sha256, addedAt,
    ]);
    this.#db.run('UPDATE series SET stale = 1 WHERE series_uid = ? AND stale = 0', [seriesUid]);
    return seriesUid;
  }

  /** A study for what has no images. */
  ensureStudy(header: ImageHeader, addedAt: string): void {
    this.#putStudy(header, addedAt);
  }

  /** The same bytes now lie elsewhere, or were touched without being changed. */
  moveImage(sopInstanceUid: string, file: { readonly path: string; readonly sizeBytes: number; readonly mtimeMs: number }): void {
    this.#db.run('DELETE FROM images WHERE path = ? AND sop_uid <> ?', [file.path, sopInstanceUid]);
    this.#db.run('UPDATE images SET path = ?, size_bytes = ?, mtime_ms = ? WHERE sop_uid = ?', [file.path, file.sizeBytes, file.mtimeMs, sopInstanceUid]);
  }

  /** Series whose images changed since they were assembled; some of them. */
  staleSeries(limit: number): string[] {
    return this.#db.all('SELECT series_uid FROM series WHERE stale = 1 LIMIT ?', [limit]).map((row) => SeriesUid.parse(row).series_uid);
  }

  /** Groups and orders the images of a series again and brings the study's figures up to date. A series without images goes, and its study with the last one. */
  assemble(seriesUid: string): { assembled: AssembledSeries; headers: ReadonlyMap<string, ImageHeader> } | null {
    return this.#db.transaction(() => {
      const headers = new Map(this.#headers(seriesUid).map((header) => [header.sopInstanceUid, header]));
      const studyRow = this.#db.get('SELECT study_uid FROM series WHERE series_uid = ?', [seriesUid]);
      if (studyRow === undefined) return null;
      const { study_uid: studyUid } = StudyUid.parse(studyRow);
      const inputs = [...headers.values()].flatMap((header) => Array.from({ length: Math.max(1, header.frames) }, (_, frame) => ({ id: header.sopInstanceUid, header, frame })));
      if (inputs.length === 0) {
        this.#db.run('DELETE FROM series WHERE series_uid = ?', [seriesUid]);
        this.#refreshStudy(studyUid);
        return null;
      }
      const assembled = assembleSeries(inputs);
      this.#db.run('UPDATE series SET assembled = ?, summary = ?, image_count = ?, stale = 0, revision = revision + 1 WHERE series_uid = ?', [JSON.stringify(assembled), summaryOf(assembled), inputs.length, seriesUid]);
      this.#refreshStudy(studyUid);
      return { assembled, headers };
    });
  }

  /** The middle image of the largest stack, which stands for the series. */
  middleImage(seriesUid: string): { header: ImageHeader; frame: number } | null {
    const row = this.#db.get('SELECT assembled FROM series WHERE series_uid = ? AND assembled IS NOT NULL', [seriesUid]);
    if (row === undefined) return null;
    const { stacks } = Places.parse(JSON.parse(Assembled.parse(row).assembled));
    const largest = stacks.reduce<(typeof stacks)[number] | undefined>((best, stack) => (best === undefined || stack.images.length > best.images.length ? stack : best), undefined);
    const place = largest?.images[Math.floor(largest.images.length / 2)];
    const image = place === undefined ? undefined : this.#db.get('SELECT header FROM images WHERE sop_uid = ?', [place.id]);
    return place === undefined || image === undefined ? null : { header: JSON.parse(HeaderRow.parse(image).header) as ImageHeader, frame: place.frame };
  }

  setWindow(seriesUid: string, window: Window): void {
    this.#db.run('UPDATE series SET window = ?, revision = revision + 1 WHERE series_uid = ?', [JSON.stringify(window), seriesUid]);
  }

  /** Whether a series was ever assembled. */
  isShown(seriesUid: string): boolean {
    return this.#db.get('SELECT 1 FROM series WHERE series_uid = ? AND assembled IS NOT NULL', [seriesUid]) !== undefined;
  }

  hasWindow(seriesUid: string): boolean {
    return this.#db.get('SELECT 1 FROM series WHERE series_uid = ? AND window IS NOT NULL', [seriesUid]) !== undefined;
  }

  #headers(seriesUid: string): ImageHeader[] {
    // Instance number first only makes the result independent of the order of reading; places decide in the end.
    return this.#db.all('SELECT header FROM images WHERE series_uid = ? ORDER BY sop_uid', [seriesUid]).map((row) => JSON.parse(HeaderRow.parse(row).header) as ImageHeader);
  }

  #putStudy(header: ImageHeader, addedAt: string): void {
    const searchText = [header.patientName, header.patientName.replaceAll('^', ' '), header.patientId, header.studyDescription, header.accessionNumber, header.studyDate].join('\n').toLowerCase();
    this.#db.run(
      `INSERT INTO studies (study_uid, short_id, patient_name, patient_id, patient_birth_date, patient_sex, study_date, study_time, description, accession_number, added_at, search_text)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (study_uid) DO NOTHING`,
      [
        header.studyInstanceUid, shortIdOf(header.studyInstanceUid), header.patientName, header.patientId, header.patientBirthDate, header.patientSex, header.studyDate, header.studyTime,
        header.studyDescription, header.accessionNumber, addedAt, searchText,
      ],
    );
  }

  #putSeries(seriesUid: string, header: ImageHeader, addedAt: string): void {
    this.#db.run(
      `INSERT INTO series (series_uid, short_id, study_uid, modality, series_number, description, manufacturer, model, provenance, added_at, uid_in_files)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (series_uid) DO NOTHING`,
      [
        seriesUid, shortIdOf(seriesUid), header.studyInstanceUid, header.modality, header.seriesNumber, header.seriesDescription, header.manufacturer, header.model,
        provenanceOf(header), addedAt, seriesUid === header.seriesInstanceUid ? null : header.seriesInstanceUid,
      ],
    );
  }

  #refreshStudy(studyUid: string): void {
    // The largest series stands for the study, but masks and dose grids, which are about other images, only where there is nothing else.
    const rows = this.#db.all(`SELECT series_uid, modality, image_count FROM series WHERE study_uid = ? ORDER BY modality IN ('SEG', 'RTDOSE', 'RTSTRUCT', 'PR', 'SR', 'KO'), image_count DESC, series_uid`, [studyUid]).map((row) => SeriesFigures.parse(row));
    if (rows.length === 0) {
      this.#db.run('DELETE FROM studies WHERE study_uid = ? AND NOT EXISTS (SELECT 1 FROM objects o WHERE o.study_uid = studies.study_uid)', [studyUid]);
      this.#db.run(`UPDATE studies SET modalities = '[]', series_count = 0, image_count = 0, thumbnail_series_uid = NULL WHERE study_uid = ?`, [studyUid]);
      return;
    }
    this.#db.run('UPDATE studies SET modalities = ?, series_count = ?, image_count = ?, thumbnail_series_uid = ? WHERE study_uid = ?', [
      JSON.stringify([...new Set(rows.map((row) => row.modality).filter((modality) => modality !== ''))].sort()),
      rows.length,
      imagesOf(rows),
      rows[0]?.series_uid ?? null,
      studyUid,
    ]);
  }
}

/** Images of a study: frames of masks, which lie on others, only where there is nothing else. */
function imagesOf(rows: readonly z.infer<typeof SeriesFigures>[]): number {
  const images = rows.filter(({ modality }) => modality !== 'SEG');
  return (images.length > 0 ? images : rows).reduce((sum, row) => sum + row.image_count, 0);
}

/** A key for a series whose own UID is another study's (PS3.5 B.2: 2.25. and 128 bits as a number). Never written into an object. */
function madeSeriesUid(studyUid: string, seriesUid: string): string {
  return `2.25.${BigInt(`0x${sha256Hex(`scanloom series ${studyUid} ${seriesUid}`).slice(0, 32)}`)}`;
}

/** What lists show of a series: its stacks with the number of their images instead of the images. */
function summaryOf(assembled: AssembledSeries): string {
  return JSON.stringify({ ...assembled, stacks: assembled.stacks.map(({ images, ...stack }) => ({ ...stack, images: images.length })) });
}

/** What a file says of itself: Synthetic Data (0008,001C), and whether it was derived from a real acquisition. */
function provenanceOf(header: ImageHeader): Provenance {
  if (header.syntheticData !== 'YES') return 'source';
  return header.imageType[0] === 'DERIVED' && header.derivationDescription !== '' && header.imageType.includes('RESAMPLED') ? 'enhanced' : 'synthetic';
}
