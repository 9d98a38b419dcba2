import { expect, test } from 'vitest';
import { namePattern, nextName } from './copy-name.ts';

test('each copy has a name of its own', () => {
  expect(nextName('deidentified-2026-11-21-17-49')).toBe('deidentified-2026-11-21-17-49.2');
  expect(nextName('a.2')).toBe('a.3');
  expect(nextName('a.9')).toBe('a.10');
  expect(namePattern.test(nextName('x'.repeat(80)))).toBe(true);
  expect(nextName('x'.repeat(80))).toHaveLength(80);
});
