import { expect, test } from 'vitest';
import type { Decision } from '#contract';
import { askedForSlices, advance, afterDeciding, aheadOf, press } from './review-state.ts';

const items = (...decisions: (Decision | null)[]) => decisions.map((decision, i) => ({ itemId: `i${i}`, decision }));
const at = (itemId: string, rejecting = false, ended = false) => ({ itemId, rejecting, ended });

test('Enter accepts, and only when that is recorded the next image that nobody decided comes', () => {
  const queue = items(null, 'accepted', null);
  const outcome = press(at('i0'), queue, 'accept');
  expect(outcome).toEqual({ state: at('i0'), decide: { itemId: 'i0', decision: 'accepted' } });
  expect(advance(outcome.state, queue, { itemId: 'i0', decision: 'accepted' })).toEqual(at('i2'));
});

test('Backspace asks for a reason; a number gives it, Backspace leaves it out, Escape takes it back', () => {
  const asked = press(at('i0'), items(null, null), 'reject');
  expect(asked).toEqual({ state: at('i0', true), decide: null });
  expect(press(asked.state, items(null, null), { digit: 2 })).toEqual({ state: at('i0'), decide: { itemId: 'i0', decision: 'rejected', reason: 'lesion-wrong' } });
  expect(press(asked.state, items(null, null), 'reject').decide).toEqual({ itemId: 'i0', decision: 'rejected' });
  expect(press(asked.state, items(null, null), 'escape')).toEqual({ state: at('i0'), decide: null });
});

test('Enter inside the question for a reason decides nothing and says so; the question stays', () => {
  const outcome = press(at('i0', true), items('rejected'), 'accept');
  expect(outcome).toMatchObject({ state: at('i0', true), decide: null });
  expect(outcome.say).toMatch(/number/);
});

test('a number without a rejection decides nothing; one without a reason behind it says so', () => {
  expect(press(at('i0'), items(null), { digit: 1 })).toEqual({ state: at('i0'), decide: null });
  expect(press(at('i0', true), items(null), { digit: 9 })).toMatchObject({ state: at('i0', true), decide: null, say: 'There are 5 reasons, 1 to 5.' });
});

test('what was not on the screen long enough is not decided, but may be left or asked about', () => {
  for (const key of ['accept', 'unsure'] as const) {
    const outcome = press(at('i0'), items(null, null), key, false);
    expect(outcome.decide).toBeNull();
    expect(outcome.say).toMatch(/Press again/);
  }
  expect(press(at('i0'), items(null, null), 'reject', false).state.rejecting).toBe(true);
  expect(press(at('i0'), items(null, null), 'next', false).state.itemId).toBe('i1');
});

test('after the last decision the queue has ended: no key decides, ← goes back to the last image', () => {
  const queue = items('accepted', 'rejected', null);
  const ended = advance(at('i2'), queue, { itemId: 'i2', decision: 'accepted' });
  expect(ended).toEqual(at('i2', false, true));
  const all = items('accepted', 'rejected', 'accepted');
  for (const key of ['accept', 'reject', 'unsure', { digit: 1 }] as const) expect(press(ended, all, key)).toMatchObject({ state: ended, decide: null });
  expect(press(ended, all, 'previous').state).toEqual(at('i2'));
  expect(press(ended, all, 'first').state).toEqual(at('i0'));
});

test('arrows stop at the ends and forget a rejection that was not finished', () => {
  expect(press(at('i0', true), items(null, null), 'next').state).toEqual(at('i1'));
  expect(press(at('i1'), items(null, null), 'next').state.itemId).toBe('i1');
  expect(press(at('i0'), items(null, null), 'previous').state.itemId).toBe('i0');
});

test('at the end of the queue it goes back to what was left out; who changes a decision walks on', () => {
  expect(afterDeciding(items(null, 'accepted', null), 'i2')).toBe('i0');
  expect(afterDeciding(items('accepted', 'rejected', null), 'i2')).toBeNull();
  expect(afterDeciding(items('accepted', 'rejected', 'unsure'), 'i0')).toBe('i1');
  expect(afterDeciding(items('accepted', 'rejected', 'unsure'), 'i2')).toBeNull();
});

test('through a filter it walks image by image, decided or not', () => {
  expect(afterDeciding(items('unsure', 'unsure', null), 'i0', true)).toBe('i1');
  expect(afterDeciding(items(null, 'unsure'), 'i1', true)).toBeNull();
});

test('the next undecided images are made ready first', () => expect(aheadOf(items(null, 'accepted', null, null), 'i0')).toEqual(['i2', 'i3', 'i1']));

test('a series is asked about until its last slice was seen, a single image never', () => {
  expect(askedForSlices(16, 3)).toMatch(/^3 of 16 slices seen/);
  expect(askedForSlices(16, 16)).toBeNull();
  expect(askedForSlices(1, 0)).toBeNull();
});
