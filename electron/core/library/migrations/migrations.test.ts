/** A library of each shape that was ever released, with rows as the program of that time wrote them, opens and finds its studies. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMemoryLog, systemClock } from '#base';
import { assembleSeries, describeImage, parseDicom, type ImageHeader } from '#dicom';
import { openLibrary } from '../open-library.ts';
import { openDatabase, type OpenDatabase } from '../sqlite-database.ts';
import { tinyDicom } from '../testing/tiny-dicom.ts';
import { migrate, newestVersion } from './index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'scanloom-older-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = '2026-01-02T03:04:05.000Z';
const headers: readonly ImageHeader[] = [0, 1, 2].map((n) => describeImage(parseDicom(tinyDicom({ sop: `2.25.1.1.${n}`, z: n * 2.5, instanceNumber: n + 1, patientName: 'Müller^Ada', patientId: 'A-17' }))));

/** What each shape brought, filled. Written out in SQL, because the program that writes today writes today's shape. */
const rowsSince: readonly { readonly version: number; readonly fill: (db: OpenDatabase) => void }[] = [
  {
    version: 1,
    fill(db) {
      const insert = (table: string, row: Record<string, string | number | null>): void =>
        void db.run(`INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${Object.keys(row).map(() => '?').join(', ')})`, Object.values(row));
      insert('studies', {
        study_uid: '2.25.1', short_id: 'aaaaaaaa', patient_name: 'Müller^Ada', patient_id: 'A-17', patient_birth_date: '', patient_sex: '', study_date: '20260102', study_time: '', description: 'Study of a cube',
        accession_number: '', modalities: '["CT"]', series_count: 1, image_count: 3, thumbnail_series_uid: '2.25.1.1', added_at: at, search_text: 'müller^ada\nmüller ada\na-17\nstudy of a cube\n\n20260102',
      });
      // As then: stacks with all their images, and no short form beside.
      const assembled = assembleSeries(headers.map((header) => ({ id: header.sopInstanceUid, header, frame: 0 })));
      insert('series', {
        series_uid: '2.25.1.1', short_id: 'bbbbbbbb', study_uid: '2.25.1', modality: 'CT', series_number: 1, description: 'Axial', manufacturer: '', model: '', provenance: 'source', image_count: 3,
        assembled: JSON.stringify(assembled), window: null, stale: 0, revision: 1, added_at: at,
      });
      for (const [n, header] of headers.entries()) {
        insert('images', { sop_uid: header.sopInstanceUid, series_uid: '2.25.1.1', header: JSON.stringify(header), frames: 1, path: path.join(folder, `${n}.dcm`), size_bytes: 100, mtime_ms: 1, sha256: 'a'.repeat(64), added_at: at });
      }
      insert('jobs', { job_id: 'job', task: 'synthesize', title: 'Job', package_id: 'model', package_sha256: 'a'.repeat(64), state: 'done', settings: '{}', inputs: '[]', created_at: at, seq: 1 });
    },
  },
  {
    version: 2,
    fill(db) {
      db.run(`INSERT INTO objects (object_uid, study_uid, series_uid, kind, frame_of_reference, description, path, size_bytes, mtime_ms, sha256, added_at) VALUES ('2.25.9', '2.25.1', '2.25.1.9', 'report', '', ?, ?, 1, 1, ?, ?)`, [
        JSON.stringify({ sopInstanceUid: '2.25.9', kind: 'report', title: 'A report' }), path.join(folder, 'report.dcm'), 'b'.repeat(64), at,
      ]);
      db.run(`INSERT INTO object_references (object_uid, series_uid, sop_uid) VALUES ('2.25.9', '2.25.1.1', '2.25.1.1.0')`);
    },
  },
  { version: 3, fill: (db) => void db.run(`INSERT INTO archives (path, size_bytes, mtime_ms, images, series_uids) VALUES (?, 1, 1, 3, '["2.25.1.1"]')`, [path.join(folder, 'study.zip')]) },
  { version: 4, fill: (db) => void db.run(`INSERT INTO source_states (series_uid, missing, changed, checked_at) VALUES ('2.25.1.1', 3, 0, ?)`, [at]) },
  // 5 has indices only, and a trigger that fills them.
  { version: 6, fill: (db) => void db.run(`INSERT INTO series (series_uid, short_id, study_uid, modality, description, manufacturer, model, provenance, stale, added_at, uid_in_files) VALUES ('2.25.77', 'cccccccc', '2.25.1', 'CT', '', '', '', 'source', 0, ?, '2.25.5')`, [at]) },
];

it.each(Array.from({ length: newestVersion }, (_, n) => n + 1))('of shape %i', async (version) => {
  const dir = path.join(folder, 'library');
  await mkdir(dir);
  const old = openDatabase(path.join(dir, 'scanloom.db'), { readOnly: false });
  migrate(old, false, version);
  // In the order of their time: rows that were there before an upgrade, then what came with it.
  for (const { version: since, fill } of rowsSince) if (since <= version) fill(old);
  expect(old.get('PRAGMA user_version')).toEqual({ user_version: version });
  old.close();

  const open = (readOnly: boolean) => openLibrary({ dir, clock: systemClock, log: createMemoryLog(), workers: { entry: '', size: 1 }, readOnly });
  if (version < newestVersion) await expect(open(true)).rejects.toMatchObject({ code: 'request/conflict' });
  const library = await open(false);
  try {
    expect(library.db.get('PRAGMA user_version')).toEqual({ user_version: newestVersion });
    expect(library.db.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
    expect(library.db.all('PRAGMA foreign_key_check')).toEqual([]);
    const page = { limit: 10, offset: 0 };
    for (const query of [{}, { search: 'müller' }, { search: 'ada' }, { search: 'A-17 cub' }, { search: '17' }, { modality: 'CT' }, { provenance: 'source' as const }, { from: '20260101', to: '20260103' }]) {
      expect(library.studies.list({ ...page, ...query }).studies, JSON.stringify(query)).toMatchObject([{ studyInstanceUid: '2.25.1', patientName: 'Müller^Ada', images: 3 }]);
    }
    expect(library.studies.list({ ...page, search: 'nobody' }).total).toBe(0);
    const { series, stacks } = library.studies.series('2.25.1.1');
    expect(series).toMatchObject({ images: 3, stacks: [{ images: 3, volume: true }] });
    expect(series.sources).toEqual(version < 4 ? undefined : { missing: 3, changed: 0, checkedAt: at });
    expect(stacks[0]?.images.map((image) => [image.imageId, image.positionAlongNormalMm])).toEqual([['2.25.1.1.0', 0], ['2.25.1.1.1', 2.5], ['2.25.1.1.2', 5]]);
    expect(library.studies.resolveSeries('bbbb')).toBe('2.25.1.1');
    if (version >= 2) expect(library.db.get('SELECT count(*) AS n FROM object_references')).toEqual({ n: 1 });
    // And it can be forgotten: no part of the old rows holds another.
    expect(library.studies.forget('2.25.1')).toBe(3);
    expect(library.studies.list({ ...page, search: 'müller' }).total).toBe(0);
    for (const table of ['series', 'images', 'objects', 'object_references', 'archives', 'source_states', 'study_words']) expect(library.db.get(`SELECT count(*) AS n FROM ${table}`), table).toEqual({ n: 0 });
  } finally {
    await library.close();
  }
});
