/**
 * What an enhancement changed: enhanced minus the source brought to the same grid, in modality units, signed.
 * The source is enlarged by cubic convolution (Keys 1981, a = −1/2) with pixel centres at (i + 0.5)/f − 0.5, its edge pixels repeated:
 * what is left is what the model added beyond interpolation.
 */

/** Cubic convolution weight at distance `x` in source pixels. */
export function cubicWeight(x: number): number {
  const a = -0.5;
  const t = Math.abs(x);
  if (t < 1) return (a + 2) * t * t * t - (a + 3) * t * t + 1;
  if (t < 2) return a * t * t * t - 5 * a * t * t + 8 * a * t - 4 * a;
  return 0;
}

interface Taps {
  readonly at: Int32Array;
  readonly weight: Float64Array;
}

function tapsFor(from: number, to: number): Taps {
  const at = new Int32Array(to * 4);
  const weight = new Float64Array(to * 4);
  const factor = to / from;
  for (let i = 0; i < to; i += 1) {
    const centre = (i + 0.5) / factor - 0.5;
    const first = Math.floor(centre) - 1;
    for (let k = 0; k < 4; k += 1) {
      at[i * 4 + k] = Math.min(from - 1, Math.max(0, first + k));
      weight[i * 4 + k] = cubicWeight(centre - (first + k));
    }
  }
  return { at, weight };
}

/** Enlarges `[rows, columns]` to `[toRows, toColumns]`, same extent. */
export function enlarge(values: Float32Array, rows: number, columns: number, toRows: number, toColumns: number): Float32Array {
  const across = tapsFor(columns, toColumns);
  const down = tapsFor(rows, toRows);
  const wide = new Float32Array(rows * toColumns);
  for (let r = 0; r < rows; r += 1) {
    for (let c = 0; c < toColumns; c += 1) {
      let sum = 0;
      for (let k = c * 4; k < c * 4 + 4; k += 1) sum += (across.weight[k] as number) * (values[r * columns + (across.at[k] as number)] as number);
      wide[r * toColumns + c] = sum;
    }
  }
  const out = new Float32Array(toRows * toColumns);
  for (let r = 0; r < toRows; r += 1) {
    for (let k = r * 4; k < r * 4 + 4; k += 1) {
      const weight = down.weight[k] as number;
      const from = (down.at[k] as number) * toColumns;
      const to = r * toColumns;
      for (let c = 0; c < toColumns; c += 1) out[to + c] = (out[to + c] as number) + weight * (wide[from + c] as number);
    }
  }
  return out;
}

/** Enhanced − enlarged source, `[rows, columns]` of the enhanced frame, in its units. */
export function differenceOf(enhanced: { values: Float32Array; rows: number; columns: number }, source: { values: Float32Array; rows: number; columns: number }): Float32Array {
  const base = enlarge(source.values, source.rows, source.columns, enhanced.rows, enhanced.columns);
  for (let i = 0; i < base.length; i += 1) base[i] = (enhanced.values[i] as number) - (base[i] as number);
  return base;
}

/**
 * Colour of a difference: black at 0, to teal below and magenta above, full at ±`limit`. Two hues that mean nothing else on the page, and
 * that people who see red and green alike can tell apart by hue and the probe by figure.
 */
export function differenceColour(value: number, limit: number): readonly [number, number, number] {
  const share = Math.max(-1, Math.min(1, value / limit));
  // A square root lifts small differences off black; the legend uses the same curve.
  const strength = Math.sqrt(Math.abs(share));
  return share < 0 ? [Math.round(40 * strength), Math.round(215 * strength), Math.round(200 * strength)] : [Math.round(255 * strength), Math.round(80 * strength), Math.round(190 * strength)];
}

/** A round limit (1, 2 or 5 × 10^n) that the given share of absolute differences stays under. */
export function differenceLimit(values: Float32Array, share = 0.999): number {
  const step = Math.max(1, Math.floor(values.length / 20_000));
  const sample: number[] = [];
  for (let i = 0; i < values.length; i += step) sample.push(Math.abs(values[i] as number));
  sample.sort((a, b) => a - b);
  const wanted = sample[Math.min(sample.length - 1, Math.floor(sample.length * share))] ?? 0;
  if (!(wanted > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(wanted));
  for (const factor of [1, 2, 5, 10]) if (factor * power >= wanted) return factor * power;
  return 10 * power;
}
