import { mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IngestState, SeriesSummary } from '#contract';
import { openForTest, type TestLibrary } from './testing/open-for-test.ts';
import { tinyDicom } from './testing/tiny-dicom.ts';

let test: TestLibrary;
beforeEach(async () => {
  test = await openForTest();
  await mkdir(path.join(test.sources, 'study'), { recursive: true });
  for (let n = 0; n < 4; n += 1) await writeFile(fileOf(n), tinyDicom({ sop: `2.25.1.${n}`, z: n * 2 }));
  await ingest();
});
afterEach(() => test.remove());

const fileOf = (n: number, folder = 'study'): string => path.join(test.sources, folder, `${n}.dcm`);
const ingest = (folder = test.sources): Promise<IngestState> => test.library.ingest.start([folder]).done;
const series = (): SeriesSummary => test.library.studies.series('2.25.1.1').series;

/** Looks at a series, and again when the look behind has said what it found. */
async function seriesAfterLook(): Promise<SeriesSummary> {
  const told = new Promise<void>((resolve) => {
    const stop = test.library.events.subscribe(({ body }) => {
      if (body.type !== 'series-added') return;
      stop();
      resolve();
    });
  });
  series();
  await told;
  return series();
}

describe('source files', () => {
  it('that went away are said when their series is opened, and that they are back when they are read again', async () => {
    expect(series().sources).toBeUndefined();
    await test.reopen().then((again) => (test = again));
    await rm(fileOf(1));
    await rm(fileOf(2));
    const said = await seriesAfterLook();
    expect(said.sources).toMatchObject({ missing: 2, changed: 0 });
    expect(said.notices[0]).toMatch(/^2 source files are not where they were\./);
    await expect(test.library.images.pixels('2.25.1.1')).rejects.toMatchObject({ code: 'input/not-found' });
    for (const n of [1, 2]) await writeFile(fileOf(n), tinyDicom({ sop: `2.25.1.${n}`, z: n * 2 }));
    await ingest();
    expect(series()).toMatchObject({ notices: [] });
    expect(series().sources).toBeUndefined();
  });

  it('that changed are said, and never shown as what they were', async () => {
    await test.reopen().then((again) => (test = again));
    await writeFile(fileOf(0), tinyDicom({ sop: '2.25.1.0', z: 0, pixel: () => 7 }));
    const said = await seriesAfterLook();
    expect(said.sources).toMatchObject({ missing: 0, changed: 1 });
    expect(said.notices[0]).toMatch(/^1 source file has changed since it was read/);
    await expect(test.library.images.pixels('2.25.1.0')).rejects.toMatchObject({ code: 'input/changed' });
    const state = await ingest();
    expect(state).toMatchObject({ imagesAdded: 1, imagesKnown: 3, imagesChanged: 1 });
    expect(series().sources).toBeUndefined();
    expect((await test.library.images.pixels('2.25.1.0')).stored[0]).toBe(7);
  });

  it('that were only touched are no news', async () => {
    await test.reopen().then((again) => (test = again));
    await utimes(fileOf(0), new Date(), new Date());
    series();
    await test.library.close();
    await test.reopen().then((again) => (test = again));
    expect(series().sources).toBeUndefined();
  });

  it('that are missing from a folder are said when the folder is read again', async () => {
    await rm(fileOf(3));
    expect(await ingest()).toMatchObject({ imagesAdded: 0, imagesKnown: 3 });
    expect(series().sources).toMatchObject({ missing: 1 });
  });

  it('are linked again when their folder has moved', async () => {
    await rename(path.join(test.sources, 'study'), path.join(test.sources, 'moved'));
    expect(await ingest()).toMatchObject({ imagesAdded: 0, imagesKnown: 4 });
    expect(series().sources).toBeUndefined();
    expect(test.library.images.sourceFile('2.25.1.0').path).toBe(fileOf(0, 'moved'));
    await expect(test.library.images.pixels('2.25.1.0')).resolves.toBeDefined();
  });

  it('of which one folder has two equal ones keep the first, so that the next look is quick', async () => {
    await writeFile(fileOf(9), tinyDicom({ sop: '2.25.1.0', z: 0 }));
    await ingest();
    expect(test.library.images.sourceFile('2.25.1.0').path).toBe(fileOf(0));
  });
});
