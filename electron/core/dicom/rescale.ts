/**
 * Stored values → modality units: the Modality LUT, linear or a table, and what stands in its place in dose grids and parametric maps.
 *
 * Place in the pixel path: decode → **rescale** → window. Pure.
 */
import { ScanloomError } from '#contract/errors';
import { rescaleOf } from './attributes.ts';
import type { DataSet } from './data-set.ts';
import { applyLookupTable, type LookupTable } from './lookup-tables.ts';
import { realWorldRescale } from './parametric-map/real-world-value.ts';
import type { Rescale, StoredArray } from './types.ts';

/**
 * Applies `out = slope × stored + intercept` to one frame.
 *
 * @param stored  Stored values, any layout, sign already extended from Bits Stored.
 * @param rescale Modality units per stored unit (may be negative, never 0), and units at stored value 0.
 * @returns New array of the same layout, in the Rescale Type's units (HU for CT). `stored` is untouched.
 * @throws {ScanloomError} `dicom/rescale-invalid` when slope is 0 or a number is not finite.
 * @see DICOM PS3.3 C.11.1, Modality LUT Module
 */
export function applyRescale(stored: StoredArray, rescale: { readonly slope: number; readonly intercept: number }): Float32Array {
  const { slope, intercept } = rescale;
  if (slope === 0 || !Number.isFinite(slope) || !Number.isFinite(intercept)) {
    throw new ScanloomError('dicom/rescale-invalid', 'The image has no usable rescale.', { details: { slope: String(slope), intercept: String(intercept) } });
  }
  // Float32 holds every integer up to 2^24, so 16-bit CT with slope 1 and a whole intercept is exact.
  const out = new Float32Array(stored.length);
  for (let i = 0; i < stored.length; i += 1) out[i] = slope * stored[i]! + intercept;
  return out;
}

/** One frame in modality units, by table where there is one. Both at once are not allowed by the standard; then the rescale counts. */
export function modalityValues(stored: StoredArray, rescale: { readonly slope: number; readonly intercept: number } | null, table: LookupTable | null): Float32Array {
  if (rescale !== null) return applyRescale(stored, rescale);
  return Float32Array.from(table === null ? stored : applyLookupTable(stored, table));
}

/**
 * The linear map from stored values to units that an object gives for all its frames: Rescale Slope and Intercept (C.11.1), Dose Grid Scaling (C.8.8.3),
 * Real World Value Mapping of a parametric map (C.7.6.16.2.11).
 */
export function imageRescale(dataset: DataSet, modality: string): Rescale | null {
  const map = realWorldRescale(dataset);
  if (map !== null) return map;
  const rescale = rescaleOf(dataset, modality);
  if (rescale !== null) return rescale;
  const scaling = dataset.number('DoseGridScaling');
  return scaling !== null && scaling > 0 ? { slope: scaling, intercept: 0, type: dataset.string('DoseUnits') === 'RELATIVE' ? '%' : 'Gy' } : null;
}
