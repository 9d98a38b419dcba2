import { z } from 'zod';
import type { Clock } from '#base';
import { type Decide, type Item, type ReviewSummary, ScanloomError, type UndoDecision } from '#contract';
import type { Database, Library } from '#library';

export interface Review {
  /** Records one decision with its ledger entry; on disk before it returns. @throws ScanloomError `request/not-found`, `request/invalid` for a reason without a rejection */
  decide(request: Decide): Item;
  /** Takes back the reader's last decision (within a job, when one is named); null when there is none. What was decided before counts again. */
  undo(request: UndoDecision): Item | null;
  /** How many items (of a job, when one is named) stand where. */
  summary(query: { readonly jobId?: string | undefined }): ReviewSummary;
}

const Last = z.object({ seq: z.number(), item_id: z.string(), decision: z.string() });
const Counts = z.object({ total: z.number(), accepted: z.number(), rejected: z.number(), unsure: z.number() });

export function createReview({ library, clock }: { readonly library: Library; readonly clock: Clock }): Review {
  const { db, items, ledger, events } = library;

  const announced = (item: Item): Item => {
    events.publish({ type: 'item-decided', item });
    return item;
  };

  const lastDecision = (tx: Database, request: UndoDecision): z.infer<typeof Last> | null => {
    const ofJob = request.jobId === undefined ? '' : 'AND item_id IN (SELECT item_id FROM items WHERE job_id = ?)';
    const row = tx.get(`SELECT seq, item_id, decision FROM decisions WHERE reader = ? AND undone_at IS NULL ${ofJob} ORDER BY seq DESC LIMIT 1`, [request.reader, ...(request.jobId === undefined ? [] : [request.jobId])]);
    return row === undefined ? null : Last.parse(row);
  };

  return {
    decide({ itemId, decision, reason, note, reader }) {
      if (reason !== undefined && decision === 'accepted') {
        throw new ScanloomError('request/invalid', 'An accepted image has no reason for rejection.', { hint: 'Leave the reason out, or reject the image.' });
      }
      const item = db.transaction((tx) => {
        const { item: before } = items.get(itemId);
        const at = clock.now().toISOString();
        const { lastInsertRowid } = tx.run('INSERT INTO decisions (item_id, reader, decision, reason, note, at) VALUES (?, ?, ?, ?, ?, ?)', [itemId, reader, decision, reason ?? null, note, at]);
        ledger.append(tx, 'decision', { itemId, itemLedgerHash: before.ledgerHash, decisionSeq: lastInsertRowid, action: 'decide', decision, reason: reason ?? null, note, reader });
        return items.get(itemId).item;
      });
      return announced(item);
    },

    undo(request) {
      const item = db.transaction((tx) => {
        const last = lastDecision(tx, request);
        if (last === null) return null;
        tx.run('UPDATE decisions SET undone_at = ? WHERE seq = ?', [clock.now().toISOString(), last.seq]);
        ledger.append(tx, 'decision', { itemId: last.item_id, decisionSeq: last.seq, action: 'undo', decision: last.decision, reader: request.reader });
        return items.get(last.item_id).item;
      });
      return item === null ? null : announced(item);
    },

    summary({ jobId }) {
      const counts = Counts.parse(
        db.get(
          `SELECT count(*) AS total, coalesce(sum(d.decision = 'accepted'), 0) AS accepted, coalesce(sum(d.decision = 'rejected'), 0) AS rejected, coalesce(sum(d.decision = 'unsure'), 0) AS unsure
           FROM items i LEFT JOIN decisions d ON d.seq = (SELECT max(seq) FROM decisions WHERE item_id = i.item_id AND undone_at IS NULL)
           ${jobId === undefined ? '' : 'WHERE i.job_id = ?'}`,
          jobId === undefined ? [] : [jobId],
        ),
      );
      return { ...counts, undecided: counts.total - counts.accepted - counts.rejected - counts.unsure };
    },
  };
}
