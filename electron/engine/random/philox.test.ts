import { expect, test } from 'vitest';
import { philox4x32, philoxNormals } from './philox.ts';

// Known answers published with Random123 (tests/kat_vectors, philox4x32 10).
test.each([
  { name: 'all zero', counter: [0, 0, 0, 0], key: [0, 0], expected: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
  { name: 'all one', counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], key: [0xffffffff, 0xffffffff], expected: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd] },
  { name: 'digits of pi', counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], key: [0xa4093822, 0x299f31d0], expected: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1] },
] as const)('known answer: $name', ({ counter, key, expected }) => {
  expect(philox4x32([...counter], [...key])).toEqual(expected);
});

test('normals have mean 0, variance 1, kurtosis 3, and pairs are not correlated', () => {
  const x = philoxNormals(1, 0, 1 << 18);
  const mean = (f: (v: number, i: number) => number): number => x.reduce((sum, v, i) => sum + f(v, i), 0) / x.length;
  expect(Math.abs(mean((v) => v))).toBeLessThan(0.01);
  expect(Math.abs(mean((v) => v * v) - 1)).toBeLessThan(0.01);
  expect(Math.abs(mean((v) => v ** 4) - 3)).toBeLessThan(0.06);
  expect(Math.abs(mean((v, i) => v * (x[i ^ 1] ?? 0)))).toBeLessThan(0.01);
});

test('a longer call begins with the same values, and another item or seed is another stream', () => {
  const long = philoxNormals(7, 3, 1001);
  expect(philoxNormals(7, 3, 10)).toEqual(long.slice(0, 10));
  expect(philoxNormals(7, 4, 10)).not.toEqual(long.slice(0, 10));
  expect(philoxNormals(8, 3, 10)).not.toEqual(long.slice(0, 10));
});

// Written down by models/training/philox.py: normal(20261121, 5, 9) as float32 bits.
test('the values of the training recipe, to the bit', () => {
  expect([...new Uint32Array(philoxNormals(20261121, 5, 9).buffer)]).toEqual([1069512668, 1039522099, 1031940518, 3204352647, 1040485539, 1075001682, 1055659413, 3216312283, 1054880974]);
});

test('a key word that is no uint32 is refused', () => {
  expect(() => philoxNormals(2 ** 32, 0, 4)).toThrow('uint32');
  expect(() => philoxNormals(1, -1, 4)).toThrow('uint32');
  expect(() => philoxNormals(1, 0.5, 4)).toThrow('uint32');
});
