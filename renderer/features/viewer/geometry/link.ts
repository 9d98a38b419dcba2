/** Which slice of one stack lies where a slice of another does. */
import type { ImageMeta } from '#contract';
import { normalOf } from './orientation.ts';
import type { Cosines } from './orientation.ts';

type Placed = Pick<ImageMeta, 'position' | 'orientation' | 'sliceThicknessMm' | 'frameOfReferenceUid'>;

/** Slices count as parallel when their normals are within about 5 degrees. */
const parallelCosine = 0.996;

export type LinkResult = { readonly kind: 'at'; readonly index: number; readonly distanceMm: number } | { readonly kind: 'none'; readonly because: string };

function dot(a: readonly number[], b: readonly number[]): number {
  return (a[0] as number) * (b[0] as number) + (a[1] as number) * (b[1] as number) + (a[2] as number) * (b[2] as number);
}

/**
 * The slice of `stack` nearest to `from` along the normal of `from`, in patient space (LPS, mm).
 * Refused in words where positions are not known or of different frames of reference, planes differ, or the nearest slice is too far away to be the same place.
 */
export function linkByPosition(from: Placed, stack: readonly Placed[]): LinkResult {
  if (from.position === null || from.orientation === null) return { kind: 'none', because: 'this image has no position' };
  const normal = normalOf(from.orientation as Cosines);
  const here = dot(normal, from.position);
  let best = -1;
  let bestMm = Infinity;
  let parallel = false;
  let elsewhere = false;
  // Where a stack names several (some archives give each image one of its own) or none, nothing says that the spaces differ.
  const comparable = new Set(stack.map((other) => other.frameOfReferenceUid)).size === 1;
  for (let i = 0; i < stack.length; i += 1) {
    const other = stack[i] as Placed;
    if (other.position === null || other.orientation === null) continue;
    if (comparable && from.frameOfReferenceUid !== undefined && other.frameOfReferenceUid !== undefined && from.frameOfReferenceUid !== other.frameOfReferenceUid) {
      elsewhere = true;
      continue;
    }
    if (Math.abs(dot(normal, normalOf(other.orientation as Cosines))) < parallelCosine) continue;
    parallel = true;
    const mm = Math.abs(dot(normal, other.position) - here);
    if (mm < bestMm) {
      best = i;
      bestMm = mm;
    }
  }
  if (!parallel) return { kind: 'none', because: elsewhere ? 'another frame of reference' : 'the planes differ' };
  const tooFarMm = Math.max(spacingAround(stack, best, normal), from.sliceThicknessMm ?? 0, 1) * 1.5;
  if (bestMm > tooFarMm) return { kind: 'none', because: 'no slice at this place' };
  return { kind: 'at', index: best, distanceMm: bestMm };
}

function spacingAround(stack: readonly Placed[], index: number, normal: readonly number[]): number {
  const here = stack[index]?.position;
  let nearest = Infinity;
  for (const next of [stack[index - 1]?.position, stack[index + 1]?.position]) {
    if (!here || !next) continue;
    const mm = Math.abs(dot(normal, next) - dot(normal, here));
    if (mm > 0) nearest = Math.min(nearest, mm);
  }
  return Number.isFinite(nearest) ? nearest : (stack[index]?.sliceThicknessMm ?? 0);
}

/** Extent of an image in mm, [height, width], or null without a spacing. */
export function extentMm(meta: Pick<ImageMeta, 'rows' | 'columns' | 'pixelSpacingMm'>): readonly [number, number] | null {
  return meta.pixelSpacingMm === null ? null : [meta.rows * meta.pixelSpacingMm[0], meta.columns * meta.pixelSpacingMm[1]];
}

/** Two images cover the same field (within half a per cent): then zoom and pan can be shared. */
export function sameExtent(a: Pick<ImageMeta, 'rows' | 'columns' | 'pixelSpacingMm'>, b: Pick<ImageMeta, 'rows' | 'columns' | 'pixelSpacingMm'>): boolean {
  const first = extentMm(a);
  const second = extentMm(b);
  if (first === null || second === null) return a.rows * b.columns === b.rows * a.columns;
  return first.every((mm, i) => Math.abs(mm - (second[i] as number)) <= 0.005 * mm);
}
