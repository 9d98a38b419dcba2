/** Where one image lies, as much as laying something over it needs; and how two planes lie to each other (PS3.3 C.7.6.2.1.1). */
import { dot, normalOf } from './geometry.ts';
import type { Orientation, Vector3 } from './types.ts';

export interface ImagePlane {
  readonly sopInstanceUid: string;
  /** From 0. */
  readonly frame: number;
  readonly rows: number;
  readonly columns: number;
  readonly position: Vector3 | null;
  readonly orientation: Orientation | null;
  /** [row, column], mm. */
  readonly spacingMm: readonly [number, number] | null;
  readonly frameOfReferenceUid: string;
  /** Distance to the next image of the stack, or slice thickness, mm. */
  readonly sliceSpacingMm: number | null;
}

export type PlaneGeometry = Pick<ImagePlane, 'position' | 'orientation' | 'spacingMm'>;
type Whole = { readonly position: Vector3; readonly orientation: Orientation; readonly spacingMm: readonly [number, number] };

/** True when position, orientation and spacing are all there. */
export function isPlaced<T extends PlaneGeometry>(plane: T): plane is T & Whole {
  return plane.position !== null && plane.orientation !== null && plane.spacingMm !== null;
}

/** Two frames of reference that may be one: equal, or one of them not named. */
export function mayShareSpace(a: string, b: string): boolean {
  return a === '' || b === '' || a === b;
}

/** Cosine of the angle that two planes may have and still count as parallel: 1 degree. */
const parallel = Math.cos(Math.PI / 180);

/** Signed distance of `plane` from `base` along the normal of `base`, mm; null when they are not parallel. */
export function planeDistance(base: Whole, plane: Whole): number | null {
  const normal = normalOf(base.orientation);
  if (Math.abs(dot(normal, normalOf(plane.orientation))) < parallel) return null;
  return dot(normal, difference(plane.position, base.position));
}

/** Distance of a point from a plane, mm. */
export function pointDistance(plane: Whole, point: Vector3): number {
  return dot(normalOf(plane.orientation), difference(point, plane.position));
}

/** [column, row] of a point in the patient, dropped onto the plane; [0, 0] is the centre of the first pixel. */
export function placeInImage(plane: Whole, point: Vector3): [number, number] {
  const away = difference(point, plane.position);
  const [a, b, c, d, e, f] = plane.orientation;
  return [dot(away, [a, b, c]) / plane.spacingMm[1], dot(away, [d, e, f]) / plane.spacingMm[0]];
}

/** The point in the patient of a place [column, row]. */
export function pointOfPlace(plane: Whole, column: number, row: number): Vector3 {
  const o = plane.orientation;
  const along = (axis: 0 | 1 | 2): number => plane.position[axis] + o[axis] * plane.spacingMm[1] * column + o[axis + 3]! * plane.spacingMm[0] * row;
  return [along(0), along(1), along(2)];
}

function difference(a: Vector3, b: Vector3): Vector3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}
