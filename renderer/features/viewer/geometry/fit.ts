/** How large an image is on the screen. Screen lengths are in canvas pixels. */
import type { Turn } from './orientation.ts';

export interface ImageSize {
  readonly rows: number;
  readonly columns: number;
  /** [row, column] in mm; null counts as square. */
  readonly spacingMm: readonly [number, number] | null;
}

/** How much wider and taller than `scale` a pixel is drawn, so that unequal spacings keep the shape: the smaller spacing is 1. */
export function pixelShape(size: Pick<ImageSize, 'spacingMm'>): { readonly x: number; readonly y: number } {
  const [row, column] = size.spacingMm ?? [1, 1];
  return row < column ? { x: column / row, y: 1 } : { x: 1, y: row / column };
}

/** Screen pixels per image pixel (of the smaller spacing) at which the whole image just fits. */
export function fitScale(canvas: { readonly width: number; readonly height: number }, size: ImageSize, rotation: number): number {
  const shape = pixelShape(size);
  const width = size.columns * shape.x;
  const height = size.rows * shape.y;
  const turned = rotation % 180 !== 0;
  return Math.min(canvas.width / (turned ? height : width), canvas.height / (turned ? width : height));
}

/** Drawn size of a pixel along the screen's axes, relative to `scale`. */
export function screenShape(size: Pick<ImageSize, 'spacingMm'>, turn: Pick<Turn, 'rotation'>): { readonly x: number; readonly y: number } {
  const shape = pixelShape(size);
  return turn.rotation % 180 === 0 ? shape : { x: shape.y, y: shape.x };
}

/** Screen pixels per mm at a scale; NaN without a spacing. */
export function pxPerMm(scale: number, size: Pick<ImageSize, 'spacingMm'>): number {
  return size.spacingMm === null ? Number.NaN : scale / Math.min(...size.spacingMm);
}

/**
 * Zoom and shift that bring a part of an image to the middle of the screen, as large as it fits. The shift is along the screen's axes, as a share of
 * the image's columns and rows, as `Presentation.pan` has it.
 * @param area Centres of its first and last pixel, [column, row]; may lie outside the image, and may be given from the other corner.
 */
export function fitArea(area: { readonly topLeft: readonly [number, number]; readonly bottomRight: readonly [number, number] }, size: ImageSize, canvas: { readonly width: number; readonly height: number }, rotation: number, flip: boolean): { readonly zoom: number; readonly pan: { readonly x: number; readonly y: number } } {
  const [left, right] = [Math.min(area.topLeft[0], area.bottomRight[0]), Math.max(area.topLeft[0], area.bottomRight[0]) + 1];
  const [top, bottom] = [Math.min(area.topLeft[1], area.bottomRight[1]), Math.max(area.topLeft[1], area.bottomRight[1]) + 1];
  const part: ImageSize = { rows: bottom - top, columns: right - left, spacingMm: size.spacingMm };
  const zoom = Math.min(40, Math.max(0.1, fitScale(canvas, part, rotation) / fitScale(canvas, size, rotation)));
  // From the area's middle to the image's, in image pixels (the library shifts before it scales), mirrored and turned as the screen shows them.
  let x = size.columns / 2 - (left + right) / 2;
  let y = size.rows / 2 - (top + bottom) / 2;
  if (flip) x = -x;
  for (let turned = 0; turned < rotation; turned += 90) [x, y] = [-y, x];
  return { zoom, pan: { x: x / size.columns, y: y / size.rows } };
}
