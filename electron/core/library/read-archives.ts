/** Archives that were read to their end: one that has not changed since is not unpacked again. */
import { z } from 'zod';
import type { Database } from './types.ts';

interface Archive {
  readonly path: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

const Row = z.object({ size_bytes: z.number(), mtime_ms: z.number(), images: z.number(), series_uids: z.string() });
const Uids = z.array(z.string());

/** What one ingest learns of archives. */
export class ReadArchives {
  readonly #db: Database;
  readonly #images = new Map<string, { images: number; seriesUids: Set<string> }>();
  readonly #read: Archive[] = [];
  readonly #spoilt = new Set<string>();

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

  /** An image of the archive was described. */
  holds(archivePath: string, seriesUid: string): void {
    const held = this.#images.get(archivePath) ?? { images: 0, seriesUids: new Set() };
    held.images += 1;
    held.seriesUids.add(seriesUid);
    this.#images.set(archivePath, held);
  }

  /** Something in it was refused: the next ingest is to say so again. */
  spoil(archivePath: string): void {
    this.#spoilt.add(archivePath);
  }

  /** All members have been given to the readers. */
  read(archive: Archive): void {
    this.#read.push(archive);
  }

  /** To be called when the images are stored. */
  record(): void {
    this.#db.transaction(() => {
      for (const archive of this.#read) {
        const held = this.#images.get(archive.path);
        if (held === undefined || this.#spoilt.has(archive.path)) continue;
        this.#db.run('INSERT OR REPLACE INTO archives (path, size_bytes, mtime_ms, images, series_uids) VALUES (?, ?, ?, ?, ?)', [
          archive.path, archive.sizeBytes, archive.mtimeMs, held.images, JSON.stringify([...held.seriesUids]),
        ]);
      }
    });
  }
}
