import { describe, expect, test } from 'vitest';
import { assembleSeries } from './assemble-series.ts';
import { DataSet } from '../data-set.ts';
import { describeImage } from '../header.ts';
import type { ImageHeader, StackInput } from '../types.ts';

interface Slice {
  readonly z?: number;
  readonly x?: number;
  readonly instance?: number;
  readonly orientation?: readonly number[];
  readonly rows?: number;
  readonly more?: (set: DataSet) => void;
}

let counter = 0;
function headerOf(slice: Slice): ImageHeader {
  counter += 1;
  const set = new DataSet()
    .setString('SOPClassUID', '1.2.840.10008.5.1.4.1.1.4').setString('SOPInstanceUID', `2.25.${counter}`).setString('SeriesInstanceUID', '2.25.7')
    .setString('Modality', 'MR').setString('ImageType', ['ORIGINAL', 'PRIMARY', 'OTHER'])
    .setNumber('Rows', slice.rows ?? 4).setNumber('Columns', 4).setNumber('PixelSpacing', [2, 1]).setNumber('InstanceNumber', slice.instance ?? counter)
    .setNumber('ImageOrientationPatient', slice.orientation ?? [1, 0, 0, 0, 1, 0]).setNumber('ImagePositionPatient', [slice.x ?? 0, 0, slice.z ?? 0]);
  slice.more?.(set);
  return describeImage({ meta: new DataSet(), dataset: set, transferSyntaxUid: '1.2.840.10008.1.2.1', notices: [], pixelDataSkipped: false });
}
const series = (slices: readonly Slice[]): StackInput[] => slices.map((slice, index) => ({ id: String(index), header: headerOf(slice), frame: 0 }));
const time = (position: number) => (set: DataSet): void => void set.setNumber('TemporalPositionIdentifier', position);

