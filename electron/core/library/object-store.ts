/** Writes objects that are no plain images: reports, presentation states, structure sets, and what segmentations refer to. */
import { z } from 'zod';
import type { ObjectDescription } from '#dicom';
import type { DescribedFile, StudyStore } from './study-store.ts';
import type { Database } from './types.ts';

/** A file with the object in it. `file.header` says whose it is. */
export interface DescribedObject {
  readonly file: DescribedFile;
  readonly object: ObjectDescription;
}

const Known = z.object({ size_bytes: z.number(), mtime_ms: z.number() });
const KnownByUid = z.object({ path: z.string(), sha256: z.string() });

export class ObjectStore {
  readonly #db: Database;
  readonly #studies: StudyStore;

  constructor(db: Database, studies: StudyStore) {
    this.#db = db;
    this.#studies = studies;
  }

  /** Size and time of the file that was read from a path, when it held an object. */
  knownByPath(path: string): { readonly size_bytes: number; readonly mtime_ms: number } | null {
    const row = this.#db.get('SELECT size_bytes, mtime_ms FROM objects WHERE path = ?', [path]);
    return row === undefined ? null : Known.parse(row);
  }

  has(sopInstanceUid: string): boolean {
    return this.#db.get('SELECT 1 FROM objects WHERE object_uid = ?', [sopInstanceUid]) !== undefined;
  }

  /** Where an object without images lies, by its UID. */
  knownByUid(sopInstanceUid: string): { readonly path: string; readonly sha256: string } | null {
    const row = this.#db.get('SELECT path, sha256 FROM objects WHERE object_uid = ? AND path IS NOT NULL', [sopInstanceUid]);
    return row === undefined ? null : KnownByUid.parse(row);
  }

  /** Adds an object, or puts it in the place of what its UID or path held before. Its study is made when it is not there. Call within a transaction. */
  put({ file, object }: DescribedObject, addedAt: string): void {
    this.#studies.ensureStudy(file.header, addedAt);
    const { references, ...description } = object;
    const isImage = object.isImage;
    this.#db.run('DELETE FROM objects WHERE object_uid = ? OR path = ?', [object.sopInstanceUid, file.path]);
    this.#db.run('INSERT INTO objects (object_uid, study_uid, series_uid, kind, frame_of_reference, description, path, size_bytes, mtime_ms, sha256, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', [
      object.sopInstanceUid, object.studyInstanceUid, object.seriesInstanceUid, object.kind, object.frameOfReferenceUid, JSON.stringify(description),
      isImage ? null : file.path, file.sizeBytes, file.mtimeMs, file.sha256, addedAt,
    ]);
    for (const { seriesInstanceUid, sopInstanceUids } of references) {
      for (const sopInstanceUid of sopInstanceUids.length === 0 ? [''] : sopInstanceUids) {
        this.#db.run('INSERT OR IGNORE INTO object_references (object_uid, series_uid, sop_uid) VALUES (?, ?, ?)', [object.sopInstanceUid, seriesInstanceUid, sopInstanceUid]);
      }
    }
  }
}
