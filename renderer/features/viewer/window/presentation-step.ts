/** How a presentation state comes from stored values to those that its windows and tables hold for, in place of the image's own way (PS3.4 N.2.1.1). Pure. */
import type { LookupTable, PresentationState } from '#contract';

export interface ModalityStep {
  /** Equal where the step is. */
  readonly key: string;
  /** From a modality value of the image to one of the presentation state. */
  readonly apply: (value: number) => number;
  /** What the values are measured in then; '' where the state does not say. */
  readonly unit: string;
}

/** Values of Rescale Type and Modality LUT Type that are no unit. */
const unspecified = new Set(['US', 'NONE', '']);

/**
 * @param own The image's own step, which its frame's values have been through.
 * @returns null where the state leads to the same values as the image itself, or to values that cannot be reached from them (a slope of 0).
 */
export function stepOf(modality: PresentationState['modality'], own: { readonly slope: number; readonly intercept: number }): ModalityStep | null {
  if (own.slope === 0) return null;
  const stored = (value: number): number => (value - own.intercept) / own.slope;
  if (modality === null) return own.slope === 1 && own.intercept === 0 ? null : { key: `stored ${own.slope} ${own.intercept}`, apply: stored, unit: '' };
  if ('table' in modality) {
    const { table } = modality;
    const look = lookUp(table);
    return { key: `table ${own.slope} ${own.intercept} ${tableKey(table)}`, apply: (value) => look(Math.round(stored(value))), unit: '' };
  }
  const { slope, intercept, type } = modality;
  if (slope === own.slope && intercept === own.intercept) return null;
  return { key: `linear ${own.slope} ${own.intercept} ${slope} ${intercept}`, apply: (value) => slope * stored(value) + intercept, unit: unspecified.has(type) ? '' : type };
}

/** Output of a table; inputs outside take its first or last value. */
export function lookUp({ first, values }: LookupTable): (input: number) => number {
  const last = values.length - 1;
  return (input) => values[Math.max(0, Math.min(last, input - first))] ?? 0;
}

/** A presentation table on grey from 0 to 1: its entries spread over the whole range (PS3.3 C.11.6.1.1). */
export function presentationTable(table: LookupTable): (grey: number) => number {
  const { values, bits } = table;
  const most = 2 ** bits - 1;
  return (grey) => (values[Math.round(Math.max(0, Math.min(1, grey)) * (values.length - 1))] ?? 0) / most;
}

const keys = new WeakMap<LookupTable, string>();

/** Short, and another one for another table. */
export function tableKey(table: LookupTable): string {
  const known = keys.get(table);
  if (known !== undefined) return known;
  const { explanation, first, bits, values } = table;
  const key = `${explanation} ${first} ${bits} ${values.length} ${values.reduce((sum, value, i) => (sum + value * (i + 1)) % 4294967291, 0)}`;
  keys.set(table, key);
  return key;
}
