/** Where the plane of one image cuts another: the cross-reference line. Patient space is LPS, mm. */
import type { ImageMeta } from '#contract';
import { normalOf } from './orientation.ts';
import type { Cosines } from './orientation.ts';

type Placed = Pick<ImageMeta, 'position' | 'orientation' | 'pixelSpacingMm' | 'rows' | 'columns' | 'frameOfReferenceUid'>;
type Vector = readonly [number, number, number];

/** From the first point to the second, image points of the image that is drawn on (the first pixel covers 0…1). */
export interface CrossLine {
  readonly from: { readonly x: number; readonly y: number };
  readonly to: { readonly x: number; readonly y: number };
}

const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** Planes closer than about 8 degrees to parallel have no line that helps. */
const smallestSine = 0.14;

interface Plane {
  readonly origin: Vector;
  readonly across: Vector;
  readonly down: Vector;
  readonly normal: Vector;
  readonly spacing: readonly [number, number];
  readonly rows: number;
  readonly columns: number;
}

function planeOf(image: Placed): Plane | null {
  if (image.position === null || image.orientation === null || image.pixelSpacingMm === null) return null;
  const c = image.orientation as Cosines;
  return { origin: image.position, across: [c[0], c[1], c[2]], down: [c[3], c[4], c[5]], normal: normalOf(c), spacing: image.pixelSpacingMm, rows: image.rows, columns: image.columns };
}

/** Corner of the image in patient space; image points, so that pixel 0's centre is 0.5. */
function pointAt(plane: Plane, x: number, y: number): Vector {
  const u = (x - 0.5) * plane.spacing[1];
  const v = (y - 0.5) * plane.spacing[0];
  return [0, 1, 2].map((i) => (plane.origin[i] as number) + u * (plane.across[i] as number) + v * (plane.down[i] as number)) as unknown as Vector;
}

/**
 * The line of `other` on `on`: as long as `other` reaches, cut off at the edges of `on`. Null where either has no place, they share no frame of
 * reference, are near to parallel, or do not meet.
 */
export function crossLine(on: Placed, other: Placed): CrossLine | null {
  if (on.frameOfReferenceUid === undefined || on.frameOfReferenceUid !== other.frameOfReferenceUid) return null;
  const a = planeOf(on);
  const b = planeOf(other);
  if (!a || !b) return null;
  const cosine = dot(a.normal, b.normal);
  if (1 - cosine * cosine < smallestSine * smallestSine) return null;
  const corners = ([[0, 0], [b.columns, 0], [b.columns, b.rows], [0, b.rows]] as const).map(([x, y]) => pointAt(b, x, y));
  const height = corners.map((corner) => dot(a.normal, corner) - dot(a.normal, a.origin));
  const met: { x: number; y: number }[] = [];
  for (let i = 0; i < 4; i += 1) {
    const [h, k] = [height[i] as number, height[(i + 1) % 4] as number];
    if (h > 0 === k > 0) continue;
    const t = h / (h - k);
    const [p, q] = [corners[i] as Vector, corners[(i + 1) % 4] as Vector];
    const offset = [0, 1, 2].map((n) => (p[n] as number) + t * ((q[n] as number) - (p[n] as number)) - (a.origin[n] as number)) as unknown as Vector;
    met.push({ x: dot(offset, a.across) / a.spacing[1] + 0.5, y: dot(offset, a.down) / a.spacing[0] + 0.5 });
  }
  const [from, to] = met;
  return from && to ? clipped(from, to, a.columns, a.rows) : null;
}

/** The part of a segment inside 0…width × 0…height (Liang and Barsky). */
function clipped(from: { x: number; y: number }, to: { x: number; y: number }, width: number, height: number): CrossLine | null {
  let first = 0;
  let last = 1;
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  for (const [step, room] of [[-dx, from.x], [dx, width - from.x], [-dy, from.y], [dy, height - from.y]] as const) {
    if (step === 0) {
      if (room < 0) return null;
      continue;
    }
    const t = room / step;
    if (step < 0) first = Math.max(first, t);
    else last = Math.min(last, t);
  }
  if (first > last) return null;
  return { from: { x: from.x + first * dx, y: from.y + first * dy }, to: { x: from.x + last * dx, y: from.y + last * dy } };
}
