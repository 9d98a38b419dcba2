/**
 * Lengths and regions, from stored values in modality units and the image's own geometry.
 * Points are in image coordinates: x along columns, y along rows, the first pixel covers 0…1, its centre is at 0.5.
 */
import type { Frame } from '../frames/frame.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}
export type SpacingMm = readonly [row: number, column: number] | null;

export interface Length {
  readonly value: number;
  readonly unit: 'mm' | 'px';
}

/** Distance between two points; in pixels where the image has no spacing. */
export function lengthBetween(from: Point, to: Point, spacing: SpacingMm): Length {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  if (spacing === null) return { value: Math.hypot(dx, dy), unit: 'px' };
  return { value: Math.hypot(dx * spacing[1], dy * spacing[0]), unit: 'mm' };
}

/** Angle at a vertex between two arms, degrees 0…180, in mm so that unequal pixel sizes do not bend it; null while an arm has no length. */
export function angleAt(first: Point, vertex: Point, second: Point, spacing: SpacingMm): number | null {
  const [row, column] = spacing ?? [1, 1];
  const a = { x: (first.x - vertex.x) * column, y: (first.y - vertex.y) * row };
  const b = { x: (second.x - vertex.x) * column, y: (second.y - vertex.y) * row };
  if (Math.hypot(a.x, a.y) === 0 || Math.hypot(b.x, b.y) === 0) return null;
  return (Math.atan2(Math.abs(a.x * b.y - a.y * b.x), a.x * b.x + a.y * b.y) * 180) / Math.PI;
}

export interface RegionStatistics {
  readonly pixels: number;
  readonly mean: number;
  /** Sample standard deviation (n − 1); 0 for one pixel. */
  readonly deviation: number;
  readonly min: number;
  readonly max: number;
  readonly area: number;
  readonly areaUnit: 'mm²' | 'px²';
}

/**
 * Statistics of the ellipse inside the box of two opposite corners. A pixel counts when its centre lies inside; the area is the
 * ellipse's own, π·a·b. Null when no pixel centre lies inside, or the frame is in colour.
 */
export function ellipseStatistics(frame: Frame, corner: Point, opposite: Point, spacing: SpacingMm): RegionStatistics | null {
  if (frame.samples !== 1) return null;
  const centreX = (corner.x + opposite.x) / 2;
  const centreY = (corner.y + opposite.y) / 2;
  const radiusX = Math.abs(opposite.x - corner.x) / 2;
  const radiusY = Math.abs(opposite.y - corner.y) / 2;
  if (!(radiusX > 0) || !(radiusY > 0)) return null;
  const firstRow = Math.max(0, Math.floor(centreY - radiusY));
  const lastRow = Math.min(frame.rows - 1, Math.ceil(centreY + radiusY));
  const firstColumn = Math.max(0, Math.floor(centreX - radiusX));
  const lastColumn = Math.min(frame.columns - 1, Math.ceil(centreX + radiusX));
  let pixels = 0;
  let mean = 0;
  let squares = 0;
  let min = Infinity;
  let max = -Infinity;
  for (let row = firstRow; row <= lastRow; row += 1) {
    const v = (row + 0.5 - centreY) / radiusY;
    for (let column = firstColumn; column <= lastColumn; column += 1) {
      const u = (column + 0.5 - centreX) / radiusX;
      if (u * u + v * v > 1) continue;
      const value = frame.slope * (frame.values[row * frame.columns + column] as number) + frame.intercept;
      if (!Number.isFinite(value)) continue;
      // Welford: one pass, no cancellation for large offsets.
      pixels += 1;
      const delta = value - mean;
      mean += delta / pixels;
      squares += delta * (value - mean);
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  if (pixels === 0) return null;
  return {
    pixels,
    mean,
    deviation: pixels > 1 ? Math.sqrt(squares / (pixels - 1)) : 0,
    min,
    max,
    ...ellipseArea(corner, opposite, spacing),
  };
}

/** π·a·b of the ellipse inside the box of two opposite corners. */
export function ellipseArea(corner: Point, opposite: Point, spacing: SpacingMm): Pick<RegionStatistics, 'area' | 'areaUnit'> {
  const areaPx = (Math.PI * Math.abs(opposite.x - corner.x) * Math.abs(opposite.y - corner.y)) / 4;
  return spacing === null ? { area: areaPx, areaUnit: 'px²' } : { area: areaPx * spacing[0] * spacing[1], areaUnit: 'mm²' };
}
