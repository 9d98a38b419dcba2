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
