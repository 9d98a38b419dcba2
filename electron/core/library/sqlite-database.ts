/** The only file that speaks to the database driver (with the lock beside it). Its errors become the program's own here. */
import { DatabaseSync, type StatementSyncInstance } from '@photostructure/sqlite';
import { ScanloomError } from '#contract';
import type { Database, SqlValue } from './types.ts';

export interface OpenDatabase extends Database {
  /** Several statements without parameters. */
  exec(sql: string): void;
  close(): void;
}

/**
 * Opens the file. Writing: WAL, and every commit is on the disk before it returns (synchronous FULL). Reading works beside a writer.
 *
 * @throws ScanloomError `library/corrupt`, `disk/full`, `disk/failed`
 */
export function openDatabase(file: string, options: { readonly readOnly: boolean }): OpenDatabase {
  const driver = translated(() => new DatabaseSync(file, { readOnly: options.readOnly, timeout: 5000, enableForeignKeyConstraints: true }));
  try {
    translated(() => {
      if (!options.readOnly) driver.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
      // A first read finds a file that is no database.
      driver.prepare('PRAGMA schema_version').get();
    });
  } catch (thrown) {
    driver.close();
    throw thrown;
  }

  const statements = new Map<string, StatementSyncInstance>();
  const prepared = (sql: string): StatementSyncInstance => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = driver.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  };

  let depth = 0;
  const db: OpenDatabase = {
    run(sql, params = []) {
      return translated(() => {
        const { changes, lastInsertRowid } = prepared(sql).run(...bindable(params));
        return { changes, lastInsertRowid: Number(lastInsertRowid) };
      });
    },
    get: (sql, params = []) => translated(() => prepared(sql).get(...bindable(params)) as unknown),
    all: (sql, params = []) => translated(() => prepared(sql).all(...bindable(params)) as unknown[]),
    // Its own statement: a cached one would be started over by another reader in the middle.
    iterate: (sql, params = []) => translated(() => driver.prepare(sql).iterate(...bindable(params))),
    exec: (sql) => translated(() => driver.exec(sql)),
    transaction(work) {
      // Within another one: a savepoint, so that who catches an error outside does not keep half of what was done inside.
      const [begin, commit, rollback] = depth === 0 ? ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'] : [`SAVEPOINT nested${depth}`, `RELEASE nested${depth}`, `ROLLBACK TO nested${depth}; RELEASE nested${depth}`];
      translated(() => driver.exec(begin!));
      depth += 1;
      try {
        const result = work(db);
        if (result instanceof Promise) throw new ScanloomError('internal', 'Something went wrong inside Scanloom.', { cause: new Error('a transaction must not be async') });
        translated(() => driver.exec(commit!));
        return result;
      } catch (thrown) {
        // A full disk makes SQLite roll everything back by itself.
        if (driver.isTransaction) driver.exec(rollback!);
        throw thrown;
      } finally {
        depth -= 1;
      }
    },
    close() {
      statements.clear();
      if (driver.isOpen) driver.close();
    },
  };
  return db;
}

function bindable(params: readonly SqlValue[]): SqlValue[] {
  return [...params];
}

function translated<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw databaseError(thrown);
  }
}

/** SQLite's result codes (sqlite.org/rescode.html) in the program's words. What is a mistake of the program stays `internal`. */
export function databaseError(thrown: unknown): ScanloomError {
  if (thrown instanceof ScanloomError) return thrown;
  const extended = Number((thrown as { sqliteExtendedCode?: unknown; errcode?: unknown } | null)?.sqliteExtendedCode ?? (thrown as { errcode?: unknown } | null)?.errcode ?? 0);
  const details = { sqlite: extended };
  const shmSize = 4874; // SQLITE_IOERR_SHMSIZE: no room for the index of the write-ahead log
  switch (extended === shmSize ? 13 : extended & 0xff) {
    case 13: // SQLITE_FULL
      return new ScanloomError('disk/full', 'The disk is full.', { hint: 'Free some space and try again; finished work is kept.', details, cause: thrown });
    case 5: // SQLITE_BUSY
    case 6: // SQLITE_LOCKED
      return new ScanloomError('library/locked', 'Another program is using the library.', { hint: 'Close the other one and try again.', details, cause: thrown });
    case 8: // SQLITE_READONLY
      return new ScanloomError('disk/failed', 'The library was opened for reading only, so nothing can be changed in it.', { hint: 'Close the program that owns the library, or check that you may write to its folder.', details, cause: thrown });
    case 10: // SQLITE_IOERR
    case 14: // SQLITE_CANTOPEN
      return new ScanloomError('disk/failed', 'The library could not be read or written.', { hint: 'Check the disk, the connection to it and your rights in the folder.', details, cause: thrown });
    case 11: // SQLITE_CORRUPT
    case 26: // SQLITE_NOTADB
      return new ScanloomError('library/corrupt', 'The library’s database is damaged.', { hint: 'Put scanloom.db back from a backup. Your source studies are not affected.', details, cause: thrown });
    default:
      return ScanloomError.from(thrown);
  }
}
