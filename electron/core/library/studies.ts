/** Reads studies and series. A series' detail is built from headers and stacks once and kept until the series changes. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { Oddity, Provenance, ScanloomError, Window, type ImageMeta, type SeriesDetail, type SeriesSummary, type Stack, type StudyQuery, type StudySummary } from '#contract';
import type { AssembledSeries, ImageHeader } from '#dicom';
import { imageMetaOf } from './image-meta.ts';
import { isOwnSource, removeWithEmptyFolders } from './own-files.ts';
import type { Database, Library } from './types.ts';

const JsonText = z.string().transform((text): unknown => JSON.parse(text));

const StudyRow = z.object({
  study_uid: z.string(), short_id: z.string(), patient_name: z.string(), patient_id: z.string(), patient_birth_date: z.string(), patient_sex: z.string(), study_date: z.string(),
  description: z.string(), accession_number: z.string(), modalities: JsonText.pipe(z.array(z.string())), series_count: z.number(), image_count: z.number(),
  thumbnail_series_uid: z.string().nullable(), added_at: z.string(),
});

const Vector = z.array(z.number());
/** As `assembleSeries` made it; parsed again because a library outlives a program. */
const Assembled = z.object({
  stacks: z.array(z.object({
    images: z.array(z.object({ id: z.string(), frame: z.int(), positionAlongNormalMm: z.number().nullable(), timePoint: z.int() })),
    rows: z.number(), columns: z.number(), spacingMm: z.tuple([z.number().nullable(), z.number(), z.number()]).nullable(), orientation: Vector.nullable(),
    volume: z.boolean(), timePoints: z.number(), oddities: z.array(Oddity),
  })),
  oddities: z.array(Oddity),
  notices: z.array(z.string()),
});
const nothingYet: z.infer<typeof Assembled> = { stacks: [], oddities: [], notices: [] };

const SeriesRow = z.object({
  series_uid: z.string(), short_id: z.string(), study_uid: z.string(), modality: z.string(), series_number: z.number().nullable(), description: z.string(), manufacturer: z.string(), model: z.string(),
  provenance: Provenance, image_count: z.number(), assembled: JsonText.pipe(Assembled).nullable(), window: JsonText.pipe(Window).nullable(), revision: z.number(),
});
type SeriesRow = z.infer<typeof SeriesRow>;
const HeaderRow = z.object({ sop_uid: z.string(), header: z.string() });
const UidRow = z.object({ series_uid: z.string() });

/** Series whose detail is kept: what one or two screens look at. */
const kept = 6;

export interface Studies {
  readonly api: Library['studies'];
  /** What the viewer needs of one image. @throws ScanloomError `request/not-found` */
  metaOf(seriesUid: string, imageId: string): ImageMeta;
}

