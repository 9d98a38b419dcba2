/** The hand on a viewport: wheel, drags, double click. Speaks to the pane; draws nothing. */
import { handlesOf, shifted, touched, withHandle } from '../measure/mark.ts';
import type { Mark, Touch } from '../measure/mark.ts';
import { marks } from '../measure/marks.ts';
import type { Point } from '../measure/roi.ts';
import type { Tool } from './pane-state.ts';
import { ownerOf, windowOf, zoomBy } from './pane-state.ts';
import type { Pane } from './pane.ts';
import { dragWindow } from '../window/window.ts';

export interface HandSettings {
  readonly tool: Tool;
  readonly isSpaceHeld: () => boolean;
  /** Space was used for panning, so that its release does not reset. */
  readonly onSpaceUsed: () => void;
  readonly reverseWindowDrag: boolean;
  /** Marks are on the screen and can be taken hold of. */
  readonly marksShown: boolean;
}

export type Action = 'window' | 'pan' | 'zoom' | 'scroll' | 'probe' | 'length' | 'angle' | 'ellipse';

/** What a pressed button does: left the tool, middle pans, right zooms; space turns left into pan. */
export function actionOf(button: number, tool: Tool, spaceHeld: boolean): Action | null {
  if (button === 1) return 'pan';
  if (button === 2) return 'zoom';
  if (button !== 0) return null;
  return spaceHeld ? 'pan' : tool;
}

/** Whole steps of a wheel: a notch is one; a touch pad's small deltas are saved up. */
export function wheelSteps(saved: number, deltaY: number, deltaMode: number): { steps: number; saved: number } {
  if (deltaMode !== 0) return { steps: Math.sign(deltaY) * Math.max(1, Math.round(Math.abs(deltaY) / 3)), saved: 0 };
  if (Math.abs(deltaY) >= 100) return { steps: Math.sign(deltaY) * Math.max(1, Math.round(Math.abs(deltaY) / 120)), saved: 0 };
  // A turn of direction starts afresh.
  const total = Math.sign(deltaY) === Math.sign(saved) ? saved + deltaY : deltaY;
  const steps = Math.trunc(total / 40) + 0;
  return { steps, saved: total - steps * 40 };
}

/** Half width of a difference's scale after a drag of `dx` pixels from where it was: twice in about 140 pixels, to two figures that count. */
export function scaledLimit(start: number, dx: number): number {
  return Number(Math.max(1e-3, start * Math.exp(dx / 200)).toPrecision(2));
}

