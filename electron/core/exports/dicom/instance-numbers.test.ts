import { describe, expect, test } from 'vitest';
import { instanceNumbersOf } from './instance-numbers.ts';

describe('Instance Numbers of an enhanced series', () => {
  const images = (...numbers: (number | null)[]) => numbers.map((instanceNumber) => ({ instanceNumber }));

  test('are the sources’ own, in the order of the stack', () => {
    expect(instanceNumbersOf(images(145, 144, 143))).toEqual([145, 144, 143]);
  });
  test('are counted when a source has none, half a one, or shares one', () => {
    expect(instanceNumbersOf(images(7, null, 9))).toEqual([1, 2, 3]);
    expect(instanceNumbersOf(images(7, 7.5, 9))).toEqual([1, 2, 3]);
    expect(instanceNumbersOf(images(7, 7, 9))).toEqual([1, 2, 3]);
  });
});
