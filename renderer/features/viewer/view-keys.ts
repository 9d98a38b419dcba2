/** The viewer's keys, as the screen serves them and as `?` lists them. */
import type { Binding } from '../../ui/index.ts';
import { changePreferences, preferences, tell } from '../../ui/index.ts';
import { flip, imageAt, ownerOf, reset, rotate, stackWindow } from './pane/pane-state.ts';
import type { PaneState, Tool } from './pane/pane-state.ts';
import { ctPresets, percentileWindow } from './window/window.ts';
import type { Voi } from './window/window.ts';
import { marks } from './measure/marks.ts';
import { changeOverlays, overlays } from './objects/overlay-state.ts';
import type { PlaneName } from './planes/plane-geometry.ts';
import type { Layout, ViewSession } from './view-session.ts';

export const toolKeys: readonly { tool: Tool; key: string; name: string }[] = [
  { tool: 'window', key: 'W', name: 'Window' },
  { tool: 'pan', key: 'T', name: 'Pan' },
  { tool: 'zoom', key: 'Z', name: 'Zoom' },
  { tool: 'scroll', key: 'S', name: 'Scroll' },
  { tool: 'probe', key: 'P', name: 'Probe' },
  { tool: 'length', key: 'D', name: 'Length' },
  { tool: 'angle', key: 'A', name: 'Angle' },
  { tool: 'ellipse', key: 'E', name: 'Ellipse' },
];

/** Sets the preset of a number key on the active viewport; false when the key means nothing for this modality. */
export function applyPreset(session: ViewSession, key: string): boolean {
  const pane = session.active;
  const { stack, shown } = pane.state;
  if (!stack) return false;
  if (key === '0') {
    pane.change((state) => ({ ...state, table: null, voi: stackWindow(stack) }));
    return true;
  }
  const fixed = presetsFor(pane.state).find((one) => one.key === key)?.voi;
  if (fixed) {
    pane.change((state) => ({ ...state, table: null, voi: fixed }));
    return true;
  }
  if (stack.modality !== 'CT' && key === '1' && shown && shown.frame.samples === 1 && pane.state.compare !== 'difference') {
    const { frame } = shown;
    pane.change((state) => ({ ...state, table: null, voi: percentileWindow(frame) }));
    return true;
  }
  return false;
}

export interface PresetButton {
  readonly key: string;
  readonly name: string;
  /** Null for those that look at the image or the file. */
  readonly voi: Voi | null;
}

/** Upper ends of the usual PET windows in SUV. */
const suvEnds = [5, 7, 10, 15];

/** Presets of what a viewport shows, with their number keys. */
export function presetsFor(state: PaneState): readonly PresetButton[] {
  const modality = state.stack?.modality ?? '';
  const meta = imageAt(state)?.meta;
  const file: PresetButton = { key: '0', name: modality === 'CT' ? 'File' : 'Series', voi: null };
  if (modality === 'CT') return [...ctPresets.map(({ key, name, center, width }) => ({ key, name, voi: { center, width } })), file];
  const suv = meta?.unit === 'SUV' ? 1 : (meta?.suv?.factor ?? null);
  const inSuv = suv === null ? [] : suvEnds.map((end, i) => ({ key: String(i + 2), name: `SUV 0–${end}`, voi: { center: end / 2 / suv, width: end / suv, function: 'LINEAR_EXACT' as const } }));
  return [{ key: '1', name: 'Auto, 1–99 %', voi: null }, ...inSuv, file];
}

export function toggleCompare(session: ViewSession, kind: 'swipe' | 'difference'): void {
  const pane = session.comparable;
  if (!pane) {
    tell('Nothing to compare yet: show an enhanced series first.');
    return;
  }
  pane.change((state) => ({ ...state, compare: state.compare === kind ? 'none' : kind }));
}

/**
 * All bindings of the View screen but those of the task panel. `onLayout` sets the number of viewports, `onSeries` goes to another series of the study,
 * `onPlane` to a plane of the volume.
 */
