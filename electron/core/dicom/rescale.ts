/**
 * Stored values → modality units: the linear Modality LUT.
 *
 * Place in the pixel path: decode → **rescale** → window. Pure.
 */
import { ScanloomError } from '#contract/errors';
import type { StoredArray } from './types.ts';

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
