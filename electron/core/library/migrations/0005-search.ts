/**
 * Search by any part of a word, and what lists need without reading more: an index of three-letter pieces (FTS5 trigram) over each study's
 * words, and a short form of each series' stacks. The index keeps no text of its own; `study_words` gives its row numbers to studies,
 * because SQLite may renumber rows of a table whose key is text.
 */
export const search = {
  version: 5,
  sql: `
CREATE TABLE study_words (id INTEGER PRIMARY KEY, study_uid TEXT NOT NULL UNIQUE) STRICT;
CREATE VIRTUAL TABLE study_search USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'trigram');
INSERT INTO study_words (study_uid) SELECT study_uid FROM studies;
INSERT INTO study_search (rowid, words) SELECT w.id, s.search_text FROM study_words w JOIN studies s USING (study_uid);
CREATE TRIGGER studies_found AFTER INSERT ON studies BEGIN
  INSERT INTO study_words (study_uid) VALUES (new.study_uid);
  INSERT INTO study_search (rowid, words) SELECT id, new.search_text FROM study_words WHERE study_uid = new.study_uid;
END;
CREATE TRIGGER studies_gone AFTER DELETE ON studies BEGIN
  DELETE FROM study_search WHERE rowid = (SELECT id FROM study_words WHERE study_uid = old.study_uid);
  DELETE FROM study_words WHERE study_uid = old.study_uid;
END;

-- As assembled, but without the images; null until the series is assembled again.
ALTER TABLE series ADD COLUMN summary TEXT;
CREATE INDEX series_by_provenance ON series (provenance, study_uid);
`,
};