export function createStudies(db: Database, libraryDir: string): Studies {
  const details = new Map<string, { revision: number; detail: SeriesDetail; byId: ReadonlyMap<string, ImageMeta> }>();

  const noStudy = (): ScanloomError => new ScanloomError('request/not-found', 'The library has no such study.', { hint: 'It may have been removed, or belong to another library.' });
  const noSeries = (): ScanloomError => new ScanloomError('request/not-found', 'The library has no such series.', { hint: 'scanloom list series shows what there is.' });

  function studyOf(studyUid: string): StudySummary {
    const row = db.get('SELECT * FROM studies WHERE study_uid = ?', [studyUid]);
    if (row === undefined) throw noStudy();
    return toStudy(row);
  }

  function seriesRow(seriesUid: string): SeriesRow {
    const row = db.get('SELECT * FROM series WHERE series_uid = ?', [seriesUid]);
    if (row === undefined) throw noSeries();
    return SeriesRow.parse(row);
  }

  function detailOf(seriesUid: string): { detail: SeriesDetail; byId: ReadonlyMap<string, ImageMeta> } {
    const revisionRow = db.get('SELECT revision FROM series WHERE series_uid = ?', [seriesUid]);
    if (revisionRow === undefined) throw noSeries();
    const { revision } = z.object({ revision: z.number() }).parse(revisionRow);
    const known = details.get(seriesUid);
    details.delete(seriesUid);
    const fresh = known?.revision === revision ? known : { revision, ...buildDetail(seriesUid) };
    details.set(seriesUid, fresh);
    if (details.size > kept) details.delete(details.keys().next().value!);
    // The study's own figures change while other series of it arrive.
    return { detail: { ...fresh.detail, study: studyOf(fresh.detail.series.studyInstanceUid) }, byId: fresh.byId };
  }

  function buildDetail(seriesUid: string): { detail: SeriesDetail; byId: ReadonlyMap<string, ImageMeta> } {
    const row = seriesRow(seriesUid);
    const headers = new Map<string, ImageHeader>();
    for (const raw of db.all('SELECT sop_uid, header FROM images WHERE series_uid = ?', [seriesUid])) {
      const { sop_uid: uid, header } = HeaderRow.parse(raw);
      headers.set(uid, JSON.parse(header) as ImageHeader);
    }
    const byId = new Map<string, ImageMeta>();
    const stacks = (row.assembled ?? nothingYet).stacks.map((stack) => {
      const images: ImageMeta[] = [];
      for (const place of stack.images) {
        const header = headers.get(place.id);
        // Replaced by another file since the stacks were made; they are being made again.
        if (header === undefined || place.frame >= Math.max(1, header.frames)) continue;
        const meta = imageMetaOf(header, place, row.window);
        images.push(meta);
        byId.set(meta.imageId, meta);
      }
      return { stack: toStack(stack), images };
    });
    return { detail: { series: toSeries(row), study: studyOf(row.study_uid), stacks }, byId };
  }

  const api: Library['studies'] = {
    list(query) {
      const { where, params } = filterOf(query);
      const total = z.object({ n: z.number() }).parse(db.get(`SELECT count(*) AS n FROM studies s ${where}`, params)).n;
      const rows = db.all(`SELECT s.* FROM studies s ${where} ORDER BY s.study_date DESC, s.study_time DESC, s.study_uid LIMIT ? OFFSET ?`, [...params, query.limit, query.offset]);
      return { studies: rows.map(toStudy), total };
    },
    get(studyUid) {
      const study = studyOf(studyUid);
      const series = db.all('SELECT * FROM series WHERE study_uid = ? ORDER BY series_number IS NULL, series_number, series_uid', [studyUid]).map((row) => toSeries(SeriesRow.parse(row)));
      return { study, series };
    },
    series: (seriesUid) => detailOf(seriesUid).detail,
    resolveSeries(idOrShortId) {
      if (db.get('SELECT 1 FROM series WHERE series_uid = ?', [idOrShortId]) !== undefined) return idOrShortId;
      if (!/^[0-9a-f]{4,8}$/.test(idOrShortId)) throw noSeries();
      // The character after 'f' in ASCII ends the range of everything that starts like this.
      const found = db.all('SELECT series_uid FROM series WHERE short_id >= ? AND short_id < ? LIMIT 2', [idOrShortId, `${idOrShortId}g`]).map((row) => UidRow.parse(row).series_uid);
      if (found.length > 1) throw new ScanloomError('request/invalid', `Several series have an id that starts with ${idOrShortId}.`, { hint: 'Use more of the id, or the Series Instance UID.' });
      if (found[0] === undefined) throw noSeries();
      return found[0];
    },
    forget(studyUid) {
      studyOf(studyUid);
      const FileRow = z.object({ path: z.string(), short_id: z.string() });
      const files = db.all('SELECT i.path AS path, s.short_id AS short_id FROM images i JOIN series s USING (series_uid) WHERE s.study_uid = ?', [studyUid]).map((row) => FileRow.parse(row));
      const objects = db.all('SELECT path FROM objects WHERE study_uid = ? AND path IS NOT NULL', [studyUid]).map((row) => z.object({ path: z.string() }).parse(row));
      db.transaction(() => {
        db.run('DELETE FROM studies WHERE study_uid = ?', [studyUid]);
        // Archives that held it must be read again when they are opened again.
        db.run('DELETE FROM archives');
      });
      details.clear();
      // Only what the library itself copied; and after the record, so that a kill leaves a file too many, never a record without a file.
      for (const file of [...files, ...objects]) if (isOwnSource(file.path, libraryDir)) removeWithEmptyFolders(file.path, libraryDir);
      for (const shortId of new Set(files.map((file) => file.short_id))) rmSync(path.join(libraryDir, 'thumbnails', shortId), { recursive: true, force: true });
      return files.length;
    },
  };

  return {
    api,
    metaOf(seriesUid, imageId) {
      const meta = detailOf(seriesUid).byId.get(imageId);
      if (meta === undefined) throw new ScanloomError('request/not-found', 'The library has no such image.');
      return meta;
    },
  };
}

function filterOf(query: StudyQuery): { where: string; params: string[] } {
  const conditions: string[] = [];
  const params: string[] = [];
  for (const word of (query.search ?? '').toLowerCase().split(/\s+/).filter((part) => part !== '')) {
    conditions.push(`instr(s.search_text, ?) > 0`);
    params.push(word);
  }
  if (query.modality !== undefined && query.modality !== '') {
    conditions.push('s.study_uid IN (SELECT study_uid FROM series WHERE modality = ?)');
    params.push(query.modality);
  }
  return { where: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`, params };
}

function toStudy(raw: unknown): StudySummary {
  const row = StudyRow.parse(raw);
  return {
    studyInstanceUid: row.study_uid,
    shortId: row.short_id,
    patientName: row.patient_name,
    patientId: row.patient_id,
    patientBirthDate: row.patient_birth_date,
    patientSex: row.patient_sex,
    studyDate: row.study_date,
    description: row.description,
    accessionNumber: row.accession_number,
    modalities: row.modalities,
    series: row.series_count,
    images: row.image_count,
    addedAt: row.added_at,
    thumbnailSeriesUid: row.thumbnail_series_uid,
  };
}

function toSeries(row: SeriesRow): SeriesSummary {
  const assembled = row.assembled ?? nothingYet;
  return {
    seriesInstanceUid: row.series_uid,
    shortId: row.short_id,
    studyInstanceUid: row.study_uid,
    modality: row.modality,
    seriesNumber: row.series_number,
    description: row.description,
    manufacturer: row.manufacturer,
    model: row.model,
    images: row.image_count,
    stacks: assembled.stacks.map(toStack),
    oddities: [...assembled.oddities],
    notices: [...assembled.notices],
    provenance: row.provenance,
  };
}

function toStack(stack: Pick<AssembledSeries['stacks'][number], 'images' | 'rows' | 'columns' | 'spacingMm' | 'volume' | 'timePoints' | 'oddities'>): Stack {
  const { spacingMm } = stack;
  return {
    images: stack.images.length,
    rows: stack.rows,
    columns: stack.columns,
    spacingMm: spacingMm === null ? null : [spacingMm[0], spacingMm[1], spacingMm[2]],
    volume: stack.volume,
    timePoints: stack.timePoints,
    oddities: [...stack.oddities],
  };
}
