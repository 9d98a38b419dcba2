/** Values and pictures → a PNG as a person would see the image: windowed, with square pixels, and with its mark when a model touched it. */
import { encode } from 'fast-png';
import { windowed, type Picture, type WindowSetting } from '#dicom';
import { amber, framed } from '#exports';

/** Grey of values in modality units under a window. */
export function greyPicture(values: Float32Array, rows: number, columns: number, window: WindowSetting): Picture {
  return { rows, columns, channels: 1, pixels: Uint8Array.from(values, (value) => Math.round(windowed(value, window))) };
}

/**
 * Draws a picture at another size by linear interpolation between pixel centres.
 *
 * @param pixelSpacingMm [row, column]; unequal spacing is stretched to square pixels of the smaller one. Null when unknown.
 * @param zoom Screen pixels for one pixel of the smaller spacing.
 */
export function scaled(picture: Picture, pixelSpacingMm: readonly [number, number] | null, zoom: number): Picture {
  const [down, across] = pixelSpacingMm ?? [1, 1];
  const smaller = Math.min(down, across);
  const rows = Math.max(1, Math.round((picture.rows * down * zoom) / smaller));
  const columns = Math.max(1, Math.round((picture.columns * across * zoom) / smaller));
  if (rows === picture.rows && columns === picture.columns) return picture;
  const { channels } = picture;
  const pixels = new Uint8Array(rows * columns * channels);
  const at = (position: number, from: number, to: number): [number, number, number] => {
    const place = Math.min(from - 1, Math.max(0, ((position + 0.5) * from) / to - 0.5));
    const low = Math.floor(place);
    return [low, Math.min(from - 1, low + 1), place - low];
  };
  for (let row = 0; row < rows; row += 1) {
    const [top, bottom, y] = at(row, picture.rows, rows);
    for (let column = 0; column < columns; column += 1) {
      const [left, right, x] = at(column, picture.columns, columns);
      for (let channel = 0; channel < channels; channel += 1) {
        const value = (r: number, c: number): number => picture.pixels[(r * picture.columns + c) * channels + channel]!;
        const upper = value(top, left) * (1 - x) + value(top, right) * x;
        const lower = value(bottom, left) * (1 - x) + value(bottom, right) * x;
        pixels[(row * columns + column) * channels + channel] = Math.round(upper * (1 - y) + lower * y);
      }
    }
  }
  return { rows, columns, channels, pixels };
}

/** @param mark What to say above the picture, in an amber frame; null for what no model touched. */
export function toPng(picture: Picture, mark: string | null): Uint8Array {
  const { rows, columns, channels, pixels } = picture;
  if (mark === null) return encode({ width: columns, height: rows, data: pixels, channels, depth: 8 });
  const data = channels === 3 ? pixels : Uint8Array.from({ length: rows * columns * 3 }, (_, i) => pixels[Math.floor(i / 3)]!);
  const marked = framed({ width: columns, height: rows, data }, mark, amber);
  return encode({ width: marked.width, height: marked.height, data: marked.data, channels: 3, depth: 8 });
}
