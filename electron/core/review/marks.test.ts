import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createMemoryLog, systemClock } from '#base';
import { Marks, MarksOwner } from '#contract';
import { openLibrary } from '#library';
import { createMarks } from './marks.ts';

test('marks of a series outlive the program, are replaced as a whole, and leave nothing behind', async () => {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'scanloom-marks-'));
  const open = () => openLibrary({ dir, clock: systemClock, log: createMemoryLog(), workers: { entry: 'none', size: 1 } });
  let library = await open();
  const marks = Marks.parse({ measurements: [{ kind: 'angle', pixels: 'image/1.2.3:0', points: [[0, 0], [1.5, 2], [3, 0]] }], keyImages: ['image/1.2.3:0'] });
  createMarks({ library }).put('1.2.3', marks);
  await library.close();
  library = await open();
  const again = createMarks({ library });
  expect(again.get('1.2.3')).toEqual(marks);
  expect(again.get('1.2.4')).toEqual({ measurements: [], keyImages: [] });
  again.put('1.2.3', { measurements: [], keyImages: [] });
  expect(library.db.all(`SELECT key FROM meta WHERE key LIKE 'marks:%'`)).toEqual([]);
  await library.close();
  await rm(dir, { recursive: true });
});

test('names of owners and pixels are of one shape', () => {
  expect(MarksOwner.safeParse('../x').success).toBe(false);
  expect(Marks.safeParse({ measurements: [], keyImages: ['image/../../x'.replace('x', 'X')] }).success).toBe(false);
  expect(Marks.safeParse({ measurements: [{ kind: 'length', pixels: 'image/1.2', points: [[0, 0]] }], keyImages: [] }).success).toBe(false);
});
