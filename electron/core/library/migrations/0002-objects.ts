/** Objects that are no plain images, and what they refer to. */
export const objects = {
  version: 2,
  sql: `
-- path is null where the object is a row of images, too (segmentations, dose grids, parametric maps): its file is found there.
CREATE TABLE objects (
  object_uid TEXT PRIMARY KEY, study_uid TEXT NOT NULL REFERENCES studies ON DELETE CASCADE, series_uid TEXT NOT NULL, kind TEXT NOT NULL,
  frame_of_reference TEXT NOT NULL, description TEXT NOT NULL,
  path TEXT UNIQUE, size_bytes INTEGER, mtime_ms REAL, sha256 TEXT NOT NULL, added_at TEXT NOT NULL
) STRICT;
CREATE INDEX objects_by_study ON objects (study_uid);
CREATE INDEX objects_by_space ON objects (frame_of_reference) WHERE frame_of_reference <> '';

-- series_uid is '' where an instance is named without its series, sop_uid '' where a series is named as a whole.
CREATE TABLE object_references (
  object_uid TEXT NOT NULL REFERENCES objects ON DELETE CASCADE, series_uid TEXT NOT NULL, sop_uid TEXT NOT NULL,
  PRIMARY KEY (object_uid, series_uid, sop_uid)
) STRICT, WITHOUT ROWID;
CREATE INDEX object_references_by_series ON object_references (series_uid) WHERE series_uid <> '';
CREATE INDEX object_references_by_instance ON object_references (sop_uid) WHERE sop_uid <> '';
`,
};
