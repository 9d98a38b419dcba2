/** How near an image is to a reference: PSNR, SSIM, MAE, RMSE. The range is part of each figure's name and cannot be left out. */
import { invariant } from '#base';
import type { Measure } from '#contract';

/** Mean of |a − b|, in the images' unit. */
export function meanAbsoluteError(a: Float32Array, b: Float32Array): number {
  invariant(a.length === b.length && a.length > 0, 'two images of one size are compared');
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
}

/** Root of the mean of (a − b)², in the images' unit. */
export function rootMeanSquareError(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(meanSquareError(a, b));
}

function meanSquareError(a: Float32Array, b: Float32Array): number {
  invariant(a.length === b.length && a.length > 0, 'two images of one size are compared');
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i]! - b[i]!) ** 2;
  return sum / a.length;
}

/** 10 · log10(R² / MSE) in dB. Equal images would be infinite: MSE / R² is held at 1e-12, which is 120 dB. */
export function psnrFromMse(meanSquare: number, range: number): number {
  invariant(range > 0, 'a PSNR needs the range of values it is relative to');
  return 10 * Math.log10(1 / Math.max(meanSquare / (range * range), 1e-12));
}

/** Gaussian of σ 1.5 with 11 taps, as in the paper. */
const gaussian = (() => {
  const taps = Float64Array.from({ length: 11 }, (_, i) => Math.exp(-((i - 5) ** 2) / (2 * 1.5 * 1.5)));
  const sum = taps.reduce((a, b) => a + b, 0);
  return taps.map((tap) => tap / sum);
})();

/** Separable Gaussian where the whole window lies inside the image: `[rows − 10, columns − 10]`. */
function blurInside(image: Float64Array, rows: number, columns: number): Float64Array {
  const width = columns - 10;
  const horizontal = new Float64Array(rows * width);
  for (let r = 0; r < rows; r += 1) {
    for (let c = 0; c < width; c += 1) {
      let sum = 0;
      for (let t = 0; t < 11; t += 1) sum += gaussian[t]! * image[r * columns + c + t]!;
      horizontal[r * width + c] = sum;
    }
  }
  const out = new Float64Array((rows - 10) * width);
  for (let r = 0; r < rows - 10; r += 1) {
    for (let c = 0; c < width; c += 1) {
      let sum = 0;
      for (let t = 0; t < 11; t += 1) sum += gaussian[t]! * horizontal[(r + t) * width + c]!;
      out[r * width + c] = sum;
    }
  }
  return out;
}

/**
 * Structural similarity, mean over all places whose 11×11 window lies inside the image. No unit, 1 for equal images.
 *
 *     SSIM = ((2 μa μb + C1)(2 σab + C2)) / ((μa² + μb² + C1)(σa² + σb² + C2)),   C1 = (0.01 R)²,   C2 = (0.03 R)²
 *
 * @param range R, in the images' unit.
 * @see Wang, Bovik, Sheikh, Simoncelli 2004, IEEE TIP 13(4), eq. 13; covariances are those of the population, as in the paper.
 */
export function ssim(a: Float32Array, b: Float32Array, rows: number, columns: number, range: number): number {
  invariant(a.length === rows * columns && b.length === rows * columns, 'two images of one size are compared');
  invariant(rows >= 11 && columns >= 11, 'SSIM needs images of at least 11 × 11 pixels');
  const c1 = (0.01 * range) ** 2;
  const c2 = (0.03 * range) ** 2;
  const product = (x: Float32Array, y: Float32Array): Float64Array => Float64Array.from(x, (value, i) => value * y[i]!);
  const meanA = blurInside(Float64Array.from(a), rows, columns);
  const meanB = blurInside(Float64Array.from(b), rows, columns);
  const meanAA = blurInside(product(a, a), rows, columns);
  const meanBB = blurInside(product(b, b), rows, columns);
  const meanAB = blurInside(product(a, b), rows, columns);
  let sum = 0;
  for (let i = 0; i < meanA.length; i += 1) {
    const ma = meanA[i]!;
    const mb = meanB[i]!;
    const varianceA = meanAA[i]! - ma * ma;
    const varianceB = meanBB[i]! - mb * mb;
    const covariance = meanAB[i]! - ma * mb;
    sum += ((2 * ma * mb + c1) * (2 * covariance + c2)) / ((ma * ma + mb * mb + c1) * (varianceA + varianceB + c2));
  }
  return sum / meanA.length;
}

export interface FidelityOptions {
  readonly rows: number;
  readonly columns: number;
  /** Lowest and highest value that count; both images are clipped to it, and its width is R. In the images' unit. */
  readonly range: readonly [number, number];
  /** Pixels left out at each edge (the factor, for an enlargement). */
  readonly border: number;
  /** `HU`, or '' where values have no physical unit. */
  readonly unit: string;
}

/**
 * PSNR, SSIM, MAE and RMSE of `image` against `reference`, both clipped to the stated range and without the border.
 * Agrees with the yardstick that the bundled packages' cards use.
 */
export function fidelity(reference: Float32Array, image: Float32Array, options: FidelityOptions): Measure[] {
  const { rows, columns, border, unit } = options;
  const [low, high] = options.range;
  invariant(high > low, 'a range has a width');
  const height = rows - 2 * border;
  const width = columns - 2 * border;
  const a = clippedInside(reference, options, height, width);
  const b = clippedInside(image, options, height, width);
  const range = high - low;
  const where = `values clipped to ${low} … ${high}${unit === '' ? '' : ` ${unit}`} (R = ${range}), ${border} pixels of border left out`;
  return [
    { name: 'psnr', value: psnrFromMse(meanSquareError(a, b), range), unit: 'dB', method: `10·log10(R²/MSE), ${where}` },
    { name: 'ssim', value: ssim(a, b, height, width, range), unit: '', method: `Wang 2004, Gaussian 11×11 σ 1.5, K1 0.01, K2 0.03, ${where}` },
    { name: 'mae', value: meanAbsoluteError(a, b), unit, method: `mean absolute error, ${where}` },
    { name: 'rmse', value: rootMeanSquareError(a, b), unit, method: `root mean square error, ${where}` },
  ];
}

function clippedInside(image: Float32Array, { rows, columns, range, border }: FidelityOptions, height: number, width: number): Float32Array {
  invariant(image.length === rows * columns, 'an image has rows × columns values');
  const out = new Float32Array(height * width);
  for (let r = 0; r < height; r += 1) {
    for (let c = 0; c < width; c += 1) out[r * width + c] = Math.min(range[1], Math.max(range[0], image[(r + border) * columns + c + border]!));
  }
  return out;
}
