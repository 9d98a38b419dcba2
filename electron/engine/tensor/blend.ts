/**
 * Puts tiles together under windows that sum to one. Pure but for the array it adds to.
 *
 * Along one axis a tile's window is 1 in its core, falls linearly across each line to a neighbour and is 0 beyond `blendRadius`; the
 * neighbour's is one minus that. In two dimensions they are multiplied, and the products of all tiles sum to one at every pixel.
 */
import { blendRadius, type Span, type Tile } from './tile-plan.ts';

/**
 * Weight of output pixel `index` (its centre at index + ½) for a span.
 *
 * @param factor Output pixels per input pixel.
 * @param length Of the image, input pixels: no window falls at the image's own border.
 */
export function windowWeight(span: Span, index: number, factor: number, length: number): number {
  const rise = span.coreStart === 0 ? 1 : ramp(index, span.coreStart, factor);
  const fall = span.coreEnd === length ? 0 : ramp(index, span.coreEnd, factor);
  // Ramps of one span never meet, so one of the two is always 0 or 1 and the difference is exact.
  return rise - fall;
}

/** 0 before the line, 1 behind it, linear over `blendRadius` on both sides. */
function ramp(index: number, line: number, factor: number): number {
  const position = (index + 0.5) / factor - line;
  return Math.min(1, Math.max(0, (position + blendRadius) / (2 * blendRadius)));
}

/**
 * Adds one tile's output, weighted, to the image.
 *
 * @param image  `[rows × factor, columns × factor]`, zero before the first tile.
 * @param values What the network made of the tile: `[(row.end − row.start) × factor, (column.end − column.start) × factor]`.
 */
export function blendTile(image: Float32Array, rows: number, columns: number, factor: number, tile: Tile, values: Float32Array): void {
  const used = (span: Span, length: number): { from: number; weights: Float64Array } => {
    const from = Math.max(span.start, span.coreStart - blendRadius) * factor;
    const to = Math.min(span.end, span.coreEnd + blendRadius, length) * factor;
    return { from, weights: Float64Array.from({ length: to - from }, (_, i) => windowWeight(span, from + i, factor, length)) };
  };
  const vertical = used(tile.row, rows);
  const horizontal = used(tile.column, columns);
  const tileColumns = (tile.column.end - tile.column.start) * factor;
  for (let r = 0; r < vertical.weights.length; r += 1) {
    const weight = vertical.weights[r]!;
    const target = (vertical.from + r) * columns * factor + horizontal.from;
    const source = (vertical.from + r - tile.row.start * factor) * tileColumns + (horizontal.from - tile.column.start * factor);
    for (let c = 0; c < horizontal.weights.length; c += 1) image[target + c]! += weight * horizontal.weights[c]! * values[source + c]!;
  }
}
