/** What one viewport knows and how it changes. Pure: the controller (`pane.ts`) adds loading and linking. */
import type { Voi as FileVoi, ImageMeta, LookupTable, PresentationState, ScanloomError } from '#contract';
import type { Frame } from '../frames/frame.ts';
import { linkByPosition, sameExtent } from '../geometry/link.ts';
import { listedSpec } from '../image-stack.ts';
import type { ImageStack, StackImage } from '../image-stack.ts';
import type { Point } from '../measure/roi.ts';
import type { Presentation } from '../cornerstone/surface.ts';
import type { ColourMap } from '../window/tone.ts';
import { stepOf } from '../window/presentation-step.ts';
import type { ModalityStep } from '../window/presentation-step.ts';
import type { Voi } from '../window/window.ts';

export type Tool = 'window' | 'pan' | 'zoom' | 'scroll' | 'probe' | 'length' | 'angle' | 'ellipse';
export type Compare = 'none' | 'swipe' | 'difference';

export interface PaneState {
  readonly stack: ImageStack | null;
  readonly index: number;
  /** The last step, for prefetching ahead of the hand. */
  readonly direction: 1 | -1;
  /** Pixels on the surface now; behind `index` while they load. */
  readonly shown: { readonly pixels: string; readonly index: number; readonly frame: Frame } | null;
  readonly error: ScanloomError | null;
  /** null = the series' own window. */
  readonly voi: Voi | null;
  /** A VOI table of the file or of a presentation state, in place of any window; null = none. */
  readonly table: LookupTable | null;
  readonly colourMap: ColourMap;
  /** How somebody wanted these images shown; null = as they come. */
  readonly presentation: PresentationState | null;
  readonly invert: boolean;
  readonly zoom: number;
  readonly pan: Point;
  readonly rotation: number;
  readonly hflip: boolean;
  readonly vflip: boolean;
  readonly pixelated: boolean;
  readonly compare: Compare;
  /** Place of the slider, share of the width: left of it before, right of it after. */
  readonly swipe: number;
  /** Half width of the difference's scale; null = found from the image. */
  readonly differenceLimit: number | null;
  readonly cineFps: number | null;
  /** Image point under the pointer while it probes. */
  readonly probe: Point | null;
}

export const emptyPane: PaneState = {
  stack: null, index: 0, direction: 1, shown: null, error: null, voi: null, table: null, colourMap: 'grey', presentation: null, invert: false, zoom: 1, pan: { x: 0, y: 0 }, rotation: 0, hflip: false, vflip: false,
  pixelated: false, compare: 'none', swipe: 0.5, differenceLimit: null, cineFps: null, probe: null,
};

/** Where a stack opens: at the middle place, at its first time. */
export function firstIndex(stack: Pick<ImageStack, 'images' | 'timePoints'>): number {
  return Math.floor(stack.images.length / Math.max(1, stack.timePoints) / 2);
}

/** Two images whose values mean the same, so that one window serves both: of one modality and unit, and where no unit tells, of one kind. */
export function readAlike(a: { readonly modality: string; readonly meta: ImageMeta }, b: { readonly modality: string; readonly meta: ImageMeta }): boolean {
  const [mine, other] = [a.meta.valueKind, b.meta.valueKind];
  return a.modality === b.modality && a.meta.unit === b.meta.unit && (mine === undefined || other === undefined || mine === other);
}

/** A new stack at an image; how another one was turned and windowed is forgotten. */
export function withStack(stack: ImageStack | null, index = 0): PaneState {
  const last = Math.max(0, (stack?.images.length ?? 1) - 1);
  return { ...emptyPane, stack, index: Math.min(last, Math.max(0, index)), compare: 'none' };
}

/**
 * A stack that takes the place of another one of the same study stays where that one was: at the slice of the same place, and with its zoom, turn and
 * window where field and meaning of the values are the same. Before and after are then the same view.
 */
