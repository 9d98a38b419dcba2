/**
 * Are the source files still there, and still what they were? Looked at when a series is opened and when its folder is read again. What is
 * amiss is said in the series' notices; pixels are safe in any case, since every read is held against the recorded digest.
 */
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { sha256File, type Clock, type Log } from '#base';
import { ScanloomError } from '#contract';
import type { Database, Library } from './types.ts';

/** A series that is looked at again and again is checked this often. */
const notAgainForMs = 60_000;
/** Files of one series that are asked for at once: a network disk answers slowly, but several at a time. */
const atOnce = 16;

const Row = z.object({ sop_uid: z.string(), path: z.string(), size_bytes: z.number(), mtime_ms: z.number(), sha256: z.string() });
const Count = z.object({ n: z.number() });
const StudyUid = z.object({ study_uid: z.string() });
const SeriesUid = z.object({ series_uid: z.string() });
const pageSize = 200;
const StateRow = z.object({ missing: z.number(), changed: z.number() });

export interface SourceFiles {
  /** Looks at a series' files behind, unless that was done a moment ago. */
  opened(seriesUid: string): void;
  /** Looks at them now. */
  check(seriesUid: string): Promise<void>;
  /** Series that have files below a folder which are no longer there. `seen`: how many of the folder's known files an ingest has just met. */
  recheckBelow(folder: string, seen: number): Promise<void>;
  close(): Promise<void>;
}

interface Needs {
  readonly db: Database;
  readonly events: Library['events'];
  readonly clock: Clock;
  readonly log: Log;
  readonly readOnly: boolean;
}

export function createSourceFiles({ db, events, clock, log, readOnly }: Needs): SourceFiles {
  const checkedAt = new Map<string, number>();
  const underWay = new Map<string, Promise<void>>();
  let closed = false;

  async function look(seriesUid: string): Promise<void> {
    const rows = db.all('SELECT sop_uid, path, size_bytes, mtime_ms, sha256 FROM images WHERE series_uid = ?', [seriesUid]).map((row) => Row.parse(row));
    const found = { missing: 0, changed: 0 };
    const waiting = rows.values();
    const worker = async (): Promise<void> => {
      for (const row of waiting) {
        if (closed) return;
        const state = await stateOf(row);
        if (state !== 'same') found[state] += 1;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    if (!closed) record(seriesUid, found);
  }

  async function stateOf(row: z.infer<typeof Row>): Promise<'same' | 'missing' | 'changed'> {
    const now = await stat(row.path).catch(() => null);
    if (now === null || !now.isFile()) return 'missing';
    if (now.size !== row.size_bytes) return 'changed';
    if (now.mtimeMs === row.mtime_ms) return 'same';
    // Touched, or written anew with the same length: the content tells.
    const digest = await sha256File(row.path).catch(() => null);
    if (digest === null) return 'missing';
    if (digest !== row.sha256) return 'changed';
    if (!closed) db.run('UPDATE images SET mtime_ms = ? WHERE sop_uid = ? AND path = ?', [now.mtimeMs, row.sop_uid, row.path]);
    return 'same';
  }

  function record(seriesUid: string, found: { readonly missing: number; readonly changed: number }): void {
    const series = db.get('SELECT study_uid FROM series WHERE series_uid = ?', [seriesUid]);
    if (series === undefined) return;
    const before = db.get('SELECT missing, changed FROM source_states WHERE series_uid = ?', [seriesUid]);
    const known = before === undefined ? { missing: 0, changed: 0 } : StateRow.parse(before);
    if (known.missing === found.missing && known.changed === found.changed) return;
    db.transaction(() => {
      if (found.missing + found.changed === 0) db.run('DELETE FROM source_states WHERE series_uid = ?', [seriesUid]);
      else db.run('INSERT OR REPLACE INTO source_states (series_uid, missing, changed, checked_at) VALUES (?, ?, ?, ?)', [seriesUid, found.missing, found.changed, clock.now().toISOString()]);
      db.run('UPDATE series SET revision = revision + 1 WHERE series_uid = ?', [seriesUid]);
    });
    events.publish({ type: 'series-added', seriesInstanceUid: seriesUid, studyInstanceUid: StudyUid.parse(series).study_uid });
  }

  function check(seriesUid: string): Promise<void> {
    const running = underWay.get(seriesUid);
    if (running !== undefined) return running;
    checkedAt.delete(seriesUid);
    checkedAt.set(seriesUid, performance.now());
    if (checkedAt.size > 1000) checkedAt.delete(checkedAt.keys().next().value!);
    const work = look(seriesUid)
      .catch((thrown: unknown) => log.warn('sources-not-checked', { code: ScanloomError.from(thrown).code }))
      .finally(() => underWay.delete(seriesUid));
    underWay.set(seriesUid, work);
    return work;
  }

  return {
    opened(seriesUid) {
      const last = checkedAt.get(seriesUid);
      if (readOnly || closed || (last !== undefined && performance.now() - last < notAgainForMs)) return;
      void check(seriesUid);
    },
    check,
    async recheckBelow(folder, seen) {
      if (readOnly || closed) return;
      // The character after a separator ends the range of everything below it.
      const range = [folder, `${folder.slice(0, -1)}${String.fromCharCode(folder.charCodeAt(folder.length - 1) + 1)}`];
      const known = Count.parse(db.get('SELECT count(*) AS n FROM images WHERE path > ? AND path < ?', range)).n;
      if (known <= seen) return;
      // Page by page: a folder may hold tens of thousands of series.
      for (let after = ''; ; ) {
        const page = db.all('SELECT series_uid FROM series s WHERE series_uid > ? AND EXISTS (SELECT 1 FROM images i WHERE i.series_uid = s.series_uid AND i.path > ? AND i.path < ?) ORDER BY series_uid LIMIT ?', [after, ...range, pageSize]).map((row) => SeriesUid.parse(row).series_uid);
        for (const seriesUid of page) await check(seriesUid);
        if (page.length < pageSize) return;
        after = page.at(-1)!;
      }
    },
    async close() {
      closed = true;
      await Promise.all(underWay.values());
    },
  };
}

/** What a person is told, or nothing. */
export function sourcesInWords(missing: number, changed: number): string[] {
  const words: string[] = [];
  if (missing > 0) words.push(`${missing} source ${missing === 1 ? 'file is' : 'files are'} not where ${missing === 1 ? 'it was' : 'they were'}. Connect the disk, or open the folder from its new place: the study is linked to it again.`);
  if (changed > 0) words.push(`${changed} source ${changed === 1 ? 'file has' : 'files have'} changed since ${changed === 1 ? 'it was' : 'they were'} read, and ${changed === 1 ? 'is' : 'are'} not shown. Open the folder again to take ${changed === 1 ? 'it' : 'them'} as ${changed === 1 ? 'it is' : 'they are'} now.`);
  return words;
}
