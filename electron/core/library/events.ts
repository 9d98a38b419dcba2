/** What happened, for pages that listen and pages that come back. The last few thousand are kept in memory; their numbers grow over restarts. */
import { z } from 'zod';
import { limits, type Log } from '#base';
import type { EventBody, ScanloomEvent } from '#contract';
import type { Database, Library } from './types.ts';

/** Numbers are set aside in the database in blocks, so that publishing writes nothing. */
const block = 100_000;

export function createEvents(db: Database, readOnly: boolean, log: Log): Library['events'] {
  const ring: ScanloomEvent[] = [];
  const listeners = new Set<(event: ScanloomEvent) => void>();
  let next = readNext(db);
  let reserved = next;

  const reserve = (): void => {
    reserved = next + block;
    if (!readOnly) db.run(`INSERT INTO meta (key, value) VALUES ('next-event-id', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, [String(reserved)]);
  };
  reserve();
  let oldest = next;

  /** Of an ingest only the newest state is worth its lists: thousands of them, each naming every series, would fill the memory. */
  const lastProgress = new Map<string, number>();
  const lightenBefore = (ingestId: string): void => {
    const at = (lastProgress.get(ingestId) ?? -1) - oldest;
    const before = ring[at];
    if (before?.body.type === 'ingest-progressed') ring[at] = { id: before.id, body: { type: 'ingest-progressed', ingest: { ...before.body.ingest, refused: [], seriesUids: [] } } };
    lastProgress.delete(ingestId);
    lastProgress.set(ingestId, next);
    if (lastProgress.size > 200) lastProgress.delete(lastProgress.keys().next().value!);
  };

  return {
    publish(body) {
      if (next >= reserved) reserve();
      if (body.type === 'ingest-progressed') lightenBefore(body.ingest.ingestId);
      const event: ScanloomEvent = { id: next, body };
      next += 1;
      ring.push(event);
      // Trimmed in larger steps: shifting a long array once an event would be slow.
      if (ring.length > limits.eventsKept * 1.25) ring.splice(0, ring.length - limits.eventsKept);
      oldest = ring[0]?.id ?? next;
      for (const listener of [...listeners]) {
        try {
          listener(event);
        } catch (thrown) {
          log.warn('event-listener-failed', { type: body.type, cause: thrown instanceof Error ? thrown.name : 'unknown' });
        }
      }
      return event;
    },
    after(id) {
      const known = id >= oldest - 1 && id < next;
      if (!known) return [{ id: next - 1, body: { type: 'reload' } satisfies EventBody }];
      return ring.slice(Math.max(0, id + 1 - oldest));
    },
    last: () => next - 1,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function readNext(db: Database): number {
  const row = db.get(`SELECT value FROM meta WHERE key = 'next-event-id'`);
  return row === undefined ? 1 : z.object({ value: z.coerce.number().int() }).parse(row).value;
}
