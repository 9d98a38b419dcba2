/** The append-only record of outputs, decisions and exports. Each entry holds the hash of the one before: none can be changed or left out unseen. */
import { z } from 'zod';
import { canonicalJson, sha256Hex, type Clock } from '#base';
import { LedgerEntry, ScanloomError } from '#contract';
import type { Database, Library } from './types.ts';

/** What the first entry names as the one before it. */
const genesis = '0'.repeat(64);

const Row = z
  .object({ entry_index: z.int(), at: z.string(), kind: z.string(), body: z.string(), previous_hash: z.string(), hash: z.string() })
  .transform((row): unknown => ({ index: row.entry_index, at: row.at, kind: row.kind, body: JSON.parse(row.body), previousHash: row.previous_hash, hash: row.hash }))
  .pipe(LedgerEntry);

const columns = 'entry_index, at, kind, body, previous_hash, hash';

/**
 * The hash of an entry: SHA-256, as lower-case hex, of the UTF-8 bytes of
 * `previousHash + "\n" + canonicalJson({ at, body, index, kind })`
 * where `previousHash` is 64 hex digits (zeros for index 0) and canonicalJson is RFC 8785.
 */
export function ledgerHash(entry: Pick<LedgerEntry, 'index' | 'at' | 'kind' | 'body' | 'previousHash'>): string {
  return sha256Hex(`${entry.previousHash}\n${canonicalJson({ index: entry.index, at: entry.at, kind: entry.kind, body: entry.body })}`);
}

/** Walks a chain from its first entry. `brokenAt`: index at which the first entry that does not fit stands or should stand. */
export function verifyLedgerEntries(entries: Iterable<LedgerEntry>): { ok: boolean; entries: number; brokenAt?: number } {
  let previousHash = genesis;
  let index = 0;
  for (const entry of entries) {
    if (entry.index !== index || entry.previousHash !== previousHash || ledgerHash(entry) !== entry.hash) return { ok: false, entries: index, brokenAt: index };
    previousHash = entry.hash;
    index += 1;
  }
  return { ok: true, entries: index };
}

export function createLedger(db: Database, clock: Clock): Library['ledger'] {
  const notFound = (): ScanloomError => new ScanloomError('request/not-found', 'The ledger has no such entry.');

  function* all(from = 0): IterableIterator<LedgerEntry> {
    for (const row of db.iterate(`SELECT ${columns} FROM ledger WHERE entry_index >= ? ORDER BY entry_index`, [from])) yield Row.parse(row);
  }

  return {
    append(tx, kind, body) {
      return tx.transaction(() => {
        const lastRow = tx.get(`SELECT ${columns} FROM ledger ORDER BY entry_index DESC LIMIT 1`);
        const last = lastRow === undefined ? null : Row.parse(lastRow);
        // Through JSON, so that what is hashed is what a reader will get back.
        const text = canonicalJson(body);
        const unhashed = { index: (last?.index ?? -1) + 1, at: clock.now().toISOString(), kind, body: JSON.parse(text) as Record<string, unknown>, previousHash: last?.hash ?? genesis };
        const entry: LedgerEntry = { ...unhashed, hash: ledgerHash(unhashed) };
        const itemId = typeof body['itemId'] === 'string' ? body['itemId'] : null;
        tx.run('INSERT INTO ledger (entry_index, at, kind, item_id, body, previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?)', [entry.index, entry.at, kind, itemId, text, entry.previousHash, entry.hash]);
        return entry;
      });
    },
    get(index) {
      const row = db.get(`SELECT ${columns} FROM ledger WHERE entry_index = ?`, [index]);
      if (row === undefined) throw notFound();
      return Row.parse(row);
    },
    forItem(itemId) {
      const row = db.get(`SELECT ${columns} FROM ledger WHERE item_id = ? AND kind = 'item' ORDER BY entry_index LIMIT 1`, [itemId]);
      if (row === undefined) throw notFound();
      return Row.parse(row);
    },
    all,
    verify() {
      try {
        return verifyLedgerEntries(all());
      } catch (thrown) {
        // A row that is no entry at all: the chain ends where the rows before it end.
        if (!(thrown instanceof z.ZodError) && !(thrown instanceof SyntaxError)) throw thrown;
        const before = entriesBeforeUnreadable();
        return { ok: false, entries: before, brokenAt: before };
      }
    },
  };

  function entriesBeforeUnreadable(): number {
    let count = 0;
    try {
      for (const _entry of all()) count += 1;
    } catch {
      return count;
    }
    return count;
  }
}
