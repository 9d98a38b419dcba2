/** Every shape that a library has had, in order. A new one is a new file and a line in this table. */
import { z } from 'zod';
import { ScanloomError } from '#contract';
import type { OpenDatabase } from '../sqlite-database.ts';
import { first } from './0001-first.ts';
import { objects } from './0002-objects.ts';
import { archives } from './0003-archives.ts';
import { sources } from './0004-sources.ts';
import { search } from './0005-search.ts';
import { sharedSeriesUids } from './0006-shared-series-uids.ts';

const migrations: readonly { readonly version: number; readonly sql: string }[] = [first, objects, archives, sources, search, sharedSeriesUids];

export const newestVersion = migrations.at(-1)?.version ?? 0;

/** "SCLM" in SQLite's application id: tells a library from any other database that has the same name. */
const applicationId = 0x53434c4d;

/**
 * Brings an open database to the newest shape, each step in a transaction of its own.
 *
 * @param until A shape to stop at, so that a test can make a library as an older program did.
 * @throws ScanloomError `library/newer` for one that a later program made; `library/corrupt` for a database that is no library
 */
export function migrate(db: OpenDatabase, readOnly: boolean, until = newestVersion): void {
  const version = z.object({ user_version: z.int() }).parse(db.get('PRAGMA user_version')).user_version;
  const id = z.object({ application_id: z.int() }).parse(db.get('PRAGMA application_id')).application_id;
  if (id !== applicationId && (version !== 0 || id !== 0)) {
    throw new ScanloomError('library/corrupt', 'The file scanloom.db in this folder is not a Scanloom library.', { hint: 'Choose another folder for the library.' });
  }
  if (version > newestVersion) {
    throw new ScanloomError('library/newer', `This library was made by a newer Scanloom (its shape is number ${version}; this program knows up to ${newestVersion}).`, { hint: 'Use the newer program, or choose another library.' });
  }
  if (version < newestVersion && readOnly) {
    throw new ScanloomError('request/conflict', 'This library has an older shape and must be brought up to date before it can be read.', { hint: 'Open it once in the program itself.' });
  }
  for (const migration of migrations.filter((candidate) => candidate.version > version && candidate.version <= until)) {
    db.transaction(() => {
      db.exec(migration.sql);
      db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migration.version}`);
    });
  }
}
