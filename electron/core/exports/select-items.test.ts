import { expect, test } from 'vitest';
import { withoutCopies } from './select-items.ts';

const items = ['a', 'b', 'c', 'd'].map((itemId) => ({ itemId }));

test('of images with the same pixels the oldest is taken, in whatever order they were asked for', () => {
  expect(withoutCopies(items, [['a', 'c']]).map((one) => one.itemId)).toEqual(['a', 'b', 'd']);
  expect(withoutCopies([...items].reverse(), [['a', 'c']]).map((one) => one.itemId)).toEqual(['d', 'b', 'a']);
});

test('a copy stays where the other one is not in the choice', () => {
  expect(withoutCopies(items, [['z', 'c'], ['y', 'x']]).map((one) => one.itemId)).toEqual(['a', 'b', 'c', 'd']);
});
