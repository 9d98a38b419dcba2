/** Opens a library folder and puts its parts together. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createWorkerPool, ensureDir, freeDiskBytes } from '#base';
import { ScanloomError } from '#contract';
import { createBlobs } from './blobs.ts';
import { createEvents } from './events.ts';
import { createImages } from './images.ts';
import { createIngests } from './ingest.ts';
import { createItems } from './items.ts';
import { createLedger } from './ledger.ts';
import { acquireLibraryLock, type LibraryLock } from './library-lock.ts';
import { ObjectStore } from './object-store.ts';
import { migrate } from './migrations/index.ts';
import { openDatabase } from './sqlite-database.ts';
import { createObjects } from './objects.ts';
import { createSourceFiles } from './source-files.ts';
import { createStudies } from './studies.ts';
import { StudyStore } from './study-store.ts';
import { createThumbnails } from './thumbnails.ts';
import type { Library, LibraryOptions } from './types.ts';

/** Less than this and not even the database's own bookkeeping is safe to start. */
const leastFreeBytes = 1 << 20;

/**
 * Opens the library in `dir`; the folder is made when it is not there. With `readOnly` it opens beside an owner and nothing is written.
 *
 * @throws ScanloomError `library/locked` with who has it, `library/newer`, `library/corrupt`, `disk/full`, `disk/failed`; `input/not-found` when there is nothing to read
 */
export async function openLibrary(options: LibraryOptions): Promise<Library> {
  const { clock, log } = options;
  const dir = path.resolve(options.dir);
  const readOnly = options.readOnly === true;
  const file = path.join(dir, 'scanloom.db');
  let lock: LibraryLock | null = null;
  if (readOnly) {
    if (!existsSync(file)) throw new ScanloomError('input/not-found', 'There is no library in this folder yet.', { hint: 'scanloom ingest FOLDER makes one.' });
  } else {
    // It will hold names in the clear: nobody else on the computer may look in (Windows has its own rights, which are inherited).
    await ensureDir(dir, 0o700);
    const free = await freeDiskBytes(dir).catch(() => Infinity);
    if (free < leastFreeBytes) throw new ScanloomError('disk/full', 'The disk that holds the library is full.', { hint: 'Free some space and try again; nothing in the library is lost.', details: { freeBytes: free } });
    lock = await acquireLibraryLock(dir, clock);
  }

  try {
    const db = openDatabase(file, { readOnly });
    try {
      migrate(db, readOnly);
      const store = new StudyStore(db);
      if (!readOnly) for (let stale = store.staleSeries(100); stale.length > 0; stale = store.staleSeries(100)) db.transaction(() => stale.forEach((seriesUid) => store.assemble(seriesUid)));

      const pool = createWorkerPool({ entry: options.workers.entry, size: options.workers.size, log });
      // A file that is not there is answered without ado; the thread is up then.
      if (options.workers.warm === true && !readOnly) for (let n = 0; n < Math.min(2, options.workers.size); n += 1) void pool.run({ op: 'describe', path: '' }).catch(() => undefined);
      const events = createEvents(db, readOnly, log);
      const ledger = createLedger(db, clock);
      const blobs = createBlobs(path.join(dir, 'blobs'), db);
      const sourceFiles = createSourceFiles({ db, events, clock, log, readOnly });
      const studies = createStudies(db, dir, sourceFiles.opened);
      const images = createImages(db, pool, studies);
      const ingests = createIngests({ dir, db, store, objects: new ObjectStore(db, store), sourceFiles, pool, workers: options.workers.size, decode: images.decode, events, clock, log, readOnly });
      let closing: Promise<void> | null = null;
      const held = lock;
      return {
        dir,
        readOnly,
        db,
        ingest: ingests.api,
        studies: studies.api,
        images: images.api,
        objects: createObjects({ db, pool, studies: studies.api, images: images.api }),
        items: createItems(db, ledger, blobs),
        thumbnails: createThumbnails({ dir: path.join(dir, 'thumbnails'), readOnly, pool, studies: studies.api, images: images.api, decode: images.decode, log }),
        blobs,
        ledger,
        events,
        close() {
          closing ??= (async () => {
            ingests.cancelAll();
            // Before waiting: a reader that hangs must not keep the program from ending.
            await pool.close();
            await ingests.settled();
            await sourceFiles.close();
            db.close();
            held?.release();
          })();
          return closing;
        },
      };
    } catch (thrown) {
      db.close();
      throw thrown;
    }
  } catch (thrown) {
    lock?.release();
    throw thrown;
  }
}
