/**
 * All measurements and key images of the page, with undo. They are kept in the library, one record a series or item, at once after each change; what
 * was not fetched yet is never written over. What could not be kept is remembered as such until it can.
 */
import type { Marks } from '#contract';
import { createStore } from '../../../client/store.ts';
import type { Mark } from './mark.ts';

export interface MarkState {
  readonly marks: readonly Mark[];
  /** Owner and pixels of each key image. */
  readonly keyImages: readonly { readonly owner: string; readonly pixels: string }[];
  readonly selected: number | null;
  /** An angle whose second arm still follows the pointer. */
  readonly draft: number | null;
  /** Series and items whose marks are newer on the screen than in the library, as keeping them failed. */
  readonly unkept: readonly string[];
}

export interface MarkKeeper {
  load(owner: string): Promise<Marks>;
  save(owner: string, marks: Marks): Promise<void>;
  /** A record could not be fetched or kept. */
  failed(error: unknown): void;
}

type Content = Pick<MarkState, 'marks' | 'keyImages'>;
const scheme = 'scanloom:';
const mostUndo = 100;

export class MarkBook {
  readonly store = createStore<MarkState>({ marks: [], keyImages: [], selected: null, draft: null, unkept: [] });
  readonly #keeper: MarkKeeper;
  readonly #loaded = new Map<string, Promise<void>>();
  readonly #ready = new Set<string>();
  /** Owners whose record is being written, and whether it changed meanwhile. */
  readonly #writing = new Map<string, { changed: boolean }>();
  #past: Content[] = [];
  #future: Content[] = [];
  #before: Content | null = null;
  #nextId = 1;

  constructor(keeper: MarkKeeper) {
    this.#keeper = keeper;
  }

  get state(): MarkState {
    return this.store.get();
  }
  newId(): number {
    this.#nextId += 1;
    return this.#nextId;
  }

