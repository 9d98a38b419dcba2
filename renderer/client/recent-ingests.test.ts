import { expect, test } from 'vitest';
import { withRecent } from './recent-ingests.ts';

test('the newest reading is last, each once, three at most', () => {
  expect(withRecent(['a', 'b'], 'b')).toEqual(['a', 'b']);
  expect(withRecent(['a', 'b'], 'a')).toEqual(['b', 'a']);
  expect(withRecent(['a', 'b', 'c'], 'd')).toEqual(['b', 'c', 'd']);
});
