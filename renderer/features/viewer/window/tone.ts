/**
 * From modality values to what a screen shows, where a plain window does not say it: the standard's three VOI functions (PS3.3 C.11.2.1.2, C.11.2.1.3),
 * VOI tables (C.11.2.1.1), and colours for maps. Pure.
 */
import type { LookupTable } from '#contract';
import { presentationTable, tableKey } from './presentation-step.ts';
import type { ModalityStep } from './presentation-step.ts';
import type { Voi } from './window.ts';

/** Maps of colours for values that are no anatomy. Each grows steadily in lightness, so that order can be seen without hue. */
export const colourMaps = {
  grey: { name: 'Grey', stops: [[0, 0, 0], [255, 255, 255]] },
  'hot-iron': { name: 'Hot iron', stops: [[0, 0, 0], [128, 0, 0], [255, 0, 0], [255, 128, 0], [255, 255, 255]] },
  'blue-yellow': { name: 'Blue to yellow', stops: [[0, 20, 60], [40, 66, 110], [110, 110, 115], [170, 160, 100], [255, 232, 70]] },
  'violet-green': { name: 'Violet to green', stops: [[40, 0, 70], [70, 50, 130], [40, 120, 140], [60, 185, 110], [245, 230, 60]] },
} as const satisfies Readonly<Record<string, { name: string; stops: readonly (readonly [number, number, number])[] }>>;
export type ColourMap = keyof typeof colourMaps;
export const colourMapNames = Object.keys(colourMaps) as ColourMap[];

/** 256 colours, red, green, blue. */
export function paletteOf(map: ColourMap): Uint8ClampedArray {
  const { stops } = colourMaps[map];
  const out = new Uint8ClampedArray(256 * 3);
  for (let i = 0; i < 256; i += 1) {
    const at = (i / 255) * (stops.length - 1);
    const from = Math.min(stops.length - 2, Math.floor(at));
    for (let c = 0; c < 3; c += 1) {
      const a = stops[from]?.[c] ?? 0;
      out[i * 3 + c] = a + (at - from) * ((stops[from + 1]?.[c] ?? 0) - a);
    }
  }
  return out;
}

/** Grey of 0…1 for a value in modality units. */
export function greyOf(voi: Voi, table: LookupTable | null): (value: number) => number {
  if (table) {
    const { first, values, bits } = table;
    const most = 2 ** bits - 1;
    const last = values.length - 1;
    return (value) => (values[Math.max(0, Math.min(last, Math.round(value) - first))] ?? 0) / most;
  }
  const { center, width } = voi;
  switch (voi.function) {
    case 'SIGMOID':
      return (value) => 1 / (1 + Math.exp((-4 * (value - center)) / width));
    case 'LINEAR_EXACT':
      return (value) => clamp((value - center) / width + 0.5);
    default:
      return width > 1.5 ? (value) => clamp((value - (center - 0.5)) / (width - 1) + 0.5) : (value) => clamp((value - center) / width + 0.5);
  }
}

function clamp(share: number): number {
  return share < 0 ? 0 : share > 1 ? 1 : share;
}

/** How a frame is drawn when a plain window is not enough. `key` is equal where the drawing is. */
export interface Tone {
  readonly key: string;
  readonly grey: (value: number) => number;
  readonly palette: Uint8ClampedArray;
  readonly invert: boolean;
}

/**
 * Null where the library's own linear window draws the same.
 * @param step Before the window: a presentation state's own modality step. @param last After it: its presentation table.
 */
export function toneOf(voi: Voi, table: LookupTable | null, map: ColourMap, invert: boolean, step: ModalityStep | null = null, last: LookupTable | null = null): Tone | null {
  if (table === null && map === 'grey' && voi.function !== 'SIGMOID' && step === null && last === null) return null;
  const key = JSON.stringify([table ? tableKey(table) : [voi.center, voi.width, voi.function], map, invert, step?.key, last && tableKey(last)]);
  const window = greyOf(voi, table);
  const shown = step === null ? window : (value: number): number => window(step.apply(value));
  const end = last === null ? null : presentationTable(last);
  return { key, grey: end === null ? shown : (value) => end(shown(value)), palette: paletteOf(map), invert };
}
