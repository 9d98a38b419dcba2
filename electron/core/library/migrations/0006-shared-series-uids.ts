/** Series whose files carry a Series UID that another study has, too: they have a key of their own, and here what their files say. */
export const sharedSeriesUids = {
  version: 6,
  sql: `
ALTER TABLE series ADD COLUMN uid_in_files TEXT;
CREATE INDEX series_by_uid_in_files ON series (uid_in_files) WHERE uid_in_files IS NOT NULL;
`,
};
