/** What an ingest tells of itself: counts, refused files, series; at intervals while it runs. */
import { limits } from '#base';
import type { IngestState, ScanloomError } from '#contract';
import type { Library } from './types.ts';
import type { TouchedSeries } from './touched-series.ts';

const tellEveryMs = 200;

export class IngestReport {
  readonly counts = { filesFound: 0, filesDone: 0, imagesAdded: 0, imagesKnown: 0, filesSkipped: 0, refusedTotal: 0 };
  imagesChanged = 0;
  phase: IngestState['state'] = 'running';
  readonly #ingestId: string;
  readonly #touched: TouchedSeries;
  readonly #events: Library['events'];
  readonly #refused: IngestState['refused'] = [];
  #lastEvent = 0;

  constructor(ingestId: string, touched: TouchedSeries, events: Library['events']) {
    this.#ingestId = ingestId;
    this.#touched = touched;
    this.#events = events;
  }

  state(): IngestState {
    const { total, first } = this.#touched;
    return {
      ingestId: this.#ingestId, state: this.phase, ...this.counts, ...(this.imagesChanged === 0 ? {} : { imagesChanged: this.imagesChanged }),
      refused: [...this.#refused], seriesUids: [...first], ...(total === first.length ? {} : { seriesTotal: total }),
    };
  }

  /** All are counted, and the first `limits.refusedListed` named. */
  refuse(shown: string, error: ScanloomError): void {
    this.counts.refusedTotal += 1;
    if (this.#refused.length >= limits.refusedListed) return;
    this.#refused.push({ path: shown, code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) });
  }

  tell(always: boolean): void {
    const now = performance.now();
    if (!always && now - this.#lastEvent < tellEveryMs) return;
    this.#lastEvent = now;
    this.#events.publish({ type: 'ingest-progressed', ingest: this.state() });
  }
}
