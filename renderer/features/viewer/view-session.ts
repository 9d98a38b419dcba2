/** The viewports of the View screen and how they follow each other. */
import { createStore } from '../../client/index.ts';
import { linkByPosition, sameExtent } from './geometry/link.ts';
import { Pane } from './pane/pane.ts';
import { imageAt } from './pane/pane-state.ts';
import type { PaneState, Tool } from './pane/pane-state.ts';

export interface ViewState {
  readonly active: 0 | 1;
  readonly two: boolean;
  readonly linked: boolean;
  readonly tool: Tool;
  readonly hideMarks: boolean;
  /** Why the viewports do not follow each other now; null when they do. */
  readonly linkTrouble: string | null;
  readonly full: boolean;
  /** The series that the study was opened by. */
  readonly openedSeries: string;
}

export class ViewSession {
  readonly panes = [new Pane('a'), new Pane('b')] as const;
  readonly store = createStore<ViewState>({ active: 0, two: false, linked: true, tool: 'window', hideMarks: false, linkTrouble: null, full: false, openedSeries: '' });

  constructor() {
    this.panes.forEach((pane, i) => {
      pane.onChanged = (before, after) => this.#follow(i as 0 | 1, before, after);
    });
  }

  get state(): ViewState {
    return this.store.get();
  }
  get active(): Pane {
    return this.panes[this.state.active];
  }
  set(change: Partial<ViewState>): void {
    this.store.set((now) => ({ ...now, ...change }));
  }

  /** The viewport that shows an enhanced series: the active one, else the other. */
  get comparable(): Pane | null {
    const has = (pane: Pane): boolean => imageAt(pane.state)?.source != null;
    if (has(this.active)) return this.active;
    const other = this.panes[this.state.active === 0 ? 1 : 0];
    return this.state.two && has(other) ? other : null;
  }

  toggleLink(): void {
    this.set({ linked: !this.state.linked });
    this.align();
  }

  /** Brings the other viewport to where the active one is. */
  align(): void {
    const { active } = this.state;
    this.#follow(active, null, this.panes[active].state);
  }

  #follow(from: 0 | 1, before: PaneState | null, after: PaneState): void {
    if (!this.state.linked || !this.state.two) {
      if (this.state.linkTrouble !== null) this.set({ linkTrouble: null });
      return;
    }
    const other = this.panes[from === 0 ? 1 : 0];
    const mine = imageAt(after);
    const theirs = other.state.stack;
    if (!mine || !theirs) return;
    let trouble: string | null = null;
    if (before === null || before.index !== after.index || before.stack !== after.stack) {
      const place = linkByPosition(mine.meta, theirs.images.map((image) => image.meta));
      if (place.kind === 'at') other.change((state) => (state.index === place.index ? state : { ...state, index: place.index, direction: after.direction }), true);
      else trouble = place.because;
      if (trouble !== this.state.linkTrouble) this.set({ linkTrouble: trouble });
    } else trouble = this.state.linkTrouble;
    const their = imageAt(other.state);
    if (trouble !== null || !their || !sameExtent(mine.meta, their.meta)) return;
    // Same field: zoom, shift, turn and (for the same unit) window go together.
    const sameUnit = mine.meta.unit === their.meta.unit && theirs.modality === after.stack?.modality;
    other.change((state) => {
      const next = { ...state, zoom: after.zoom, pan: after.pan, rotation: after.rotation, hflip: after.hflip, vflip: after.vflip, ...(sameUnit ? { voi: after.voi, invert: after.invert } : {}) };
      const same = next.zoom === state.zoom && next.pan === state.pan && next.rotation === state.rotation && next.hflip === state.hflip && next.vflip === state.vflip && next.voi === state.voi && next.invert === state.invert;
      return same ? state : next;
    }, true);
  }
}

/** One for the page: going to another screen and back finds everything as it was. */
export const session = new ViewSession();
