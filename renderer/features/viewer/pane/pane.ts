/** One viewport: its state, its surfaces, what it loads. Components draw it and send it the hand's movements; it knows nothing of React. */
import { ScanloomError } from '#contract';
import type { PresentationState } from '#contract';
import { createStore } from '../../../client/index.ts';
import { Surface } from '../cornerstone/surface.ts';
import { differenceLimit } from '../frames/difference.ts';
import { around } from '../frames/frame-store.ts';
import { frames } from '../frames/pixel-address.ts';
import { fitArea } from '../geometry/fit.ts';
import type { ImageSize } from '../geometry/fit.ts';
import type { ImageStack, StackImage } from '../image-stack.ts';
import { continued, emptyPane, imageAt, pixelsWanted, presentationOf, reset, withIndex, withStack } from './pane-state.ts';
import type { PaneState } from './pane-state.ts';

const reach = 12;

function sizeOf(image: StackImage): ImageSize {
  return { rows: image.meta.rows, columns: image.meta.columns, spacingMm: image.meta.pixelSpacingMm };
}

/** The source on its own grid, covering the same field. */
function sourceSizeOf(image: StackImage): ImageSize {
  const { meta, source } = image;
  if (!source || meta.pixelSpacingMm === null) return source ? { rows: source.rows, columns: source.columns, spacingMm: null } : sizeOf(image);
  return { rows: source.rows, columns: source.columns, spacingMm: [(meta.pixelSpacingMm[0] * meta.rows) / source.rows, (meta.pixelSpacingMm[1] * meta.columns) / source.columns] };
}

/** Where the file says nothing, ten images a second; never faster than a screen shows or slower than one would wait. */
const usualFrameMs = 100;
function frameMs(state: PaneState): number {
  return Math.min(5000, Math.max(16, imageAt(state)?.meta.frameTimeMs ?? usualFrameMs));
}

export class Pane {
  readonly name: string;
  readonly store = createStore<PaneState>(emptyPane);
  /** Counts drawings, so that marks and letters over the image follow it. */
  readonly drawn = createStore(0);
  /** Time of the last drawing, for the bench and the curious. */
  lastRenderMs = 0;
  #surface: Surface | null = null;
  #before: Surface | null = null;
  #cine: ReturnType<typeof setTimeout> | null = null;
  #limits = new Map<string, number>();
  /** The last state that had a stack. */
  #left: PaneState = emptyPane;
  /** Called after each change by a hand, so that linked viewports follow. */
  onChanged: ((before: PaneState, after: PaneState) => void) | null = null;

  constructor(name: string) {
    this.name = name;
  }

  get state(): PaneState {
    return this.store.get();
  }
  get surface(): Surface | null {
    return this.#surface;
  }

