import { expect, test } from 'vitest';
import { bytes, count, dicomDate, duration, millimetres, number, personName } from './format.ts';

test.each([
  [-0.04, 1, '0.0'],
  [-540.8, 1, '−540.8'],
  [12, 0, '12'],
  [Number.NaN, 0, '–'],
])('number %d with %d decimals is %s', (value, digits, text) => expect(number(value, digits)).toBe(text));

test('millimetres down to microscopy', () => expect([0.781, 5, 0.00025, 0].map(millimetres)).toEqual(['0.78', '5.00', '0.00025', '0.00']));

test('sizes, times and counts read like speech', () => {
  expect([bytes(999), bytes(42_000_000), bytes(3_200_000_000)]).toEqual(['999 B', '42.0 MB', '3.2 GB']);
  expect([duration(4.4), duration(130), duration(3900)]).toEqual(['4 s', '2 min 10 s', '1 h 05 min']);
  expect([count(1, 'slice'), count(20, 'slice'), count(2, 'study', 'studies')]).toEqual(['1 slice', '20 slices', '2 studies']);
});

test('names and dates of the standard', () => {
  expect(personName('Doe^Peter^M=x')).toBe('Doe, Peter M');
  expect(personName('LIDC-IDRI-0314')).toBe('LIDC-IDRI-0314');
  expect(dicomDate('20000101')).toContain('2000');
  expect(dicomDate('unknown')).toBe('unknown');
});
