/** Lists of studies, answered from indices: newest first, page by page, by words, modality, date and provenance. */
import { z } from 'zod';
import type { StudyQuery, StudySummary } from '#contract';
import type { Database, SqlValue } from './types.ts';

const JsonText = z.string().transform((text): unknown => JSON.parse(text));

const StudyRow = z.object({
  study_uid: z.string(), short_id: z.string(), patient_name: z.string(), patient_id: z.string(), patient_birth_date: z.string(), patient_sex: z.string(), study_date: z.string(),
  description: z.string(), accession_number: z.string(), modalities: JsonText.pipe(z.array(z.string())), series_count: z.number(), image_count: z.number(),
  thumbnail_series_uid: z.string().nullable(), added_at: z.string(),
});
const Count = z.object({ n: z.number() });

/** Words with fewer letters are not in the index of three-letter pieces: the text itself is looked through. */
const indexedLetters = 3;

/** One page, and how many studies there are in all. */
export function listStudies(db: Database, query: StudyQuery): { studies: StudySummary[]; total: number } {
  const { where, params } = filterOf(query);
  const { n: total } = Count.parse(db.get(`SELECT count(*) AS n FROM studies s ${where}`, params));
  const rows = total === 0 ? [] : db.all(`SELECT s.* FROM studies s ${where} ORDER BY s.study_date DESC, s.study_time DESC, s.study_uid LIMIT ? OFFSET ?`, [...params, query.limit, query.offset]);
  return { studies: rows.map(toStudy), total };
}

function filterOf(query: StudyQuery): { where: string; params: SqlValue[] } {
  const conditions: string[] = [];
  const params: SqlValue[] = [];
  const add = (condition: string, ...values: SqlValue[]): void => {
    conditions.push(condition);
    params.push(...values);
  };
  // The list writes `Doe, Peter`, the file `Doe^Peter`: neither sign is part of a word.
  const words = (query.search ?? '').toLowerCase().split(/[\s,^]+/).filter((word) => word !== '');
  const indexed = words.filter((word) => [...word].length >= indexedLetters);
  if (indexed.length > 0) {
    // Quoted, so that nothing in a word is taken for the index's own language.
    add('s.study_uid IN (SELECT w.study_uid FROM study_search f JOIN study_words w ON w.id = f.rowid WHERE f.words MATCH ?)', indexed.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND '));
  }
  for (const word of words) if (!indexed.includes(word)) add('instr(s.search_text, ?) > 0', word);
  const { modality, provenance } = query;
  // By words few studies are left, and each is asked for its series; without words one walk over the index of series is quicker.
  const hasSeries = (column: 'modality' | 'provenance'): string =>
    indexed.length > 0 ? `EXISTS (SELECT 1 FROM series x WHERE x.${column} = ? AND x.study_uid = s.study_uid)` : `s.study_uid IN (SELECT study_uid FROM series WHERE ${column} = ?)`;
  if (modality !== undefined && modality !== '') add(hasSeries('modality'), modality);
  if (provenance !== undefined) add(hasSeries('provenance'), provenance);
  if (query.from !== undefined) add('s.study_date >= ?', query.from);
  // A study without a date is in no range.
  if (query.to !== undefined) add("s.study_date <= ? AND s.study_date <> ''", query.to);
  return { where: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`, params };
}

export function toStudy(raw: unknown): StudySummary {
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
