/** The first shape of a library. Never changed again: a later shape is a later migration. */
export const first = {
  version: 1,
  sql: `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE studies (
  study_uid TEXT PRIMARY KEY, short_id TEXT NOT NULL,
  patient_name TEXT NOT NULL, patient_id TEXT NOT NULL, patient_birth_date TEXT NOT NULL, patient_sex TEXT NOT NULL,
  study_date TEXT NOT NULL, study_time TEXT NOT NULL, description TEXT NOT NULL, accession_number TEXT NOT NULL,
  modalities TEXT NOT NULL DEFAULT '[]', series_count INTEGER NOT NULL DEFAULT 0, image_count INTEGER NOT NULL DEFAULT 0,
  thumbnail_series_uid TEXT, added_at TEXT NOT NULL, search_text TEXT NOT NULL
) STRICT;
CREATE INDEX studies_by_date ON studies (study_date DESC, study_time DESC, study_uid);

-- assembled: stacks, oddities and notices as the DICOM room made them. stale: images came after that.
CREATE TABLE series (
  series_uid TEXT PRIMARY KEY, short_id TEXT NOT NULL, study_uid TEXT NOT NULL REFERENCES studies ON DELETE CASCADE,
  modality TEXT NOT NULL, series_number REAL, description TEXT NOT NULL, manufacturer TEXT NOT NULL, model TEXT NOT NULL,
  provenance TEXT NOT NULL, image_count INTEGER NOT NULL DEFAULT 0, assembled TEXT, window TEXT,
  stale INTEGER NOT NULL DEFAULT 1, revision INTEGER NOT NULL DEFAULT 0, added_at TEXT NOT NULL
) STRICT;
CREATE INDEX series_by_study ON series (study_uid);
CREATE INDEX series_by_short_id ON series (short_id);
CREATE INDEX series_by_modality ON series (modality, study_uid);
CREATE INDEX series_stale ON series (series_uid) WHERE stale = 1;

-- One row a file with one SOP instance. path is absolute; mtime_ms and size tell cheaply that it has not changed, sha256 proves it.
CREATE TABLE images (
  sop_uid TEXT PRIMARY KEY, series_uid TEXT NOT NULL REFERENCES series ON DELETE CASCADE,
  header TEXT NOT NULL, frames INTEGER NOT NULL, path TEXT NOT NULL UNIQUE, size_bytes INTEGER NOT NULL, mtime_ms REAL NOT NULL, sha256 TEXT NOT NULL,
  added_at TEXT NOT NULL
) STRICT;
CREATE INDEX images_by_series ON images (series_uid);

CREATE TABLE jobs (
  job_id TEXT PRIMARY KEY, task TEXT NOT NULL, title TEXT NOT NULL, package_id TEXT NOT NULL, package_sha256 TEXT NOT NULL, state TEXT NOT NULL,
  settings TEXT NOT NULL, inputs TEXT NOT NULL, created_at TEXT NOT NULL, started_at TEXT, ended_at TEXT, error TEXT, device TEXT,
  priority INTEGER NOT NULL DEFAULT 0, seq INTEGER NOT NULL UNIQUE
) STRICT;
CREATE INDEX jobs_by_state ON jobs (state, priority DESC, seq);
CREATE INDEX jobs_by_package ON jobs (package_id);

CREATE TABLE units (
  job_id TEXT NOT NULL REFERENCES jobs ON DELETE CASCADE, unit_index INTEGER NOT NULL, item_index INTEGER NOT NULL, plan TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'done')), blob TEXT, meta TEXT, done_at TEXT,
  PRIMARY KEY (job_id, unit_index)
) STRICT, WITHOUT ROWID;
CREATE INDEX units_by_state ON units (job_id, state, unit_index);
CREATE INDEX units_by_item ON units (job_id, item_index, unit_index);

-- at is text exactly as hashed; body is canonical JSON.
CREATE TABLE ledger (
  entry_index INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, item_id TEXT, body TEXT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE INDEX ledger_by_item ON ledger (item_id, entry_index) WHERE item_id IS NOT NULL;

CREATE TABLE items (
  seq INTEGER PRIMARY KEY, item_id TEXT NOT NULL UNIQUE, job_id TEXT NOT NULL REFERENCES jobs, item_index INTEGER NOT NULL,
  provenance TEXT NOT NULL, title TEXT NOT NULL, package_id TEXT NOT NULL, package_version TEXT NOT NULL, package_sha256 TEXT NOT NULL,
  frames INTEGER NOT NULL, rows INTEGER NOT NULL, columns INTEGER NOT NULL, modality TEXT NOT NULL, class TEXT, seed INTEGER, source_series_uid TEXT,
  images TEXT NOT NULL, source_image_ids TEXT NOT NULL, blobs TEXT NOT NULL, measures TEXT NOT NULL,
  ledger_index INTEGER NOT NULL REFERENCES ledger, created_at TEXT NOT NULL,
  UNIQUE (job_id, item_index)
) STRICT;
CREATE INDEX items_by_source ON items (source_series_uid);
CREATE INDEX items_by_provenance ON items (provenance);

CREATE TABLE decisions (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, item_id TEXT NOT NULL REFERENCES items (item_id), reader TEXT NOT NULL, decision TEXT NOT NULL,
  reason TEXT, note TEXT NOT NULL DEFAULT '', at TEXT NOT NULL, undone_at TEXT
) STRICT;
CREATE INDEX decisions_by_item ON decisions (item_id, seq) WHERE undone_at IS NULL;
CREATE INDEX decisions_by_reader ON decisions (reader, seq) WHERE undone_at IS NULL;

CREATE TABLE exports (
  export_id TEXT PRIMARY KEY, format TEXT NOT NULL, name TEXT NOT NULL, folder TEXT NOT NULL, state TEXT NOT NULL,
  files INTEGER NOT NULL DEFAULT 0, items INTEGER NOT NULL DEFAULT 0, error TEXT, created_at TEXT NOT NULL
) STRICT;
`,
};
