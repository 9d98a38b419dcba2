/** One plane → rows of components that may be text, in both directions, lighter and darker than their ground, at three sizes. */
import { measureComponents, type Component } from './components.ts';
import { halved, slidingExtreme, topHat } from './morphology.ts';
import { grainOf, rangeOf } from './planes.ts';
import { groupLines, isCharacterLike, measureLine, type LineOnGround } from './text-lines.ts';
import type { Plane } from './types.ts';

/** Strokes thinner than twice this and one, in px of a level, stand out. */
const strokeRadius = 3;
/** What is less than half as strong as the strongest within this distance is its halo, not a stroke of its own, px of a level. */
const haloRadius = 8;
/** Weaker than this share of the picture's range is not looked at. */
const weakest = 0.05;
/** A row that stands out by less than this many standard deviations of the grain is grain. (As a limit for pixels it would make grain look like dots of one value.) */
const weakestInGrain = 4;
/** More components than this on one level are noise; the first ones are looked at. */
const mostComponents = 60_000;
/** Levels: full size, half, quarter; strokes up to 6, 12 and 24 px. */
const levelCount = 3;
/** A plane of more pixels is looked at from half its size on, so that a large radiograph takes no minutes. */
export const largestFullPlane = 12_000_000;

export interface Candidate {
  /** In px of the plane as given. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly direction: 'horizontal' | 'vertical';
  readonly polarity: 'light' | 'dark';
  /** 1, 2 or 4: how much smaller the plane was that it was found in. */
  readonly scale: number;
  readonly figures: LineOnGround;
  /** Value and contrast of the writing, in units of the plane. */
  readonly value: number;
  readonly contrast: number;
}

export function textCandidates(plane: Plane): Candidate[] {
  const range = rangeOf(plane);
  const spread = range.high > range.low ? range.high - range.low : range.largest - range.smallest;
  if (!(spread > 0) || !Number.isFinite(spread)) return [];
  const found: Candidate[] = [];
  let level = plane;
  let scale = 1;
  for (let step = 0; step < levelCount; step += 1, scale *= 2) {
    if (step > 0) level = halved(level);
    if (level.rows < 8 || level.columns < 8) break;
    if (level.rows * level.columns > largestFullPlane) continue;
    const grain = grainOf(level);
    for (const polarity of ['light', 'dark'] as const) found.push(...candidatesOf(level, polarity, scale, weakest * spread, weakestInGrain * grain));
  }
  return found;
}

function candidatesOf(level: Plane, polarity: 'light' | 'dark', scale: number, floor: number, weakestRow: number): Candidate[] {
  const { rows, columns } = level;
  const plane = polarity === 'light' ? level : { rows, columns, values: level.values.map((value) => -value) };
  const raised = topHat(plane, strokeRadius);
  const strongest = slidingExtreme({ rows, columns, values: raised }, haloRadius, 'max');
  const mask = new Uint8Array(raised.length);
  for (let i = 0; i < mask.length; i += 1) mask[i] = raised[i]! > floor && raised[i]! >= 0.5 * strongest[i]! ? 1 : 0;
  const components = measureComponents(plane, raised, mask, { largestSide: 120, smallestSide: 4, most: mostComponents });
  const lines = (turned: boolean): Candidate[] =>
    groupLines(components.map((component) => (turned ? quarterTurned(component, rows) : component)).filter(isCharacterLike)).flatMap((group) => {
      const line = measureLine(group);
      if (line === null) return [];
      const { members, figures } = line;
      const mean = (of: (member: Component) => number): number => members.reduce((sum, member) => sum + of(member), 0) / members.length;
      if (mean((m) => m.contrast) < weakestRow) return [];
      const box = { left: Math.min(...members.map((m) => m.left)), right: Math.max(...members.map((m) => m.right)), top: Math.min(...members.map((m) => m.top)), bottom: Math.max(...members.map((m) => m.bottom)) };
      // Back from the turned picture: its column is our row, counted from below.
      const place = turned ? { left: box.top, right: box.bottom, top: rows - 1 - box.right, bottom: rows - 1 - box.left } : box;
      return [{
        left: place.left * scale, top: place.top * scale, right: place.right * scale + scale - 1, bottom: place.bottom * scale + scale - 1,
        direction: turned ? ('vertical' as const) : ('horizontal' as const), polarity, scale,
        figures: { ...figures, unrest: unrestOf(plane, mask, place, Math.ceil(figures.heightPx / 2), mean((m) => m.contrast)) },
        value: (polarity === 'light' ? 1 : -1) * mean((m) => m.value), contrast: mean((m) => m.contrast),
      }];
    });
  return [...lines(false), ...lines(true)];
}

/** As it would lie if the picture were turned so that writing from below upwards runs along the rows. */
function quarterTurned(component: Component, rows: number): Component {
  const { left, right, top, bottom } = component;
  return { ...component, left: rows - 1 - bottom, right: rows - 1 - top, top: left, bottom: right };
}

/** Deviation of the ground in and around a line, by its contrast; pixels of strokes and those that touch them are left out. 0 where hardly any other are left. */
function unrestOf({ rows, columns, values }: Plane, mask: Uint8Array, box: { left: number; right: number; top: number; bottom: number }, margin: number, contrast: number): number {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let row = Math.max(1, box.top - margin); row <= Math.min(rows - 2, box.bottom + margin); row += 1) {
    for (let column = Math.max(1, box.left - margin); column <= Math.min(columns - 2, box.right + margin); column += 1) {
      const at = row * columns + column;
      if (mask[at - columns - 1]! | mask[at - columns]! | mask[at - columns + 1]! | mask[at - 1]! | mask[at]! | mask[at + 1]! | mask[at + columns - 1]! | mask[at + columns]! | mask[at + columns + 1]!) continue;
      const value = values[at]!;
      count += 1;
      sum += value;
      squares += value * value;
    }
  }
  return count < 12 ? 0 : Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2)) / contrast;
}
