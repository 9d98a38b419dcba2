/** Modality values → stored values of 16 bits: rounded half to even, clamped, with a rescale that loses nothing the source had. */
import { ScanloomError } from '#contract/errors';
import { formatDecimalString } from './values.ts';

export interface Quantisation {
  readonly signed: boolean;
  /** As written: a decimal string of at most 16 characters, read back as a number. */
  readonly slope: number;
  readonly intercept: number;
}

export interface QuantisedImage {
  readonly stored: Uint16Array | Int16Array;
  readonly smallest: number;
  readonly largest: number;
  /** Values that did not fit and were clamped. */
  readonly clamped: number;
}

/** Rounds half to even (IEEE 754), as NumPy and the engine do. */
export function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest < 0.5) return floor;
  if (rest > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The number that a reader gets from the decimal string that is written for it. */
export function asWritten(value: number): number {
  return Number(formatDecimalString(value));
}

/**
 * @param values In modality units; every one finite.
 * @throws {ScanloomError} `export/invalid` when a value is not a number.
 */
export function quantise(values: Float32Array, quantisation: Quantisation): QuantisedImage {
  const { signed, slope, intercept } = quantisation;
  const low = signed ? -32_768 : 0;
  const high = signed ? 32_767 : 65_535;
  const stored = signed ? new Int16Array(values.length) : new Uint16Array(values.length);
  let smallest = high;
  let largest = low;
  let clamped = 0;
  for (let i = 0; i < values.length; i += 1) {
    const exact = (values[i]! - intercept) / slope;
    if (!Number.isFinite(exact)) throw new ScanloomError('export/invalid', 'An image holds values that are no numbers.', { details: { pixel: i } });
    const rounded = roundHalfToEven(exact);
    const value = Math.min(high, Math.max(low, rounded));
    if (value !== rounded) clamped += 1;
    stored[i] = value;
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  return { stored, smallest, largest, clamped };
}
