/** Archives that were read to their end, by size and time of their file. Only a memory: without it they are read again. */
export const archives = {
  version: 3,
  sql: `
CREATE TABLE archives (
  path TEXT PRIMARY KEY, size_bytes INTEGER NOT NULL, mtime_ms REAL NOT NULL, images INTEGER NOT NULL, series_uids TEXT NOT NULL
) STRICT;
`,
};
