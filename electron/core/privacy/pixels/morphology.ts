/** Sliding minimum and maximum over squares, and what is thinner than such a square: the white top-hat. */
import type { Plane } from './types.ts';

/**
 * Largest (or smallest) value within `radius` pixels along both axes; beyond the border nothing is assumed.
 *
 * The time does not depend on the radius: running extremes of blocks from both sides.
 *
 * @returns New values, row-major.
 * @see van Herk 1992, doi 10.1016/0167-8655(92)90069-C; Gil, Werman 1993
 */
export function slidingExtreme({ rows, columns, values }: Plane, radius: number, kind: 'max' | 'min'): Float32Array {
  const sign = kind === 'max' ? 1 : -1;
  const out = new Float32Array(values.length);
  const longest = Math.max(rows, columns) + 2 * radius;
  const line = new Float32Array(longest);
  const forward = new Float32Array(longest);
  const backward = new Float32Array(longest);
  const pass = (from: Float32Array, to: Float32Array, start: number, step: number, count: number): void => {
    const size = 2 * radius + 1;
    const padded = count + 2 * radius;
    line.fill(-Infinity, 0, padded);
    for (let i = 0, at = start; i < count; i += 1, at += step) line[i + radius] = sign * from[at]!;
    for (let i = 0; i < padded; i += 1) forward[i] = i % size === 0 ? line[i]! : Math.max(forward[i - 1]!, line[i]!);
    for (let i = padded - 1; i >= 0; i -= 1) backward[i] = i === padded - 1 || i % size === size - 1 ? line[i]! : Math.max(backward[i + 1]!, line[i]!);
    for (let i = 0, at = start; i < count; i += 1, at += step) to[at] = sign * Math.max(backward[i]!, forward[i + size - 1]!);
  };
  for (let row = 0; row < rows; row += 1) pass(values, out, row * columns, 1, columns);
  for (let column = 0; column < columns; column += 1) pass(out, out, column, columns, rows);
  return out;
}

/**
 * How far each pixel stands above what surrounds it, for what is thinner than `2 × radius + 1` pixels: value − opening, never negative.
 */
export function topHat(plane: Plane, radius: number): Float32Array {
  const eroded = slidingExtreme(plane, radius, 'min');
  const opened = slidingExtreme({ ...plane, values: eroded }, radius, 'max');
  for (let i = 0; i < opened.length; i += 1) opened[i] = Math.max(0, plane.values[i]! - opened[i]!);
  return opened;
}

/** Half as many rows and columns, each new pixel the mean of four. An odd last row or column is left out. */
export function halved({ rows, columns, values }: Plane): Plane {
  const newRows = rows >> 1;
  const newColumns = columns >> 1;
  const out = new Float32Array(newRows * newColumns);
  for (let row = 0; row < newRows; row += 1) {
    for (let column = 0; column < newColumns; column += 1) {
      const at = 2 * row * columns + 2 * column;
      out[row * newColumns + column] = (values[at]! + values[at + 1]! + values[at + columns]! + values[at + columns + 1]!) / 4;
    }
  }
  return { rows: newRows, columns: newColumns, values: out };
}
