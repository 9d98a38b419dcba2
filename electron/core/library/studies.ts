/** Reads studies and series. A series' detail is built from headers and stacks once and kept until the series changes. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { Oddity, ScanloomError, Window, type ImageMeta, type SeriesDetail, type SeriesSummary, type Stack, type StudySummary } from '#contract';
import type { AssembledSeries, ImageHeader } from '#dicom';
import { imageMetaOf } from './image-meta.ts';
import { seriesColumns, seriesTables, toSeries } from './series-rows.ts';
import { listStudies, toStudy } from './study-list.ts';
import { isOwnSource, removeWithEmptyFolders } from './own-files.ts';
import type { Database, Library } from './types.ts';

const JsonText = z.string().transform((text): unknown => JSON.parse(text));

const Vector = z.array(z.number());
/** As `assembleSeries` made it; parsed again because a library outlives a program. */
const Assembled = z.object({
  stacks: z.array(z.object({
    images: z.array(z.object({ id: z.string(), frame: z.int(), positionAlongNormalMm: z.number().nullable(), timePoint: z.int() })),
    rows: z.number(), columns: z.number(), spacingMm: z.tuple([z.number().nullable(), z.number(), z.number()]).nullable(), orientation: Vector.nullable(),
    volume: z.boolean(), timePoints: z.number(), oddities: z.array(Oddity), label: z.string().optional(),
  })),
  oddities: z.array(Oddity),
  notices: z.array(z.string()),
});

const AssembledRow = z.object({ assembled: JsonText.pipe(Assembled).nullable(), window: JsonText.pipe(Window).nullable() });
const HeaderRow = z.object({ sop_uid: z.string(), header: z.string() });
const UidRow = z.object({ series_uid: z.string() });

/** Series whose detail is kept: what one or two screens look at. */
const kept = 6;

export interface Studies {
  readonly api: Library['studies'];
  /** What the viewer needs of one image. @throws ScanloomError `request/not-found` */
  metaOf(seriesUid: string, imageId: string): ImageMeta;
}

/** @param onOpened Somebody looks at a series. */
export function createStudies(db: Database, libraryDir: string, onOpened: (seriesUid: string) => void): Studies {
  const details = new Map<string, { revision: number; detail: SeriesDetail; byId: ReadonlyMap<string, ImageMeta> }>();

  const noStudy = (): ScanloomError => new ScanloomError('request/not-found', 'The library has no such study.', { hint: 'It may have been removed, or belong to another library.' });
  const noSeries = (): ScanloomError => new ScanloomError('request/not-found', 'The library has no such series.', { hint: 'scanloom list series shows what there is.' });

  function studyOf(studyUid: string): StudySummary {
    const row = db.get('SELECT * FROM studies WHERE study_uid = ?', [studyUid]);
    if (row === undefined) throw noStudy();
    return toStudy(row);
  }

  function summaryOf(seriesUid: string): SeriesSummary {
    const row = db.get(`SELECT ${seriesColumns} FROM ${seriesTables} WHERE s.series_uid = ?`, [seriesUid]);
    if (row === undefined) throw noSeries();
    return toSeries(row);
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
    const series = summaryOf(seriesUid);
    const { assembled, window } = AssembledRow.parse(db.get('SELECT assembled, window FROM series WHERE series_uid = ?', [seriesUid]));
    const headers = new Map<string, ImageHeader>();
    for (const raw of db.all('SELECT sop_uid, header FROM images WHERE series_uid = ?', [seriesUid])) {
      const { sop_uid: uid, header } = HeaderRow.parse(raw);
      headers.set(uid, JSON.parse(header) as ImageHeader);
    }
    const byId = new Map<string, ImageMeta>();
    const stacks = (assembled?.stacks ?? []).map((stack) => {
      const images: ImageMeta[] = [];
      for (const place of stack.images) {
        const header = headers.get(place.id);
        // Replaced by another file since the stacks were made; they are being made again.
        if (header === undefined || place.frame >= Math.max(1, header.frames)) continue;
        const meta = imageMetaOf(header, place, window);
        images.push(meta);
        byId.set(meta.imageId, meta);
      }
      return { stack: toStack(stack), images };
    });
    return { detail: { series, study: studyOf(series.studyInstanceUid), stacks }, byId };
  }

  const api: Library['studies'] = {
    list: (query) => listStudies(db, query),
    get(studyUid) {
      const study = studyOf(studyUid);
      const series = db.all(`SELECT ${seriesColumns} FROM ${seriesTables} WHERE s.study_uid = ? ORDER BY s.series_number IS NULL, s.series_number, s.series_uid`, [studyUid]).map(toSeries);
      return { study, series };
    },
    series(seriesUid) {
      const { detail } = detailOf(seriesUid);
      onOpened(seriesUid);
      return detail;
    },
    resolveSeries(idOrShortId) {
      const named = db.all('SELECT series_uid FROM series WHERE series_uid = ? UNION ALL SELECT series_uid FROM series WHERE uid_in_files = ? LIMIT 2', [idOrShortId, idOrShortId]).map((row) => UidRow.parse(row).series_uid);
      if (named.length > 1) throw new ScanloomError('request/invalid', 'Several studies have a series of this UID.', { hint: 'Use the short id; scanloom list series shows it.' });
      if (named[0] !== undefined) return named[0];
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

function toStack(stack: Pick<AssembledSeries['stacks'][number], 'images' | 'rows' | 'columns' | 'spacingMm' | 'volume' | 'timePoints' | 'oddities'> & { readonly label?: string | undefined }): Stack {
  const { spacingMm } = stack;
  return {
    images: stack.images.length,
    rows: stack.rows,
    columns: stack.columns,
    spacingMm: spacingMm === null ? null : [spacingMm[0], spacingMm[1], spacingMm[2]],
    volume: stack.volume,
    timePoints: stack.timePoints,
    oddities: [...stack.oddities],
    ...(stack.label === undefined ? {} : { label: stack.label }),
  };
}
