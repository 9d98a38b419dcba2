/** What can be said of an enlarged image without a truth to compare with: is it consistent with its source, and what did the model add. */
import { invariant } from '#base';
import type { Measure } from '#contract';
import { bicubicEnlarge } from './bicubic.ts';
import { meanGradientMagnitude } from './sharpness.ts';
import { shrinkByArea, shrinkByKSpace } from './shrink.ts';

/**
 * Figures of one enlarged slice; `combineMeasures` makes those of a series from them.
 *
 * Consistency shrinks the enlarged image by the known way back (CT, `HU`: block mean; otherwise k-space crop) and compares with the
 * source. Difference and sharpness compare with bicubic interpolation of the source, which is what the eye would see without a model.
 *
 * @param source `[rows, columns]`, in `unit`.
 * @param upscaled `[rows · factor, columns · factor]`, in `unit`.
 * @param unit `HU` for CT, '' where values have no physical unit.
 */
export function measureUpscale(source: Float32Array, upscaled: Float32Array, rows: number, columns: number, factor: number, unit: string): Measure[] {
  invariant(rows >= 3 && columns >= 3 && factor >= 2, 'an enlargement has a size and a factor');
  invariant(source.length === rows * columns && upscaled.length === rows * columns * factor * factor, 'the enlarged slice is factor times its source');
  const byArea = unit === 'HU';
  const back = (byArea ? shrinkByArea : shrinkByKSpace)(upscaled, rows, columns, factor);
  const way = `enlarged image shrunk back (${byArea ? `mean of each ${factor} × ${factor} block` : `central 1/${factor} of k-space, magnitude`}) against the source`;
  const residual = compare(back, source);

  const bicubic = bicubicEnlarge(source, rows, columns, factor);
  const than = 'against bicubic interpolation of the source (Keys, a = −0.5)';
  const added = compare(upscaled, bicubic);
  const gradient = meanGradientMagnitude(upscaled, rows * factor, columns * factor);
  const gradientBicubic = meanGradientMagnitude(bicubic, rows * factor, columns * factor);
  return [
    { name: 'consistency-rmse', value: residual.rootMeanSquare, unit, method: `${way}: root mean square` },
    { name: 'consistency-max', value: residual.largest, unit, method: `${way}: largest absolute difference` },
    { name: 'difference-mean', value: added.mean, unit, method: `mean signed difference ${than}` },
    { name: 'difference-mean-absolute', value: added.meanAbsolute, unit, method: `mean absolute difference ${than}` },
    { name: 'difference-max', value: added.largest, unit, method: `largest absolute difference ${than}` },
    // A flat image has no gradient in either; then nothing became sharper.
    { name: 'sharpness-ratio', value: gradientBicubic === 0 ? 1 : gradient / gradientBicubic, unit: '×', method: 'mean gradient length ÷ that of bicubic interpolation of the source' },
  ];
}

function compare(a: Float32Array, b: Float32Array): { rootMeanSquare: number; mean: number; meanAbsolute: number; largest: number } {
  let squares = 0;
  let sum = 0;
  let absolute = 0;
  let largest = 0;
  for (let i = 0; i < a.length; i += 1) {
    const difference = a[i]! - b[i]!;
    const size = Math.abs(difference);
    squares += difference * difference;
    sum += difference;
    absolute += size;
    if (size > largest) largest = size;
  }
  return { rootMeanSquare: Math.sqrt(squares / a.length), mean: sum / a.length, meanAbsolute: absolute / a.length, largest };
}

/**
 * One list of figures from those of equally large slices: `…-max` is the largest, `…-rmse` the root mean square, all others the mean.
 * The method of each says so.
 */
export function combineMeasures(slices: readonly (readonly Measure[])[]): Measure[] {
  const [first] = slices;
  invariant(first !== undefined, 'figures need at least one slice');
  if (slices.length === 1) return [...first];
  return first.map((measure, at) => {
    const values = slices.map((slice) => {
      const own = slice[at];
      invariant(own?.name === measure.name, 'every slice has the same figures');
      return own.value;
    });
    const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
    if (measure.name.endsWith('-max')) return { ...measure, value: values.reduce((a, b) => Math.max(a, b)), method: `${measure.method}; largest of ${slices.length} slices` };
    if (measure.name.endsWith('-rmse')) return { ...measure, value: Math.sqrt(mean(values.map((value) => value * value))), method: `${measure.method} over ${slices.length} slices` };
    return { ...measure, value: mean(values), method: `${measure.method}; mean of ${slices.length} slices` };
  });
}