describe('a series becomes stacks', () => {
  test('in order of position, whatever instance numbers and file order say', () => {
    const { stacks, oddities } = assembleSeries(series([{ z: 4, instance: 1 }, { z: 0, instance: 3 }, { z: 2, instance: 2 }]));
    expect(stacks).toHaveLength(1);
    expect(stacks[0]!.images.map(({ id }) => id)).toEqual(['1', '2', '0']);
    expect(stacks[0]).toMatchObject({ spacingMm: [2, 2, 1], volume: true, timePoints: 1 });
    expect(oddities).toEqual([]);
  });

  test('gantry tilt is seen in the positions, not believed from the tag', () => {
    const { stacks, notices } = assembleSeries(series([0, 1, 2, 3].map((i) => ({ z: i * 5, x: i * 5 * Math.tan(Math.PI / 9) }))));
    expect(stacks[0]!.oddities).toEqual(['gantry-tilt']);
    expect(stacks[0]!.volume).toBe(false);
    expect(notices.join()).toContain('20.0°');
  });

  test('uneven spacing has no slice spacing', () => {
    const { stacks } = assembleSeries(series([0, 4, 8, 15, 22].map((z) => ({ z }))));
    expect(stacks[0]).toMatchObject({ spacingMm: [null, 2, 1], volume: false, oddities: ['uneven-spacing'] });
  });

  test('missing slices are counted', () => {
    const { stacks, notices } = assembleSeries(series([0, 1, 2, 5, 6].map((z) => ({ z }))));
    expect(stacks[0]).toMatchObject({ volume: false, oddities: ['missing-slices'] });
    expect(notices).toEqual(['2 slices of an otherwise even stack are missing.']);
  });

  test('time points come one after the other, each in order', () => {
    const slices = [0, 1, 2].flatMap((z) => [1, 2].map((t) => ({ z: z * 3, more: time(t) })));
    const { stacks } = assembleSeries(series(slices));
    expect(stacks[0]).toMatchObject({ timePoints: 2, volume: true, oddities: ['time-series'] });
    expect(stacks[0]!.images.map(({ timePoint, positionAlongNormalMm }) => [timePoint, positionAlongNormalMm])).toEqual([[0, 0], [0, 3], [0, 6], [1, 0], [1, 3], [1, 6]]);
  });

  test('echoes are stacks of their own', () => {
    const slices = [0, 1, 2].flatMap((z) => [5, 10].map((echo) => ({ z, more: (set: DataSet): void => void set.setNumber('EchoTime', echo) })));
    const { stacks } = assembleSeries(series(slices));
    expect(stacks.map(({ images, oddities }) => [images.length, oddities])).toEqual([[3, ['multi-echo']], [3, ['multi-echo']]]);
  });

  test('different orientations are different stacks', () => {
    const { stacks, oddities } = assembleSeries(series([{ z: 0 }, { z: 1 }, { z: 2 }, { orientation: [0, 1, 0, 0, 0, -1] }, { x: 1, orientation: [0, 1, 0, 0, 0, -1] }]));
    expect(stacks.map(({ images }) => images.length)).toEqual([3, 2]);
    expect(oddities).toEqual(['mixed-orientation']);
  });

  test('a localizer stays out of the slices', () => {
    const { stacks, oddities } = assembleSeries(series([...[0, 1, 2].map((z) => ({ z })), { z: 1, more: (set) => void set.setString('ImageType', ['ORIGINAL', 'PRIMARY', 'LOCALIZER']) }]));
    expect(stacks.map(({ images }) => images.length)).toEqual([3, 1]);
    expect(stacks[0]!.oddities).toEqual([]);
    expect(oddities).toContain('localizer');
  });

  test('the same instance twice counts once; another image at a place is kept beside', () => {
    const inputs = series([{ z: 0 }, { z: 1 }, { z: 2 }]);
    const twice = assembleSeries([...inputs, inputs[0]!]);
    expect(twice.stacks[0]!.images).toHaveLength(3);
    expect(twice.oddities).toEqual(['duplicates']);
    const beside = assembleSeries([...inputs, ...series([{ z: 1 }])]);
    expect(beside.stacks.map(({ images }) => images.length)).toEqual([3, 1]);
    expect(beside.oddities).toEqual(['duplicates']);
  });

  test('another object under a SOP Instance UID that is taken is left out whole, and said', () => {
    const [cine, other] = [30, 120].map((frames, at) => ({ ...headerOf({ rows: at === 0 ? 4 : 8 }), sopInstanceUid: '2.25.1', frames }));
    const inputs = [cine!, other!].flatMap((header, at) => Array.from({ length: header.frames }, (_, frame) => ({ id: `${at}:${frame}`, header, frame })));
    const { stacks, oddities, notices } = assembleSeries(inputs);
    expect(stacks.map(({ images }) => images.length)).toEqual([30]);
    expect(oddities).toContain('duplicates');
    expect(notices.join()).toMatch(/120 frames of another object \(8 × 4\) .* are left out/);
  });

  test('a whole series that came twice under other UIDs is copies, not time', () => {
    const { stacks, oddities, notices } = assembleSeries(series([0, 1, 2, 0, 1, 2].map((z) => ({ z: z * 2, instance: z + 1 }))));
    expect(stacks.map(({ images, timePoints, volume }) => [images.length, timePoints, volume])).toEqual([[3, 1, true], [3, 1, true]]);
    expect(oddities).toEqual(['duplicates']);
    expect(notices.join()).toMatch(/nothing says why/);
    // Numbered on, they are repetitions of a scan, or several versions of it: no time says which.
    const numbered = assembleSeries(series([0, 1, 2, 0, 1, 2].map((z, index) => ({ z: z * 2, instance: index + 1 }))));
    expect(numbered.oddities).toEqual(['time-series']);
    expect(numbered.notices.join()).toMatch(/differ in their numbers alone/);
    const coded = assembleSeries(series(['lossless', 'lossy 7:1'].flatMap((words, version) => [0, 1, 2].map((z) => ({ z: z * 2, instance: version * 3 + z, more: (set: DataSet) => void set.setString('DerivationDescription', words) })))));
    expect(coded.oddities).toEqual(['duplicates']);
    expect(coded.notices.join()).toMatch(/compressed or derived, not in time/);
  });

  test('thousands of copies of one image stay a few stacks', () => {
    const { stacks } = assembleSeries(series(Array.from({ length: 2000 }, () => ({ z: 0, instance: 1 }))));
    expect(stacks.length).toBeLessThanOrEqual(32);
    expect(stacks.reduce((sum, stack) => sum + stack.images.length, 0)).toBe(2000);
  });

  test('images that turn around an axis are one stack in order of their numbers', () => {
    const turned = Array.from({ length: 8 }, (_, i) => ({ instance: 8 - i, orientation: [Math.cos(i * 0.3), Math.sin(i * 0.3), 0, 0, 0, -1] }));
    const { stacks, oddities, notices } = assembleSeries(series(turned));
    expect(stacks).toHaveLength(1);
    expect(stacks[0]).toMatchObject({ volume: false, spacingMm: [null, 2, 1] });
    expect(stacks[0]!.images.map(({ id }) => id)).toEqual(['7', '6', '5', '4', '3', '2', '1', '0']);
    expect(oddities).toEqual(['mixed-orientation']);
    expect(notices.join()).toMatch(/order of their numbers/);
  });

  test('three crossing orientations with few images are a localizer, whatever it is called', () => {
    const planes = [[1, 0, 0, 0, 1, 0], [1, 0, 0, 0, 0, -1], [0, 1, 0, 0, 0, -1]];
    const { stacks, oddities } = assembleSeries(series(planes.map((orientation) => ({ orientation }))));
    expect(stacks).toHaveLength(3);
    expect(oddities).toEqual(['localizer', 'mixed-orientation']);
  });

  test('a segmentation that shows nothing in some slices misses none', () => {
    const segmentation = (set: DataSet): void => void set.setString('Modality', 'SEG');
    expect(assembleSeries(series([0, 1, 2, 9].map((z) => ({ z, more: segmentation })))).oddities).toEqual([]);
  });

  test('without positions there is no spacing, and no volume', () => {
    const { stacks } = assembleSeries(series([{ instance: 2, more: (set) => void set.delete('ImagePositionPatient') }, { instance: 1, more: (set) => void set.delete('ImagePositionPatient') }]));
    expect(stacks[0]).toMatchObject({ spacingMm: [null, 2, 1], volume: false, oddities: ['no-geometry'] });
    expect(stacks[0]!.images.map(({ id }) => id)).toEqual(['1', '0']);
  });
});

