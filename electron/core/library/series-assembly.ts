/**
 * When the series of an ingest are assembled: at once when their first images are stored, then now and then while more arrive, and all that
 * is left at the end. What waits is marked in the database (`series.stale`), so nothing here grows with the number of series, and a kill
 * loses nothing.
 */
import { needsMeasuredWindow } from './image-meta.ts';
import type { StudyStore } from './study-store.ts';
import type { TouchedSeries } from './touched-series.ts';
import type { Database, Library } from './types.ts';

/** A series is not assembled again within this, nor within ten times what it took. */
const notAgainMs = 250;
/** Series whose last assembly is remembered, and those that wait for their next. */
const remembered = 512;
/** Of the time of an ingest; beyond it only what nobody has seen yet is assembled before the end. */
const shareOfTime = 1 / 3;
/** Series in one transaction at the end. */
const atOnce = 50;

interface Needs {
  readonly db: Database;
  readonly store: StudyStore;
  readonly events: Library['events'];
  readonly touched: TouchedSeries;
}

export class SeriesAssembly {
  readonly #needs: Needs;
  readonly #last = new Map<string, { at: number; tookMs: number }>();
  readonly #waiting = new Set<string>();
  readonly #started = performance.now();
  #spentMs = 0;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  /** Images of these series were stored. */
  stored(seriesUids: Iterable<string>): void {
    for (const uid of seriesUids) this.#waiting.add(uid);
    const now = performance.now();
    const mayRepeat = this.#spentMs < (now - this.#started) * shareOfTime;
    this.#assemble([...this.#waiting].filter((uid) => {
      const last = this.#last.get(uid);
      if (last !== undefined) return mayRepeat && now - last.at > Math.max(notAgainMs, last.tookMs * 10);
      return mayRepeat || !this.#needs.store.isShown(uid);
    }));
    // The others are stale in the database: the end finds them there.
    for (const uid of this.#waiting) {
      if (this.#waiting.size <= remembered) break;
      this.#waiting.delete(uid);
    }
  }

  /** Assembles all that waits; series that lost an image to another one among them. */
  finish(): void {
    for (;;) {
      const stale = this.#needs.store.staleSeries(atOnce);
      if (stale.length === 0) return;
      this.#assemble(stale);
    }
  }

  /** One transaction for all of them; the page hears of it when it is committed. */
  #assemble(seriesUids: readonly string[]): void {
    if (seriesUids.length === 0) return;
    const { db, store, events, touched } = this.#needs;
    const shown: { seriesInstanceUid: string; studyInstanceUid: string; needsWindow: boolean }[] = [];
    const started = performance.now();
    db.transaction(() => {
      for (const seriesInstanceUid of seriesUids) {
        const before = performance.now();
        const first = store.assemble(seriesInstanceUid)?.headers.values().next().value;
        this.#remember(seriesInstanceUid, performance.now() - before);
        if (first !== undefined) shown.push({ seriesInstanceUid, studyInstanceUid: first.studyInstanceUid, needsWindow: needsMeasuredWindow(first) });
      }
    });
    this.#spentMs += performance.now() - started;
    for (const uid of seriesUids) this.#waiting.delete(uid);
    for (const { needsWindow, ...series } of shown) {
      if (needsWindow) touched.needsWindow(series.seriesInstanceUid);
      events.publish({ type: 'series-added', ...series });
    }
  }

  #remember(seriesUid: string, tookMs: number): void {
    this.#last.delete(seriesUid);
    this.#last.set(seriesUid, { at: performance.now(), tookMs });
    if (this.#last.size > remembered) this.#last.delete(this.#last.keys().next().value!);
  }
}
