/** One plane out of the slices of a volume, voxel by voxel. Pure. */
import { makeFrame } from '../frames/frame.ts';
import type { Frame, PixelValues } from '../frames/frame.ts';
import type { PlaneLayout } from './plane-geometry.ts';

/**
 * @param slices All slices of the volume, in order, of one size.
 * @param index Of the plane along `layout.through`, which is an axis within the slices (0 columns, 1 rows).
 * @returns Stored values as they are where all slices have one type, slope and intercept; else modality units as floats.
 * @throws {RangeError} when slices differ in size.
 */
export function cutPlane(slices: readonly Frame[], layout: PlaneLayout, index: number): Frame {
  const [first] = slices;
  if (first === undefined || slices.some((slice) => slice.rows !== first.rows || slice.columns !== first.columns || slice.samples !== 1)) throw new RangeError('The slices of a volume have one size and one sample.');
  const counts = [first.columns, first.rows, slices.length] as const;
  const columns = counts[layout.across];
  const rows = counts[layout.down];
  const isOne = slices.every((slice) => slice.slope === first.slope && slice.intercept === first.intercept && slice.values.constructor === first.values.constructor);
  const values: PixelValues = isOne ? like(first.values, rows * columns) : new Float32Array(rows * columns);
  const at: [number, number, number] = [0, 0, 0];
  at[layout.through] = index;
  for (let row = 0; row < rows; row += 1) {
    at[layout.down] = layout.downReversed ? rows - 1 - row : row;
    for (let column = 0; column < columns; column += 1) {
      at[layout.across] = layout.acrossReversed ? columns - 1 - column : column;
      const slice = slices[at[2]] as Frame;
      const stored = slice.values[at[1] * first.columns + at[0]] as number;
      values[row * columns + column] = isOne ? stored : slice.slope * stored + slice.intercept;
    }
  }
  return makeFrame({ rows, columns, samples: 1, values, slope: isOne ? first.slope : 1, intercept: isOne ? first.intercept : 0, photometric: first.photometric });
}

function like(values: PixelValues, length: number): PixelValues {
  const make = values.constructor as new (length: number) => PixelValues;
  return new make(length);
}
