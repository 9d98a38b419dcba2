/**
 * Cuts an image into tiles. Pure.
 *
 * The image is divided into cores that touch without overlap. Each tile sees its core and a margin of `overlap + blendRadius` input
 * pixels, clipped at the image's border: there it ends where the image ends, so a network sees the true border just as in an untiled run.
 * Output pixels nearer than `overlap` to a cut are not used; neighbours are blended over `blendRadius` pixels on both sides of the line
 * between their cores. With an overlap of at least the network's receptive field every value used is the value of the untiled run.
 */
import assert from 'node:assert/strict';

/** Half of the width over which neighbours are blended, input pixels. Cores have at least twice of it. */
export const blendRadius = 4;

/** `[start, end)` along one axis, input pixels. */
export interface Span {
  readonly coreStart: number;
  readonly coreEnd: number;
  /** What the network gets. */
  readonly start: number;
  readonly end: number;
}

export interface Tile {
  readonly row: Span;
  readonly column: Span;
}

/**
 * Tiles of one image, row by row.
 *
 * @param rows, columns Size of the image, input pixels.
 * @param tile `size`: longest side of a core; `overlap`: pixels of true image around what is used.
 */
export function planTiles(rows: number, columns: number, tile: { readonly size: number; readonly overlap: number }): Tile[] {
  const rowSpans = cutAxis(rows, tile);
  const columnSpans = cutAxis(columns, tile);
  return rowSpans.flatMap((row) => columnSpans.map((column) => ({ row, column })));
}

/** Cores of nearly equal length, so that none is a sliver and few different shapes reach the runtime. */
function cutAxis(length: number, { size, overlap }: { readonly size: number; readonly overlap: number }): Span[] {
  assert.ok(length > 0 && size >= 4 * blendRadius, 'a core is at least twice as long as a blend');
  const count = Math.ceil(length / size);
  const margin = overlap + blendRadius;
  return Array.from({ length: count }, (_, i) => {
    const coreStart = Math.round((i * length) / count);
    const coreEnd = Math.round(((i + 1) * length) / count);
    return { coreStart, coreEnd, start: Math.max(0, coreStart - margin), end: Math.min(length, coreEnd + margin) };
  });
}
