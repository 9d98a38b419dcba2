import { expect, test } from 'vitest';
import { withoutCopies } from './select-items.ts';

const items = ['a', 'b', 'c', 'd'].map((itemId) => ({ itemId }));

test('of images with the same pixels one is taken, the first that was asked for', () => {
  expect(withoutCopies(items, [['a', 'c']]).map((one) => one.itemId)).toEqual(['a', 'b', 'd']);
  expect(withoutCopies([...items].reverse(), [['a', 'c']]).map((one) => one.itemId)).toEqual(['d', 'c', 'b']);
});

test('a copy stays where the other one is not in the choice', () => {
  expect(withoutCopies(items, [['z', 'c'], ['y', 'x']]).map((one) => one.itemId)).toEqual(['a', 'b', 'c', 'd']);
});
