/** Components that stand in a row like characters → lines of text. Works along the rows; a caller turns the picture for the other direction. */
import type { Component } from './components.ts';

/** A row of components, with what speaks for and against its being text. All spreads are medians of absolute deviations. */
export interface LineFigures {
  readonly characters: number;
  /** Median height of what stands on the line, px. */
  readonly heightPx: number;
  /** Share of the components whose lower edge is on the common line. */
  readonly aligned: number;
  /** Spread of the components' values by their contrast: one line is written in one colour. */
  readonly colourSpread: number;
  /** Spread of the stroke's width by its median. */
  readonly strokeSpread: number;
  /** Median of the components' sharpness. */
  readonly sharpness: number;
  /** Median of the components' unevenness. */
  readonly unevenness: number;
  /** Median share of a component's box that is filled. */
  readonly fill: number;
  /** Spread of the share that is filled: letters differ, ticks and squares do not. */
  readonly variety: number;
  /** Stroke by height, medians. */
  readonly strokeShare: number;
  /** Median gap between neighbours, by height. */
  readonly gap: number;
}

/** With what lies around: how much the ground changes there, standard deviation by the writing's contrast. */
export interface LineOnGround extends LineFigures {
  readonly unrest: number;
}

export interface Line {
  readonly members: readonly Component[];
  readonly figures: LineFigures;
}

export function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const spreadOf = (values: readonly number[], centre: number): number => median(values.map((value) => Math.abs(value - centre)));
const heightOf = ({ top, bottom }: Component): number => bottom - top + 1;
const widthOf = ({ left, right }: Component): number => right - left + 1;

/** Whether a component can be a character, or a few that touch. Heights in px of the plane it was found in. */
export function isCharacterLike(component: Component): boolean {
  const height = heightOf(component);
  const width = widthOf(component);
  if (height < 5 || height > 30 || width > 6 * height) return false;
  const fill = component.area / (width * height);
  // I, l, 1 are full boxes, but narrow ones.
  if (fill > 0.92 && width > 0.45 * height) return false;
  if (fill < 0.12) return false;
  return component.strokePx <= 0.5 * height && component.strokePx >= 0.6;
}

/** Whether two components can be neighbours in one line. */
function areNeighbours(a: Component, b: Component): boolean {
  const heightA = heightOf(a);
  const heightB = heightOf(b);
  const taller = Math.max(heightA, heightB);
  const shorter = Math.min(heightA, heightB);
  if (taller > 2.1 * shorter) return false;
  const overlap = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) + 1;
  if (overlap < 0.5 * shorter) return false;
  const gap = Math.max(a.left, b.left) - Math.min(a.right, b.right) - 1;
  if (gap > 1.3 * taller || gap < -0.3 * taller) return false;
  const contrast = Math.max(a.contrast, b.contrast);
  if (Math.abs(a.value - b.value) > 0.3 * contrast) return false;
  return Math.max(a.strokePx, b.strokePx) <= 2 * Math.min(a.strokePx, b.strokePx);
}

/** Each component with its nearest neighbours to the right, chained: groups of two or more. */
export function groupLines(components: readonly Component[]): Component[][] {
  const sorted = [...components].sort((a, b) => a.left - b.left);
  const cell = 32;
  const bands = new Map<number, number[]>();
  sorted.forEach((component, index) => {
    for (let band = Math.floor(component.top / cell); band <= Math.floor(component.bottom / cell); band += 1) {
      const members = bands.get(band);
      if (members === undefined) bands.set(band, [index]);
      else members.push(index);
    }
  });
  const parents = Int32Array.from(sorted, (_, index) => index);
  const root = (index: number): number => {
    let at = index;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]!;
      at = parents[at]!;
    }
    return at;
  };
  for (const members of bands.values()) {
    for (let i = 0; i < members.length; i += 1) {
      const a = sorted[members[i]!]!;
      const reach = a.right + 1.3 * 2.1 * heightOf(a);
      for (let j = i + 1; j < members.length; j += 1) {
        const b = sorted[members[j]!]!;
        if (b.left > reach) break;
        if (areNeighbours(a, b)) parents[root(members[j]!)] = root(members[i]!);
      }
    }
  }
  const groups = new Map<number, Component[]>();
  sorted.forEach((component, index) => {
    const key = root(index);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [component]);
    else group.push(component);
  });
  return [...groups.values()].filter((group) => group.length >= 2);
}

/** Leaves out what does not fit the rest of a group in place, height or value, and measures what stays; null when fewer than two stay. */
export function measureLine(group: readonly Component[]): Line | null {
  const height = median(group.map(heightOf));
  const value = median(group.map((member) => member.value));
  const contrast = median(group.map((member) => member.contrast));
  const baseline = median(group.map(({ bottom }) => bottom));
  const members = group.filter(
    (member) =>
      Math.abs(member.bottom - baseline) <= 0.6 * height &&
      heightOf(member) <= 1.7 * height &&
      heightOf(member) >= 0.5 * height &&
      Math.abs(member.value - value) <= 0.3 * contrast,
  );
  if (members.length < 2) return null;
  const heightPx = median(members.map(heightOf));
  const line = median(members.map(({ bottom }) => bottom));
  const topLine = median(members.map(({ top }) => top));
  const tolerance = Math.max(1, 0.12 * heightPx);
  const stroke = median(members.map(({ strokePx }) => strokePx));
  const fills = members.map((member) => member.area / (widthOf(member) * heightOf(member)));
  const fill = median(fills);
  const valueNow = median(members.map((member) => member.value));
  const contrastNow = median(members.map((member) => member.contrast));
  const gaps = members.slice(1).map((member, index) => member.left - members[index]!.right - 1);
  return {
    members,
    figures: {
      characters: members.length,
      heightPx,
      aligned: members.filter(({ top, bottom }) => Math.abs(bottom - line) <= tolerance || Math.abs(top - topLine) <= tolerance / 2).length / members.length,
      colourSpread: spreadOf(members.map((member) => member.value), valueNow) / contrastNow,
      strokeSpread: spreadOf(members.map(({ strokePx }) => strokePx), stroke) / stroke,
      sharpness: median(members.map(({ sharpness }) => sharpness)),
      unevenness: median(members.map(({ unevenness }) => unevenness)),
      fill,
      variety: members.reduce((sum, _, index) => sum + Math.abs(fills[index]! - fill), 0) / members.length,
      strokeShare: stroke / heightPx,
      gap: median(gaps) / heightPx,
    },
  };
}
