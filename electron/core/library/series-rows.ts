/** Series as lists show them: a row, read without the images of its stacks. */
import { z } from 'zod';
import { Oddity, Provenance, type SeriesSummary } from '#contract';
import { sourcesInWords } from './source-files.ts';

const JsonText = z.string().transform((text): unknown => JSON.parse(text));

/** As assembled; a series that was assembled by an older program has its images here, of which only the number counts. */
const Short = z.object({
  stacks: z.array(z.object({
    images: z.union([z.number(), z.array(z.unknown()).transform((images) => images.length)]),
    rows: z.number(), columns: z.number(), spacingMm: z.tuple([z.number().nullable(), z.number(), z.number()]).nullable(), volume: z.boolean(), timePoints: z.number(), oddities: z.array(Oddity), label: z.string().optional(),
  })),
  oddities: z.array(Oddity),
  notices: z.array(z.string()),
  sourceFormat: z.enum(['nifti']).optional(),
});
const nothingYet: z.infer<typeof Short> = { stacks: [], oddities: [], notices: [] };

const SeriesRow = z.object({
  series_uid: z.string(), short_id: z.string(), study_uid: z.string(), modality: z.string(), series_number: z.number().nullable(), description: z.string(), manufacturer: z.string(), model: z.string(),
  provenance: Provenance, image_count: z.number(), short: JsonText.pipe(Short).nullable(), missing: z.number().nullable(), changed: z.number().nullable(), checked_at: z.string().nullable(),
  uid_in_files: z.string().nullable(), other_studies: z.number(),
});

export const seriesTables = 'series s LEFT JOIN source_states x ON x.series_uid = s.series_uid';
export const seriesColumns =
  's.series_uid, s.short_id, s.study_uid, s.modality, s.series_number, s.description, s.manufacturer, s.model, s.provenance, s.image_count, coalesce(s.summary, s.assembled) AS short, x.missing, x.changed, x.checked_at, s.uid_in_files, ' +
  // Other studies with a series of the same UID: the one that has it as its key, and those that have keys of their own.
  '(SELECT count(*) FROM series y WHERE y.series_uid = s.uid_in_files) + (SELECT count(*) FROM series y WHERE y.uid_in_files = coalesce(s.uid_in_files, s.series_uid) AND y.series_uid <> s.series_uid) AS other_studies';

/** @param raw A row of `seriesColumns`. */
export function toSeries(raw: unknown): SeriesSummary {
  const row = SeriesRow.parse(raw);
  const { stacks, oddities, notices, sourceFormat } = row.short ?? nothingYet;
  const missing = row.missing ?? 0;
  const changed = row.changed ?? 0;
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
    stacks,
    oddities,
    notices: [...sourcesInWords(missing, changed), ...sharedUidInWords(row.other_studies), ...notices],
    provenance: row.provenance,
    ...(row.uid_in_files === null ? {} : { uidInFiles: row.uid_in_files }),
    ...(sourceFormat === undefined ? {} : { sourceFormat }),
    ...(row.checked_at === null ? {} : { sources: { missing, changed, checkedAt: row.checked_at } }),
  };
}

/**
 * What a person is told of a Series Instance UID that several studies carry, or nothing (PS3.3 A.1.4: a series belongs to one study).
 *
 * @param otherStudies Studies beside this one that have a series of the same UID.
 */
export function sharedUidInWords(otherStudies: number): string[] {
  if (otherStudies === 0) return [];
  return [`The files give this Series UID to ${otherStudies} other ${otherStudies === 1 ? 'study' : 'studies'}, too, although a series belongs to one study only. Each study shows its own images: should they be one series in truth, the program that wrote them gave them different Study UIDs.`];
}