export function continued(before: PaneState, opened: PaneState): PaneState {
  const from = imageAt(before);
  const { stack } = opened;
  if (!from || !stack || !before.stack?.study || before.stack.study.studyInstanceUid !== stack.study?.studyInstanceUid) return opened;
  const place = linkByPosition(from.meta, stack.images.map((image) => image.meta));
  if (place.kind !== 'at') return isSameVolume(before.stack, stack) ? { ...opened, voi: before.voi, invert: before.invert, colourMap: before.colourMap } : opened;
  const here = { ...opened, index: place.index, direction: before.direction };
  const to = imageAt(here);
  if (!to || !sameExtent(from.meta, to.meta)) return here;
  const isAlike = readAlike({ modality: before.stack.modality, meta: from.meta }, { modality: stack.modality, meta: to.meta });
  return { ...here, zoom: before.zoom, pan: before.pan, rotation: before.rotation, hflip: before.hflip, vflip: before.vflip, pixelated: before.pixelated, ...(isAlike ? { voi: windowOf(before), invert: before.invert, colourMap: before.colourMap } : {}) };
}

/** Another plane of the same volume, or of what a model made from it: it shows other places, and is read in one window and one map of colours. */
export function isSameVolume(a: ImageStack, b: ImageStack): boolean {
  if (a.series === null || a.series.seriesInstanceUid !== b.series?.seriesInstanceUid || a.plane === b.plane) return false;
  const [first, other] = [a.images[0], b.images[0]];
  return a.item === null && b.item === null ? listedSpec(a.spec) === listedSpec(b.spec) : first !== undefined && other !== undefined && readAlike({ modality: a.modality, meta: first.meta }, { modality: b.modality, meta: other.meta });
}

/** Another image of the stack, held at its ends. */
export function withIndex(state: PaneState, index: number): PaneState {
  const length = state.stack?.images.length ?? 0;
  const next = Math.max(0, Math.min(length - 1, index));
  if (length === 0 || next === state.index) return state;
  return { ...state, index: next, direction: next > state.index ? 1 : -1 };
}

/** As it came: window, colours, presentation, zoom, pan, turn. The image stays. */
export function reset(state: PaneState): PaneState {
  return { ...state, voi: null, table: null, colourMap: 'grey', presentation: null, invert: false, zoom: 1, pan: { x: 0, y: 0 }, rotation: 0, hflip: false, vflip: false, differenceLimit: null, swipe: 0.5 };
}

export function rotate(state: PaneState): PaneState {
  // The shift is along the screen's axes, so it turns with the image.
  return { ...state, rotation: (state.rotation + 90) % 360, pan: { x: -state.pan.y, y: state.pan.x } };
}

/** Exchanges left and right (or top and bottom) as the screen shows them, whatever the rotation. */
export function flip(state: PaneState, axis: 'horizontal' | 'vertical'): PaneState {
  const turned = state.rotation % 180 !== 0;
  const alongColumns = (axis === 'horizontal') !== turned;
  const pan = axis === 'horizontal' ? { x: -state.pan.x, y: state.pan.y } : { x: state.pan.x, y: -state.pan.y };
  return alongColumns ? { ...state, hflip: !state.hflip, pan } : { ...state, vflip: !state.vflip, pan };
}

/**
 * Zoom by a factor with the image point under the pointer kept in place.
 * `at` is that point's pan-unit offset from the middle of the screen (as `Surface.panOf` gives it at the present zoom).
 */
export function zoomBy(state: PaneState, factor: number, at: Point): PaneState {
  const zoom = Math.min(40, Math.max(0.1, state.zoom * factor));
  const real = zoom / state.zoom;
  return { ...state, zoom, pan: { x: state.pan.x + at.x / real - at.x, y: state.pan.y + at.y / real - at.y } };
}

/** The series or item that marks on this stack belong to; '' without a stack. */
export function ownerOf(state: PaneState): string {
  return state.stack?.item?.itemId ?? state.stack?.series?.seriesInstanceUid ?? '';
}

