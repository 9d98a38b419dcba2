/** A frame → the planes that text is looked for in: one for grey, the lightest and the darkest channel for colour. */
import { renderFrame, type DataSet, type ImageHeader, type StoredFrame } from '#dicom';
import type { Plane } from './types.ts';

/**
 * Grey is taken as stored (text may lie outside of every window); colour and palettes as shown. In the lightest channel, coloured writing on a dark ground
 * stands out; in the darkest one, coloured writing on a light ground and white on a coloured banner.
 *
 * @param dataset Needed for palettes; without it a palette image is taken as its indices.
 */
export function planesOf(frame: StoredFrame, header: ImageHeader, dataset?: DataSet): readonly Plane[] {
  const { rows, columns } = frame;
  const isPalette = frame.photometricInterpretation === 'PALETTE COLOR' && dataset !== undefined;
  if (frame.samples < 3 && !isPalette) {
    const values = new Float32Array(rows * columns);
    for (let i = 0; i < values.length; i += 1) {
      const value = frame.stored[i * frame.samples]!;
      values[i] = Number.isFinite(value) ? value : 0;
    }
    return [{ rows, columns, values }];
  }
  const picture = renderFrame(frame, header, dataset === undefined ? {} : { dataset });
  if (picture.channels === 1) return [{ rows, columns, values: Float32Array.from(picture.pixels) }];
  const lightest = new Float32Array(rows * columns);
  const darkest = new Float32Array(rows * columns);
  let isGrey = true;
  for (let i = 0; i < lightest.length; i += 1) {
    const red = picture.pixels[3 * i]!;
    const green = picture.pixels[3 * i + 1]!;
    const blue = picture.pixels[3 * i + 2]!;
    lightest[i] = Math.max(red, green, blue);
    darkest[i] = Math.min(red, green, blue);
    if (lightest[i] !== darkest[i]) isGrey = false;
  }
  return isGrey ? [{ rows, columns, values: lightest }] : [{ rows, columns, values: lightest }, { rows, columns, values: darkest }];
}

/**
 * Standard deviation of the grain, from the middle one of the second differences along the rows: edges and flat grounds hardly count.
 *
 * @see Donoho, Johnstone 1994, doi 10.1093/biomet/81.3.425 (median absolute deviation of details / 0.6745)
 */
export function grainOf({ rows, columns, values }: Plane): number {
  if (columns < 3) return 0;
  const step = Math.max(1, Math.floor((rows * columns) / 65_536));
  const details: number[] = [];
  for (let at = 1; at < values.length - 1; at += step) {
    const column = at % columns;
    if (column > 0 && column < columns - 1) details.push(Math.abs(values[at - 1]! - 2 * values[at]! + values[at + 1]!));
  }
  const sorted = Float64Array.from(details).sort();
  // A second difference of independent values has six times their variance.
  return (sorted[sorted.length >> 1] ?? 0) / (0.6745 * Math.sqrt(6));
}

/** Smallest and largest finite value, and the values that 0.5 % lie below and above. */
export function rangeOf({ values }: Plane): { low: number; high: number; smallest: number; largest: number } {
  const step = Math.max(1, Math.floor(values.length / 65_536));
  const sample = new Float32Array(Math.ceil(values.length / step));
  let smallest = Infinity;
  let largest = -Infinity;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i]!;
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
    if (i % step === 0) sample[i / step] = value;
  }
  sample.sort();
  const at = (share: number): number => sample[Math.round(share * (sample.length - 1))]!;
  return { low: at(0.005), high: at(0.995), smallest, largest };
}
