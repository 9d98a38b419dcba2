import { expect, test } from 'vitest';
import { largestOf, outlineOf } from './mask-shapes.ts';

const length = (pieces: Float32Array): number => {
  let sum = 0;
  for (let i = 0; i < pieces.length; i += 4) sum += Math.abs(pieces[i + 2]! - pieces[i]!) + Math.abs(pieces[i + 3]! - pieces[i + 1]!);
  return sum;
};

test('a block has four straight sides on the edges of its pixels', () => {
  // Two by two pixels in the middle of four by four.
  const mask = Uint8Array.of(0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0);
  expect([...outlineOf(mask, 4, 4)]).toEqual([1, 1, 3, 1, 1, 3, 3, 3, 1, 1, 1, 3, 3, 1, 3, 3]);
});

test('a hole has an outline of its own, and a mask at the border is closed there', () => {
  const ring = Uint8Array.of(1, 1, 1, 1, 0, 1, 1, 1, 1);
  expect(length(outlineOf(ring, 3, 3))).toBe(12 + 4);
});

test('a fractional mask is outlined at its threshold', () => {
  expect(length(outlineOf(Uint8Array.of(100, 128, 255), 1, 3, 128))).toBe(6);
  expect(largestOf(Uint8Array.of(3, 200, 9))).toBe(200);
});
