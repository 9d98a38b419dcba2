/** Display colours: CIELab as DICOM stores it (PS3.3 C.10.7.1.1) → sRGB. */

/** sRGB, 0…255. */
export type Rgb = readonly [number, number, number];

/** White point of the profile connection space that the values are of: D50 (PS3.3 C.10.7.1.1, ICC.1). */
const whiteD50 = [0.9642, 1, 0.8249] as const;
/** XYZ of D50 → linear sRGB, with Bradford adaptation to D65 (IEC 61966-2-1). */
const toLinearRgb = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.033454],
  [0.0719453, -0.2289914, 1.4052427],
] as const;

/**
 * Recommended Display CIELab Value (three 16-bit numbers: L* as 0…100, a* and b* as −128…127) → the nearest sRGB colour.
 *
 * @returns null when there are not three values
 */
export function rgbOfCielab(values: readonly number[]): Rgb | null {
  const [l, a, b] = values;
  if (l === undefined || a === undefined || b === undefined) return null;
  const lightness = (l / 65_535) * 100;
  const y = (lightness + 16) / 116;
  const x = y + ((a / 65_535) * 255 - 128) / 500;
  const z = y - ((b / 65_535) * 255 - 128) / 200;
  const xyz = [x, y, z].map((t, axis) => whiteD50[axis]! * (t > 6 / 29 ? t ** 3 : 3 * (6 / 29) ** 2 * (t - 4 / 29)));
  const [red, green, blue] = toLinearRgb.map((row) => companded(row[0] * xyz[0]! + row[1] * xyz[1]! + row[2] * xyz[2]!));
  return [red!, green!, blue!];
}

function companded(linear: number): number {
  const inside = Math.min(1, Math.max(0, linear));
  return Math.round(255 * (inside <= 0.0031308 ? 12.92 * inside : 1.055 * inside ** (1 / 2.4) - 0.055));
}

/** Colours for what names none: far apart on grey, and for the common kinds of colour blindness (Okabe and Ito, 2008, without black). */
const chosen: readonly Rgb[] = [[230, 159, 0], [86, 180, 233], [0, 158, 115], [240, 228, 66], [0, 114, 178], [213, 94, 0], [204, 121, 167]];

/** A colour for the n-th thing that brings none, n from 0. */
export function chosenColour(n: number): Rgb {
  return chosen[((n % chosen.length) + chosen.length) % chosen.length]!;
}
