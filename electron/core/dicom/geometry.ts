/** Where pixels lie in the patient (LPS, mm): PS3.3 C.7.6.2.1.1, and what a new grid makes of it. */
import { ScanloomError } from '#contract/errors';
import type { ImageGeometry, Orientation, Vector3 } from './types.ts';

export function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** Unit normal of a slice: row cosines × column cosines. */
export function normalOf(orientation: Orientation): Vector3 {
  const [a, b, c, d, e, f] = orientation;
  const normal: Vector3 = [b * f - c * e, c * d - a * f, a * e - b * d];
  const length = Math.hypot(...normal);
  return length === 0 ? [0, 0, 0] : [normal[0] / length, normal[1] / length, normal[2] / length];
}

/** False for cosines that are all zero, as some converters write. */
export function hasDirection(orientation: Orientation): boolean {
  return orientation.some((cosine) => cosine !== 0);
}

/** True when the six cosines are two perpendicular unit vectors, within what scanners round to. */
export function isOrthonormal(orientation: Orientation): boolean {
  const row: Vector3 = [orientation[0], orientation[1], orientation[2]];
  const column: Vector3 = [orientation[3], orientation[4], orientation[5]];
  return Math.abs(dot(row, row) - 1) < 1e-2 && Math.abs(dot(column, column) - 1) < 1e-2 && Math.abs(dot(row, column)) < 1e-2;
}

/**
 * The geometry of a grid `factor` times as fine that covers the same field of view.
 *
 * Half-pixel convention: the centre of new pixel i' lies at `(i' + 0.5) / factor − 0.5` of the old ones, so
 * `S' = S + X·Δi·(1/n − 1)/2 + Y·Δj·(1/n − 1)/2` and `spacing' = spacing / n`.
 *
 * @param geometry Position of the first pixel's centre (LPS, mm), row then column cosines, [row, column] spacing in mm.
 * @param factor   New pixels per old pixel and axis, > 0.
 * @see DICOM PS3.3 C.7.6.2.1.1
 */
export function upscaledGeometry(geometry: ImageGeometry, factor: number): ImageGeometry {
  if (!(factor > 0) || !Number.isFinite(factor)) throw new ScanloomError('usage/invalid', 'An enlargement needs a factor above 0.');
  const [rowSpacing, columnSpacing] = geometry.spacingMm;
  const shift = (1 / factor - 1) / 2;
  const o = geometry.orientation;
  const along = (axis: 0 | 1 | 2): number => geometry.position[axis] + o[axis] * columnSpacing * shift + o[axis + 3]! * rowSpacing * shift;
  return { position: [along(0), along(1), along(2)], orientation: o, spacingMm: [rowSpacing / factor, columnSpacing / factor] };
}
