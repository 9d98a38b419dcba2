import { describe, expect, test } from 'vitest';
import { interleaved, settleUnusedBits } from './samples.ts';

describe('unused bits', () => {
  test.each([
    { samples: Uint16Array.of(0xf123, 0x0fff, 0xffff), bits: 12, expected: [0x123, 0xfff, 0xfff] },
    { samples: Int16Array.of(0x0800, 0x07ff, 0x7fff, -1), bits: 12, expected: [-2048, 2047, -1, -1] },
    { samples: Uint8Array.of(0xff, 0x80, 0x7f, 1, 0xfe), bits: 7, expected: [0x7f, 0, 0x7f, 1, 0x7e] },
    { samples: Int8Array.of(0x0f, 0x07, 0x7f), bits: 4, expected: [-1, 7, -1] },
    { samples: Uint32Array.of(0xff00_0001, 0xffff_ffff), bits: 24, expected: [1, 0xff_ffff] },
    { samples: Int32Array.of(0x0080_0000, 5), bits: 24, expected: [-0x80_0000, 5] },
    { samples: Uint32Array.of(0xffff_ffff), bits: 32, expected: [0xffff_ffff] },
    { samples: Float32Array.of(1.5, -2), bits: 32, expected: [1.5, -2] },
  ])('$samples of $bits bits', ({ samples, bits, expected }) => {
    settleUnusedBits(samples, bits);
    expect([...samples]).toEqual(expected);
  });

  test('in a view that does not begin at a word', () => {
    const all = Uint16Array.of(0xffff, 0xf001, 0xf002, 0xf003);
    settleUnusedBits(all.subarray(1), 12);
    expect([...all]).toEqual([0xffff, 1, 2, 3]);
  });
});

test.each([Uint8Array, Uint16Array, Uint32Array])('planes become pixels in %o', (Kind) => {
  expect([...interleaved(Kind.of(1, 2, 3, 4, 5, 6), 3)]).toEqual([1, 3, 5, 2, 4, 6]);
});
