/**
 * Physical units ⇄ model units, one map per volume, never per slice: a slice's own range would make neighbouring slices flicker.
 */
import type { UpscaleManifest } from '#contract';

/** `model = (value − offset) / scale`, after clipping to what the model was trained on. */
export interface IntensityDomain {
  readonly offset: number;
  readonly scale: number;
  /** Values outside are clipped on the way in and on the way out. */
  readonly clip: readonly [number, number];
  /** For the ledger: how the numbers came about. */
  readonly method: string;
}

/** CT: one fixed affine map of HU. */
export function ctDomain(manifest: UpscaleManifest): IntensityDomain {
  const { offset, scale, clip } = manifest.inputDomain.ct;
  return { offset, scale, clip, method: `(HU − ${offset}) / ${scale}, clipped to ${clip[0]} … ${clip[1]} HU` };
}

/**
 * MR: divided by one percentile of all values of the volume.
 *
 * @param slices Every slice of the volume, any length, source units. Not changed.
 */
export function mrDomain(manifest: UpscaleManifest, slices: readonly Float32Array[]): IntensityDomain {
  const { percentile } = manifest.inputDomain.mr;
  const constant = percentileOf(slices, percentile);
  // An empty volume has no percentile above zero; any scale keeps it empty.
  // Magnitude images are never negative; a series that has negative values (phase, subtraction) keeps its own lower bound.
  const lowest = slices.reduce((low, slice) => slice.reduce((least, value) => Math.min(least, value), low), 0);
  return { offset: 0, scale: constant > 0 ? constant : 1, clip: [lowest, Infinity], method: `divided by the ${percentile}th percentile of the volume (${constant})` };
}

/** Linear interpolation between order statistics, as NumPy's default. `percentile` in 0 … 100. */
export function percentileOf(slices: readonly Float32Array[], percentile: number): number {
  const total = slices.reduce((sum, slice) => sum + slice.length, 0);
  if (total === 0) return 0;
  const all = new Float32Array(total);
  let at = 0;
  for (const slice of slices) {
    all.set(slice, at);
    at += slice.length;
  }
  all.sort();
  const place = (percentile / 100) * (total - 1);
  const low = Math.floor(place);
  const lower = all[low]!;
  const upper = all[Math.min(low + 1, total - 1)]!;
  return lower + (upper - lower) * (place - low);
}

export function toModel(values: Float32Array, domain: IntensityDomain): Float32Array<ArrayBuffer> {
  const out = new Float32Array(values.length);
  const [low, high] = domain.clip;
  for (let i = 0; i < values.length; i += 1) out[i] = (Math.min(Math.max(values[i]!, low), high) - domain.offset) / domain.scale;
  return out;
}

/** Back to physical units, within the clip range: CT in the training range, MR magnitude never negative. */
export function fromModel(values: Float32Array, domain: IntensityDomain): Float32Array<ArrayBuffer> {
  const out = new Float32Array(values.length);
  const [low, high] = domain.clip;
  for (let i = 0; i < values.length; i += 1) out[i] = Math.min(Math.max(values[i]! * domain.scale + domain.offset, low), high);
  return out;
}
