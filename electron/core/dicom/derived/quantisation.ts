/** The rescale that a derived image's values are stored with. */
import type { DataSet } from '../data-set.ts';
import { asWritten, type Quantisation } from '../quantise.ts';
import type { Kind } from './kinds.ts';

export interface SourceRescale {
  readonly slope: number;
  readonly intercept: number;
  /** Pixel Representation 1. */
  readonly signed: boolean;
}

export interface ValueRange {
  readonly smallest: number;
  readonly largest: number;
}

/** The range of some values, with 0 in it. */
export function rangeOf(values: Float32Array, before: ValueRange = { smallest: 0, largest: 0 }): ValueRange {
  let { smallest, largest } = before;
  for (const value of values) {
    if (value > largest) largest = value;
    if (value < smallest) smallest = value;
  }
  return { smallest, largest };
}

export function rescaleOfSource(dataset: DataSet): SourceRescale {
  return { slope: dataset.number('RescaleSlope') || 1, intercept: dataset.number('RescaleIntercept') ?? 0, signed: dataset.number('PixelRepresentation') === 1 };
}

/**
 * A rescale that is at least as fine as the source's, with room for what a network adds at edges.
 *
 * CT of slope 1: HU themselves, signed. PET: the source's slope, or the one that the brightest pixel just fits. Else: the source's rescale, 16 bits.
 * Values above what signed 16 bits hold (a few sources use all 16) are written unsigned.
 */
export function chooseQuantisation({ slope, intercept, signed }: SourceRescale, { smallest, largest }: ValueRange, kind: Kind): Quantisation {
  if (kind === 'PT') {
    // PET has intercept 0 (C.8.9.4); a slope a slice is allowed.
    const fits = intercept === 0 && slope > 0 && largest <= 32_767 * slope;
    return { signed: true, slope: fits ? slope : asWritten(largest === 0 ? 1 : largest / 32_767), intercept: 0 };
  }
  const fitsSigned = (largest - intercept) / slope <= 32_767;
  if (kind === 'CT' && slope === 1 && Number.isInteger(intercept) && largest <= 32_767 && smallest >= -32_768) return { signed: true, slope: 1, intercept: 0 };
  return { signed: signed || (kind === 'CT' && fitsSigned), slope, intercept };
}

/** Whether the kind has a rescale of its own: CT, PET, DX and MG always; others where the source had one or the values need one. */
export function hasModalityRescale(kind: Kind, source: DataSet, quantisation: Quantisation): boolean {
  return ['CT', 'PT', 'DX', 'MG'].includes(kind) || source.has('RescaleSlope') || quantisation.slope !== 1 || quantisation.intercept !== 0;
}