describe('stacks of one series are told apart in words', () => {
  const at = (z: number, more: (set: DataSet) => void): Slice => ({ z, more });
  const typed = (...type: string[]) => (set: DataSet): void => void set.setString('ImageType', ['ORIGINAL', 'PRIMARY', ...type]);
  const labels = (slices: readonly Slice[]): (string | undefined)[] => assembleSeries(series(slices)).stacks.map(({ label }) => label);

  test.each([
    ['by what is shown', [0, 1, 2].flatMap((z) => [at(z, typed('M_FFE', 'M', 'FFE')), at(z, typed('PHASE MAP', 'P', 'FFE'))]), ['magnitude', 'phase']],
    ['by echo', [0, 1, 2].flatMap((z) => [4.6, 9.2].map((echo) => at(z, (set) => void set.setNumber('EchoTime', echo)))), ['TE 4.6 ms', 'TE 9.2 ms']],
    ['by plane', [{ z: 0 }, { z: 1 }, { z: 2 }, { orientation: [0, 1, 0, 0, 0, -1] }], ['axial', 'sagittal']],
    ['by number, where nothing differs', [{ z: 0, instance: 1 }, { z: 1, instance: 2 }, { z: 2, instance: 3 }, { z: 1, instance: 2 }], ['(1 of 2)', '(2 of 2)']],
    ['by weighting, point by point, where it is the only stack', [0, 1, 2].flatMap((z) => [0, 1000, 1000].map((b, i) => at(z, (set) => void set.setNumber('DiffusionBValue', b).setNumber('InstanceNumber', z + 3 * i)))), ['b 0, 1000, 1000']],
    ['not at all, where there is one', [{ z: 0 }, { z: 1 }], [undefined]],
  ] as const)('%s', (_, slices, expected) => expect(labels(slices)).toEqual(expected));
});
