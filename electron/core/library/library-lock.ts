/**
 * One process owns a library at a time. The lock is an exclusive SQLite transaction that is never committed: the system drops it with its
 * owner, however that ends, and it means the same on Windows, macOS and Linux. `lock.json` beside it only says who has it.
 */
import { readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { z } from 'zod';
import { writeFileAtomic, type Clock } from '#base';
import { ScanloomError } from '#contract';
import { databaseError } from './sqlite-database.ts';

const Holder = z.object({ pid: z.int(), host: z.string(), since: z.string() });

export interface LibraryLock {
  release(): void;
}

/** @throws ScanloomError `library/locked` with who has it; `disk/failed` where nothing can be written */
export async function acquireLibraryLock(dir: string, clock: Clock): Promise<LibraryLock> {
  const note = path.join(dir, 'lock.json');
  let lock: DatabaseSyncInstance | null = null;
  try {
    lock = new DatabaseSync(path.join(dir, 'lock.db'));
    // No journal file: nothing is ever written, so nothing can be left behind.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (thrown) {
    lock?.close();
    const error = databaseError(thrown);
    throw error.code === 'library/locked' ? lockedBy(note) : error;
  }
  const held = lock;
  try {
    await writeFileAtomic(note, JSON.stringify({ pid: process.pid, host: os.hostname(), since: clock.now().toISOString() }));
  } catch (thrown) {
    held.close();
    throw thrown;
  }
  return {
    release() {
      rmSync(note, { force: true });
      held.close();
    },
  };
}

function lockedBy(note: string): ScanloomError {
  let holder: z.infer<typeof Holder> | null = null;
  try {
    holder = Holder.parse(JSON.parse(readFileSync(note, 'utf8')));
  } catch {
    // The owner has just come or is just going; that somebody has the lock is known all the same.
  }
  const who = holder === null ? 'another Scanloom' : `another Scanloom (process ${holder.pid} on ${holder.host}, since ${holder.since})`;
  return new ScanloomError('library/locked', `The library is open in ${who}.`, {
    hint: 'Close it there and try again, or choose another library with --library. Commands that only read work meanwhile.',
    details: holder === null ? {} : { pid: holder.pid, since: holder.since },
  });
}
