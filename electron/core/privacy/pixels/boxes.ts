/** Rectangles of pixels: overlap, union, clipping to an image, merging of those that cover each other. */
import type { PixelBox, TextBox } from './types.ts';

export function overlapPixels(a: PixelBox, b: PixelBox): number {
  const width = Math.min(a.column + a.width, b.column + b.width) - Math.max(a.column, b.column);
  const height = Math.min(a.row + a.height, b.row + b.height) - Math.max(a.row, b.row);
  return width > 0 && height > 0 ? width * height : 0;
}

export function unionBox(a: PixelBox, b: PixelBox): PixelBox {
  const column = Math.min(a.column, b.column);
  const row = Math.min(a.row, b.row);
  return { column, row, width: Math.max(a.column + a.width, b.column + b.width) - column, height: Math.max(a.row + a.height, b.row + b.height) - row };
}

/** The part of a box that lies in an image, or null when none does. Fractions are taken outwards. */
export function clippedBox(box: PixelBox, rows: number, columns: number): PixelBox | null {
  const column = Math.max(0, Math.floor(box.column));
  const row = Math.max(0, Math.floor(box.row));
  const right = Math.min(columns, Math.ceil(box.column + box.width));
  const bottom = Math.min(rows, Math.ceil(box.row + box.height));
  return right > column && bottom > row ? { column, row, width: right - column, height: bottom - row } : null;
}

/** Share of a box that lies in any of the others, counted on a grid of at most 32 × 32 points. */
export function coveredShare(box: PixelBox, others: readonly PixelBox[]): number {
  const near = others.filter((other) => overlapPixels(other, box) > 0);
  if (near.length === 0) return 0;
  const steps = 32;
  let inside = 0;
  for (let y = 0; y < steps; y += 1) {
    for (let x = 0; x < steps; x += 1) {
      const column = box.column + ((x + 0.5) * box.width) / steps;
      const row = box.row + ((y + 0.5) * box.height) / steps;
      if (near.some((other) => column >= other.column && column < other.column + other.width && row >= other.row && row < other.row + other.height)) inside += 1;
    }
  }
  return inside / steps ** 2;
}

/**
 * Letters that stand below each other look like a column of writing, and the other way round: where rows and columns cross, the direction with the larger sum of
 * `weights` stays, and of the other what is not half covered by it.
 */
export function withoutCrossings<Box extends TextBox>(boxes: readonly Box[], weightOf: (box: Box) => number): Box[] {
  const crossing = (box: Box): Box[] => boxes.filter((other) => other.direction !== box.direction && overlapPixels(other, box) > 0);
  return boxes.filter((box) => {
    const across = crossing(box);
    if (across.length === 0) return true;
    const along = boxes.filter((other) => other.direction === box.direction && across.some((cross) => overlapPixels(cross, other) > 0));
    const sum = (list: readonly Box[]): number => list.reduce((total, one) => total + weightOf(one), 0);
    return sum(along) >= sum(across) || coveredShare(box, across) < 0.5;
  });
}

/**
 * Boxes of one direction of which one lies mostly (60 %) in another become one, with the better score and its reasons; a box that lies almost wholly (85 %) in
 * one of the other direction is left out. Boxes that only touch stay apart, so that a person can keep one and reject the other.
 */
export function mergedBoxes(boxes: readonly TextBox[]): TextBox[] {
  const merged: TextBox[] = [];
  for (const box of [...boxes].sort((a, b) => b.score - a.score)) {
    let current = box;
    for (let i = 0; i < merged.length; i += 1) {
      const other = merged[i]!;
      const isSame = other.direction === current.direction;
      const smaller = Math.min(other.width * other.height, current.width * current.height);
      if (overlapPixels(other, current) < (isSame ? 0.6 : 0.85) * smaller) continue;
      const best = isSame ? (other.score >= current.score ? other : current) : other.width * other.height >= current.width * current.height ? other : current;
      current = { ...best, score: Math.max(other.score, current.score), ...unionBox(other, current) };
      merged.splice(i, 1);
      // What has grown may now cover one that was passed.
      i = -1;
    }
    merged.push(current);
  }
  return merged.sort((a, b) => a.row - b.row || a.column - b.column);
}
