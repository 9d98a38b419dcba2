/** What interpolation alone would give: the plain yardstick beside a model's output. */
import { invariant } from '#base';

/** Keys 1981, IEEE TASSP 29(6), eq. 15 with a = −0.5. */
function keys(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return 1.5 * x ** 3 - 2.5 * x ** 2 + 1;
  if (x < 2) return -0.5 * (x ** 3 - 5 * x ** 2 + 8 * x - 4);
  return 0;
}

interface Taps {
  readonly index: Int32Array;
  readonly weight: Float64Array;
}

/** Four taps for each of `length · factor` new places; the edge value is repeated. New centre i lies at (i + 0.5)/factor − 0.5. */
function tapsFor(length: number, factor: number): Taps {
  const places = length * factor;
  const index = new Int32Array(places * 4);
  const weight = new Float64Array(places * 4);
  for (let i = 0; i < places; i += 1) {
    const centre = (i + 0.5) / factor - 0.5;
    const first = Math.floor(centre) - 1;
    for (let t = 0; t < 4; t += 1) {
      index[i * 4 + t] = Math.min(length - 1, Math.max(0, first + t));
      weight[i * 4 + t] = keys(centre - (first + t));
    }
  }
  return { index, weight };
}

/**
 * Bicubic enlargement (Keys, a = −0.5), pixel centres by the half-pixel rule, edges repeated.
 *
 * @param image `[rows, columns]`, any unit; the answer is `[rows · factor, columns · factor]` in the same unit.
 */
export function bicubicEnlarge(image: Float32Array, rows: number, columns: number, factor: number): Float32Array {
  invariant(image.length === rows * columns && factor >= 1, 'an image has rows × columns values');
  const across = tapsFor(columns, factor);
  const down = tapsFor(rows, factor);
  const width = columns * factor;
  const wide = new Float64Array(rows * width);
  for (let r = 0; r < rows; r += 1) {
    for (let c = 0; c < width; c += 1) {
      let sum = 0;
      for (let t = 0; t < 4; t += 1) sum += across.weight[c * 4 + t]! * image[r * columns + across.index[c * 4 + t]!]!;
      wide[r * width + c] = sum;
    }
  }
  const out = new Float32Array(rows * factor * width);
  for (let r = 0; r < rows * factor; r += 1) {
    for (let c = 0; c < width; c += 1) {
      let sum = 0;
      for (let t = 0; t < 4; t += 1) sum += down.weight[r * 4 + t]! * wide[down.index[r * 4 + t]! * width + c]!;
      out[r * width + c] = sum;
    }
  }
  return out;
}
