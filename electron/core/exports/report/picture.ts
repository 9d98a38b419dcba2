/** Values → pictures for a report: windowed greys, signed differences, parts of an image, PNG inside the page. */
import { encode } from 'fast-png';
import { bicubicEnlarge } from '#measures';
import type { Window } from '#contract';
import type { Colour, Rgb } from './badge.ts';

export interface Plane {
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/** PS3.3 C.11.2.1.3 LINEAR_EXACT: black at centre − width/2, white at centre + width/2. */
export function grey8({ values, rows, columns }: Plane, { center, width }: Pick<Window, 'center' | 'width'>): Rgb {
  const data = new Uint8Array(rows * columns * 3);
  for (let i = 0; i < values.length; i += 1) data.fill(Math.min(255, Math.max(0, Math.round(((values[i]! - center) / width + 0.5) * 255))), i * 3, i * 3 + 3);
  return { width: columns, height: rows, data };
}

const below: Colour = [0x5f, 0xb0, 0xff];
const above: Colour = [0xff, 0x7b, 0x72];

/** Black where nothing changed, towards blue where the value fell, towards red where it rose; full colour at ± `limit`. */
export function signed8({ values, rows, columns }: Plane, limit: number): Rgb {
  const data = new Uint8Array(rows * columns * 3);
  for (let i = 0; i < values.length; i += 1) {
    const share = Math.min(1, Math.abs(values[i]!) / limit);
    const colour = values[i]! < 0 ? below : above;
    for (let n = 0; n < 3; n += 1) data[i * 3 + n] = Math.round(colour[n]! * share);
  }
  return { width: columns, height: rows, data };
}

/** What the model changed beyond interpolation: after − bicubic(before), on the grid of after. */
export function differenceOf(before: Plane, after: Plane): Plane {
  const factor = Math.round(after.rows / before.rows);
  const plain = factor === 1 ? before.values : bicubicEnlarge(before.values, before.rows, before.columns, factor);
  return { ...after, values: after.values.map((value, i) => value - plain[i]!) };
}

/** Whole numbers of 1, 2, 5, 10 … (or parts of one) that 99.5 % of the differences stay below. */
export function roundLimit({ values }: Plane): number {
  const sizes = Float32Array.from(values, Math.abs).sort();
  const quantile = sizes[Math.floor(sizes.length * 0.995)] ?? 0;
  if (!(quantile > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(quantile));
  return [1, 2, 5, 10].map((step) => step * power).find((limit) => limit >= quantile) ?? 10 * power;
}

/**
 * One pixel for each `by` × `by` block, for overview only: its mean, or the value farthest from zero, for differences, whose mean would
 * hide them. What does not fill a block at the far edges is left out.
 */
export function reduced(plane: Plane, by: number, keep: 'mean' | 'extreme' = 'mean'): Plane {
  if (by <= 1) return plane;
  const rows = Math.floor(plane.rows / by);
  const columns = Math.floor(plane.columns / by);
  const values = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r += 1) {
    for (let c = 0; c < columns; c += 1) {
      let sum = 0;
      let extreme = 0;
      for (let y = 0; y < by; y += 1) {
        for (let x = 0; x < by; x += 1) {
          const value = plane.values[(r * by + y) * plane.columns + c * by + x]!;
          sum += value;
          if (Math.abs(value) > Math.abs(extreme)) extreme = value;
        }
      }
      values[r * columns + c] = keep === 'mean' ? sum / (by * by) : extreme;
    }
  }
  return { values, rows, columns };
}

export function cut(plane: Plane, top: number, left: number, rows: number, columns: number): Plane {
  const values = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r += 1) values.set(plane.values.subarray((top + r) * plane.columns + left, (top + r) * plane.columns + left + columns), r * columns);
  return { values, rows, columns };
}

/** Each pixel `times` × `times`: the grid stays visible, nothing is made up. */
export function repeated(plane: Plane, times: number): Plane {
  const columns = plane.columns * times;
  const values = new Float32Array(plane.rows * times * columns);
  for (let i = 0; i < values.length; i += 1) values[i] = plane.values[Math.floor(Math.floor(i / columns) / times) * plane.columns + Math.floor((i % columns) / times)]!;
  return { values, rows: plane.rows * times, columns };
}

/** Top left corner of the `side` × `side` part where the mean absolute value is largest (steps of a quarter side). */
export function busiestPart({ values, rows, columns }: Plane, side: number): { top: number; left: number } {
  let best = { top: 0, left: 0, sum: -1 };
  const step = Math.max(1, Math.floor(side / 4));
  for (let top = 0; top + side <= rows; top += step) {
    for (let left = 0; left + side <= columns; left += step) {
      let sum = 0;
      for (let r = top; r < top + side; r += 1) for (let c = left; c < left + side; c += 1) sum += Math.abs(values[r * columns + c]!);
      if (sum > best.sum) best = { top, left, sum };
    }
  }
  return { top: best.top, left: best.left };
}

export function dataUri({ width, height, data }: Rgb): string {
  return `data:image/png;base64,${Buffer.from(encode({ width, height, data, depth: 8, channels: 3 })).toString('base64')}`;
}
