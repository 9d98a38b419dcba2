/** Places along the normal, and whether the images of one place are told apart by something. */
import { dot, normalOf } from '../geometry.ts';
import type { Vector3 } from '../types.ts';
import type { Placed } from './placed-image.ts';

export function along(image: Placed, normal: Vector3): number {
  return dot(image.position!, normal);
}

/** Images by place along the normal, ascending; within a place by time. */
export function placesOf(group: readonly Placed[]): Placed[][] {
  const normal = normalOf(group[0]!.orientation!);
  const tolerance = Math.min(0.02, 0.2 * (group[0]!.sliceThicknessMm || 0.1));
  const sorted = [...group].sort((a, b) => along(a, normal) - along(b, normal));
  const places: Placed[][] = [];
  for (const image of sorted) {
    const place = places.at(-1);
    if (place !== undefined && along(image, normal) - along(place[0]!, normal) <= tolerance) place.push(image);
    else places.push([image]);
  }
  for (const place of places) place.sort(byTime);
  return places;
}

function byTime(a: Placed, b: Placed): number {
  for (const [index, value] of a.time.entries()) {
    const other = b.time[index] ?? null;
    if (value !== null && other !== null && value !== other) return value - other;
  }
  return 0;
}

/** True when something says which image of a place is which: copies of one image have the same numbers, too. */
export function areToldApart(place: readonly Placed[]): boolean {
  return differInTime(place) || place.slice(1).every((image, index) => {
    const before = place[index]!;
    const isOtherFrame = image.header.sopInstanceUid === before.header.sopInstanceUid;
    return isOtherFrame || (image.header.instanceNumber !== null && image.header.instanceNumber !== before.header.instanceNumber);
  });
}

/** True when the images of a place differ in what a time series or a diffusion series differs in. */
export function differInTime(place: readonly Placed[]): boolean {
  // All but instance number and frame: these differ between copies too.
  return place.slice(1).some((image, index) => image.time.slice(0, 6).some((value, at) => value !== null && place[index]!.time[at] !== null && value !== place[index]!.time[at]));
}

/** True when the images of a place, each an object of its own, say of themselves that they were compressed or derived in different ways. */
export function areVersions(place: readonly Placed[]): boolean {
  return place.slice(1).some(({ header }, index) => {
    const before = place[index]!.header;
    return header.sopInstanceUid !== before.sopInstanceUid && (header.transferSyntaxUid !== before.transferSyntaxUid || header.derivationDescription !== before.derivationDescription);
  });
}
