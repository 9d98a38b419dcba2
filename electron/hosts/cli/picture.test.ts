import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { greyPicture, scaled, toPng } from './picture.ts';

const ramp = greyPicture(Float32Array.of(0, 100, 200, 300), 2, 2, { center: 150, width: 300, function: 'LINEAR_EXACT' });

test('a window maps its ends to black and white', () => {
  expect([...ramp.pixels]).toEqual([0, 85, 170, 255]);
});

test('unequal spacing becomes square pixels; a picture of the right size stays as it is', () => {
  expect(scaled(ramp, [1, 1], 1)).toBe(ramp);
  const stretched = scaled(ramp, [2, 1], 1);
  expect([stretched.rows, stretched.columns]).toEqual([4, 2]);
  expect([...stretched.pixels.filter((_, i) => i % 2 === 0)]).toEqual([0, 43, 128, 170]);
});

test('zoom keeps the corners and interpolates between', () => {
  const larger = scaled(ramp, null, 2);
  expect([larger.rows, larger.columns]).toEqual([4, 4]);
  expect([larger.pixels[0], larger.pixels[3], larger.pixels[12], larger.pixels[15]]).toEqual([0, 85, 170, 255]);
});

test('the mark is burnt in around the picture, which stays whole', () => {
  const plain = decode(toPng(ramp, null));
  expect([plain.width, plain.height, plain.channels, [...plain.data]]).toEqual([2, 2, 1, [0, 85, 170, 255]]);
  const marked = decode(toPng(ramp, 'AI'));
  expect(marked.channels).toBe(3);
  expect(marked.width).toBeGreaterThan(2);
  expect([...marked.data.slice(0, 3)]).toEqual([0xff, 0xb7, 0x4d]);
  const inside: number[] = [];
  for (let row = marked.height - 4; row < marked.height - 2; row += 1) for (let column = 2; column < 4; column += 1) inside.push(marked.data[(row * marked.width + column) * 3]!);
  expect(inside).toEqual([0, 85, 170, 255]);
});
