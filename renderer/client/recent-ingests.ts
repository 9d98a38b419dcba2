/** The last readings of files, over a reload of the page: only their ids are kept by the browser, what came of them is asked of the host. */
import type { IngestState } from '#contract';
import { call } from './api.ts';
import { live } from './live.ts';

const storageKey = 'scanloom.ingests';
const mostKept = 3;

/** The ids to keep when an ingest is seen: the newest last, three at most. Pure. */
export function withRecent(ids: readonly string[], ingestId: string): string[] {
  return ids.at(-1) === ingestId ? [...ids] : [...ids.filter((id) => id !== ingestId), ingestId].slice(-mostKept);
}

function read(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]');
    return Array.isArray(kept) ? kept.filter((id): id is string => typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id)).slice(-mostKept) : [];
  } catch {
    return [];
  }
}

function write(ids: readonly string[]): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(ids));
  } catch {
    // A browser without storage forgets them at a reload.
  }
}

/** A person has closed it: it is not shown again. */
export function forgetIngest(ingestId: string): void {
  write(read().filter((id) => id !== ingestId));
  live.set((now) => ({ ...now, ingests: new Map([...now.ingests].filter(([id]) => id !== ingestId)) }));
}

/** Shows the last readings again and remembers those to come; returns how to stop. */
export function keepRecentIngests(): () => void {
  void Promise.all(read().map((ingestId) => call('getIngest', { params: { ingestId } }).catch(() => null))).then((states) => {
    const found = states.filter((state): state is IngestState => state !== null);
    // One that the host no longer knows (it was started again) is gone.
    write(found.map((state) => state.ingestId));
    live.set((now) => ({ ...now, ingests: new Map([...found.map((state): [string, IngestState] => [state.ingestId, state]), ...now.ingests]) }));
  });
  return live.subscribe(() => {
    const newest = [...live.get().ingests.keys()].at(-1);
    const ids = read();
    if (newest !== undefined && ids.at(-1) !== newest) write(withRecent(ids, newest));
  });
}
