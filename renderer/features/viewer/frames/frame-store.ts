/**
 * Frames in memory: what the viewports show now first, then what lies around it, within a bound of bytes.
 *
 * Each viewport says what it wants (`focus`); a new wish replaces its old one, so that a fast scroll does not queue slices nobody waits for.
 * The least recently used frames go when the bound is reached, never one that a viewport shows or asked for first.
 */
import type { Frame } from './frame.ts';
import { sizeBytes } from './frame.ts';

export type LoadFrame = (id: string) => Promise<Frame>;

interface Waiter {
  resolve(frame: Frame): void;
  reject(error: unknown): void;
}
interface Wish {
  readonly first: string;
  readonly around: readonly string[];
}

export class FrameStore {
  readonly #load: LoadFrame;
  readonly #limitBytes: number;
  readonly #atOnce: number;
  readonly #isDerived: (id: string) => boolean;
  readonly #frames = new Map<string, Frame>();
  readonly #running = new Set<string>();
  readonly #waiters = new Map<string, Waiter[]>();
  readonly #wishes = new Map<string, Wish>();
  #bytes = 0;

  /**
   * @param options.atOnce How many are fetched at a time; a browser has six connections to a host and the event stream holds one.
   * @param options.isDerived Frames made from other frames: they hold no connection, and must not keep those that they wait for from theirs.
   */
  constructor(load: LoadFrame, options: { limitBytes: number; atOnce?: number; isDerived?: (id: string) => boolean }) {
    this.#load = load;
    this.#limitBytes = options.limitBytes;
    this.#atOnce = options.atOnce ?? 4;
    this.#isDerived = options.isDerived ?? (() => false);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The frame if it is here; counts as a use. */
  peek(id: string): Frame | undefined {
    const frame = this.#frames.get(id);
    if (frame) {
      this.#frames.delete(id);
      this.#frames.set(id, frame);
    }
    return frame;
  }

  /** The frame, fetched ahead of everything that nobody waits for. */
  get(id: string): Promise<Frame> {
    const here = this.peek(id);
    if (here) return Promise.resolve(here);
    return new Promise((resolve, reject) => {
      const waiting = this.#waiters.get(id) ?? [];
      waiting.push({ resolve, reject });
      this.#waiters.set(id, waiting);
      this.#pump();
    });
  }

  /** What one viewport wants now, and what around it in order of nearness. Replaces its last wish. */
  focus(viewport: string, first: string, around: readonly string[]): void {
    this.#wishes.set(viewport, { first, around });
    this.#pump();
  }

  release(viewport: string): void {
    this.#wishes.delete(viewport);
  }

  #next(): string | undefined {
    const free = (id: string): boolean => !this.#frames.has(id) && !this.#running.has(id);
    const wishes = [...this.#wishes.values()];
    for (const wish of wishes) if (free(wish.first)) return wish.first;
    // The newest question is what the hand points at now.
    for (const id of [...this.#waiters.keys()].reverse()) if (free(id)) return id;
    // Prefetch keeps one connection free for what is asked next.
    if (this.#fetching() >= this.#atOnce - 1) return undefined;
    const longest = Math.max(0, ...wishes.map((wish) => wish.around.length));
    for (let i = 0; i < longest; i += 1) {
      for (const wish of wishes) {
        const id = wish.around[i];
        if (id !== undefined && free(id)) return id;
      }
    }
    return undefined;
  }

  #fetching(): number {
    let n = 0;
    for (const id of this.#running) if (!this.#isDerived(id)) n += 1;
    return n;
  }

  #pump(): void {
    while (this.#fetching() < this.#atOnce) {
      const id = this.#next();
      if (id === undefined) return;
      this.#fetch(id);
    }
  }

  #fetch(id: string): void {
    this.#running.add(id);
    this.#load(id).then(
      (frame) => {
        this.#running.delete(id);
        this.#keep(id, frame);
        for (const waiter of this.#take(id)) waiter.resolve(frame);
        this.#pump();
      },
      (error: unknown) => {
        this.#running.delete(id);
        for (const waiter of this.#take(id)) waiter.reject(error);
        // A frame that cannot be had is not asked for again by itself.
        for (const [viewport, wish] of this.#wishes) this.#wishes.set(viewport, { first: wish.first === id ? '' : wish.first, around: wish.around.filter((other) => other !== id) });
        this.#wishes.forEach((wish, viewport) => {
          if (wish.first === '') this.#wishes.delete(viewport);
        });
        this.#pump();
      },
    );
  }

  #take(id: string): Waiter[] {
    const waiting = this.#waiters.get(id) ?? [];
    this.#waiters.delete(id);
    return waiting;
  }

  #keep(id: string, frame: Frame): void {
    this.#frames.set(id, frame);
    this.#bytes += sizeBytes(frame);
    const wanted = new Set([id, ...[...this.#wishes.values()].map((wish) => wish.first)]);
    for (const [old, oldFrame] of this.#frames) {
      if (this.#bytes <= this.#limitBytes) return;
      if (wanted.has(old)) continue;
      this.#frames.delete(old);
      this.#bytes -= sizeBytes(oldFrame);
    }
  }
}

/**
 * Indices around `index` in the order in which they will be wanted: two ahead in the direction of the last step for one behind,
 * at most `reach` away.
 */
export function around(index: number, length: number, direction: 1 | -1, reach: number): number[] {
  const out: number[] = [];
  let ahead = 1;
  let behind = 1;
  while (ahead <= reach || behind <= Math.ceil(reach / 2)) {
    for (let k = 0; k < 2 && ahead <= reach; k += 1, ahead += 1) out.push(index + direction * ahead);
    if (behind <= Math.ceil(reach / 2)) {
      out.push(index - direction * behind);
      behind += 1;
    }
  }
  return out.filter((i) => i >= 0 && i < length);
}