  /** Fetches what is kept of a series or item, once. */
  open(owner: string): Promise<void> {
    const known = this.#loaded.get(owner);
    if (known) return known;
    const work = this.#keeper.load(owner).then(
      (kept) => {
        this.#ready.add(owner);
        const marks = kept.measurements.map((one): Mark => ({ id: this.newId(), owner, kind: one.kind, pixels: scheme + one.pixels, points: one.points.map(([x, y]) => ({ x, y })) }));
        const keyImages = kept.keyImages.map((pixels) => ({ owner, pixels: scheme + pixels }));
        const add = (content: Content): Content => ({ marks: [...marks, ...content.marks], keyImages: [...keyImages, ...content.keyImages.filter((one) => !keyImages.some((other) => other.pixels === one.pixels))] });
        // What was kept was there before anything that can be undone.
        this.#past = this.#past.map(add);
        this.#future = this.#future.map(add);
        const drawnMeanwhile = this.state.marks.some((mark) => mark.owner === owner) || this.state.keyImages.some((one) => one.owner === owner);
        this.store.set((now) => ({ ...now, ...add(now) }));
        if (drawnMeanwhile) this.#saveNow(owner);
      },
      (error: unknown) => {
        this.#loaded.delete(owner);
        this.#keeper.failed(error);
      },
    );
    this.#loaded.set(owner, work);
    return work;
  }

  select(id: number | null): void {
    this.store.set((now) => (now.selected === id ? now : { ...now, selected: id }));
  }
  setDraft(id: number | null): void {
    this.store.set((now) => (now.draft === id ? now : { ...now, draft: id }));
  }

  /** A gesture begins: everything until `end` is one step of undo. */
  begin(): void {
    this.#before ??= { marks: this.state.marks, keyImages: this.state.keyImages };
  }
  /** Puts a mark in, or in place of the one with its id. */
  put(mark: Mark): void {
    this.store.set((now) => {
      const at = now.marks.findIndex((other) => other.id === mark.id);
      return { ...now, marks: at < 0 ? [...now.marks, mark] : now.marks.map((other) => (other.id === mark.id ? mark : other)) };
    });
  }
  remove(id: number): void {
    this.store.set((now) => ({ ...now, marks: now.marks.filter((mark) => mark.id !== id), selected: now.selected === id ? null : now.selected, draft: now.draft === id ? null : now.draft }));
  }
  toggleKeyImage(owner: string, pixels: string): boolean {
    const isKey = this.state.keyImages.some((one) => one.pixels === pixels);
    this.begin();
    this.store.set((now) => ({ ...now, keyImages: isKey ? now.keyImages.filter((one) => one.pixels !== pixels) : [...now.keyImages, { owner, pixels }] }));
    this.end();
    return !isKey;
  }
  end(): void {
    const before = this.#before;
    this.#before = null;
    if (before === null || (before.marks === this.state.marks && before.keyImages === this.state.keyImages)) return;
    this.#past = [...this.#past.slice(1 - mostUndo), before];
    this.#future = [];
    this.#saveChanged(before, this.state);
  }

  /** One step back; false when there is none. */
  undo(): boolean {
    return this.#go(this.#past, this.#future);
  }
  redo(): boolean {
    return this.#go(this.#future, this.#past);
  }
  #go(from: Content[], to: Content[]): boolean {
    this.end();
    const target = from.pop();
    if (!target) return false;
    const now: Content = { marks: this.state.marks, keyImages: this.state.keyImages };
    to.push(now);
    this.store.set((state) => ({ ...state, ...target, selected: null, draft: null }));
    this.#saveChanged(now, target);
    return true;
  }

  #saveChanged(a: Content, b: Content): void {
    const texts = (content: Content): Map<string, string> => new Map(ownersOf(content).map((owner) => [owner, JSON.stringify(recordOf(content, owner))]));
    const [first, second] = [texts(a), texts(b)];
    for (const owner of new Set([...first.keys(), ...second.keys()])) if (first.get(owner) !== second.get(owner)) this.#saveNow(owner);
  }
  /** Tries again to keep what could not be kept. */
  retry(): void {
    for (const owner of this.state.unkept) this.#saveNow(owner);
  }
  /** The page goes away: what changed while an earlier record was on its way is sent now, too. */
  flush(): void {
    for (const [owner, writing] of this.#writing) {
      if (!writing.changed || !this.#ready.has(owner)) continue;
      writing.changed = false;
      this.#keeper.save(owner, recordOf(this.state, owner)).catch(() => undefined);
    }
  }

  #saveNow(owner: string): void {
    if (owner === '') return;
    const writing = this.#writing.get(owner);
    // One record after the other, so that an older one never arrives last.
    if (writing) writing.changed = true;
    else void this.#save(owner);
  }
  async #save(owner: string): Promise<void> {
    const writing = { changed: true };
    this.#writing.set(owner, writing);
    let isKept = false;
    try {
      if (!this.#ready.has(owner)) await this.open(owner);
      while (writing.changed && this.#ready.has(owner)) {
        writing.changed = false;
        await this.#keeper.save(owner, recordOf(this.state, owner));
        isKept = true;
      }
    } catch (error) {
      isKept = false;
      this.#keeper.failed(error);
    } finally {
      this.#writing.delete(owner);
    }
    this.store.set((now) => (now.unkept.includes(owner) === !isKept ? now : { ...now, unkept: isKept ? now.unkept.filter((one) => one !== owner) : [...now.unkept, owner] }));
  }
}

function ownersOf(content: Content): string[] {
  return [...new Set([...content.marks, ...content.keyImages].map((one) => one.owner))];
}

/** What is kept of one owner. */
export function recordOf(content: Content, owner: string): Marks {
  return {
    measurements: content.marks.filter((mark) => mark.owner === owner).map((mark) => ({ kind: mark.kind, pixels: mark.pixels.slice(scheme.length), points: mark.points.map((point): [number, number] => [round(point.x), round(point.y)]) })),
    keyImages: content.keyImages.filter((one) => one.owner === owner).map((one) => one.pixels.slice(scheme.length)),
  };
}

/** A thousandth of a pixel is finer than any hand. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
