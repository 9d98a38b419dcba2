import { expect, test } from 'vitest';
import { bestMatches, matchScore } from './match.ts';

test('every word typed must be there, word starts count more', () => {
  expect(matchScore('Chest CT · Doe, Peter', 'doe chest')).toBeGreaterThan(0);
  expect(matchScore('Chest CT', 'chest mr')).toBe(0);
  expect(matchScore('Review', 'rev')).toBeGreaterThan(matchScore('Preview', 'rev'));
});

test('the best comes first, equals keep their order, and the list is bounded', () => {
  const entries = [{ label: 'Preview' }, { label: 'Review' }, { label: 'Revise' }];
  expect(bestMatches(entries, 'rev').map((one) => one.label)).toEqual(['Review', 'Revise', 'Preview']);
  expect(bestMatches(entries, '', 2)).toHaveLength(2);
});
