/** Window and level: presets on the number keys, the drag, and a sensible window where the file has none. */
import type { Frame } from '../frames/frame.ts';

export interface Voi {
  readonly center: number;
  readonly width: number;
  /** VOI LUT Function of a file's own window; LINEAR when left out. */
  readonly function?: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID' | undefined;
}
export interface Preset extends Voi {
  /** The number key. */
  readonly key: string;
  readonly name: string;
}

/** CT windows, width/level: lung 1500/−600, soft tissue 400/40, bone 2500/480, liver 150/90, brain 80/40, mediastinum 350/50, subdural 215/75, stroke 40/40, angiography 600/300. */
export const ctPresets: readonly Preset[] = [
  { key: '1', name: 'Lung', width: 1500, center: -600 },
  { key: '2', name: 'Soft tissue', width: 400, center: 40 },
  { key: '3', name: 'Bone', width: 2500, center: 480 },
  { key: '4', name: 'Liver', width: 150, center: 90 },
  { key: '5', name: 'Brain', width: 80, center: 40 },
  { key: '6', name: 'Mediastinum', width: 350, center: 50 },
  { key: '7', name: 'Subdural', width: 215, center: 75 },
  { key: '8', name: 'Stroke', width: 40, center: 40 },
  { key: '9', name: 'Angiography', width: 600, center: 300 },
];

/** Width is at least one unit (LINEAR needs it), a thousandth where values have no unit and lie in a small range. */
export function smallestWidth(range: number): number {
  return range > 20 ? 1 : Math.max(range / 1000, 1e-6);
}

/**
 * A drag of (dx, dy) screen pixels from the window it began with: right = wider, up = brighter (the centre falls).
 * One pixel is 1/500 of the image's range or of the width, whichever is smaller, so that a narrow window moves finely.
 */
export function dragWindow(start: Voi, dx: number, dy: number, range: number, reversed = false): Voi {
  const step = Math.max(Math.min(range, Math.max(start.width, range / 50) * 2) / 500, range / 5000, 1e-9);
  const width = Math.max(smallestWidth(range), start.width + dx * step);
  const center = start.center + (reversed ? -1 : 1) * dy * step;
  return { width: tidy(width, step), center: tidy(center, step), ...(start.function === undefined ? {} : { function: start.function }) };
}

/** Whole units where a step is about one or more: W 1500, not W 1499.8362. */
function tidy(value: number, step: number): number {
  if (step >= 0.2) return Math.round(value);
  const digits = Math.min(6, Math.ceil(-Math.log10(step)) + 1);
  return Number(value.toFixed(digits));
}

/** Window from the 1st to the 99th percentile of a frame's values, modality units. */
export function percentileWindow(frame: Frame, low = 0.01, high = 0.99): Voi {
  const step = Math.max(1, Math.floor(frame.values.length / 65_536));
  const sample: number[] = [];
  for (let i = 0; i < frame.values.length; i += step) {
    const value = frame.slope * (frame.values[i] as number) + frame.intercept;
    if (Number.isFinite(value)) sample.push(value);
  }
  sample.sort((a, b) => a - b);
  if (sample.length === 0) return { center: 0, width: 1 };
  const at = (share: number): number => sample[Math.min(sample.length - 1, Math.floor(share * sample.length))] as number;
  const from = at(low);
  const to = at(high);
  const range = (sample.at(-1) as number) - (sample[0] as number);
  return { center: (from + to) / 2, width: Math.max(smallestWidth(range), to - from) };
}

/** Digits after the point that W and L need to be told apart in steps of the drag. */
export function windowDigits(width: number): number {
  return width >= 20 ? 0 : width >= 2 ? 1 : width >= 0.2 ? 2 : 3;
}

/**
 * The linear window of the standard as centre and width of a plain ramp: LINEAR (PS3.3 C.11.2.1.2.1) is
 * ((x − (c − 0.5)) / (w − 1) + 0.5), which is the plain ramp about c − 0.5 with width w − 1. Widths of 1 and less (no unit) are plain already, and so is LINEAR_EXACT.
 */
export function linearRamp(voi: Voi): Voi {
  return voi.width > 1.5 && voi.function !== 'LINEAR_EXACT' ? { center: voi.center - 0.5, width: voi.width - 1 } : voi;
}
