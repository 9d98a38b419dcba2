/** What can be said of an enlarged image without a truth to compare with: is it consistent with its source, and what did the model add. */
import { invariant } from '#base';
import type { Measure } from '#contract';
import { bicubicEnlarge } from './bicubic.ts';
import { meanGradientMagnitude } from './sharpness.ts';
import { shrinkByArea, shrinkByKSpace } from './shrink.ts';

export interface UpscaleMeasurement {
  /** One slice: `source` is `[rows, columns]`, `upscaled` is `[rows · factor, columns · factor]`, both in the item's unit. */
  add(source: Float32Array, upscaled: Float32Array): void;
  /** Figures over all slices added so far. */
  measures(): Measure[];
}

/**
 * Figures of a whole series, fed slice by slice so that memory stays that of one slice.
 *
 * Consistency shrinks the enlarged image by the known way back (CT, `HU`: block mean; otherwise k-space crop) and compares with the
 * source. Difference and sharpness compare with bicubic interpolation of the source, which is what the eye would see without a model.
 *
 * @param unit `HU` for CT, '' where values have no physical unit.
 */
export function createUpscaleMeasurement(rows: number, columns: number, factor: number, unit: string): UpscaleMeasurement {
  invariant(rows >= 3 && columns >= 3 && factor >= 2, 'an enlargement has a size and a factor');
  const byArea = unit === 'HU';
  const shrink = byArea ? shrinkByArea : shrinkByKSpace;
  const sums = { slices: 0, residualSquares: 0, residualMax: 0, difference: 0, differenceAbs: 0, differenceMax: 0, gradient: 0, gradientBicubic: 0 };
  return {
    add(source, upscaled) {
      invariant(source.length === rows * columns && upscaled.length === rows * columns * factor * factor, 'the enlarged slice is factor times its source');
      const back = shrink(upscaled, rows, columns, factor);
      for (let i = 0; i < back.length; i += 1) {
        const residual = Math.abs(back[i]! - source[i]!);
        sums.residualSquares += residual * residual;
        if (residual > sums.residualMax) sums.residualMax = residual;
      }
      const bicubic = bicubicEnlarge(source, rows, columns, factor);
      for (let i = 0; i < bicubic.length; i += 1) {
        const difference = upscaled[i]! - bicubic[i]!;
        sums.difference += difference;
        const size = Math.abs(difference);
        sums.differenceAbs += size;
        if (size > sums.differenceMax) sums.differenceMax = size;
      }
      sums.gradient += meanGradientMagnitude(upscaled, rows * factor, columns * factor);
      sums.gradientBicubic += meanGradientMagnitude(bicubic, rows * factor, columns * factor);
      sums.slices += 1;
    },
    measures() {
      invariant(sums.slices > 0, 'figures need at least one slice');
      const small = sums.slices * rows * columns;
      const large = small * factor * factor;
      const over = sums.slices === 1 ? 'one slice' : `all ${sums.slices} slices`;
      const back = byArea ? `mean of each ${factor} × ${factor} block` : `central 1/${factor} of k-space, magnitude`;
      const than = 'against bicubic interpolation of the source (Keys, a = −0.5)';
      return [
        { name: 'consistency-rmse', value: Math.sqrt(sums.residualSquares / small), unit, method: `enlarged image shrunk back (${back}) against the source: root mean square over ${over}` },
        { name: 'consistency-max', value: sums.residualMax, unit, method: `enlarged image shrunk back (${back}) against the source: largest absolute difference over ${over}` },
        { name: 'difference-mean', value: sums.difference / large, unit, method: `mean signed difference ${than}, ${over}` },
        { name: 'difference-mean-absolute', value: sums.differenceAbs / large, unit, method: `mean absolute difference ${than}, ${over}` },
        { name: 'difference-max', value: sums.differenceMax, unit, method: `largest absolute difference ${than}, ${over}` },
        // A flat image has no gradient in either; then nothing became sharper.
        { name: 'sharpness-ratio', value: sums.gradientBicubic === 0 ? 1 : sums.gradient / sums.gradientBicubic, unit: '×', method: `mean gradient length ÷ that of bicubic interpolation of the source, ${over}` },
      ];
    },
  };
}

/** `createUpscaleMeasurement` for a single slice. */
export function measureUpscale(source: Float32Array, upscaled: Float32Array, rows: number, columns: number, factor: number, unit: string): Measure[] {
  const measurement = createUpscaleMeasurement(rows, columns, factor, unit);
  measurement.add(source, upscaled);
  return measurement.measures();
}
