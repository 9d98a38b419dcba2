/** Are slices evenly spaced? The one place that decides it; all lengths in mm. */

export interface SliceSpacing {
  /** Distance between neighbours along the normal; null when there is no honest one. */
  readonly spacingMm: number | null;
  readonly kind: 'single' | 'even' | 'missing' | 'uneven';
  /** Slices that an even stack would have and this one lacks. */
  readonly missing: number;
  readonly smallestMm: number;
  readonly largestMm: number;
}

/** How far a gap may be from the usual one: 2 %, or what rounding positions to 0.1 mm can do, but never a tenth of the gap. */
function toleranceMm(usualMm: number): number {
  return Math.max(0.02 * usualMm, Math.min(0.11, 0.1 * usualMm));
}

/**
 * Judges the gaps between places in ascending order.
 *
 * Even: all gaps alike. Missing: gaps are whole multiples of the usual one. Anything else is uneven and has no spacing.
 */
export function judgeSpacing(places: readonly number[]): SliceSpacing {
  if (places.length < 2) return { spacingMm: null, kind: 'single', missing: 0, smallestMm: 0, largestMm: 0 };
  const gaps = places.slice(1).map((place, index) => place - places[index]!);
  const sorted = [...gaps].sort((a, b) => a - b);
  const smallestMm = sorted[0]!;
  const largestMm = sorted.at(-1)!;
  const usual = sorted[Math.floor((sorted.length - 1) / 2)]!;
  const tolerance = toleranceMm(usual);
  const isEven = gaps.every((gap) => Math.abs(gap - usual) <= tolerance);
  // The mean over the whole length is more exact than any rounded gap.
  if (isEven) return { spacingMm: (places.at(-1)! - places[0]!) / gaps.length, kind: 'even', missing: 0, smallestMm, largestMm };
  const multiples = gaps.map((gap) => Math.round(gap / usual));
  const isLattice = gaps.every((gap, index) => multiples[index]! >= 1 && Math.abs(gap - multiples[index]! * usual) <= tolerance);
  if (isLattice) {
    const steps = multiples.reduce((sum, multiple) => sum + multiple, 0);
    return { spacingMm: (places.at(-1)! - places[0]!) / steps, kind: 'missing', missing: steps - gaps.length, smallestMm, largestMm };
  }
  return { spacingMm: null, kind: 'uneven', missing: 0, smallestMm, largestMm };
}

/** Parts of a stack, three slices at least, that are evenly spaced each in its own way; a slice may end one part and begin the next. */
export function evenRuns(places: readonly number[]): { readonly slices: number; readonly spacingMm: number }[] {
  const runs: { slices: number; spacingMm: number }[] = [];
  let start = 0;
  while (start < places.length - 2) {
    const gap = places[start + 1]! - places[start]!;
    let end = start + 1;
    while (end + 1 < places.length && Math.abs(places[end + 1]! - places[end]! - gap) <= toleranceMm(gap)) end += 1;
    if (end - start >= 2) runs.push({ slices: end - start + 1, spacingMm: (places[end]! - places[start]!) / (end - start) });
    start = end;
  }
  return runs;
}
