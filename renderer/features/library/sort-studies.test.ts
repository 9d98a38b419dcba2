import { expect, test } from 'vitest';
import type { StudySummary } from '#contract';
import { newestFirst, nextOrder, sortStudies } from './sort-studies.ts';

const study = (patientName: string, images: number, addedAt: string): StudySummary => ({ patientName, patientId: '', images, addedAt }) as StudySummary;
const list = [study('Doe^Ben', 9, '2026-01-01'), study('Ames^Ada', 100, '2026-01-03'), study('Cole^Eve', 20, '2026-01-02')];
const names = (studies: readonly StudySummary[]): string[] => studies.map((one) => one.patientName.slice(0, 3));

test('the newest come first; any column orders, figures as figures', () => {
  expect(names(sortStudies(list, newestFirst))).toEqual(['Ame', 'Col', 'Doe']);
  expect(names(sortStudies(list, { column: 'images', down: true }))).toEqual(['Ame', 'Col', 'Doe']);
  expect(names(sortStudies(list, { column: 'patient', down: false }))).toEqual(['Ame', 'Col', 'Doe']);
  expect(names(sortStudies(list, { column: 'patient', down: true }))).toEqual(['Doe', 'Col', 'Ame']);
  expect(names(list)).toEqual(['Doe', 'Ame', 'Col']);
});

test('a column twice turns round', () => {
  expect(nextOrder(newestFirst, 'added')).toEqual({ column: 'added', down: false });
  expect(nextOrder(newestFirst, 'patient')).toEqual({ column: 'patient', down: false });
  expect(nextOrder({ column: 'patient', down: false }, 'images')).toEqual({ column: 'images', down: true });
});
