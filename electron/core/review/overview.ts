/** Where all runs stand, and which exports hold items that were decided otherwise since. */
import { z } from 'zod';
import type { ExportOverview, RunOverview, SourceNamed, VerifyFinding } from '#contract';
import type { Library } from '#library';

export interface Overview {
  /** One row a run that has items; newest run first. */
  runs(): RunOverview[];
  /** One row a finished export, newest first. What counts is each item's decision when the export was asked for against its decision now. */
  exports(): ExportOverview[];
  /** A warning for `verify`, in words; none where nothing was decided otherwise. */
  warningsOf(exportId: string): VerifyFinding[];
}

const mostSources = 100;

const RunRow = z.object({ job_id: z.string(), provenance: z.enum(['enhanced', 'synthetic']), total: z.int(), accepted: z.int(), rejected: z.int(), unsure: z.int(), images: z.int() });
const SourceRow = z.object({
  owner: z.string(), patient_name: z.string().nullable(), patient_id: z.string().nullable(), patient_birth_date: z.string().nullable(), study_date: z.string().nullable(),
  modality: z.string().nullable(), series_number: z.number().nullable(), description: z.string().nullable(),
});
const ExportRow = z.object({ export_id: z.string(), created_at: z.string(), items: z.string().transform((text): unknown => JSON.parse(text)).pipe(z.array(z.string())) });
const DecisionRow = z.object({ item_id: z.string(), decision: z.string(), at: z.string(), undone_at: z.string().nullable() });
type DecisionRow = z.infer<typeof DecisionRow>;

const sourceColumns = 's.patient_name, s.patient_id, s.patient_birth_date, s.study_date, r.modality, r.series_number, r.description';
const sourceTables = 'LEFT JOIN series r ON r.series_uid = i.source_series_uid LEFT JOIN studies s ON s.study_uid = r.study_uid';

export function createOverview({ library }: { readonly library: Library }): Overview {
  const { db } = library;

  function sourcesBy(sql: string): Map<string, SourceNamed[]> {
    const found = new Map<string, SourceNamed[]>();
    for (const raw of db.iterate(sql)) {
      const row = SourceRow.parse(raw);
      const list = found.get(row.owner) ?? [];
      if (list.length < mostSources) list.push(toSource(row));
      found.set(row.owner, list);
    }
    return found;
  }

  function exports(): ExportOverview[] {
    const decisions = new Map<string, DecisionRow[]>();
    for (const raw of db.iterate('SELECT item_id, decision, at, undone_at FROM decisions ORDER BY seq')) {
      const row = DecisionRow.parse(raw);
      const list = decisions.get(row.item_id);
      if (list) list.push(row);
      else decisions.set(row.item_id, [row]);
    }
    const ofExports = `FROM exports e JOIN ledger l ON l.kind = 'export' AND json_extract(l.body, '$.exportId') = e.export_id`;
    const sources = sourcesBy(`SELECT DISTINCT e.export_id AS owner, i.source_series_uid, ${sourceColumns} ${ofExports}, json_each(l.body, '$.items') j JOIN items i ON i.item_id = j.value ${sourceTables}
      WHERE e.state = 'done' AND i.source_series_uid IS NOT NULL`);
    return db.all(`SELECT e.export_id, e.created_at, json_extract(l.body, '$.items') AS items ${ofExports} WHERE e.state = 'done' ORDER BY e.created_at DESC, e.rowid DESC`).map((raw) => {
      const row = ExportRow.parse(raw);
      const count = { rejected: 0, unsure: 0, takenBack: 0 };
      for (const itemId of row.items) {
        const of = decisions.get(itemId) ?? [];
        const then = decisionAt(of, row.created_at);
        const now = decisionAt(of, null);
        if (now === then) continue;
        if (now === 'rejected') count.rejected += 1;
        else if (now === 'unsure') count.unsure += 1;
        else if (now === null) count.takenBack += 1;
      }
      return { exportId: row.export_id, ...count, sources: sources.get(row.export_id) ?? [] };
    });
  }

  return {
    runs() {
      const sources = sourcesBy(`SELECT DISTINCT i.job_id AS owner, i.source_series_uid, ${sourceColumns} FROM items i ${sourceTables} WHERE i.source_series_uid IS NOT NULL`);
      return db.all(
        `SELECT i.job_id, min(i.provenance) AS provenance, count(*) AS total, coalesce(sum(d.decision = 'accepted'), 0) AS accepted, coalesce(sum(d.decision = 'rejected'), 0) AS rejected,
           coalesce(sum(d.decision = 'unsure'), 0) AS unsure, sum(i.frames) AS images
         FROM items i JOIN jobs q ON q.job_id = i.job_id
           LEFT JOIN decisions d ON d.seq = (SELECT max(seq) FROM decisions WHERE item_id = i.item_id AND undone_at IS NULL)
         GROUP BY i.job_id ORDER BY q.seq DESC`,
      ).map((raw) => {
        const { job_id: jobId, ...counts } = RunRow.parse(raw);
        return { jobId, ...counts, undecided: counts.total - counts.accepted - counts.rejected - counts.unsure, sources: sources.get(jobId) ?? [] };
      });
    },
    exports,
    warningsOf(exportId) {
      const found = exports().find((one) => one.exportId === exportId);
      if (!found) return [];
      const parts = [[found.rejected, 'rejected'], [found.unsure, 'put down as unsure'], [found.takenBack, 'made undecided again']] as const;
      return parts.filter(([n]) => n > 0).map(([n, words]) => ({ level: 'warning', code: 'decided-since', path: '', message: `${n} ${n === 1 ? 'item' : 'items'} in it ${n === 1 ? 'was' : 'were'} ${words} since. Export again to leave ${n === 1 ? 'it' : 'them'} out.` }));
    },
  };
}

/** The decision that counted at an instant (ISO 8601; null = now): the last one made until then and not taken back by then. */
function decisionAt(decisions: readonly DecisionRow[], at: string | null): string | null {
  const counted = decisions.filter((one) => (at === null ? one.undone_at === null : one.at <= at && (one.undone_at === null || one.undone_at > at)));
  return counted.at(-1)?.decision ?? null;
}

function toSource(row: z.infer<typeof SourceRow>): SourceNamed {
  return {
    patientName: row.patient_name ?? '', patientId: row.patient_id ?? '', patientBirthDate: row.patient_birth_date ?? '', studyDate: row.study_date ?? '',
    modality: row.modality ?? '', seriesNumber: row.series_number, seriesDescription: row.description ?? '',
  };
}
