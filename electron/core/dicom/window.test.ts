import { describe, expect, test } from 'vitest';
import { DataSet } from './data-set.ts';
import { describeImage } from './header.ts';
import { windowed } from './render.ts';
import type { ImageHeader } from './types.ts';
import { defaultWindow } from './window.ts';

function header(fill: (set: DataSet) => void): ImageHeader {
  const set = new DataSet().setNumber('BitsStored', 12).setNumber('BitsAllocated', 16);
  fill(set);
  return describeImage({ meta: new DataSet(), dataset: set, transferSyntaxUid: '1.2.840.10008.1.2.1', notices: [], pixelDataSkipped: false });
}

describe('the first window', () => {
  test('is the file’s own', () => {
    const own = header((set) => set.setString('Modality', 'CT').setNumber('WindowCenter', [35, -600]).setNumber('WindowWidth', [350, 1600]));
    expect(defaultWindow(own)).toMatchObject({ center: 35, width: 350 });
  });

  test.each([{ part: 'HEAD', center: 40, width: 80 }, { part: 'ABDOMEN', center: 40, width: 400 }, { part: '', center: 40, width: 400 }])('of CT of “$part” without one is $width / $center', ({ part, center, width }) => {
    expect(defaultWindow(header((set) => set.setString('Modality', 'CT').setString('BodyPartExamined', part)))).toMatchObject({ center, width });
  });

  test('of MR is from the 1st to the 99th percentile', () => {
    const values = Float32Array.from({ length: 1001 }, (_, i) => i);
    expect(defaultWindow(header((set) => set.setString('Modality', 'MR')), values)).toEqual({ center: 500, width: 980 });
  });

  test('an unusable width in the file is not used', () => {
    const broken = header((set) => set.setString('Modality', 'CT').setNumber('WindowCenter', 40).setNumber('WindowWidth', 0));
    expect(defaultWindow(broken)).toMatchObject({ width: 400 });
  });
});

describe('greys (PS3.3 C.11.2.1.2.1)', () => {
  // The standard's own example: c = 2048, w = 4096 shows a 12-bit image as it is.
  test.each([[0, 0], [4095, 255], [-10, 0], [5000, 255]])('%i is %i in window 4096 / 2048', (value, grey) => expect(windowed(value, { center: 2048, width: 4096 })).toBeCloseTo(grey, 6));
  test('LINEAR_EXACT and SIGMOID have their middle at the centre', () => {
    expect(windowed(100, { center: 100, width: 50, function: 'LINEAR_EXACT' })).toBeCloseTo(127.5, 6);
    expect(windowed(100, { center: 100, width: 50, function: 'SIGMOID' })).toBeCloseTo(127.5, 6);
  });
});
