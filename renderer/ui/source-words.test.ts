import { expect, test } from 'vitest';
import { personsOf, sourceWords } from './source-words.ts';

const source = { patientName: 'Doe^Peter', patientId: 'P-1', patientBirthDate: '19700101', studyDate: '', modality: 'CT', seriesNumber: 4, seriesDescription: 'Lung' };

test('person and series in one line; hidden where identifiers are hidden; forgotten studies say so', () => {
  expect(sourceWords(source, false)).toBe('Doe, Peter · CT Se 4 Lung');
  expect(sourceWords({ ...source, patientName: '', seriesNumber: null }, false)).toBe('P-1 · CT Lung');
  expect(sourceWords(source, true)).not.toMatch(/Doe|P-1/);
  expect(sourceWords({ ...source, patientName: '', patientId: '', modality: '', seriesNumber: null, seriesDescription: '' }, false)).toBe('a study that the library has forgotten');
});

test('each person once, and nobody where nobody is named', () => {
  expect(personsOf([source, { ...source, seriesNumber: 5 }, { ...source, patientId: 'P-2' }, { ...source, patientName: '', patientId: '' }]).map((one) => one.patientId)).toEqual(['P-1', 'P-2']);
});
