/** The viewports of the View screen and how they follow each other. */
import { createStore } from '../../client/index.ts';
import { linkByPosition, sameExtent } from './geometry/link.ts';
import { Pane } from './pane/pane.ts';
import { imageAt, isSameVolume, readAlike } from './pane/pane-state.ts';
import type { PaneState, Tool } from './pane/pane-state.ts';

/** Viewports by the letter that the address and the tests know them by. */
export const paneNames = ['a', 'b', 'c', 'd'] as const;
export type PaneName = (typeof paneNames)[number];
export type Layout = 1 | 2 | 4;

export interface ViewState {
  /** Index of the viewport that keys work on. */
  readonly active: number;
  /** How many viewports there are: one, two side by side, or two by two. */
  readonly layout: Layout;
  readonly linked: boolean;
  readonly tool: Tool;
  readonly hideMarks: boolean;
  /** Why a viewport does not follow the active one now, by viewport; null where it does. */
  readonly linkTroubles: readonly (string | null)[];
  readonly full: boolean;
  /** The series that the study was opened by. */
  readonly openedSeries: string;
}

export class ViewSession {
  readonly panes: readonly Pane[] = paneNames.map((name) => new Pane(name));
  readonly store = createStore<ViewState>({ active: 0, layout: 1, linked: true, tool: 'window', hideMarks: false, linkTroubles: [null, null, null, null], full: false, openedSeries: '' });

  constructor() {
    this.panes.forEach((pane, i) => {
      pane.onChanged = (before, after) => this.#follow(i, before, after);
    });
  }

  get state(): ViewState {
    return this.store.get();
  }
  get active(): Pane {
    return this.panes[this.state.active] as Pane;
  }
  /** The viewports that are on the screen. */
  get visible(): readonly Pane[] {
    return this.panes.slice(0, this.state.layout);
  }
  set(change: Partial<ViewState>): void {
    this.store.set((now) => ({ ...now, ...change }));
  }
  setLayout(layout: Layout): void {
    this.set({ layout, active: Math.min(this.state.active, layout - 1) });
  }

  /** The viewport that shows an enhanced series: the active one, else the first other one. */
  get comparable(): Pane | null {
    const has = (pane: Pane): boolean => imageAt(pane.state)?.source != null;
    return has(this.active) ? this.active : (this.visible.find(has) ?? null);
  }

  toggleLink(): void {
    this.set({ linked: !this.state.linked });
    this.align();
  }

  /** Brings the other viewports to where the active one is. */
  align(): void {
    this.#follow(this.state.active, null, this.active.state);
  }

  #follow(from: number, before: PaneState | null, after: PaneState): void {
    const { linked, layout, linkTroubles } = this.state;
    if (from >= layout) return;
    if (!linked || layout === 1) {
      if (linkTroubles.some((trouble) => trouble !== null)) this.set({ linkTroubles: this.panes.map(() => null) });
      return;
    }
    const troubles = this.visible.map((other, i) => (i === from ? null : followed(other, linkTroubles[i] ?? null, before, after)));
    if (troubles.some((trouble, i) => trouble !== linkTroubles[i])) this.set({ linkTroubles: this.panes.map((_pane, i) => troubles[i] ?? null) });
  }
}

/** Brings one viewport to where another one went; answers why it could not. */
function followed(other: Pane, known: string | null, before: PaneState | null, after: PaneState): string | null {
  const mine = imageAt(after);
  const theirs = other.state.stack;
  if (!mine || !theirs) return known;
  const [here, there] = [after.stack?.study?.patientId, theirs.study?.patientId];
  if (here !== undefined && there !== undefined && here !== there) return 'another patient';
  let trouble = known;
  if (before === null || before.index !== after.index || before.stack !== after.stack) {
    const place = linkByPosition(mine.meta, theirs.images.map((image) => image.meta));
    trouble = place.kind === 'at' ? null : place.because;
    if (place.kind === 'at') other.change((state) => (state.index === place.index ? state : { ...state, index: place.index, direction: after.direction }), true);
  }
  const their = imageAt(other.state);
  if (trouble !== null || !their || !sameExtent(mine.meta, their.meta)) {
    if (after.stack !== null && isSameVolume(after.stack, theirs)) other.change((state) => (state.voi === after.voi && state.invert === after.invert && state.colourMap === after.colourMap ? state : { ...state, voi: after.voi, invert: after.invert, colourMap: after.colourMap }), true);
    return trouble;
  }
  // Same field: zoom, shift, turn and (for values of the same meaning) window go together.
  const isAlike = readAlike({ modality: after.stack?.modality ?? '', meta: mine.meta }, { modality: theirs.modality, meta: their.meta });
  other.change((state) => {
    const next = { ...state, zoom: after.zoom, pan: after.pan, rotation: after.rotation, hflip: after.hflip, vflip: after.vflip, ...(isAlike ? { voi: after.voi, invert: after.invert } : {}) };
    const same = next.zoom === state.zoom && next.pan === state.pan && next.rotation === state.rotation && next.hflip === state.hflip && next.vflip === state.vflip && next.voi === state.voi && next.invert === state.invert;
    return same ? state : next;
  }, true);
  return trouble;
}

/** One for the page: going to another screen and back finds everything as it was. */
export const session = new ViewSession();