export function viewKeys(session: ViewSession, onLayout: (layout: Layout) => void, onSeries: (step: 1 | -1) => void, onPlane: (plane: PlaneName) => void): Binding[] {
  const pane = () => session.active;
  const step = (keys: readonly string[], does: string, by: number): Binding => ({ keys, does, run: () => pane().step(by) });
  return [
    step(['ArrowDown', 'ArrowRight'], 'next slice', 1),
    step(['ArrowUp', 'ArrowLeft'], 'previous slice', -1),
    step(['Shift+ArrowDown', 'Shift+ArrowRight'], 'ten slices on', 10),
    step(['Shift+ArrowUp', 'Shift+ArrowLeft'], 'ten slices back', -10),
    { keys: ['Home'], does: 'first slice', run: () => pane().goTo(0) },
    { keys: ['End'], does: 'last slice', run: () => pane().goTo(Number.MAX_SAFE_INTEGER) },
    { keys: ['PageDown'], does: 'next series', run: () => onSeries(1) },
    { keys: ['PageUp'], does: 'previous series', run: () => onSeries(-1) },
    { keys: ['Shift+PageDown'], does: 'next time point, same place', run: () => stepInTime(session, 1) },
    { keys: ['Shift+PageUp'], does: 'previous time point, same place', run: () => stepInTime(session, -1) },
    ...toolKeys.map(({ tool, key, name }): Binding => ({ keys: [key], does: `tool: ${name.toLowerCase()}`, run: () => session.set({ tool }) })),
    ...['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'].map((key): Binding => ({ keys: [key], does: 'window preset', run: () => void applyPreset(session, key) })),
    { keys: ['I'], does: 'invert', run: () => pane().change((state) => ({ ...state, invert: !state.invert })) },
    { keys: ['R'], does: 'rotate a quarter turn', run: () => pane().change(rotate) },
    { keys: ['Shift+H'], does: 'flip left and right', run: () => pane().change((state) => flip(state, 'horizontal')) },
    { keys: ['Shift+V'], does: 'flip top and bottom', run: () => pane().change((state) => flip(state, 'vertical')) },
    { keys: ['Shift+A'], does: 'axial plane of the volume', run: () => onPlane('axial') },
    { keys: ['Shift+C'], does: 'coronal plane of the volume', run: () => onPlane('coronal') },
    { keys: ['Shift+S'], does: 'sagittal plane of the volume', run: () => onPlane('sagittal') },
    { keys: ['G'], does: 'smooth or plain pixels', run: () => pane().change((state) => ({ ...state, pixelated: !state.pixelated })) },
    { keys: ['C'], does: 'cine', run: () => pane().toggleCine() },
    { keys: ['X'], does: 'compare: before/after slider', run: () => toggleCompare(session, 'swipe') },
    { keys: ['Y'], does: 'compare: signed difference', run: () => toggleCompare(session, 'difference') },
    { keys: ['L'], does: 'link the viewports', run: () => session.toggleLink() },
    { keys: ['V'], does: 'one or two viewports', run: () => onLayout(session.state.layout === 1 ? 2 : 1) },
    { keys: ['Q'], does: 'two by two viewports', run: () => onLayout(session.state.layout === 4 ? 1 : 4) },
    { keys: ['O'], does: 'hide or show overlays', run: () => changeOverlays({ hidden: !overlays.get().hidden }) },
    { keys: ['K'], does: 'key image, or no longer', run: () => toggleKeyImage(session) },
    { keys: ['Delete'], does: 'remove the chosen mark, or the last on this image', run: () => removeMark(session) },
    { keys: ['Ctrl+Z'], does: 'undo a mark', run: () => undoMark(true) },
    { keys: ['Ctrl+Shift+Z'], does: 'redo a mark', run: () => undoMark(false) },
    { keys: ['Backquote'], does: 'hide or show marks and corners', run: () => session.set({ hideMarks: !session.state.hideMarks }) },
    { keys: ['N'], does: 'hide or show names and identifiers', run: () => changePreferences({ hideIdentifiers: !preferences.get().hideIdentifiers }) },
    { keys: ['F11'], does: 'image over the whole window', run: () => session.set({ full: !session.state.full }) },
    { keys: ['Escape'], does: 'leave: mark, full image, comparison, tool', run: () => leave(session) },
  ];
}

/** Echoes and weightings are stacks of their own; what repeats within a stack is another time, or another direction of diffusion. */
function stepInTime(session: ViewSession, by: 1 | -1): void {
  const { stack, index } = session.active.state;
  if (!stack || stack.timePoints < 2) {
    tell('Every place of this stack is there once.');
    return;
  }
  const places = stack.images.length / stack.timePoints;
  const to = index + by * places;
  if (to < 0 || to >= stack.images.length) tell(by > 0 ? 'This is the last time point.' : 'This is the first time point.');
  else session.active.goTo(to);
}

function removeMark(session: ViewSession): void {
  const { marks: all, selected } = marks.state;
  const pixels = session.active.state.shown?.pixels;
  const chosen = all.find((mark) => mark.id === selected) ?? all.filter((mark) => mark.pixels === pixels).at(-1);
  if (!chosen) {
    tell('There is no mark on this image.');
    return;
  }
  marks.begin();
  marks.remove(chosen.id);
  marks.end();
}

function undoMark(back: boolean): void {
  if (back ? !marks.undo() : !marks.redo()) tell(back ? 'There is no mark to undo.' : 'There is no mark to redo.');
}

export function toggleKeyImage(session: ViewSession): void {
  const { state } = session.active;
  const image = imageAt(state);
  if (image) marks.toggleKeyImage(ownerOf(state), image.pixels);
}

function leave(session: ViewSession): void {
  const { draft, selected } = marks.state;
  if (draft !== null) {
    marks.remove(draft);
    marks.end();
  } else if (selected !== null) marks.select(null);
  else if (session.state.full) session.set({ full: false });
  else if (session.active.state.compare !== 'none' && imageAt(session.active.state)) session.active.change((state) => ({ ...state, compare: 'none' }));
  else session.set({ tool: 'window' });
}

export function resetActive(session: ViewSession): void {
  session.active.change(reset);
}
