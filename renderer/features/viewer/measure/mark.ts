/**
 * Measurements as shapes: what they are, where their handles are, and which one a pointer touches. Pure.
 * Points are image points as in `roi.ts`, so that a mark stays on its pixels whatever the zoom and turn.
 */
import type { Measurement } from '#contract';
import type { Point } from './roi.ts';

export type MarkKind = Measurement['kind'];

export interface Mark {
  readonly id: number;
  /** The series or item that it is kept with; '' when it is kept nowhere. */
  readonly owner: string;
  readonly kind: MarkKind;
  /** Pixels that it was drawn on. */
  readonly pixels: string;
  /** length: two ends; angle: end, vertex, end; ellipse: two opposite corners of its box. */
  readonly points: readonly Point[];
}

/** Places by which a mark is changed: ends and vertex, or the four corners of an ellipse's box. */
export function handlesOf(mark: Mark): readonly Point[] {
  if (mark.kind !== 'ellipse') return mark.points;
  const [a, b] = mark.points as [Point, Point];
  return [a, { x: b.x, y: a.y }, b, { x: a.x, y: b.y }];
}

/** The mark with one of its handles elsewhere. */
export function withHandle(mark: Mark, handle: number, to: Point): Mark {
  if (mark.kind !== 'ellipse') return { ...mark, points: mark.points.map((point, i) => (i === handle ? to : point)) };
  const [a, b] = mark.points as [Point, Point];
  const points: readonly Point[] = [
    [to, b],
    [{ x: a.x, y: to.y }, { x: to.x, y: b.y }],
    [a, to],
    [{ x: to.x, y: a.y }, { x: b.x, y: to.y }],
  ][handle] ?? mark.points;
  return { ...mark, points };
}

export function shifted(mark: Mark, dx: number, dy: number): Mark {
  return { ...mark, points: mark.points.map((point) => ({ x: point.x + dx, y: point.y + dy })) };
}

export interface Touch {
  readonly mark: Mark;
  /** Index into `handlesOf`, or null where the line itself is touched. */
  readonly handle: number | null;
}

const handleReachPx = 7;
const lineReachPx = 5;

/** What lies under a point of the screen: handles before lines, later marks before earlier ones. */
export function touched(marks: readonly Mark[], at: Point, toScreen: (point: Point) => Point | null): Touch | null {
  const top = [...marks].reverse();
  for (const mark of top) {
    const handle = handlesOf(mark).findIndex((point) => {
      const place = toScreen(point);
      return place !== null && Math.hypot(place.x - at.x, place.y - at.y) <= handleReachPx;
    });
    if (handle >= 0) return { mark, handle };
  }
  for (const mark of top) if (distanceToLine(mark, at, toScreen) <= lineReachPx) return { mark, handle: null };
  return null;
}

function distanceToLine(mark: Mark, at: Point, toScreen: (point: Point) => Point | null): number {
  const outline = outlineOf(mark).map(toScreen);
  let nearest = Infinity;
  for (let i = 1; i < outline.length; i += 1) {
    const [a, b] = [outline[i - 1], outline[i]];
    if (a && b) nearest = Math.min(nearest, distanceToSegment(at, a, b));
  }
  return nearest;
}

/** The drawn line as straight pieces. */
function outlineOf(mark: Mark): readonly Point[] {
  if (mark.kind !== 'ellipse') return mark.points;
  const [a, b] = mark.points as [Point, Point];
  return Array.from({ length: 49 }, (_v, i) => {
    const angle = (i / 48) * 2 * Math.PI;
    return { x: (a.x + b.x) / 2 + (Math.cos(angle) * (b.x - a.x)) / 2, y: (a.y + b.y) / 2 + (Math.sin(angle) * (b.y - a.y)) / 2 };
  });
}

function distanceToSegment(p: Point, a: Point, b: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const square = dx * dx + dy * dy;
  const t = square === 0 ? 0 : Math.max(0, Math.min(1, ((p.x - a.x) * dx + (p.y - a.y) * dy) / square));
  return Math.hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}
