import { expect, test } from 'vitest';
import type { Decision } from '#contract';
import { afterDeciding, aheadOf, press } from './review-state.ts';

const items = (...decisions: (Decision | null)[]) => decisions.map((decision, i) => ({ itemId: `i${i}`, decision }));
const at = (itemId: string, rejecting = false) => ({ itemId, rejecting });

test('Enter accepts and goes to the next image that nobody decided', () => {
  expect(press(at('i0'), items(null, 'accepted', null), 'accept')).toEqual({ state: at('i2'), decide: { itemId: 'i0', decision: 'accepted' } });
});

test('Backspace asks for a reason; a number gives it, Backspace or Enter leaves it out, Escape takes it back', () => {
  const asked = press(at('i0'), items(null, null), 'reject');
  expect(asked).toEqual({ state: at('i0', true), decide: null });
  expect(press(asked.state, items(null, null), { digit: 2 })).toEqual({ state: at('i1'), decide: { itemId: 'i0', decision: 'rejected', reason: 'lesion-wrong' } });
  expect(press(asked.state, items(null, null), 'reject').decide).toEqual({ itemId: 'i0', decision: 'rejected' });
  expect(press(asked.state, items(null, null), 'accept').decide).toEqual({ itemId: 'i0', decision: 'rejected' });
  expect(press(asked.state, items(null, null), 'escape')).toEqual({ state: at('i0'), decide: null });
});

test('a number without a rejection, or without a reason behind it, decides nothing', () => {
  expect(press(at('i0'), items(null), { digit: 1 }).decide).toBeNull();
  expect(press(at('i0', true), items(null), { digit: 9 }).decide).toBeNull();
});

test('arrows stop at the ends and forget a rejection that was not finished', () => {
  expect(press(at('i0', true), items(null, null), 'next').state).toEqual(at('i1'));
  expect(press(at('i1'), items(null, null), 'next').state.itemId).toBe('i1');
  expect(press(at('i0'), items(null, null), 'previous').state.itemId).toBe('i0');
});

test('at the end of the queue it goes back to what was left out, and stays when all is decided', () => {
  expect(afterDeciding(items(null, 'accepted', null), 'i2')).toBe('i0');
  expect(afterDeciding(items('accepted', 'rejected', null), 'i2')).toBe('i2');
});

test('the next undecided images are made ready first', () => expect(aheadOf(items(null, 'accepted', null, null), 'i0')).toEqual(['i2', 'i3', 'i1']));
