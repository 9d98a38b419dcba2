/** Items: rows ⇄ contract, with the decision that counts now. Shared by jobs, review, exports and routes. */
import { z } from 'zod';
import type { Json } from '#base';
import type { Item} from '#contract';
import { Decision, ImageMeta, Measure, RejectReason, ScanloomError, type ItemQuery } from '#contract';
import { seriesColumns, seriesTables, toSeries } from './series-rows.ts';
import type { Database, ItemRecord, Library, SqlValue } from './types.ts';

const JsonText = z.string().transform((text): unknown => JSON.parse(text));

const SummaryRow = z.object({
  item_id: z.string(), job_id: z.string(), item_index: z.number(), provenance: z.enum(['enhanced', 'synthetic']), title: z.string(), package_id: z.string(), package_version: z.string(),
  package_sha256: z.string(), frames: z.number(), rows: z.number(), columns: z.number(), modality: z.string(), class: z.string().nullable(), seed: z.number().nullable(),
  source_series_uid: z.string().nullable(), measures: JsonText.pipe(z.array(Measure)), ledger_index: z.number(), ledger_hash: z.string(), created_at: z.string(),
  decision: Decision.nullable(), reason: RejectReason.nullable(), note: z.string().nullable(),
});
const DetailRow = SummaryRow.extend({ images: JsonText.pipe(z.array(ImageMeta)), source_image_ids: JsonText.pipe(z.array(z.string().nullable())), blobs: JsonText.pipe(z.array(z.string())) });

const IdenticalRow = z.object({ item_id: z.string(), blobs: z.string() });

// The decision that counts is the last one that was not taken back, whoever made it.
const from = `FROM items i JOIN ledger l ON l.entry_index = i.ledger_index
  LEFT JOIN decisions d ON d.seq = (SELECT max(seq) FROM decisions WHERE item_id = i.item_id AND undone_at IS NULL)`;
const summary = `i.item_id, i.job_id, i.item_index, i.provenance, i.title, i.package_id, i.package_version, i.package_sha256, i.frames, i.rows, i.columns, i.modality, i.class, i.seed,
  i.source_series_uid, i.measures, i.ledger_index, l.hash AS ledger_hash, i.created_at, d.decision, d.reason, d.note`;

