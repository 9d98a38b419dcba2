import { expect, test } from 'vitest';
import { DataSet } from './data-set.ts';
import { imageParts, ultrasoundRegions } from './image-parts.ts';

interface Region {
  readonly format?: number;
  readonly units?: readonly [number, number];
  readonly delta?: readonly [number, number];
  readonly box?: readonly [number, number, number, number];
}

function region({ format = 1, units = [3, 3], delta = [0.025476696592378157, 0.025476696592378157], box = [14, 38, 1010, 758] }: Region): DataSet {
  return new DataSet()
    .setNumber('RegionSpatialFormat', format).setNumber('RegionLocationMinX0', box[0]).setNumber('RegionLocationMinY0', box[1]).setNumber('RegionLocationMaxX1', box[2]).setNumber('RegionLocationMaxY1', box[3])
    .setNumber('PhysicalUnitsXDirection', units[0]).setNumber('PhysicalUnitsYDirection', units[1]).setNumber('PhysicalDeltaX', delta[0]).setNumber('PhysicalDeltaY', delta[1]);
}
const regions = (...given: Region[]) => ultrasoundRegions(new DataSet().setSequence('SequenceOfUltrasoundRegions', given.map(region)), 768, 1024);

// The figures of JPGLosslessP14SV1_1s_1f_8b.dcm (pydicom-data).
test('centimetres a pixel become millimetres, [row, column]', () => {
  const [found] = regions({});
  expect(found).toMatchObject({ left: 14, top: 38, right: 1010, bottom: 758 });
  expect(found!.spacingMm![0]).toBeCloseTo(0.25476696592378157, 12);
});

test('each axis has its own delta, and a sign only says where it leads', () => {
  expect(regions({ delta: [-0.02, 0.03] })[0]!.spacingMm).toEqual([expect.closeTo(0.3, 12), expect.closeTo(0.2, 12)]);
});

test.each<[string, Region]>([
  ['M-mode: one axis is time', { format: 2, units: [4, 3] }], ['a spectrum', { format: 3, units: [4, 7] }], ['an axis without a unit', { units: [3, 0] }], ['no delta', { delta: [0.02, 0] }],
  ['a region that reaches out of a picture that was made smaller', { box: [120, 60, 1200, 518] }],
])('no scale: %s', (_name, given) => expect(regions(given)).toMatchObject([{ spacingMm: null }]));

test('graphics, boxes turned round and what lies outside are no regions', () => {
  expect(regions({ format: 5 }, { format: 0 }, { box: [10, 10, 10, 20] }, { box: [2000, 10, 3000, 20] })).toEqual([]);
});

test('a mosaic says how many slices it holds, where its maker’s block is there', () => {
  const sheet = (): DataSet => new DataSet().setString('ImageType', ['ORIGINAL', 'PRIMARY', 'M', 'ND', 'MOSAIC']);
  const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
  expect(imageParts(sheet().set({ tag: '00190010', vr: 'LO', value: ascii('SIEMENS MR HEADER ') }).set({ tag: '0019100a', vr: 'US', value: Uint8Array.of(36, 0) }), 384, 384)).toEqual({ tiles: 36 });
  expect(imageParts(sheet().set({ tag: '00190010', vr: 'LO', value: ascii('Anon') }).set({ tag: '0019100a', vr: 'US', value: Uint8Array.of(36, 0) }), 384, 384)).toEqual({});
  expect(imageParts(new DataSet(), 384, 384)).toEqual({});
});
