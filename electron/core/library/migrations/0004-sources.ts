/** What was found when a series' source files were last looked at; only series with something amiss have a row. */
export const sources = {
  version: 4,
  sql: `
CREATE TABLE source_states (
  series_uid TEXT PRIMARY KEY REFERENCES series ON DELETE CASCADE, missing INTEGER NOT NULL, changed INTEGER NOT NULL, checked_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
