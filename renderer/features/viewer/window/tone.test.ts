import { expect, test } from 'vitest';
import { colourMapNames, greyOf, paletteOf, toneOf } from './tone.ts';

test('the three functions of the standard at their centre and edges', () => {
  const window = { center: 100, width: 50 };
  const at = (f: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID', value: number) => greyOf({ ...window, function: f }, null)(value);
  expect([at('LINEAR', 99.5), at('LINEAR_EXACT', 100), at('SIGMOID', 100)]).toEqual([0.5, 0.5, 0.5]);
  expect([at('LINEAR', 75), at('LINEAR', 124)]).toEqual([0, 1]);
  expect([at('LINEAR_EXACT', 75), at('LINEAR_EXACT', 125)]).toEqual([0, 1]);
  // 1 / (1 + e^(-4·25/50))
  expect(at('SIGMOID', 125)).toBeCloseTo(0.880797, 6);
});

test('a table goes from its first value on, and holds its ends', () => {
  const grey = greyOf({ center: 0, width: 1 }, { explanation: '', first: -2, bits: 12, values: [0, 4095, 2048] });
  expect([-9, -2, -1, 0, 7].map(grey)).toEqual([0, 0, 1, 2048 / 4095, 2048 / 4095]);
});

test('a plain window needs no tone; a colour map, a sigmoid or a table does', () => {
  expect(toneOf({ center: 0, width: 10 }, null, 'grey', false)).toBeNull();
  expect(toneOf({ center: 0, width: 10, function: 'LINEAR_EXACT' }, null, 'grey', false)).toBeNull();
  expect(toneOf({ center: 0, width: 10, function: 'SIGMOID' }, null, 'grey', false)).not.toBeNull();
  expect(toneOf({ center: 0, width: 10 }, null, 'hot-iron', false)).not.toBeNull();
});

test.each(colourMapNames)('%s grows in lightness from end to end', (map) => {
  const palette = paletteOf(map);
  const light = Array.from({ length: 256 }, (_v, i) => 0.2126 * palette[i * 3]! + 0.7152 * palette[i * 3 + 1]! + 0.0722 * palette[i * 3 + 2]!);
  for (let i = 1; i < 256; i += 1) expect(light[i]).toBeGreaterThanOrEqual(light[i - 1]! - 1);
  expect(light[255]! - light[0]!).toBeGreaterThan(150);
});
