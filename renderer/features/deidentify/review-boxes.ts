/** What a person decides about writing in pixels: boxes kept, dropped and drawn, image by image. Pure; the screen draws it. */
import type { ImageAtRisk, PixelBox, ReviewedImage } from '#contract';

export interface BoxDecision {
  readonly box: PixelBox;
  /** Becomes black. A dropped box stays in sight, so that it can be taken back. */
  readonly kept: boolean;
  /** Drawn by a person, not found by the search. */
  readonly own: boolean;
  readonly score: number;
  readonly reasons: readonly string[];
}

export interface ImageDecision {
  readonly boxes: readonly BoxDecision[];
  readonly confirmed: boolean;
}

export interface Reviewing {
  readonly images: readonly ImageAtRisk[];
  /** By SOP Instance UID; only those that were touched. */
  readonly decisions: ReadonlyMap<string, ImageDecision>;
  readonly at: number;
  /** The chosen box of the image, −1 where there is none. */
  readonly box: number;
  readonly past: readonly { readonly decisions: ReadonlyMap<string, ImageDecision>; readonly at: number; readonly box: number }[];
}

/** That many steps can be taken back. */
const mostPast = 200;

export const nothingReviewed: Reviewing = { images: [], decisions: new Map(), at: 0, box: -1, past: [] };

export function decisionOf(state: Reviewing, image: ImageAtRisk): ImageDecision {
  return state.decisions.get(image.sopInstanceUid) ?? { confirmed: false, boxes: image.boxes.map(({ column, row, width, height, score, reasons }) => ({ box: { column, row, width, height }, kept: true, own: false, score, reasons })) };
}

/** The search goes on while somebody reviews: more images come at the end, decisions stay. */
export function withImages(state: Reviewing, images: readonly ImageAtRisk[]): Reviewing {
  const next = { ...state, images, at: Math.min(state.at, Math.max(0, images.length - 1)) };
  return state.images.length === 0 && images.length > 0 ? { ...next, box: firstBox(next, 0) } : next;
}

function firstBox(state: Reviewing, at: number): number {
  const image = state.images[at];
  return image === undefined || decisionOf(state, image).boxes.length === 0 ? -1 : 0;
}

export function moveImage(state: Reviewing, by: number): Reviewing {
  const at = Math.min(state.images.length - 1, Math.max(0, state.at + by));
  return at === state.at || state.images.length === 0 ? state : { ...state, at, box: firstBox(state, at) };
}

export function goToImage(state: Reviewing, at: number): Reviewing {
  return moveImage(state, at - state.at);
}

export function moveBox(state: Reviewing, by: number): Reviewing {
  const image = state.images[state.at];
  if (image === undefined) return state;
  const { length } = decisionOf(state, image).boxes;
  return length === 0 ? { ...state, box: -1 } : { ...state, box: (state.box + by + length) % length };
}

function remembered({ decisions, at, box, past }: Reviewing): Reviewing['past'] {
  return [...past, { decisions, at, box }].slice(-mostPast);
}

function decided(state: Reviewing, changes: readonly (readonly [ImageAtRisk, ImageDecision])[]): Reviewing {
  const decisions = new Map(state.decisions);
  for (const [image, decision] of changes) decisions.set(image.sopInstanceUid, decision);
  return { ...state, decisions, past: remembered(state) };
}

/** Drops the chosen box, takes a dropped one back, removes one that a person drew. Whoever changes a box has to confirm the image again. */
export function toggleBox(state: Reviewing, index: number = state.box): Reviewing {
  const image = state.images[state.at];
  if (image === undefined) return state;
  const { boxes } = decisionOf(state, image);
  const chosen = boxes[index];
  if (chosen === undefined) return state;
  const after = chosen.own ? boxes.filter((_, i) => i !== index) : boxes.map((one, i) => (i === index ? { ...one, kept: !one.kept } : one));
  const next = chosen.own ? Math.min(index, after.length - 1) : Math.min(index + (chosen.kept ? 1 : 0), after.length - 1);
  return { ...decided(state, [[image, { boxes: after, confirmed: false }]]), box: next };
}

/** Adds what was drawn, cut to the image; too small a drag is a slip of the hand. */
export function addBox(state: Reviewing, from: { x: number; y: number }, to: { x: number; y: number }): Reviewing {
  const image = state.images[state.at];
  if (image === undefined) return state;
  const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, value));
  const column = Math.floor(clamp(Math.min(from.x, to.x), image.columns));
  const row = Math.floor(clamp(Math.min(from.y, to.y), image.rows));
  const width = Math.ceil(clamp(Math.max(from.x, to.x), image.columns)) - column;
  const height = Math.ceil(clamp(Math.max(from.y, to.y), image.rows)) - row;
  if (width < 3 || height < 3) return state;
  const { boxes } = decisionOf(state, image);
  return { ...decided(state, [[image, { boxes: [...boxes, { box: { column, row, width, height }, kept: true, own: true, score: 1, reasons: ['drawn by hand'] }], confirmed: false }]]), box: boxes.length };
}

/** Confirms the image as it is shown, and goes to the next one that is not. */
export function confirmImage(state: Reviewing): Reviewing {
  const image = state.images[state.at];
  if (image === undefined) return state;
  return toNextOpen(decided(state, [[image, { ...decisionOf(state, image), confirmed: true }]]));
}

/** The boxes of this image for every image of its series that has the same size, all confirmed: what devices write stands at one place. */
export function confirmSeries(state: Reviewing): Reviewing {
  const image = state.images[state.at];
  if (image === undefined) return state;
  const { boxes } = decisionOf(state, image);
  const alike = state.images.filter((one) => one.seriesInstanceUid === image.seriesInstanceUid && one.rows === image.rows && one.columns === image.columns);
  return toNextOpen(decided(state, alike.map((one) => [one, { boxes, confirmed: true }])));
}

function toNextOpen(state: Reviewing): Reviewing {
  const count = state.images.length;
  for (let step = 1; step <= count; step += 1) {
    const at = (state.at + step) % count;
    if (!decisionOf(state, state.images[at]!).confirmed) return { ...state, at, box: firstBox(state, at) };
  }
  return state;
}

export function undo(state: Reviewing): Reviewing {
  const last = state.past.at(-1);
  return last === undefined ? state : { ...state, ...last, past: state.past.slice(0, -1) };
}

export function confirmedCount(state: Reviewing): number {
  return state.images.filter((image) => decisionOf(state, image).confirmed).length;
}

/** What goes to the copy: confirmed images only, with the boxes that stay. */
export function reviewedImages(state: Reviewing): ReviewedImage[] {
  return state.images.flatMap((image) => {
    const { boxes, confirmed } = decisionOf(state, image);
    return confirmed ? [{ sopInstanceUid: image.sopInstanceUid, boxes: boxes.filter(({ kept }) => kept).map(({ box }) => box) }] : [];
  });
}
