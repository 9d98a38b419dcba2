import { describe, expect, test } from 'vitest';
import { dayOf, isFiltering, matchesItem, matchesRun, noFilter } from './export-filter.ts';

const at = (day: number, hour = 12): string => new Date(2026, 10, day, hour).toISOString();
const item = { createdAt: at(21), packageId: 'brain', provenance: 'synthetic', decision: null } as const;

describe('items', () => {
  test('days count on this machine’s calendar, both ends included', () => {
    expect(dayOf(at(21, 0))).toBe('2026-11-21');
    expect(dayOf(at(21, 23))).toBe('2026-11-21');
    expect(matchesItem(item, { ...noFilter, from: '2026-11-21', to: '2026-11-21' })).toBe(true);
    expect(matchesItem(item, { ...noFilter, from: '2026-11-22' })).toBe(false);
    expect(matchesItem(item, { ...noFilter, to: '2026-11-20' })).toBe(false);
  });
  test('by model, task and decision', () => {
    expect(matchesItem(item, noFilter)).toBe(true);
    expect(matchesItem(item, { ...noFilter, packageId: 'other' })).toBe(false);
    expect(matchesItem(item, { ...noFilter, provenance: 'enhanced' })).toBe(false);
    expect(matchesItem(item, { ...noFilter, decision: 'undecided' })).toBe(true);
    expect(matchesItem(item, { ...noFilter, decision: 'accepted' })).toBe(false);
    expect(matchesItem({ ...item, decision: 'accepted' }, { ...noFilter, decision: 'accepted' })).toBe(true);
  });
});

test('a run is listed when it may hold what is asked for', () => {
  const run = { createdAt: at(20), endedAt: at(22), packageId: 'brain', task: 'synthesize' } as const;
  expect(matchesRun(run, { ...noFilter, from: '2026-11-21', to: '2026-11-21' })).toBe(true);
  expect(matchesRun(run, { ...noFilter, from: '2026-11-23' })).toBe(false);
  expect(matchesRun({ ...run, endedAt: null }, { ...noFilter, from: '2026-11-23' })).toBe(true);
  expect(matchesRun(run, { ...noFilter, to: '2026-11-19' })).toBe(false);
  expect(matchesRun(run, { ...noFilter, provenance: 'enhanced' })).toBe(false);
  expect(matchesRun(run, { ...noFilter, decision: 'accepted' })).toBe(true);
});

test('an empty filter is none', () => {
  expect(isFiltering(noFilter)).toBe(false);
  expect(isFiltering({ ...noFilter, packageId: 'x' })).toBe(true);
});
