import { expect, test } from 'vitest';
import { DataSet } from './data-set.ts';
import { applyLookupTable, expandSegments, lookUp, readLookupTable, readPalette } from './lookup-tables.ts';

function words(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 2);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setUint16(i * 2, value & 0xffff, true));
  return bytes;
}

function item(descriptor: readonly number[], data: Uint8Array): DataSet {
  return new DataSet().setBytes('LUTDescriptor', 'US', words(descriptor)).setBytes('LUTData', 'OW', data);
}

test('inputs outside a table take its first or last entry', () => {
  const table = readLookupTable(item([3, 10, 16], words([5, 700, 65_535])), false)!;
  expect([0, 10, 11, 12, 99].map((input) => lookUp(table, input))).toEqual([5, 5, 700, 65_535, 65_535]);
  expect([...applyLookupTable(Int16Array.of(-4, 11), table)]).toEqual([5, 700]);
});

test('the first input is signed where inputs are, whatever VR the descriptor has', () => {
  const bytes = item([2, -1024, 8], words([1, 2]));
  expect(readLookupTable(bytes, true)!.first).toBe(-1024);
  expect(readLookupTable(bytes, false)!.first).toBe(64_512);
});

test('8-bit entries may be packed two to a word', () => {
  expect([...readLookupTable(item([4, 0, 8], Uint8Array.of(1, 2, 3, 4)), false)!.values]).toEqual([1, 2, 3, 4]);
  expect([...readLookupTable(item([4, 0, 8], words([1, 2, 3, 4])), false)!.values]).toEqual([1, 2, 3, 4]);
});

test('0 entries are 65536, and a table that ends early goes on with its last entry', () => {
  const table = readLookupTable(item([0, 0, 16], words([7, 9])), false)!;
  expect([table.values.length, table.values[1], table.values[65_535]]).toEqual([65_536, 9, 9]);
});

test.each([[[], 'no descriptor'], [[4, 0], 'a short one']])('a table with %s is none (%s)', (descriptor) => {
  expect(readLookupTable(item(descriptor, words([1])), false)).toBeNull();
});

test('segments: a run, a line, and a reference to both', () => {
  // C.7.9.2 by hand: [10 20] discrete; line of 4 to 60 gives 30 40 50 60; reference of two segments at byte 0 repeats both, the line from 20 again.
  const data = words([0, 2, 10, 20, 1, 4, 60, 2, 2, 0, 0]);
  expect([...expandSegments(data, 12, 16)]).toEqual([10, 20, 30, 40, 50, 60, 10, 20, 30, 40, 50, 60]);
});

test('segments of 8-bit entries count and refer in bytes', () => {
  expect([...expandSegments(Uint8Array.of(0, 1, 100, 1, 2, 102, 2, 1, 0, 0, 0, 0), 4, 8)]).toEqual([100, 101, 102, 100]);
});

test.each([
  ['a line without a beginning', [1, 4, 60]],
  ['a reference without anything before', [2, 1, 0, 0]],
  ['an unknown kind', [3, 1, 1]],
  ['a run that ends early', [0, 9, 1]],
  ['a reference to itself', [0, 1, 5, 2, 1, 6, 0]],
  ['nothing', []],
])('%s is refused', (_name, data) => {
  expect(() => expandSegments(words(data), 16, 16)).toThrow(/colour table is damaged/);
});

test('a palette has its colours in the high byte, unless none is there', () => {
  const palette = (shift: number): number[] => {
    const dataset = new DataSet();
    ['Red', 'Green', 'Blue'].forEach((colour, i) => {
      dataset.setBytes(`${colour}PaletteColorLookupTableDescriptor`, 'US', words([2, 5, 16]));
      dataset.setBytes(`${colour}PaletteColorLookupTableData`, 'OW', words([0, (200 + i) * shift]));
    });
    return [...readPalette(dataset)!.colourOf(6)];
  };
  expect(palette(257)).toEqual([200, 201, 202]);
  expect(palette(1)).toEqual([200, 201, 202]);
});