  /** Gives the pane the two places it draws in: the image, and under it the source for the before/after slider. */
  attach(after: HTMLElement, before: HTMLElement): () => void {
    this.#surface = new Surface(after, (ms) => {
      this.lastRenderMs = ms;
      this.drawn.set((n) => n + 1);
    });
    this.#before = new Surface(before, () => {});
    const observer = new ResizeObserver(() => {
      this.#surface?.resized();
      this.#before?.resized();
    });
    observer.observe(after);
    void this.#show();
    return () => {
      observer.disconnect();
      this.#surface?.dispose();
      this.#before?.dispose();
      this.#surface = null;
      this.#before = null;
      frames.release(this.name);
      this.stopCine();
    };
  }

  /** Shows another stack. One of the same study opens at the same place, and where it covers the same field in the same window and zoom. */
  open(stack: ImageStack | null, index = 0): void {
    this.stopCine();
    this.#limits.clear();
    // While a stack is fetched the viewport is empty: what was here before is still what the next one goes on from.
    if (this.state.stack !== null) this.#left = this.state;
    this.store.set(stack === null ? withStack(null) : continued(this.#left, withStack(stack, index)));
    void this.#show();
  }

  /** One change of state. `quiet` changes come from a linked viewport and are not passed on. */
  change(how: (state: PaneState) => PaneState, quiet = false): void {
    const before = this.state;
    let after = how(before);
    if (after === before) return;
    // The slider's other side may still hold an earlier slice: nothing shows until both are drawn.
    if (after.compare === 'swipe' && before.compare !== 'swipe') after = { ...after, shown: null };
    this.store.set(after);
    if (pixelsWanted(after) !== pixelsWanted(before) || after.compare !== before.compare) void this.#show();
    else this.#apply();
    if (!quiet) this.onChanged?.(before, after);
  }

  step(by: number): void {
    this.change((state) => withIndex(state, state.index + by));
  }
  goTo(index: number): void {
    this.change((state) => withIndex(state, index));
  }

  /**
   * Shows the images as a presentation state asks for, or as they come (null): turned, cut to its displayed area, windowed. What a hand changes
   * afterwards goes before it. Areas "true size" and "magnify" are shown fitted: a screen's pixel size is not known.
   */
  present(presentation: PresentationState | null): void {
    const { stack } = this.state;
    const first = presentation === null ? -1 : (stack?.images.findIndex((image) => presentation.imageIds.includes(image.meta.imageId)) ?? -1);
    this.change((state) => {
      const plain = reset(state);
      if (presentation === null) return plain;
      const index = state.stack !== null && presentation.imageIds.includes(imageAt(state)?.meta.imageId ?? '') ? state.index : Math.max(0, first);
      const { rotation, flip } = presentation.transformation;
      const turned = { ...plain, index, presentation, rotation, hflip: flip };
      const image = imageAt(turned);
      const area = presentation.displayedAreas.find((one) => one.appliesTo === null || one.appliesTo.includes(image?.meta.imageId ?? ''));
      const canvas = this.#surface?.canvasSize;
      return image && area && canvas ? { ...turned, ...fitArea(area, sizeOf(image), canvas, rotation, flip) } : turned;
    });
  }

  /** Plays from here to the end and from the first image again, at the file's own rate where it names one. */
  toggleCine(): void {
    if (this.#cine !== null) {
      this.stopCine();
      return;
    }
    const next = (): void => {
      const { stack, index, shown, error } = this.state;
      const length = stack?.images.length ?? 0;
      // Waits for the image rather than skip it: a cine shows every slice.
      if (length > 1 && (shown?.index === index || error !== null)) this.goTo((index + 1) % length);
      wait();
    };
    const wait = (): void => {
      const ms = frameMs(this.state);
      const cineFps = Math.round(10_000 / ms) / 10;
      if (this.state.cineFps !== cineFps) this.store.set((state) => ({ ...state, cineFps }));
      this.#cine = setTimeout(next, ms);
    };
    wait();
  }
  stopCine(): void {
    if (this.#cine === null) return;
    clearTimeout(this.#cine);
    this.#cine = null;
    this.store.set((state) => ({ ...state, cineFps: null }));
  }

  /** Half width of the difference's colour scale, one for the whole stack: chosen by hand, or found from the first difference seen. */
  get limit(): number | null {
    const { differenceLimit: chosen, stack } = this.state;
    return chosen ?? this.#limits.get(stack?.spec ?? '') ?? null;
  }

  #apply(): void {
    const presentation = presentationOf(this.state, this.limit);
    this.#surface?.apply(presentation);
    if (this.state.compare === 'swipe') this.#before?.apply(presentation);
  }

  async #show(): Promise<void> {
    const surface = this.#surface;
    const { state } = this;
    const image = imageAt(state);
    const pixels = pixelsWanted(state);
    if (!surface || !image || pixels === null) return;
    const length = state.stack?.images.length ?? 0;
    const isSwiping = state.compare === 'swipe';
    const neighbours = around(state.index, length, state.direction, reach)
      .flatMap((i) => [pixelsWanted(state, i), isSwiping ? (imageAt(state, i)?.source?.pixels ?? null) : null])
      .filter((id) => id !== null);
    frames.focus(this.name, pixels, neighbours);
    const { index } = state;
    try {
      // Before and after change together: the slider never compares two places.
      const [frame] = await Promise.all([frames.get(pixels), isSwiping && image.source ? frames.get(image.source.pixels) : null]);
      if (state.compare === 'difference' && state.stack && !this.#limits.has(state.stack.spec) && frame.values instanceof Float32Array) this.#limits.set(state.stack.spec, differenceLimit(frame.values));
      if (pixelsWanted(this.state) !== pixels) return;
      const presentation = presentationOf(this.state, this.limit);
      const [isShown] = await Promise.all([surface.show(pixels, sizeOf(image), presentation), isSwiping && image.source ? this.#before?.show(image.source.pixels, sourceSizeOf(image), presentation) : null]);
      if (!isShown) return;
      this.store.set((now) => (pixelsWanted(now) === pixels ? { ...now, shown: { pixels, index, frame }, error: null } : now));
    } catch (error) {
      this.store.set((now) => (pixelsWanted(now) === pixels ? { ...now, error: ScanloomError.from(error) } : now));
    }
  }
}