export function createItems(db: Database, ledger: Library['ledger'], blobs: Library['blobs']): Library['items'] {
  function get(itemId: string): ItemRecord {
    const raw = db.get(`SELECT ${summary}, i.images, i.source_image_ids, i.blobs ${from} WHERE i.item_id = ?`, [itemId]);
    if (raw === undefined) throw new ScanloomError('request/not-found', 'The library has no such item.', { hint: 'scanloom list items shows what there is.' });
    const row = DetailRow.parse(raw);
    return { item: toItem(row), packageSha256: row.package_sha256, images: row.images, sourceImageIds: row.source_image_ids, blobs: row.blobs };
  }

  return {
    get,
    list(query) {
      const { where, params } = filterOf(query);
      return db.all(`SELECT ${summary} ${from} ${where} ORDER BY i.seq LIMIT ? OFFSET ?`, [...params, query.limit, query.offset]).map((row) => toItem(SummaryRow.parse(row)));
    },
    identical() {
      const groups = new Map<string, string[]>();
      const twice = `SELECT blobs FROM items WHERE provenance = 'synthetic' GROUP BY blobs HAVING count(*) > 1`;
      for (const raw of db.iterate(`SELECT item_id, blobs FROM items WHERE provenance = 'synthetic' AND blobs IN (${twice}) ORDER BY seq`)) {
        const { item_id: itemId, blobs: pixels } = IdenticalRow.parse(raw);
        const group = groups.get(pixels);
        if (group) group.push(itemId);
        else groups.set(pixels, [itemId]);
      }
      return [...groups.values()];
    },
    insert({ itemId, jobId, index, createdAt, packageId, packageSha256, settings, draft }) {
      const frames = draft.blobs.length;
      if (frames === 0 || draft.images.length !== frames || draft.sourceImageIds.length !== frames) {
        throw new ScanloomError('internal', 'Something went wrong inside Scanloom.', { cause: new Error('an item needs one blob, one image and one source (or null) for each frame') });
      }
      return db.transaction((tx) => {
        const entry = ledger.append(tx, 'item', {
          itemId,
          jobId,
          itemIndex: index,
          provenance: draft.provenance,
          title: draft.title,
          package: { id: packageId, version: draft.packageVersion, manifestSha256: packageSha256 },
          settings,
          class: draft.class,
          seed: draft.seed,
          sourceSeriesUid: draft.sourceSeriesUid,
          ...sourceAsFound(db, draft.sourceSeriesUid),
          modality: draft.modality,
          frames,
          rows: draft.rows,
          columns: draft.columns,
          blobs: draft.blobs,
          measures: draft.measures.map((measure) => ({ ...measure })),
          recipe: draft.recipe,
        });
        tx.run(
          `INSERT INTO items (item_id, job_id, item_index, provenance, title, package_id, package_version, package_sha256, frames, rows, columns, modality, class, seed, source_series_uid,
             images, source_image_ids, blobs, measures, ledger_index, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          [
            itemId, jobId, index, draft.provenance, draft.title, packageId, draft.packageVersion, packageSha256, frames, draft.rows, draft.columns, draft.modality, draft.class, draft.seed,
            draft.sourceSeriesUid, JSON.stringify(draft.images), JSON.stringify(draft.sourceImageIds), JSON.stringify(draft.blobs), JSON.stringify(draft.measures), entry.index, createdAt,
          ],
        );
        return get(itemId).item;
      });
    },
    async frame(itemId, frame) {
      const record = get(itemId);
      const blob = record.blobs[frame];
      if (blob === undefined) throw new ScanloomError('request/not-found', `The item has ${record.blobs.length} images; there is no number ${frame}.`);
      const bytes = await blobs.get(blob);
      // A copy begins at an offset that floats may begin at.
      return new Float32Array(bytes.slice().buffer);
    },
  };
}

/** What was unusual about the source series when the item was made: missing slices, tilt, a NIfTI file. Said in the ledger, since the series may be assembled anew later. */
function sourceAsFound(db: Database, seriesUid: string | null): { readonly source?: { readonly [key: string]: Json } } {
  const row = seriesUid === null ? undefined : db.get(`SELECT ${seriesColumns} FROM ${seriesTables} WHERE s.series_uid = ? AND s.summary IS NOT NULL`, [seriesUid]);
  if (row === undefined) return {};
  const { oddities, notices, sourceFormat } = toSeries(row);
  return { source: { oddities, notices, format: sourceFormat ?? 'dicom' } };
}

function filterOf(query: ItemQuery): { where: string; params: SqlValue[] } {
  const conditions: string[] = [];
  const params: SqlValue[] = [];
  const equal = (column: string, value: string | undefined): void => {
    if (value === undefined) return;
    conditions.push(`${column} = ?`);
    params.push(value);
  };
  equal('i.job_id', query.jobId);
  equal('i.source_series_uid', query.sourceSeriesUid);
  equal('i.provenance', query.provenance);
  if (query.decision === 'undecided') conditions.push('d.seq IS NULL');
  else equal('d.decision', query.decision);
  return { where: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`, params };
}

function toItem(row: z.infer<typeof SummaryRow>): Item {
  return {
    itemId: row.item_id,
    jobId: row.job_id,
    index: row.item_index,
    provenance: row.provenance,
    title: row.title,
    packageId: row.package_id,
    packageVersion: row.package_version,
    frames: row.frames,
    rows: row.rows,
    columns: row.columns,
    modality: row.modality,
    class: row.class,
    seed: row.seed,
    sourceSeriesUid: row.source_series_uid,
    createdAt: row.created_at,
    ledgerIndex: row.ledger_index,
    ledgerHash: row.ledger_hash,
    measures: row.measures,
    decision: row.decision,
    reason: row.reason,
    note: row.note ?? '',
  };
}
