import { expect, test } from 'vitest';
import { DataSet } from './data-set.ts';
import { overlayBits, overlayPlanes } from './overlays.ts';

function withPlane(extra: (dataset: DataSet) => DataSet): DataSet {
  const dataset = new DataSet()
    .setNumber('Rows', 3).setNumber('Columns', 5).setNumber('BitsAllocated', 16).setNumber('BitsStored', 12).setNumber('HighBit', 11).setNumber('SamplesPerPixel', 1)
    .setNumber('60020010', 3).setNumber('60020011', 5).setString('60020040', 'R').setString('60020022', 'Liver', 'LO');
  return extra(dataset);
}

test('bits run on across rows, the least significant first', () => {
  const dataset = withPlane((plain) => plain.setNumber('60020050', [2, -1], 'SS').setBytes('60023000', 'OW', Uint8Array.of(0b0010_0001, 0b0100_0000)));
  expect(overlayPlanes(dataset)).toEqual([{ group: 0x6002, type: 'roi', label: '', description: 'Liver', rows: 3, columns: 5, origin: [-2, 1], embedded: false }]);
  expect([...overlayBits(dataset, 0x6002, 7)!]).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
});

test('several frames begin at their image frame', () => {
  const dataset = withPlane((plain) => plain.setString('60020015', '2', 'IS').setNumber('60020051', 3, 'US').setBytes('60023000', 'OW', Uint8Array.of(0, 0x80, 0x40, 0)));
  expect(overlayBits(dataset, 0x6002, 1)).toBeNull();
  expect(overlayBits(dataset, 0x6002, 2)!.indexOf(1)).toBe(-1);
  expect(overlayBits(dataset, 0x6002, 3)!.indexOf(1)).toBe(0);
  expect(overlayBits(dataset, 0x6002, 4)).toBeNull();
});

test('unused bits of the pixels hold a plane', () => {
  const pixels = new Uint8Array(30);
  pixels[2 * 7 + 1] = 0x10;
  const dataset = withPlane((plain) => plain.setNumber('60020100', 16, 'US').setNumber('60020102', 12, 'US').setBytes('PixelData', 'OW', pixels));
  expect(overlayPlanes(dataset)[0]!.embedded).toBe(true);
  expect(overlayBits(dataset, 0x6002, 0)!.reduce<number[]>((set, bit, i) => (bit === 1 ? [...set, i] : set), [])).toEqual([7]);
});

test('a plane that ends early, and one that is not there, are refused', () => {
  const dataset = withPlane((plain) => plain.setBytes('60023000', 'OW', Uint8Array.of(1)));
  expect(() => overlayBits(withPlane((plain) => plain.setNumber('Rows', 3).setBytes('60023000', 'OW', Uint8Array.of())), 0x6002, 0)).toThrow(/no such overlay/);
  expect(() => overlayBits(dataset.setNumber('60020010', 300), 0x6002, 0)).toThrow(/ends before/);
});
