import { expect, test } from 'vitest';
import { mayLeave, withoutCopies } from './select-items.ts';

const items = ['a', 'b', 'c', 'd'].map((itemId) => ({ itemId }));

test('of images with the same pixels the oldest is taken, in whatever order they were asked for', () => {
  expect(withoutCopies(items, [['a', 'c']]).map((one) => one.itemId)).toEqual(['a', 'b', 'd']);
  expect(withoutCopies([...items].reverse(), [['a', 'c']]).map((one) => one.itemId)).toEqual(['d', 'b', 'a']);
});

test('a copy stays where the other one is not in the choice', () => {
  expect(withoutCopies(items, [['z', 'c'], ['y', 'x']]).map((one) => one.itemId)).toEqual(['a', 'b', 'c', 'd']);
});

test('rejected items stay, whatever made them; enhanced series leave without a decision, synthetic images do not', () => {
  const decisions = [null, 'unsure', 'accepted', 'rejected'] as const;
  const leave = (provenance: 'enhanced' | 'synthetic', undecided: boolean) => decisions.map((decision) => mayLeave({ provenance, decision }, undecided));
  expect(leave('enhanced', false)).toEqual([true, true, true, false]);
  expect(leave('enhanced', true)).toEqual([true, true, true, false]);
  expect(leave('synthetic', false)).toEqual([false, false, true, false]);
  expect(leave('synthetic', true)).toEqual([true, true, true, false]);
});
