/** The known ways from a large grid back to a small one: what a scanner would have seen of the enlarged image. */
import { invariant } from '#base';
import { dft, type Complex } from './fourier.ts';

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

/** Keeps the central 1/factor of one line's spectrum, with the phase that puts new sample j at the centre of its block. */
function cropLine(line: Complex, length: number): Complex {
  const n = line.re.length;
  const spectrum = dft(line, -1);
  const kept = { re: new Float64Array(length), im: new Float64Array(length) };
  for (let k = 0; k < length; k += 1) {
    // Frequencies in the usual order 0 … , −length/2 … −1.
    const frequency = k < Math.ceil(length / 2) ? k : k - length;
    const angle = Math.PI * frequency * (1 / length - 1 / n);
    const cos = Math.cos(angle);
    // The Nyquist frequency has no partner: only the real part of its phase keeps real images real.
    const sin = 2 * frequency === -length ? 0 : Math.sin(angle);
    const from = (frequency + n) % n;
    kept.re[k] = spectrum.re[from]! * cos - spectrum.im[from]! * sin;
    kept.im[k] = spectrum.re[from]! * sin + spectrum.im[from]! * cos;
  }
  const back = dft(kept, 1);
  for (let i = 0; i < length; i += 1) {
    back.re[i] = back.re[i]! / n;
    back.im[i] = back.im[i]! / n;
  }
  return back;
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
  const re = new Float64Array(columns * height);
  const im = new Float64Array(columns * height);
  for (let r = 0; r < height; r += 1) {
    const row = cropLine({ re: Float64Array.from(image.subarray(r * width, (r + 1) * width)), im: new Float64Array(width) }, columns);
    for (let c = 0; c < columns; c += 1) {
      re[c * height + r] = row.re[c]!;
      im[c * height + r] = row.im[c]!;
    }
  }
  const out = new Float32Array(rows * columns);
  for (let c = 0; c < columns; c += 1) {
    const column = cropLine({ re: re.subarray(c * height, (c + 1) * height), im: im.subarray(c * height, (c + 1) * height) }, rows);
    for (let r = 0; r < rows; r += 1) out[r * columns + c] = Math.hypot(column.re[r]!, column.im[r]!);
  }
  return out;
}
