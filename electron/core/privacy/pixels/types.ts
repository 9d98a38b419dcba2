/** Shapes of the search for text that is drawn into pixels. All are plain data. */

/** A rectangle of pixels of the image grid: first column and row (from 0), width and height in pixels. */
export interface PixelBox {
  readonly column: number;
  readonly row: number;
  readonly width: number;
  readonly height: number;
}

/** What the header alone says: how likely text is in such an image. `unknown` where nobody has looked at it. */
export type TextRisk = 'high' | 'possible' | 'low' | 'unknown';

/** Where the pixels look like text. */
export interface TextBox extends PixelBox {
  /** 0…1; how sure the detector is. It is no probability: docs/decisions says what was measured at which score. */
  readonly score: number;
  /** Along the rows, or turned by a quarter. */
  readonly direction: 'horizontal' | 'vertical';
  /** Why, in words for people. */
  readonly reasons: readonly string[];
}

/** One channel of a picture in any unit, row-major. */
export interface Plane {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}
