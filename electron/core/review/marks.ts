/** Measurements and key images of readers: one record a series or item, replaced as a whole, on the disk before the answer. */
import { z } from 'zod';
import { Marks } from '#contract';
import type { Library } from '#library';

export interface ReaderMarks {
  /** Nothing where nobody marked anything. */
  get(owner: string): Marks;
  /** Replaces all of them; an empty record is taken away. */
  put(owner: string, marks: Marks): void;
}

const Row = z.object({ value: z.string().transform((text): unknown => JSON.parse(text)).pipe(Marks) });

/** Kept in the library's table of small facts, under `marks:` and the owner: forgetting a study and reading it in again brings them back. */
export function createMarks({ library }: { readonly library: Library }): ReaderMarks {
  const { db } = library;
  const key = (owner: string): string => `marks:${owner}`;
  return {
    get(owner) {
      const row = db.get('SELECT value FROM meta WHERE key = ?', [key(owner)]);
      return row === undefined ? { measurements: [], keyImages: [] } : Row.parse(row).value;
    },
    put(owner, marks) {
      if (marks.measurements.length === 0 && marks.keyImages.length === 0) db.run('DELETE FROM meta WHERE key = ?', [key(owner)]);
      else db.run('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value', [key(owner), JSON.stringify(marks)]);
    },
  };
}
