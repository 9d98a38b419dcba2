/** What a shutter covers: PS3.3 C.7.6.11. */
import type { PresentationStateContent } from './types.ts';

type Shape = Exclude<PresentationStateContent['shutters'][number], { shape: 'bitmap' }>;

/** True when the pixel at [column, row] lies outside the shape, so that it is covered. */
export function isCovered(shutter: PresentationStateContent['shutters'][number], column: number, row: number): boolean {
  if (shutter.shape === 'bitmap') return false;
  return !isInside(shutter, column, row);
}

function isInside(shape: Shape, column: number, row: number): boolean {
  switch (shape.shape) {
    case 'rectangle': return column >= shape.left && column <= shape.right && row >= shape.top && row <= shape.bottom;
    case 'circle': return Math.hypot(column - shape.centre[0], row - shape.centre[1]) <= shape.radius;
    case 'polygon': return isInPolygon(shape.points, column, row);
  }
}

/** Even-odd rule. */
function isInPolygon(points: readonly number[], x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = points.length - 2; i < points.length; j = i, i += 2) {
    const [xi, yi, xj, yj] = [points[i]!, points[i + 1]!, points[j]!, points[j + 1]!];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}
