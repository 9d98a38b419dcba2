import { expect, test } from 'vitest';
import { rgbOfCielab } from './cielab.ts';

// Second opinion: LittleCMS (Pillow's ImageCms, a Lab profile of D50 to sRGB, relative colorimetric), which has 8 bits for L*, a* and b*.
test.each([
  [[39_321, 40_606, 40_606], [203, 123, 93]], [[26_214, 30_326, 25_186], [34, 101, 143]], [[52_428, 35_466, 48_316], [239, 190, 81]], [[17_990, 43_176, 22_616], [98, 35, 128]],
  [[32_896, 32_896, 32_896], [119, 119, 119]], [[43_690, 26_728, 37_522], [125, 174, 128]],
])('CIELab %s is sRGB %s', (stored, expected) => {
  const rgb = rgbOfCielab(stored)!;
  expected.forEach((value, i) => expect(Math.abs(rgb[i]! - value)).toBeLessThanOrEqual(2));
});

test('fewer than three numbers are no colour', () => {
  expect(rgbOfCielab([1, 2])).toBeNull();
});
