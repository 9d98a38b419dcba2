import { expect, test } from 'vitest';
import { chordOf, findBinding, keyCap } from './keys.ts';
import { parsePlace, placeAddress } from './route.ts';

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

test.each([
  [{ ...plain, key: 'r' }, 'R'],
  [{ ...plain, key: 'H', shiftKey: true }, 'Shift+H'],
  [{ ...plain, key: '?', shiftKey: true }, '?'],
  [{ ...plain, key: 'ArrowUp', shiftKey: true }, 'Shift+ArrowUp'],
  [{ ...plain, key: 'k', metaKey: true }, 'Ctrl+K'],
  [{ ...plain, key: '&', code: 'Digit1' }, '1'],
  [{ ...plain, key: ' ' }, 'Space'],
  [{ ...plain, key: 'Dead', code: 'Backquote' }, 'Backquote'],
])('%o is %s', (event, chord) => expect(chordOf(event)).toBe(chord));

test('the newest table answers first, and a text field keeps its keys', () => {
  const screen = [{ keys: ['U'], does: 'unsure', run: () => {}, overLists: true }, { keys: ['R'], does: 'rotate', run: () => {} }, { keys: ['Ctrl+K'], does: 'find', run: () => {}, inText: true }];
  const dialog = [{ keys: ['R'], does: 'other', run: () => {} }];
  expect(findBinding([screen, dialog], 'R', 'page')?.does).toBe('other');
  expect(findBinding([screen], 'R', 'text')).toBeUndefined();
  expect(findBinding([screen], 'Ctrl+K', 'text')?.does).toBe('find');
  // A list of choices would jump to an entry that begins with the letter.
  expect(findBinding([screen], 'U', 'list')?.does).toBe('unsure');
  expect(findBinding([screen], 'U', 'text')).toBeUndefined();
  expect(findBinding([screen], 'R', 'list')).toBeUndefined();
});

test('chords as printed on caps', () => expect(keyCap('Shift+ArrowUp')).toBe('Shift ↑'));

test('an address and its place are each other', () => {
  const address = placeAddress('view', ['1.2.3'], { item: 'a b', other: undefined });
  expect(parsePlace(address)).toEqual({ screen: 'view', rest: ['1.2.3'], query: { item: 'a b' } });
  expect(parsePlace('').screen).toBe('studies');
});