/** Listens on the viewport's element; returns how to stop. */
export function listen(element: HTMLElement, pane: Pane, settings: () => HandSettings): () => void {
  let wheelSaved = 0;
  const place = (event: MouseEvent): { x: number; y: number } => {
    // From the inner edge of the border, where the image begins, to the middle of the screen pixel that is pointed at.
    const box = element.getBoundingClientRect();
    const middle = 0.5 / (window.devicePixelRatio || 1);
    return { x: event.clientX + middle - box.left - element.clientLeft, y: event.clientY + middle - box.top - element.clientTop };
  };
  const zoomAt = (factor: number, at: { x: number; y: number }): void => {
    const { surface } = pane;
    if (!surface) return;
    const offset = surface.panOf(at.x - element.clientWidth / 2, at.y - element.clientHeight / 2);
    pane.change((state) => zoomBy(state, factor, offset));
  };
  const touchedAt = (at: Point): Touch | null => {
    const { surface } = pane;
    const pixels = pane.state.shown?.pixels;
    if (!surface || pixels === undefined || !settings().marksShown) return null;
    return touched(marks.state.marks.filter((mark) => mark.pixels === pixels), at, (point) => surface.toScreen(point));
  };
  /** The unfinished angle on this image. */
  const draftHere = (): Mark | undefined => {
    const { draft } = marks.state;
    return draft === null ? undefined : marks.state.marks.find((mark) => mark.id === draft && mark.pixels === pane.state.shown?.pixels);
  };
  /** A press while an angle waits for its second arm: fixes it, or drops one that was left behind. True when the press was for the angle. */
  const fixAngle = (tool: Tool): boolean => {
    const { draft } = marks.state;
    if (draft === null) return false;
    const angle = draftHere();
    const isFixed = angle !== undefined && tool === 'angle';
    if (isFixed) marks.setDraft(null);
    else marks.remove(draft);
    marks.end();
    return isFixed;
  };
  const dragMark = (event: PointerEvent, { mark, handle }: Touch): void => {
    const { surface } = pane;
    const start = place(event);
    const from = surface?.toImage(start.x, start.y);
    if (!surface || !from) return;
    marks.begin();
    const held = handle === null ? null : (handlesOf(mark)[handle] ?? null);
    const onMove = (move: PointerEvent): void => {
      const now = place(move);
      const to = surface.toImage(now.x, now.y);
      if (!to) return;
      const [dx, dy] = [to.x - from.x, to.y - from.y];
      marks.put(handle === null || held === null ? shifted(mark, dx, dy) : withHandle(mark, handle, { x: held.x + dx, y: held.y + dy }));
    };
    const onUp = (): void => {
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerup', onUp);
      element.removeEventListener('pointercancel', onUp);
      marks.end();
    };
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerup', onUp);
    element.addEventListener('pointercancel', onUp);
  };
  const onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) {
      zoomAt(Math.exp(-event.deltaY * (event.deltaMode === 0 ? 0.002 : 0.05)), place(event));
      return;
    }
    const wheel = wheelSteps(wheelSaved, event.deltaY, event.deltaMode);
    wheelSaved = wheel.saved;
    if (wheel.steps !== 0) pane.step(wheel.steps * (event.shiftKey ? 10 : 1));
  };
  const onPointerDown = (event: PointerEvent): void => {
    if (event.target instanceof Element && event.target.closest('.swipe-handle, button')) return;
    const hand = settings();
    const action = actionOf(event.button, hand.tool, hand.isSpaceHeld());
    if (action === null) return;
    event.preventDefault();
    element.focus({ preventScroll: true });
    if (event.button === 0 && fixAngle(hand.tool)) return;
    element.setPointerCapture(event.pointerId);
    const hold = event.button === 0 && !hand.isSpaceHeld() ? touchedAt(place(event)) : null;
    if (event.button === 0) marks.select(hold?.mark.id ?? null);
    if (hold) {
      dragMark(event, hold);
      return;
    }
    if (hand.isSpaceHeld()) hand.onSpaceUsed();
    const start = place(event);
    const first = pane.state;
    const startVoi = windowOf(first);
    const startLimit = pane.limit ?? 100;
    const frame = first.shown?.frame;
    const range = frame ? Math.abs(frame.slope) * (frame.max - frame.min) : 1;
    const from = pane.surface?.toImage(start.x, start.y) ?? null;
    let last = start;
    let mark: Mark | null = null;
    if ((action === 'length' || action === 'angle' || action === 'ellipse') && from && first.shown) {
      marks.begin();
      mark = { id: marks.newId(), owner: ownerOf(first), kind: action, pixels: first.shown.pixels, points: action === 'angle' ? [from, from, from] : [from, from] };
    }
    if (action === 'probe' && from) pane.change((state) => ({ ...state, probe: from }));
    const onMove = (move: PointerEvent): void => {
      const now = place(move);
      const dx = now.x - start.x;
      const dy = now.y - start.y;
      const { surface } = pane;
      if (!surface) return;
      if (action === 'window') {
        if (pane.state.compare === 'difference') pane.change((state) => ({ ...state, differenceLimit: scaledLimit(startLimit, dx) }));
        else if (pane.state.shown?.frame.samples === 1) pane.change((state) => ({ ...state, voi: dragWindow(startVoi, dx, dy, range, hand.reverseWindowDrag) }));
      } else if (action === 'pan') {
        const shift = surface.panOf(now.x - last.x, now.y - last.y);
        pane.change((state) => ({ ...state, pan: { x: state.pan.x + shift.x, y: state.pan.y + shift.y } }));
      } else if (action === 'zoom') zoomAt(Math.exp(-(now.y - last.y) * 0.006), start);
      else if (action === 'scroll') pane.goTo(first.index + Math.round(dy / Math.max(3, Math.min(24, element.clientHeight / Math.max(1, first.stack?.images.length ?? 1)))));
      else if (action === 'probe') {
        const at = surface.toImage(now.x, now.y);
        pane.change((state) => ({ ...state, probe: at }));
      } else if (mark) {
        const to = surface.toImage(now.x, now.y);
        if (to) {
          mark = { ...mark, points: mark.kind === 'angle' ? [mark.points[0] as Point, to, to] : [mark.points[0] as Point, to] };
          marks.put(mark);
        }
      }
      last = now;
    };
    const onUp = (): void => {
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerup', onUp);
      element.removeEventListener('pointercancel', onUp);
      if (!mark) return;
      // A mark of no size was a click, not a measurement.
      if (Math.hypot(last.x - start.x, last.y - start.y) < 4) marks.remove(mark.id);
      else {
        marks.select(mark.id);
        if (mark.kind === 'angle') {
          // The second arm follows the pointer until the next press.
          marks.setDraft(mark.id);
          return;
        }
      }
      marks.end();
    };
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerup', onUp);
    element.addEventListener('pointercancel', onUp);
  };
  const onHover = (event: PointerEvent): void => {
    if (event.buttons !== 0) return;
    const angle = draftHere();
    if (angle) {
      const at = place(event);
      const end = pane.surface?.toImage(at.x, at.y);
      if (end) marks.put({ ...angle, points: [...angle.points.slice(0, 2), end] });
    }
    element.classList.toggle('on-mark', !angle && touchedAt(place(event)) !== null);
    if (settings().tool !== 'probe') return;
    const at = place(event);
    const point = pane.surface?.toImage(at.x, at.y) ?? null;
    pane.change((state) => ({ ...state, probe: point }));
  };
  const onLeave = (): void => pane.change((state) => (state.probe === null ? state : { ...state, probe: null }));
  const stopMenu = (event: Event): void => event.preventDefault();
  element.addEventListener('wheel', onWheel, { passive: false });
  element.addEventListener('pointerdown', onPointerDown);
  element.addEventListener('pointermove', onHover);
  element.addEventListener('pointerleave', onLeave);
  element.addEventListener('contextmenu', stopMenu);
  return () => {
    element.removeEventListener('wheel', onWheel);
    element.removeEventListener('pointerdown', onPointerDown);
    element.removeEventListener('pointermove', onHover);
    element.removeEventListener('pointerleave', onLeave);
    element.removeEventListener('contextmenu', stopMenu);
  };
}
