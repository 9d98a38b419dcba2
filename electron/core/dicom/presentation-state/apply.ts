/** One image as a presentation state wants it seen: PS3.4 N.2, in that order: modality, VOI, presentation, shutters, overlays, graphics, orientation. */
import type { DataSet } from '../data-set.ts';
import { lookUp, type LookupTable } from '../lookup-tables.ts';
import { overlayBits, overlayPlanes } from '../overlays.ts';
import { greyLevels, renderFrame, type Picture } from '../render.ts';
import { modalityValues } from '../rescale.ts';
import type { ImageHeader, StoredFrame } from '../types.ts';
import { defaultWindow, type VoiSetting } from '../window.ts';
import { drawGraphic } from './draw-graphic.ts';
import { isCovered } from './shutter-area.ts';
import type { ImageReference, PresentationStateContent } from './types.ts';

export interface StateTarget {
  readonly frame: StoredFrame;
  readonly header: ImageHeader;
  /** Of the image. */
  readonly dataset: DataSet;
  readonly frameIndex: number;
}

/** True when a part of a state holds for a frame; null holds for all that the state names. */
export function holdsFor(appliesTo: readonly ImageReference[] | null, sopInstanceUid: string, frame: number): boolean {
  return appliesTo === null || appliesTo.some((reference) => reference.sopInstanceUid === sopInstanceUid && (reference.frames === null || reference.frames.includes(frame)));
}

/**
 * Draws a frame under a state. Text is left to whoever has letters; graphics in image units are drawn, those in units of the displayed area are not.
 *
 * @param state        The state's data set: overlay planes that it brings lie there.
 * @returns RGB when a shutter or graphic is in colour or the image is; grey otherwise.
 */
export function renderWithState(target: StateTarget, content: PresentationStateContent, state: DataSet): Picture {
  const { header, dataset, frameIndex } = target;
  const base = target.frame.samples === 1 && target.frame.photometricInterpretation !== 'PALETTE COLOR' ? grey(target, content) : renderFrame(target.frame, header, { dataset, frameIndex });
  const { rows, columns } = base;
  const pixels = base.channels === 3 ? base.pixels.slice() : Uint8Array.from({ length: rows * columns * 3 }, (_, i) => base.pixels[Math.floor(i / 3)]!);
  const canvas = { rows, columns, channels: 3 as const, pixels };

  const bitmaps = new Set(content.shutters.flatMap((shutter) => (shutter.shape === 'bitmap' ? [shutter.group] : [])));
  for (const source of [{ planes: state, groups: null }, { planes: dataset, groups: content.imageOverlayGroups }]) {
    for (const plane of overlayPlanes(source.planes)) {
      const isShutter = source.groups === null && bitmaps.has(plane.group);
      if (!isShutter && source.groups !== null && !source.groups.includes(plane.group)) continue;
      const bits = overlayBits(source.planes, plane.group, source.groups === null ? 0 : frameIndex);
      if (bits !== null) paint(canvas, bits, plane, isShutter ? content.shutterColour : [255, 255, 255]);
    }
  }
  const shapes = content.shutters.filter((shutter) => shutter.shape !== 'bitmap');
  if (shapes.length > 0) {
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) if (shapes.some((shape) => isCovered(shape, column, row))) pixels.set(content.shutterColour, (row * columns + column) * 3);
    }
  }
  for (const annotation of content.annotations) {
    if (!holdsFor(annotation.appliesTo, header.sopInstanceUid, frameIndex)) continue;
    const colour = content.layers.find(({ name }) => name === annotation.layer)?.colour ?? [255, 255, 255];
    for (const graphic of annotation.graphics) if (graphic.units === 'image') drawGraphic(canvas, graphic, colour);
  }
  return turned(isGrey(pixels) ? { rows, columns, channels: 1, pixels: pixels.filter((_, i) => i % 3 === 0) } : canvas, content.transformation);
}

/** The state's own modality and VOI steps stand in for the image's: without one the values are taken as they are (PS3.4 N.2.1). */
function grey({ frame, header, frameIndex }: StateTarget, content: PresentationStateContent): Picture {
  const { modality, presentation } = content;
  const values = modalityValues(frame.stored, modality !== null && 'slope' in modality ? modality : null, modality !== null && 'table' in modality ? tableOf(modality.table) : null);
  const part = content.voi.find(({ appliesTo }) => holdsFor(appliesTo, header.sopInstanceUid, frameIndex));
  const voi: VoiSetting = part === undefined ? { window: defaultWindow({ ...header, windows: [], modality: '', rescale: null }) } : 'table' in part.voi ? { table: tableOf(part.voi.table) } : { window: part.voi.window };
  const pixels = greyLevels(values, voi);
  if ('table' in presentation) {
    const table = tableOf(presentation.table);
    const largest = 2 ** table.bits - 1;
    const mapped = Array.from({ length: 256 }, (_, level) => Math.round((lookUp(table, table.first + (level * (table.values.length - 1)) / 255) / largest) * 255));
    pixels.forEach((value, i) => { pixels[i] = mapped[value]!; });
  } else if (presentation.shape === 'inverse') pixels.forEach((value, i) => { pixels[i] = 255 - value; });
  return { rows: frame.rows, columns: frame.columns, channels: 1, pixels };
}

function tableOf(table: { explanation: string; first: number; bits: number; values: readonly number[] }): LookupTable {
  return { ...table, type: '', values: Uint16Array.from(table.values) };
}

function paint(canvas: Picture, bits: Uint8Array, plane: { rows: number; columns: number; origin: readonly [number, number] }, colour: readonly [number, number, number]): void {
  const [left, top] = plane.origin;
  for (let row = Math.max(0, -top); row < plane.rows && row + top < canvas.rows; row += 1) {
    for (let column = Math.max(0, -left); column < plane.columns && column + left < canvas.columns; column += 1) {
      if (bits[row * plane.columns + column] === 1) canvas.pixels.set(colour, ((row + top) * canvas.columns + column + left) * 3);
    }
  }
}

function isGrey(pixels: Uint8Array): boolean {
  for (let i = 0; i < pixels.length; i += 3) if (pixels[i] !== pixels[i + 1] || pixels[i] !== pixels[i + 2]) return false;
  return true;
}

/** Turned clockwise, then mirrored left to right (C.10.6). */
function turned(picture: Picture, { rotation, flip }: PresentationStateContent['transformation']): Picture {
  if (rotation === 0 && !flip) return picture;
  const { channels } = picture;
  const isSideways = rotation === 90 || rotation === 270;
  const rows = isSideways ? picture.columns : picture.rows;
  const columns = isSideways ? picture.rows : picture.columns;
  const pixels = new Uint8Array(picture.pixels.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const c = flip ? columns - 1 - column : column;
      const [fromRow, fromColumn] = rotation === 90 ? [picture.rows - 1 - c, row] : rotation === 180 ? [picture.rows - 1 - row, picture.columns - 1 - c] : rotation === 270 ? [c, picture.columns - 1 - row] : [row, c];
      const from = (fromRow * picture.columns + fromColumn) * channels;
      pixels.set(picture.pixels.subarray(from, from + channels), (row * columns + column) * channels);
    }
  }
  return { rows, columns, channels, pixels };
}
