import { describe, expect, test } from 'vitest';
import { isTemporal, shiftDate, shiftDateTime } from './dates.ts';

describe('a date moved by whole days', () => {
  test.each([
    ['over the end of a year', '20240105', -10, '20231226'],
    ['over a leap day', '20240301', -1, '20240229'],
    ['over the same days of a common year', '20230301', -1, '20230228'],
    ['from a leap day', '20000229', 365, '20010228'],
    ['of a century that is no leap year', '19000301', -1, '19000228'],
    ['in the form of ACR-NEMA', '1997.01.02', -2, '1996.12.31'],
    ['known to the month', '202403', -31, '202402'],
    ['known to the year', '2024', -400, '2023'],
    ['as a range', '20240101-20240131', 1, '20240102-20240201'],
    ['as an open range', '20240101-', 1, '20240102-'],
    ['with padding', '20240101 ', 1, '20240102'],
    ['that is empty', '', 5, ''],
    ['long ago', '00010102', -1, '00010101'],
  ])('%s', (_, value, days, expected) => expect(shiftDate(value, days)).toBe(expected));

  test.each(['20230229', '20241301', '2024013', 'yesterday', '2024-01-01', '00010101x', '0000', '20240101-2024'])('%s is none', (value) => expect(shiftDate(value, 1)).toBeNull());
  test('does not leave the years that a date can have', () => expect(shiftDate('00010101', -1)).toBeNull());
});

describe('a date with a time', () => {
  test.each([
    ['20240101235959.999999+0100', -1, '20231231235959.999999+0100'],
    ['20240101', 1, '20240102'],
    ['202402290001', 1, '202403010001'],
    ['2024', 0, '2024'],
    ['202401+0000', 31, '202402+0000'],
    ['20240101120000-0500', 1, '20240102120000-0500'],
  ])('%s', (value, days, expected) => expect(shiftDateTime(value, days)).toBe(expected));
  test.each(['20240101T12', '2024010112.5x', 'now', '202413'])('%s is none', (value) => expect(shiftDateTime(value, 1)).toBeNull());

  test('keeps distances over midnight', () => {
    const at = (text: string): number => Date.UTC(Number(text.slice(0, 4)), Number(text.slice(4, 6)) - 1, Number(text.slice(6, 8)), Number(text.slice(8, 10)), Number(text.slice(10, 12)));
    const [before, after] = ['202402282355', '202403010010'];
    expect(at(shiftDateTime(after, -1234)!) - at(shiftDateTime(before, -1234)!)).toBe(at(after) - at(before));
  });
});

test('tells times from what is none', () => {
  expect(['2359', '23:59:59', '120000.123456', '', '12'].every((value) => isTemporal('TM', value))).toBe(true);
  expect(['2500', 'noon', '12000', '120000.1234567'].some((value) => isTemporal('TM', value))).toBe(false);
});
