/**
 * The series that one ingest has met. They are kept in a temporary table of the database (SQLite holds a few megabytes of it in memory and the
 * rest in a file that goes with the connection), so that an ingest of fifty thousand series needs no more memory than one of ten.
 */
import { z } from 'zod';
import { limits } from '#base';
import type { Database } from './types.ts';

const Uid = z.object({ series_uid: z.string() });
/** Files of one series mostly come one after another: these are not looked up again for each. */
const remembered = 256;
const pageSize = 200;

export class TouchedSeries {
  readonly #db: Database;
  readonly #ingestId: string;
  readonly #first: string[] = [];
  readonly #recent = new Set<string>();
  #total = 0;

  constructor(db: Database, ingestId: string) {
    this.#db = db;
    this.#ingestId = ingestId;
  }

  get total(): number {
    return this.#total;
  }

  /** The first ones, `limits.seriesListed` at most. */
  get first(): readonly string[] {
    return this.#first;
  }

  add(seriesUid: string): void {
    if (this.#recent.has(seriesUid)) return;
    this.#recent.add(seriesUid);
    if (this.#recent.size > remembered) this.#recent.delete(this.#recent.values().next().value!);
    if (this.#total === 0) this.#db.run('CREATE TEMP TABLE IF NOT EXISTS ingest_series (ingest_id TEXT, series_uid TEXT, needs_window INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (ingest_id, series_uid)) WITHOUT ROWID');
    const { changes } = this.#db.run('INSERT OR IGNORE INTO temp.ingest_series (ingest_id, series_uid) VALUES (?, ?)', [this.#ingestId, seriesUid]);
    if (changes === 0) return;
    this.#total += 1;
    if (this.#first.length < limits.seriesListed) this.#first.push(seriesUid);
  }

  has(seriesUid: string): boolean {
    return this.#total > 0 && this.#db.get('SELECT 1 FROM temp.ingest_series WHERE ingest_id = ? AND series_uid = ?', [this.#ingestId, seriesUid]) !== undefined;
  }

  /** How to show it is to be measured when all its images are there. */
  needsWindow(seriesUid: string): void {
    if (this.#total > 0) this.#db.run('UPDATE temp.ingest_series SET needs_window = 1 WHERE ingest_id = ? AND series_uid = ?', [this.#ingestId, seriesUid]);
  }

  /** Those of `needsWindow`, by UID. */
  *withoutWindow(): Generator<string> {
    if (this.#total === 0) return;
    for (let after = ''; ; ) {
      const page = this.#db.all('SELECT series_uid FROM temp.ingest_series WHERE ingest_id = ? AND series_uid > ? AND needs_window = 1 ORDER BY series_uid LIMIT ?', [this.#ingestId, after, pageSize]).map((row) => Uid.parse(row).series_uid);
      yield* page;
      if (page.length < pageSize) return;
      after = page.at(-1)!;
    }
  }

  /** Lets go of all but the number and the first ones. */
  forget(): void {
    if (this.#total > 0) this.#db.run('DELETE FROM temp.ingest_series WHERE ingest_id = ?', [this.#ingestId]);
    this.#recent.clear();
  }
}
