/** Draws the lines of a graphic annotation (PS3.3 C.10.5.1.2), one pixel wide. */
import type { Picture } from '../render.ts';
import type { PresentationStateContent } from './types.ts';

type Graphic = PresentationStateContent['annotations'][number]['graphics'][number];
type Colour = readonly [number, number, number];

/** Corners that a round line is drawn with. */
const roundSteps = 180;
/** Further out than this nothing is drawn, however long a line claims to be. */
const reach = 1e5;

/** @param canvas RGB; changed in place. Points are [column, row] in its pixels. */
export function drawGraphic(canvas: Picture, graphic: Graphic, colour: Colour): void {
  const points = cornersOf(graphic);
  if (graphic.type === 'point') {
    for (const [x, y] of points) for (let offset = -2; offset <= 2; offset += 1) {
      dot(canvas, x + offset, y, colour);
      dot(canvas, x, y + offset, colour);
    }
    return;
  }
  for (let i = 1; i < points.length; i += 1) line(canvas, points[i - 1]!, points[i]!, colour);
}

function cornersOf({ type, points }: Graphic): [number, number][] {
  const corners = Array.from({ length: Math.floor(points.length / 2) }, (_, i): [number, number] => [points[i * 2]!, points[i * 2 + 1]!]);
  if (type === 'circle' && corners.length >= 2) {
    const [[cx, cy], [px, py]] = corners as [[number, number], [number, number]];
    return round(cx, cy, [px - cx, py - cy], [-(py - cy), px - cx]);
  }
  if (type === 'ellipse' && corners.length >= 4) {
    const [a, b, c, d] = corners as [[number, number], [number, number], [number, number], [number, number]];
    return round((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, [(b[0] - a[0]) / 2, (b[1] - a[1]) / 2], [(d[0] - c[0]) / 2, (d[1] - c[1]) / 2]);
  }
  return type === 'curve' ? smooth(corners) : corners;
}

function round(x: number, y: number, u: readonly [number, number], v: readonly [number, number]): [number, number][] {
  return Array.from({ length: roundSteps + 1 }, (_, i): [number, number] => {
    const angle = (2 * Math.PI * i) / roundSteps;
    return [x + u[0] * Math.cos(angle) + v[0] * Math.sin(angle), y + u[1] * Math.cos(angle) + v[1] * Math.sin(angle)];
  });
}

/** Catmull-Rom: INTERPOLATED leaves the kind of curve to the program. */
function smooth(points: readonly [number, number][]): [number, number][] {
  if (points.length < 3) return [...points];
  const at = (i: number): [number, number] => points[Math.min(points.length - 1, Math.max(0, i))]!;
  const out: [number, number][] = [];
  for (let i = 0; i + 1 < points.length; i += 1) {
    const [p0, p1, p2, p3] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    for (let step = 0; step < 16; step += 1) {
      const t = step / 16;
      const mix = (axis: 0 | 1): number => 0.5 * (2 * p1[axis] + (p2[axis] - p0[axis]) * t + (2 * p0[axis] - 5 * p1[axis] + 4 * p2[axis] - p3[axis]) * t * t + (3 * p1[axis] - p0[axis] - 3 * p2[axis] + p3[axis]) * t * t * t);
      out.push([mix(0), mix(1)]);
    }
  }
  out.push(at(points.length - 1));
  return out;
}

function line(canvas: Picture, from: readonly [number, number], to: readonly [number, number], colour: Colour): void {
  if ([...from, ...to].some((value) => Math.abs(value) > reach)) return;
  const steps = Math.max(1, Math.ceil(Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]))));
  for (let i = 0; i <= steps; i += 1) dot(canvas, from[0] + ((to[0] - from[0]) * i) / steps, from[1] + ((to[1] - from[1]) * i) / steps, colour);
}

function dot(canvas: Picture, x: number, y: number, colour: Colour): void {
  const [column, row] = [Math.round(x), Math.round(y)];
  if (column >= 0 && row >= 0 && column < canvas.columns && row < canvas.rows) canvas.pixels.set(colour, (row * canvas.columns + column) * 3);
}
