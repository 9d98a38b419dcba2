/**
 * What the host tells by itself: one event stream for the whole page, kept as a small picture of what runs.
 * The browser reconnects alone and says the last event it saw; after `reload` (too long away) every list is fetched again.
 */
import { ScanloomError, ScanloomEvent, binaryRoutes } from '#contract';
import type { EventBody, ExportRecord, IngestState, Item, Job } from '#contract';
import { call } from './api.ts';
import { createStore } from './store.ts';

export interface Live {
  /** `locked-out`: Scanloom answers, but it was started again since and no longer knows this page. */
  readonly connection: 'connecting' | 'open' | 'lost' | 'locked-out';
  /** Grow by one when lists of that kind should be fetched again. */
  readonly studies: number;
  readonly items: number;
  readonly jobsRevision: number;
  readonly exportsRevision: number;
  readonly jobs: ReadonlyMap<string, Job>;
  readonly ingests: ReadonlyMap<string, IngestState>;
  readonly exports: ReadonlyMap<string, ExportRecord>;
  /** How far running exports are, in images. */
  readonly exportProgress: ReadonlyMap<string, { readonly done: number; readonly total: number }>;
  /** Newest state of items seen since the page opened. */
  readonly freshItems: ReadonlyMap<string, Item>;
}

export const emptyLive: Live = { connection: 'connecting', studies: 0, items: 0, jobsRevision: 0, exportsRevision: 0, jobs: new Map(), ingests: new Map(), exports: new Map(), exportProgress: new Map(), freshItems: new Map() };

const keptItems = 2000;

function withEntry<V>(map: ReadonlyMap<string, V>, key: string, value: V, limit = Infinity): ReadonlyMap<string, V> {
  const next = new Map(map);
  next.delete(key);
  next.set(key, value);
  if (next.size > limit) next.delete(next.keys().next().value as string);
  return next;
}

/** The picture after one more event. Pure. */
export function applyEvent(live: Live, body: EventBody): Live {
  switch (body.type) {
    case 'ingest-progressed': {
      const before = live.ingests.get(body.ingest.ingestId);
      const ended = body.ingest.state !== 'running' && before?.state !== body.ingest.state;
      return { ...live, ingests: withEntry(live.ingests, body.ingest.ingestId, body.ingest, 20), studies: live.studies + (ended ? 1 : 0) };
    }
    case 'series-added':
      return { ...live, studies: live.studies + 1 };
    case 'job-changed': {
      const before = live.jobs.get(body.job.jobId);
      const moved = before?.state !== body.job.state;
      return { ...live, jobs: withEntry(live.jobs, body.job.jobId, body.job), jobsRevision: live.jobsRevision + (moved ? 1 : 0) };
    }
    case 'item-added':
    case 'item-decided':
      return { ...live, freshItems: withEntry(live.freshItems, body.item.itemId, body.item, keptItems), items: live.items + 1 };
    case 'export-changed':
      return { ...live, exports: withEntry(live.exports, body.export.exportId, body.export, 200), exportsRevision: live.exportsRevision + 1 };
    case 'export-progressed':
      return { ...live, exportProgress: withEntry(live.exportProgress, body.exportId, { done: body.imagesDone, total: body.imagesTotal }, 20) };
    case 'reload':
      // What was told before may be out of date, and must not win over what is fetched now.
      return {
        ...live,
        studies: live.studies + 1, items: live.items + 1, jobsRevision: live.jobsRevision + 1, exportsRevision: live.exportsRevision + 1,
        jobs: new Map(), exports: new Map(), freshItems: new Map(), ingests: new Map([...live.ingests].filter(([, ingest]) => ingest.state !== 'running')),
      };
  }
}

export const live = createStore<Live>(emptyLive);

/** How long until a closed stream is tried again. */
const againMs = 2000;

/**
 * Opens the stream; returns how to close it. The browser itself tries again while nobody answers, but gives up for good at the first refusal:
 * then the host is asked why, and the stream is opened anew as soon as it may be. A page left open over a restart goes on by itself once its
 * browser has the new key (any tab that opens the new link brings it).
 */
export function startEvents(): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isClosed = false;
  let wasLost = false;
  const onMessage = (message: MessageEvent<string>): void => {
    const parsed = ScanloomEvent.safeParse(safeJson(message.data));
    if (parsed.success) live.set((now) => applyEvent(now, parsed.data.body));
  };
  const open = (): void => {
    const stream = new EventSource(binaryRoutes.events.path, { withCredentials: true });
    source = stream;
    stream.onmessage = onMessage;
    // A host may name its events by type; the data is the same.
    for (const type of ['ingest-progressed', 'series-added', 'job-changed', 'item-added', 'item-decided', 'export-changed', 'export-progressed', 'reload']) stream.addEventListener(type, onMessage as EventListener);
    stream.onopen = () => {
      live.set((now) => ({ ...(wasLost ? applyEvent(now, { type: 'reload' }) : now), connection: 'open' }));
      wasLost = false;
    };
    stream.onerror = () => {
      wasLost = true;
      live.set((now) => ({ ...now, connection: now.connection === 'locked-out' ? 'locked-out' : 'lost' }));
      if (stream.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(() => void tryAgain(), againMs);
    };
  };
  const tryAgain = async (): Promise<void> => {
    const connection = await call('host').then(() => 'connecting' as const, (thrown: unknown) => connectionAfter(thrown));
    if (isClosed) return;
    live.set((now) => ({ ...now, connection }));
    if (connection === 'connecting') open();
    else timer = setTimeout(() => void tryAgain(), againMs);
  };
  open();
  return () => {
    isClosed = true;
    clearTimeout(timer ?? undefined);
    source?.close();
  };
}

/** What a failed call says about the connection. Pure. */
export function connectionAfter(thrown: unknown): 'locked-out' | 'lost' {
  return thrown instanceof ScanloomError && thrown.code === 'request/unauthorised' ? 'locked-out' : 'lost';
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
