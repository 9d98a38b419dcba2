import { afterAll, beforeAll, expect, test } from 'vitest';
import { StudyQuery } from '#contract';
import { openForTest, type TestLibrary } from './testing/open-for-test.ts';

let library: TestLibrary;
const studies = [
  { uid: '2.25.1', name: 'Müller^Anna', id: 'P-0017', date: '20240105', text: 'CT head', accession: 'ACC99817', modality: 'CT', provenance: 'source' },
  { uid: '2.25.2', name: 'Doe^Peter', id: 'X17', date: '20250630', text: 'MR "knee" 50%_done', accession: '', modality: 'MR', provenance: 'enhanced' },
  { uid: '2.25.3', name: '', id: '', date: '', text: '', accession: '', modality: 'CT', provenance: 'synthetic' },
];
beforeAll(async () => {
  library = await openForTest();
  const { db } = library.library;
  for (const { uid, name, id, date, text, accession, modality, provenance } of studies) {
    const words = [name, name.replaceAll('^', ' '), id, text, accession, date].join('\n').toLowerCase();
    db.run(
      `INSERT INTO studies (study_uid, short_id, patient_name, patient_id, patient_birth_date, patient_sex, study_date, study_time, description, accession_number, added_at, search_text)
       VALUES (?, '', ?, ?, '', '', ?, '', ?, ?, '2026-01-01T00:00:00.000Z', ?)`,
      [uid, name, id, date, text, accession, words],
    );
    db.run(`INSERT INTO series (series_uid, short_id, study_uid, modality, description, manufacturer, model, provenance, added_at) VALUES (?, '', ?, ?, '', '', '', ?, '')`, [`${uid}.1`, uid, modality, provenance]);
  }
});
afterAll(() => library.remove());

test.each([
  { query: {}, found: ['2.25.2', '2.25.1', '2.25.3'] },
  { query: { search: 'müll' }, found: ['2.25.1'] },
  { query: { search: 'ÜLLER' }, found: ['2.25.1'] },
  { query: { search: 'anna müller' }, found: ['2.25.1'] },
  { query: { search: '17' }, found: ['2.25.2', '2.25.1'] },
  { query: { search: '9981' }, found: ['2.25.1'] },
  { query: { search: 'doe^pet' }, found: ['2.25.2'] },
  { query: { search: 'Doe, Peter' }, found: ['2.25.2'] },
  { query: { search: 'Doe,' }, found: ['2.25.2'] },
  { query: { search: 'Doe, Anna' }, found: [] },
  { query: { search: ' , ' }, found: ['2.25.2', '2.25.1', '2.25.3'] },
  { query: { search: 'knee absent' }, found: [] },
  // What the index's own language would take for operators is only text.
  { query: { search: '"knee"' }, found: ['2.25.2'] },
  { query: { search: '50%_d' }, found: ['2.25.2'] },
  { query: { search: 'knee OR head' }, found: [] },
  { query: { search: 'words:doe' }, found: [] },
  { query: { modality: 'CT' }, found: ['2.25.1', '2.25.3'] },
  { query: { from: '20240101', to: '20241231' }, found: ['2.25.1'] },
  { query: { to: '20241231' }, found: ['2.25.1'] },
  { query: { provenance: 'synthetic' }, found: ['2.25.3'] },
  { query: { search: 'knee', modality: 'MR' }, found: ['2.25.2'] },
  { query: { search: 'knee', modality: 'CT' }, found: [] },
  { query: { search: 'head', provenance: 'source', modality: 'CT' }, found: ['2.25.1'] },
  { query: { limit: 1, offset: 1 }, found: ['2.25.1'], total: 3 },
])('$query', ({ query, found, total }) => {
  const answer = library.library.studies.list(StudyQuery.parse(query));
  expect(answer.studies.map((study) => study.studyInstanceUid)).toEqual(found);
  expect(answer.total).toBe(total ?? found.length);
});

test('a forgotten study is found no more', () => {
  library.library.studies.forget('2.25.2');
  expect(library.library.studies.list(StudyQuery.parse({ search: 'doe' })).total).toBe(0);
});
