/** The known ways from a large grid back to a small one: what a scanner would have seen of the enlarged image. */
import { invariant } from '#base';
import { planDft, type Complex } from './fourier.ts';

/**
 * Mean of each `factor` × `factor` block: the way back for CT, whose pixels are means over their area.
 *
 * @param image `[rows · factor, columns · factor]`; the answer is `[rows, columns]`, same unit.
 */
export function shrinkByArea(image: Float32Array, rows: number, columns: number, factor: number): Float32Array {
  invariant(image.length === rows * factor * columns * factor, 'the large image is factor times the small one');
  const width = columns * factor;
  const out = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r += 1) {
    for (let c = 0; c < columns; c += 1) {
      let sum = 0;
      for (let y = 0; y < factor; y += 1) for (let x = 0; x < factor; x += 1) sum += image[(r * factor + y) * width + c * factor + x]!;
      out[r * columns + c] = sum / (factor * factor);
    }
  }
  return out;
}

/** Keeps the central part of a line's spectrum, with the phase that puts new sample j at the centre of its block. */
function planCrop(from: number, to: number): (line: Complex) => Complex {
  const forward = planDft(from, -1);
  const backward = planDft(to, 1);
  // Frequencies in the usual order 0 … , −to/2 … −1.
  const frequencies = Array.from({ length: to }, (_, k) => (k < Math.ceil(to / 2) ? k : k - to));
  const angles = frequencies.map((frequency) => Math.PI * frequency * (1 / to - 1 / from));
  const cos = angles.map(Math.cos);
  // The Nyquist frequency has no partner: only the real part of its phase keeps real images real.
  const sin = angles.map((angle, k) => (2 * frequencies[k]! === -to ? 0 : Math.sin(angle)));
  return (line) => {
    const spectrum = forward(line);
    const kept = { re: new Float64Array(to), im: new Float64Array(to) };
    for (let k = 0; k < to; k += 1) {
      const at = (frequencies[k]! + from) % from;
      kept.re[k] = (spectrum.re[at]! * cos[k]! - spectrum.im[at]! * sin[k]!) / from;
      kept.im[k] = (spectrum.re[at]! * sin[k]! + spectrum.im[at]! * cos[k]!) / from;
    }
    return backward(kept);
  };
}

/**
 * Crop to the centre of k-space, then magnitude: the way back for MR, whose scanner measures that part of k-space.
 *
 * @param image `[rows · factor, columns · factor]`; the answer is `[rows, columns]`, same unit, never negative.
 */
export function shrinkByKSpace(image: Float32Array, rows: number, columns: number, factor: number): Float32Array {
  invariant(image.length === rows * factor * columns * factor, 'the large image is factor times the small one');
  const height = rows * factor;
  const width = columns * factor;
  const cropRow = planCrop(width, columns);
  const cropColumn = planCrop(height, rows);
  const re = new Float64Array(columns * height);
  const im = new Float64Array(columns * height);
  for (let r = 0; r < height; r += 1) {
    const row = cropRow({ re: new Float64Array(image.subarray(r * width, (r + 1) * width)), im: new Float64Array(width) });
    for (let c = 0; c < columns; c += 1) {
      re[c * height + r] = row.re[c]!;
      im[c * height + r] = row.im[c]!;
    }
  }
  const out = new Float32Array(rows * columns);
  for (let c = 0; c < columns; c += 1) {
    const column = cropColumn({ re: re.subarray(c * height, (c + 1) * height), im: im.subarray(c * height, (c + 1) * height) });
    for (let r = 0; r < rows; r += 1) out[r * columns + c] = Math.sqrt(column.re[r]! ** 2 + column.im[r]! ** 2);
  }
  return out;
}
