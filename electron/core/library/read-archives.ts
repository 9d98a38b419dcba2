/** Archives that were read to their end: one that has not changed since is not unpacked again. */
import { z } from 'zod';
import type { Database } from './types.ts';

interface Archive {
  readonly path: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

/** What an ingest has learnt of an archive whose members are not all stored yet. */
interface UnderWay {
  images: number;
  readonly seriesUids: Set<string>;
  /** Members that were given to the readers and are neither stored nor left aside. */
  members: number;
  isSpoilt: boolean;
  /** Set when all members have been given to the readers. */
  read: Archive | null;
}

const Row = z.object({ size_bytes: z.number(), mtime_ms: z.number(), images: z.number(), series_uids: z.string() });
const Uids = z.array(z.string());

/** What one ingest learns of archives. Only those that are being read are held here, a few at a time. */
export class ReadArchives {
  readonly #db: Database;
  readonly #underWay = new Map<string, UnderWay>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** What an archive held when it was read to its end; null for one that is new or has changed. */
  known(archive: Archive): { readonly images: number; readonly seriesUids: readonly string[] } | null {
    const row = this.#db.get('SELECT size_bytes, mtime_ms, images, series_uids FROM archives WHERE path = ?', [archive.path]);
    if (row === undefined) return null;
    const known = Row.parse(row);
    if (known.size_bytes !== archive.sizeBytes || known.mtime_ms !== archive.mtimeMs) return null;
    return { images: known.images, seriesUids: Uids.parse(JSON.parse(known.series_uids)) };
  }

  /** A member is given to the readers; `settled` is to follow. */
  given(archivePath: string): void {
    this.#of(archivePath).members += 1;
  }

  /** An image of the archive was stored, or was known; it lies in this series. */
  holds(archivePath: string, seriesUid: string): void {
    const held = this.#of(archivePath);
    held.images += 1;
    held.seriesUids.add(seriesUid);
  }

  /** Something in it was refused: the next ingest is to say so again. */
  spoil(archivePath: string): void {
    this.#of(archivePath).isSpoilt = true;
  }

  /** Nothing more is to be expected of a member. */
  settled(archivePath: string): void {
    this.#of(archivePath).members -= 1;
    this.#recordIfDone(archivePath);
  }

  /** All members have been given to the readers. */
  read(archive: Archive): void {
    this.#of(archive.path).read = archive;
    this.#recordIfDone(archive.path);
  }

  #of(archivePath: string): UnderWay {
    let held = this.#underWay.get(archivePath);
    if (held === undefined) {
      held = { images: 0, seriesUids: new Set(), members: 0, isSpoilt: false, read: null };
      this.#underWay.set(archivePath, held);
    }
    return held;
  }

  #recordIfDone(archivePath: string): void {
    const held = this.#of(archivePath);
    if (held.read === null || held.members > 0) return;
    this.#underWay.delete(archivePath);
    if (held.isSpoilt || held.images === 0) return;
    this.#db.run('INSERT OR REPLACE INTO archives (path, size_bytes, mtime_ms, images, series_uids) VALUES (?, ?, ?, ?, ?)', [
      held.read.path, held.read.sizeBytes, held.read.mtimeMs, held.images, JSON.stringify([...held.seriesUids]),
    ]);
  }
}