export function imageAt(state: PaneState, index = state.index): StackImage | null {
  return state.stack?.images[index] ?? null;
}

/** The image that is drawn: what the words around it must speak of, also while the next one loads. */
export function imageDrawn(state: PaneState): StackImage | null {
  return imageAt(state, state.shown?.index ?? state.index);
}

/** One window for the whole stack: the middle image's own (files of one MR series may differ from slice to slice). */
export function stackWindow(stack: ImageStack): Voi {
  const middle = stack.images[Math.floor(stack.images.length / 2)];
  if (!middle) return { center: 0, width: 1 };
  const { center, width, function: shape } = middle.meta.window;
  return { center, width, ...(shape === undefined ? {} : { function: shape }) };
}

/** The window that was set by hand, else that of the presentation state for this image, else the stack's. */
export function windowOf(state: PaneState): Voi {
  const asked = state.voi === null ? presentedVoi(state) : null;
  return state.voi ?? (asked && 'window' in asked ? asked.window : state.stack ? stackWindow(state.stack) : { center: 0, width: 1 });
}

/** The VOI table that is in force; a window set by hand takes its place. */
export function tableOf(state: PaneState): LookupTable | null {
  if (state.voi !== null) return null;
  const asked = presentedVoi(state);
  return state.table ?? (asked && 'table' in asked ? asked.table : null);
}

/** The presentation state, where it holds for the image. */
function presentationFor(state: PaneState, image = imageAt(state)): PresentationState | null {
  const { presentation } = state;
  return presentation !== null && image !== null && presentation.imageIds.includes(image.meta.imageId) ? presentation : null;
}

/** The presentation state's own way from stored values to those its windows hold for; null where it is the image's. An image with a table of its own has been through that one. */
export function modalityStep(state: PaneState, image = imageAt(state)): ModalityStep | null {
  const presentation = presentationFor(state, image);
  return presentation === null || image === null || image.meta.more?.includes('modality-table') === true ? null : stepOf(presentation.modality, image.meta.rescale);
}

function presentedVoi(state: PaneState): FileVoi | null {
  const imageId = imageAt(state)?.meta.imageId;
  const presentation = presentationFor(state);
  if (presentation === null || imageId === undefined) return null;
  return presentation.voi.find((one) => one.appliesTo === null || one.appliesTo.includes(imageId))?.voi ?? null;
}

/** Name of the pixels that the state asks for. */
export function pixelsWanted(state: PaneState, index = state.index): string | null {
  const image = imageAt(state, index);
  if (!image) return null;
  return state.compare === 'difference' && image.source ? image.source.difference : image.pixels;
}

export function presentationOf(state: PaneState, differenceLimit: number | null): Presentation {
  const image = imageAt(state);
  const shape = presentationFor(state, image)?.presentation ?? null;
  // A presentation state says itself what is dark and what is bright.
  const isInverted = shape !== null && 'shape' in shape
    ? shape.shape === 'inverse'
    : ((image?.meta.photometricInterpretation === 'MONOCHROME1') !== (image?.meta.inverted === true)) !== (state.stack?.modality === 'PT' && state.colourMap === 'grey');
  const difference = state.compare === 'difference' && image?.source;
  return {
    voi: difference ? { center: 0, width: 2 * (differenceLimit ?? 100) } : windowOf(state),
    table: difference ? null : tableOf(state),
    step: difference ? null : modalityStep(state, image),
    last: difference || shape === null || !('table' in shape) ? null : shape.table,
    colourMap: difference ? 'grey' : state.colourMap,
    // MONOCHROME1: the lowest value is white, so it starts inverted and I turns it round. PET is read dark on white.
    invert: difference ? false : state.invert !== isInverted,
    zoom: state.zoom,
    pan: state.pan,
    rotation: state.rotation,
    hflip: state.hflip,
    vflip: state.vflip,
    pixelated: state.pixelated,
  };
}
