/** What happened, as a stream the page can resume: each event has a number, and a reader says the last one it saw. */
import { z } from 'zod';
import { ExportRecord } from './export.ts';
import { Item } from './item.ts';
import { Job } from './job.ts';
import { IngestState } from './study.ts';

export const EventBody = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ingest-progressed'), ingest: IngestState }),
  z.strictObject({ type: z.literal('series-added'), seriesInstanceUid: z.string(), studyInstanceUid: z.string() }),
  z.strictObject({ type: z.literal('job-changed'), job: Job }),
  z.strictObject({ type: z.literal('item-added'), item: Item }),
  z.strictObject({ type: z.literal('item-decided'), item: Item }),
  z.strictObject({ type: z.literal('export-changed'), export: ExportRecord }),
  /** How far a running export is: images whose pixels were taken up, of all it will hold. Told a few times a second at most. */
  z.strictObject({ type: z.literal('export-progressed'), exportId: z.string(), imagesDone: z.int(), imagesTotal: z.int() }),
  /** The reader was away too long for the kept events: it should load its lists again. */
  z.strictObject({ type: z.literal('reload') }),
]);
export type EventBody = z.infer<typeof EventBody>;
export const ScanloomEvent = z.strictObject({ id: z.int().min(0), body: EventBody });
export type ScanloomEvent = z.infer<typeof ScanloomEvent>;
