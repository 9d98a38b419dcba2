/** Connected components of a mask, measured as characters are: size, stroke, value, edge. */
import type { Plane } from './types.ts';

export interface Component {
  readonly left: number;
  readonly top: number;
  /** Last column and row, inclusive. */
  readonly right: number;
  readonly bottom: number;
  /** Pixels. */
  readonly area: number;
  /** Twice the area by the length of the outline: about the width of a stroke, px. */
  readonly strokePx: number;
  /** Mean value of the core: pixels that stand out at least three quarters as far as the one that stands out most. */
  readonly value: number;
  /** How far the core stands above what surrounds it, in units of the plane. */
  readonly contrast: number;
  /** Standard deviation inside the core by contrast: 0 for one flat value. */
  readonly unevenness: number;
  /** Mean step across the outline by contrast: 1 for a hard edge, about 0.5 for a smoothed one. */
  readonly sharpness: number;
}

export interface ComponentLimits {
  /** Longest and shortest allowed side of the box that encloses it, px. */
  readonly largestSide: number;
  readonly smallestSide: number;
  /** More than this many that fit are not looked at: the first ones from the top are. */
  readonly most: number;
}

/** Joins labels; the smaller one stays. */
function find(parents: Int32Array, label: number): number {
  let root = label;
  while (parents[root]! !== root) root = parents[root]!;
  while (parents[label]! !== root) {
    const next = parents[label]!;
    parents[label] = root;
    label = next;
  }
  return root;
}

/** Labels from 1, neighbours across corners included; `count` is the number of labels. */
function labelled(mask: Uint8Array, rows: number, columns: number): { labels: Int32Array; count: number } {
  const labels = new Int32Array(mask.length);
  // No more labels than isolated pixels are possible: one in four, with a border.
  const parents = new Int32Array((((rows + 1) >> 1) * ((columns + 1) >> 1)) + 2);
  let next = 1;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const at = row * columns + column;
      if (mask[at] === 0) continue;
      let label = column > 0 ? labels[at - 1]! : 0;
      if (row > 0) {
        for (let shift = column > 0 ? -1 : 0; shift <= (column + 1 < columns ? 1 : 0); shift += 1) {
          const above = labels[at - columns + shift]!;
          if (above === 0) continue;
          if (label === 0) label = above;
          else {
            const a = find(parents, label);
            const b = find(parents, above);
            if (a !== b) parents[Math.max(a, b)] = Math.min(a, b);
          }
        }
      }
      if (label === 0) {
        label = next;
        parents[next] = next;
        next += 1;
      }
      labels[at] = label;
    }
  }
  const compact = new Int32Array(next);
  let count = 0;
  for (let label = 1; label < next; label += 1) {
    const root = find(parents, label);
    if (root === label) {
      count += 1;
      compact[label] = count;
    }
  }
  for (let label = 1; label < next; label += 1) compact[label] = compact[find(parents, label)]!;
  for (let at = 0; at < labels.length; at += 1) labels[at] = compact[labels[at]!]!;
  return { labels, count };
}

/**
 * @param plane  The picture, with text lighter than its ground.
 * @param raised Top-hat of it: how far each pixel stands out.
 * @param mask   1 where a pixel belongs to something.
 */
export function measureComponents(plane: Plane, raised: Float32Array, mask: Uint8Array, limits: ComponentLimits): Component[] {
  const { rows, columns, values } = plane;
  const { labels, count } = labelled(mask, rows, columns);
  const left = new Int32Array(count + 1).fill(columns);
  const right = new Int32Array(count + 1).fill(-1);
  const top = new Int32Array(count + 1).fill(rows);
  const bottom = new Int32Array(count + 1).fill(-1);
  const area = new Int32Array(count + 1);
  const peak = new Float32Array(count + 1);
  for (let row = 0, at = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1, at += 1) {
      const label = labels[at]!;
      if (label === 0) continue;
      area[label]! += 1;
      if (column < left[label]!) left[label] = column;
      if (column > right[label]!) right[label] = column;
      if (row < top[label]!) top[label] = row;
      if (row > bottom[label]!) bottom[label] = row;
      if (raised[at]! > peak[label]!) peak[label] = raised[at]!;
    }
  }
  const fits = (label: number): boolean => {
    const side = Math.max(right[label]! - left[label]!, bottom[label]! - top[label]!) + 1;
    return side >= limits.smallestSide && side <= limits.largestSide;
  };
  const outline = new Int32Array(count + 1);
  const step = new Float64Array(count + 1);
  const coreCount = new Int32Array(count + 1);
  const coreSum = new Float64Array(count + 1);
  const coreSquares = new Float64Array(count + 1);
  const coreRaised = new Float64Array(count + 1);
  for (let row = 0, at = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1, at += 1) {
      const label = labels[at]!;
      if (label === 0 || !fits(label)) continue;
      const value = values[at]!;
      if (raised[at]! >= 0.75 * peak[label]!) {
        coreCount[label]! += 1;
        coreSum[label]! += value;
        coreSquares[label]! += value * value;
        coreRaised[label]! += raised[at]!;
      }
      const edge = (isInside: boolean, neighbour: number): void => {
        if (isInside && labels[neighbour] === label) return;
        outline[label]! += 1;
        if (isInside) step[label]! += Math.max(0, value - values[neighbour]!);
        else step[label]! += raised[at]!;
      };
      edge(column > 0, at - 1);
      edge(column + 1 < columns, at + 1);
      edge(row > 0, at - columns);
      edge(row + 1 < rows, at + columns);
    }
  }
  const found: Component[] = [];
  for (let label = 1; label <= count && found.length < limits.most; label += 1) {
    if (!fits(label)) continue;
    const contrast = coreRaised[label]! / coreCount[label]!;
    const mean = coreSum[label]! / coreCount[label]!;
    found.push({
      left: left[label]!, top: top[label]!, right: right[label]!, bottom: bottom[label]!, area: area[label]!,
      strokePx: (2 * area[label]!) / outline[label]!,
      value: mean,
      contrast,
      unevenness: Math.sqrt(Math.max(0, coreSquares[label]! / coreCount[label]! - mean * mean)) / contrast,
      sharpness: step[label]! / outline[label]! / contrast,
    });
  }
  return found;
}
