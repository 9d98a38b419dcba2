/** Real values in 16 bits: one line for a whole item, so that its images stay comparable. */
import { invariant } from '#base';
import { ScanloomError } from '#contract';
import { roundHalfToEven } from '#dicom';
import type { ItemScale } from './format.ts';
import type { ExportSource } from './types.ts';

/** Lowest and highest value of all frames. @throws ScanloomError `export/invalid` for values that are no numbers */
export async function rangeOf(source: ExportSource): Promise<{ low: number; high: number }> {
  let low = Infinity;
  let high = -Infinity;
  for (let frame = 0; frame < source.item.frames; frame += 1) {
    const values = await frameOf(source, frame);
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return { low, high };
}

/** One frame, checked: the right size, finite throughout. @throws ScanloomError `export/invalid` */
export async function frameOf(source: ExportSource, frame: number): Promise<Float32Array> {
  const values = await source.frame(frame);
  const { rows, columns } = source.item;
  if (values.length !== rows * columns) throw new ScanloomError('export/invalid', `Image ${frame + 1} of an item has ${values.length} values where ${rows} × ${columns} belong.`);
  if (!values.every(Number.isFinite)) throw new ScanloomError('export/invalid', `Image ${frame + 1} of an item holds values that are no numbers.`, { hint: 'Run the job again; nothing was exported.' });
  return values;
}

/**
 * The line that 16 bits hold best. Synthetic images in 0…1 all get the same one, so that a training set needs no table; others the
 * range of their item: for CT that is about 0.06 HU a step.
 */
export function scaleFor(range: { low: number; high: number }, provenance: 'enhanced' | 'synthetic', unit: string): ItemScale {
  invariant(range.low <= range.high, 'a range goes upwards');
  if (provenance === 'synthetic' && range.low >= 0 && range.high <= 1) return { slope: 1 / 65535, intercept: 0, unit };
  if (range.low === range.high) return { slope: 1, intercept: range.low, unit };
  return { slope: (range.high - range.low) / 65535, intercept: range.low, unit };
}

/** Values as stored: rounded half to even, held inside 0…65535. */
export function toStored(values: Float32Array, scale: ItemScale): Uint16Array {
  const out = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i += 1) out[i] = Math.min(65535, Math.max(0, roundHalfToEven((values[i]! - scale.intercept) / scale.slope)));
  return out;
}
