import type * as FsPromises from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sha256Hex } from '#base';
import { SeriesDetail, StudyDetail, type IngestState, type ScanloomEvent } from '#contract';
import { openForTest, workerEntry, type TestLibrary } from './testing/open-for-test.ts';
import { tinyDicom, type TinyImage } from './testing/tiny-dicom.ts';
import { TouchedSeries } from './touched-series.ts';
import { createUploads } from './uploads.ts';

const denied = vi.hoisted(() => ({ folder: '' }));
/** A folder that may not be entered; a real one would not stop a test that runs as root. */
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof FsPromises>();
  const opendir: typeof real.opendir = async (folder, options) => {
    if (denied.folder !== '' && String(folder).endsWith(denied.folder)) throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    return real.opendir(folder, options);
  };
  return { ...real, opendir, default: { ...real, opendir } };
});

let test: TestLibrary;
beforeEach(async () => {
  test = await openForTest();
  await mkdir(test.sources);
});
afterEach(async () => {
  denied.folder = '';
  await test.remove();
});

const put = async (name: string, image: TinyImage | Uint8Array | string): Promise<string> => {
  const file = path.join(test.sources, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, typeof image === 'string' || image instanceof Uint8Array ? image : tinyDicom(image));
  return file;
};
/** Slices of one series whose file names are not in the order of their places. */
const putSeries = async (count: number, more: Partial<TinyImage> = {}, prefix = ''): Promise<void> => {
  for (let n = 0; n < count; n += 1) await put(`${prefix}s${(n * 7) % count}.dcm`, { sop: `2.25.1.1.${more.series ?? ''}${n}`, z: n * 2.5, instanceNumber: count - n, ...more });
};
const ingest = async (paths: readonly string[] = [test.sources], options = {}): Promise<IngestState> => test.library.ingest.start(paths, options).done;
const page = { limit: 100, offset: 0 };

describe('ingest', () => {
  it('files images by study and series and orders them by place', async () => {
    await putSeries(6);
    await putSeries(2, { series: '2.25.1.2', modality: 'MR', description: 'Localizer' }, 'mr/');
    const state = await ingest();
    expect(state).toMatchObject({ state: 'done', filesFound: 8, filesDone: 8, imagesAdded: 8, imagesKnown: 0, filesSkipped: 0, refused: [] });
    expect([...state.seriesUids].sort()).toEqual(['2.25.1.1', '2.25.1.2']);
    const { studies, total } = test.library.studies.list(page);
    expect(total).toBe(1);
    expect(studies[0]).toMatchObject({ studyInstanceUid: '2.25.1', patientName: 'Cube^Test', patientId: 'P1', studyDate: '20260102', modalities: ['CT', 'MR'], series: 2, images: 8, thumbnailSeriesUid: '2.25.1.1' });
    expect(StudyDetail.parse(test.library.studies.get('2.25.1')).series.map((series) => series.images)).toEqual([6, 2]);
    const detail = SeriesDetail.parse(test.library.studies.series('2.25.1.1'));
    expect(detail.stacks).toHaveLength(1);
    expect(detail.stacks[0]?.stack).toMatchObject({ images: 6, rows: 4, columns: 6, spacingMm: [2.5, 0.5, 0.5], volume: true });
    expect(detail.stacks[0]?.images.map((image) => image.positionAlongNormalMm)).toEqual([0, 2.5, 5, 7.5, 10, 12.5]);
    expect(detail.stacks[0]?.images[0]).toMatchObject({ imageId: '2.25.1.1.0', rescale: { slope: 1, intercept: -1024 }, unit: 'HU', pixelSpacingMm: [0.5, 0.5], orientation: [1, 0, 0, 0, 1, 0] });
  });

  it('goes on whatever a file is, and says of each what is wrong', async () => {
    await putSeries(3);
    await put('notes.txt', 'Not an image.');
    await put('README', 'Nor this.');
    await put('really-text.dcm', 'This is a text file that somebody renamed.');
    await put('empty.dcm', '');
    await put('report.dcm', { sop: '2.25.7', withPixels: false, sopClass: '1.2.840.10008.5.1.4.1.1.88.11' });
    const cut = await put('cut.dcm', { sop: '2.25.8', rows: 64, columns: 64 });
    await truncate(cut, 3000);
    const beheaded = await put('cut-in-header.dcm', { sop: '2.25.9' });
    await truncate(beheaded, 300);
    const state = await ingest();
    expect(state).toMatchObject({ state: 'done', filesFound: 10, filesDone: 10, imagesAdded: 3, filesSkipped: 3, refusedTotal: 4 });
    const words = new Map(state.refused.map((refused) => [refused.path, refused]));
    expect(words.get('really-text.dcm')).toMatchObject({ code: 'dicom/not-dicom', message: 'This is not a DICOM file.' });
    expect(words.get('cut.dcm')?.code).toBe('dicom/truncated');
    expect(words.get('cut-in-header.dcm')?.code).toBe('dicom/no-pixels');
    expect(words.get('empty.dcm')?.code).toBe('input/empty');
    for (const refused of state.refused) expect(refused.message).toMatch(/^[A-Z].*\.$/);
    expect(test.library.studies.series('2.25.1.1').series.images).toBe(3);
  });

  it('says so of an empty folder, an absent one and one that may not be entered, and goes on', async () => {
    await mkdir(path.join(test.sources, 'empty'));
    expect(await ingest([path.join(test.sources, 'empty')])).toMatchObject({ state: 'failed', refused: [{ code: 'input/empty', message: 'The folder holds no files.' }] });
    expect(await ingest([path.join(test.sources, 'absent')])).toMatchObject({ state: 'failed', refused: [{ code: 'input/not-found' }] });
    await putSeries(2);
    await put('forbidden/a.dcm', { sop: '2.25.5' });
    await put('after/b.dcm', { sop: '2.25.6', z: 99 });
    denied.folder = 'forbidden';
    expect(await ingest()).toMatchObject({ state: 'done', imagesAdded: 3, refusedTotal: 1, refused: [{ path: 'forbidden', code: 'input/unreadable', message: 'You may not open this folder.' }] });
  });

  it('follows links but never in a circle, and reads each file once', async () => {
    await putSeries(2, {}, 'inner/');
    await symlink(test.sources, path.join(test.sources, 'inner', 'up'));
    await symlink(path.join(test.sources, 'inner'), path.join(test.sources, 'again'));
    await symlink(path.join(test.sources, 'gone'), path.join(test.sources, 'nowhere'));
    expect(await ingest([test.sources, test.sources, path.join(test.sources, 'inner', 's0.dcm')])).toMatchObject({ state: 'done', filesFound: 2, imagesAdded: 2, refusedTotal: 0 });
  });

  it('leaves pipes alone and does not read its own folder', async () => {
    await putSeries(1);
    if (process.platform !== 'win32') spawnSync('mkfifo', [path.join(test.sources, 'pipe.dcm')]);
    await test.library.blobs.put(tinyDicom({ sop: '2.25.66' }));
    expect(await ingest([path.dirname(test.library.dir)])).toMatchObject({ state: 'done', filesFound: 1, imagesAdded: 1 });
    const before = await readdir(test.library.dir, { recursive: true });
    await symlink(test.library.dir, path.join(test.sources, 'library'));
    for (const own of [test.library.dir, path.join(test.library.dir, 'blobs'), path.join(test.sources, 'library')]) {
      expect(await ingest([own])).toMatchObject({ state: 'failed', filesFound: 0, refused: [{ code: 'request/invalid', message: 'This is the library’s own folder.' }] });
    }
    expect(await ingest()).toMatchObject({ state: 'done', filesFound: 1, imagesKnown: 1 });
    expect(await readdir(test.library.dir, { recursive: true })).toEqual(before);
  });

  it('knows what it has: unchanged, touched, moved and changed files', async () => {
    await putSeries(3);
    await ingest();
    expect(await ingest()).toMatchObject({ imagesAdded: 0, imagesKnown: 3, seriesUids: ['2.25.1.1'] });
    const file = path.join(test.sources, 's0.dcm');
    await utimes(file, new Date(0), new Date(0));
    expect(await ingest()).toMatchObject({ imagesAdded: 0, imagesKnown: 3 });
    const moved = path.join(test.sources, 'moved', 's0.dcm');
    await mkdir(path.dirname(moved));
    await rename(file, moved);
    expect(await ingest()).toMatchObject({ imagesAdded: 0, imagesKnown: 3 });
    expect(test.library.images.sourceFile('2.25.1.1.0').path).toBe(moved);
    await writeFile(moved, tinyDicom({ sop: '2.25.1.1.0', z: 40 }));
    expect(await ingest()).toMatchObject({ imagesAdded: 1, imagesKnown: 2, refused: [] });
    expect(test.library.images.hash('2.25.1.1.0')).toBe(sha256Hex(tinyDicom({ sop: '2.25.1.1.0', z: 40 })));
    expect(test.library.studies.series('2.25.1.1').stacks[0]?.images.at(-1)?.positionAlongNormalMm).toBe(40);
    expect(test.library.studies.list(page)).toMatchObject({ total: 1, studies: [{ images: 3 }] });
  });

  it('takes an image that a file no longer holds out of its series', async () => {
    await putSeries(2);
    await ingest();
    await put('s0.dcm', { sop: '2.25.1.9.0', series: '2.25.1.9' });
    await ingest();
    expect(test.library.studies.series('2.25.1.1').series.images).toBe(1);
    expect(test.library.studies.series('2.25.1.9').series.images).toBe(1);
    await put('s1.dcm', { sop: '2.25.2.1.0', series: '2.25.2.1', study: '2.25.2' });
    await ingest();
    expect(() => test.library.studies.series('2.25.1.1')).toThrow(expect.objectContaining({ code: 'request/not-found' }) as Error);
    expect(test.library.studies.list(page).total).toBe(2);
  });

  it('does not mix two patients or images that share a UID', async () => {
    await put('a.dcm', { sop: '2.25.1.1.0' });
    await put('b-other-content.dcm', { sop: '2.25.1.1.0', pixel: () => 7 });
    await put('c-other-patient.dcm', { sop: '2.25.1.1.1', patientId: 'P2', patientName: 'Sphere^Test' });
    await put('e-without.dcm', { sop: '', series: '' });
    const alone = await ingest([path.join(test.sources, 'a.dcm')]);
    expect(alone.imagesAdded).toBe(1);
    const state = await ingest();
    expect(state).toMatchObject({ state: 'done', imagesAdded: 0, imagesKnown: 1 });
    expect(state.refused.map((refused) => refused.path).sort()).toEqual(['b-other-content.dcm', 'c-other-patient.dcm', 'e-without.dcm']);
    expect(test.library.studies.list(page)).toMatchObject({ total: 1, studies: [{ patientId: 'P1', images: 1 }] });
  });

  it('files one Series UID under two studies as two series, whichever comes first and goes first', async () => {
    const [here, there] = [await put('here.dcm', { sop: '2.25.1.1.0' }), await put('there.dcm', { sop: '2.25.3.1.0', study: '2.25.3' })];
    for (const file of [here, there]) expect(await ingest([file])).toMatchObject({ state: 'done', imagesAdded: 1, refused: [] });
    const seriesOf = (study: string) => test.library.studies.get(study).series[0]!;
    expect(seriesOf('2.25.1')).toMatchObject({ seriesInstanceUid: '2.25.1.1', images: 1, notices: [expect.stringMatching(/to 1 other study, too/)] });
    const other = seriesOf('2.25.3');
    expect(other).toMatchObject({ uidInFiles: '2.25.1.1', images: 1, notices: [expect.stringMatching(/to 1 other study, too/)] });
    expect(test.library.images.header('2.25.3.1.0').seriesInstanceUid).toBe('2.25.1.1');
    expect(() => test.library.studies.resolveSeries('2.25.1.1')).toThrow(expect.objectContaining({ code: 'request/invalid' }) as Error);
    expect(test.library.studies.resolveSeries(other.shortId)).toBe(other.seriesInstanceUid);
    test.library.studies.forget('2.25.1');
    expect(seriesOf('2.25.3').notices).toEqual([]);
    expect(test.library.studies.resolveSeries('2.25.1.1')).toBe(other.seriesInstanceUid);
    // More of the second study joins what is there of it.
    expect(await ingest([await put('more.dcm', { sop: '2.25.3.1.1', study: '2.25.3', z: 2 })])).toMatchObject({ imagesAdded: 1, seriesUids: [other.seriesInstanceUid] });
    expect(seriesOf('2.25.3').images).toBe(2);
  });

  it('lists a thousand series and counts the others', async () => {
    const { db } = test.library;
    const touched = new TouchedSeries(db, 'this');
    const another = new TouchedSeries(db, 'another');
    for (let n = 0; n < 1500; n += 1) touched.add(`2.25.${n}`);
    for (const uid of ['2.25.3', '2.25.1400', '2.25.1499']) touched.needsWindow(uid);
    touched.add('2.25.0');
    another.add('2.25.0');
    expect([touched.total, touched.first.length, another.total]).toEqual([1500, 1000, 1]);
    expect([touched.has('2.25.1499'), touched.has('2.25.1500'), another.has('2.25.1')]).toEqual([true, false, false]);
    expect([...touched.withoutWindow()]).toEqual(['2.25.1400', '2.25.1499', '2.25.3']);
    touched.forget();
    expect([touched.total, touched.has('2.25.1'), another.has('2.25.0')]).toEqual([1500, false, true]);
  });

  it('shows a series with its first images and tells how far it is', async () => {
    await putSeries(150);
    const heard: ScanloomEvent[] = [];
    let shownWith = 0;
    test.library.events.subscribe((event) => {
      heard.push(event);
      if (event.body.type === 'series-added' && shownWith === 0) shownWith = test.library.studies.series(event.body.seriesInstanceUid).series.images;
    });
    const handle = test.library.ingest.start([test.sources]);
    expect(handle.state()).toMatchObject({ state: 'running', filesDone: 0 });
    expect(test.library.ingest.get(handle.ingestId)).toBe(handle);
    const state = await handle.done;
    expect(shownWith).toBeGreaterThan(0);
    expect(shownWith).toBeLessThan(150);
    expect(test.library.studies.series('2.25.1.1').series.images).toBe(150);
    expect(heard.at(-1)?.body).toEqual({ type: 'ingest-progressed', ingest: state });
    expect(state.state).toBe('done');
  });

  it('can be cancelled, and what was stored stays', async () => {
    await putSeries(120);
    const handle = test.library.ingest.start([test.sources]);
    const stop = test.library.events.subscribe((event) => {
      if (event.body.type === 'series-added') handle.cancel();
    });
    const state = await handle.done;
    stop();
    expect(state.state).toBe('cancelled');
    expect(state.imagesAdded).toBeGreaterThan(0);
    expect(state.imagesAdded).toBeLessThan(120);
    expect(test.library.studies.series('2.25.1.1').series.images).toBe(state.imagesAdded);
    expect(await ingest()).toMatchObject({ state: 'done', imagesAdded: 120 - state.imagesAdded, imagesKnown: state.imagesAdded });
  });

  it('makes an image of each frame', async () => {
    await put('frames.dcm', { sop: '2.25.4', frames: 3, pixel: (index) => index });
    await ingest();
    const { series, stacks } = test.library.studies.series('2.25.1.1');
    expect(series.images).toBe(3);
    expect(stacks.flatMap(({ images }) => images.map((image) => image.imageId)).sort()).toEqual(['2.25.4:0', '2.25.4:1', '2.25.4:2']);
    expect((await test.library.images.values('2.25.4:2')).values[0]).toBe(48 - 1024);
    await expect(test.library.images.values('2.25.4:3')).rejects.toMatchObject({ code: 'request/not-found' });
  });

  it('keeps of sent files only those that are new images', async () => {
    const uploads = createUploads(path.join(test.library.dir, 'incoming'));
    const send = async (): Promise<IngestState> => {
      const uploadId = await uploads.open();
      const files: readonly (readonly [string, Uint8Array])[] = [['a/1.dcm', tinyDicom({ sop: '2.25.1.1.0' })], ['a/2.dcm', tinyDicom({ sop: '2.25.1.1.1', z: 2 })], ['notes.txt', new Uint8Array([65])]];
      for (const [name, bytes] of files) await uploads.receive(uploadId, name, new Blob([bytes.slice()]).stream());
      return ingest([await uploads.finish(uploadId)]);
    };
    expect(await send()).toMatchObject({ state: 'done', imagesAdded: 2, filesSkipped: 1 });
    const incoming = path.join(test.library.dir, 'incoming');
    const kept = (await readdir(incoming, { recursive: true })).filter((name) => name.endsWith('.dcm') || name.endsWith('.txt'));
    expect(kept.map((name) => path.basename(name)).sort()).toEqual(['1.dcm', '2.dcm']);
    expect(await send()).toMatchObject({ state: 'done', imagesAdded: 0, imagesKnown: 2 });
    expect((await readdir(incoming, { recursive: true })).filter((name) => name.endsWith('.dcm')).sort()).toEqual(kept.sort());
    expect((await test.library.images.values('2.25.1.1.0')).values).toHaveLength(24);
    expect(await readdir(incoming)).toHaveLength(1);
  });

  it('keeps copies when asked to, and forgets only those', async () => {
    await putSeries(2);
    const kept = await readdir(test.sources);
    expect(await ingest([test.sources], { copy: true })).toMatchObject({ state: 'done', imagesAdded: 2 });
    const copy = test.library.images.sourceFile('2.25.1.1.0');
    expect(copy.path.startsWith(test.library.dir)).toBe(true);
    expect(await ingest([test.sources], { copy: true })).toMatchObject({ imagesAdded: 0, imagesKnown: 2 });
    const other = await put('other.dcm', { sop: '2.25.1.1.0', pixel: () => 9 });
    expect(await ingest([other], { copy: true })).toMatchObject({ imagesAdded: 0, refusedTotal: 1 });
    await rm(other);
    expect(test.library.images.sourceFile('2.25.1.1.0')).toEqual(copy);
    await test.library.thumbnails.series('2.25.1.1');
    await rename(test.sources, `${test.sources}-gone`);
    expect((await test.library.images.values('2.25.1.1.0')).values[1]).toBe(1 - 1024);
    await rename(`${test.sources}-gone`, test.sources);
    expect(test.library.studies.forget('2.25.1')).toBe(2);
    expect(test.library.studies.list(page).total).toBe(0);
    expect(await readdir(test.sources)).toEqual(kept);
    expect(await readdir(test.library.dir)).not.toContain('sources');
    expect(await readdir(path.join(test.library.dir, 'thumbnails'))).toEqual([]);
    expect(() => test.library.studies.forget('2.25.1')).toThrow(expect.objectContaining({ code: 'request/not-found' }) as Error);
  });
});

describe('a reader that dies', () => {
  it('costs one file', async () => {
    await test.remove();
    const folder = await mkdtemp(path.join(os.tmpdir(), 'scanloom-crash-'));
    const entry = path.join(folder, 'crashing-worker.mjs');
    await writeFile(entry, `
      import { parentPort } from 'node:worker_threads';
      await import(${JSON.stringify(pathToFileURL(workerEntry).href)});
      parentPort.on('message', (task) => { if (task.path.endsWith('crash.dcm')) process.exit(139); });`);
    test = await openForTest({ entry, folder });
    await mkdir(test.sources);
    await putSeries(10);
    await put('crash.dcm', { sop: '2.25.13' });
    const state = await ingest();
    expect(state).toMatchObject({ state: 'done', imagesAdded: 10, refusedTotal: 1, refused: [{ path: 'crash.dcm', code: 'worker/crashed' }] });
    expect((await test.library.images.values('2.25.1.1.3')).values).toHaveLength(24);
  });
});

describe('images', () => {
  it('give stored values and modality units', async () => {
    await put('a.dcm', { sop: '2.25.1.1.0', slope: 2.5, intercept: -100, pixel: (index) => index - 3 });
    await ingest();
    const stored = await test.library.images.pixels('2.25.1.1.0');
    expect(stored).toMatchObject({ dtype: 'int16', rows: 4, columns: 6, samples: 1, photometricInterpretation: 'MONOCHROME2' });
    expect([...stored.stored.slice(0, 4)]).toEqual([-3, -2, -1, 0]);
    const { values, meta, header } = await test.library.images.values('2.25.1.1.0');
    expect(values).toBeInstanceOf(Float32Array);
    expect([...values.slice(0, 4)]).toEqual([-107.5, -105, -102.5, -100]);
    expect(meta).toMatchObject({ imageId: '2.25.1.1.0', rescale: { slope: 2.5, intercept: -100 } });
    expect(header).toEqual(test.library.images.header('2.25.1.1.0'));
  });

  it('are refused when their file changed or went away', async () => {
    const file = await put('a.dcm', { sop: '2.25.1.1.0' });
    await ingest();
    expect(sha256Hex(await test.library.images.readBytes('2.25.1.1.0'))).toBe(test.library.images.hash('2.25.1.1.0'));
    await writeFile(file, tinyDicom({ sop: '2.25.1.1.0', pixel: () => 1 }));
    await expect(test.library.images.values('2.25.1.1.0')).rejects.toMatchObject({ code: 'input/changed' });
    await expect(test.library.images.readBytes('2.25.1.1.0')).rejects.toMatchObject({ code: 'input/changed' });
    await rm(file);
    await expect(test.library.images.pixels('2.25.1.1.0')).rejects.toMatchObject({ code: 'input/not-found' });
    await expect(test.library.images.readBytes('2.25.1.1.0')).rejects.toMatchObject({ code: 'input/not-found' });
    await expect(test.library.images.values('2.25.404')).rejects.toMatchObject({ code: 'request/not-found' });
    await expect(test.library.images.values('../a')).rejects.toMatchObject({ code: 'request/invalid' });
  });

  it('without a window of their own get one from their pixels', async () => {
    for (let n = 0; n < 3; n += 1) await put(`m${n}.dcm`, { sop: `2.25.1.1.${n}`, z: n, modality: 'MR', slope: 1, intercept: 0, rows: 20, columns: 20, pixel: (index) => 100 + index });
    await ingest();
    const { window } = test.library.studies.series('2.25.1.1').stacks[0]!.images[0]!;
    expect(window.center).toBeGreaterThan(250);
    expect(window.center).toBeLessThan(350);
    expect(window.width).toBeGreaterThan(350);
    expect(window.width).toBeLessThan(410);
  });

  it('stand for their study before masks do, however many masks there are', async () => {
    await putSeries(2);
    for (let n = 0; n < 4; n += 1) await put(`mask${n}.dcm`, { sop: `2.25.1.7.${n}`, series: '2.25.1.7', z: n, modality: 'SEG' });
    await ingest();
    expect(test.library.studies.list({ limit: 5, offset: 0 }).studies[0]).toMatchObject({ images: 2, thumbnailSeriesUid: '2.25.1.1' });
  });

  it('have a thumbnail for each stack of a series', async () => {
    await putSeries(3, { rows: 200, columns: 100, window: { center: 0, width: 2000 } });
    await put('wide.dcm', { sop: '2.25.1.1.9', series: '2.25.1.1', z: 9, rows: 50, columns: 100, window: { center: 0, width: 2000 } });
    await ingest();
    const { decode } = await import('fast-png');
    const sizes: unknown[] = [];
    for (const stack of [undefined, 0, 1, 1]) {
      const { width, height } = decode(await test.library.thumbnails.series('2.25.1.1', stack));
      sizes.push([width, height]);
    }
    expect(sizes).toEqual([[64, 128], [64, 128], [100, 50], [100, 50]]);
    await expect(test.library.thumbnails.series('2.25.1.1', 2)).rejects.toMatchObject({ code: 'request/not-found' });
  });

  it('have thumbnails that are kept, marked where a model touched them', async () => {
    await putSeries(3, { rows: 200, columns: 100, window: { center: 0, width: 2000 } });
    await put('synthetic/a.dcm', { sop: '2.25.1.2.0', series: '2.25.1.2', synthetic: true, rows: 100, columns: 100 });
    await ingest();
    expect(test.library.studies.get('2.25.1').series.map((series) => series.provenance)).toEqual(['source', 'synthetic']);
    const { decode } = await import('fast-png');
    const plain = await test.library.thumbnails.series('2.25.1.1');
    expect(decode(plain)).toMatchObject({ width: 64, height: 128, channels: 1 });
    expect(await test.library.thumbnails.series('2.25.1.1')).toEqual(plain);
    const marked = decode(await test.library.thumbnails.series('2.25.1.2'));
    expect(marked).toMatchObject({ width: 100, height: 100, channels: 3 });
    expect([...marked.data.slice(0, 3)]).toEqual([245, 158, 11]);
    const own = decode(await test.library.thumbnails.of(new Float32Array([0, 0.5, 1, 2]), 2, 2, { center: 0.5, width: 1 }));
    expect([...own.data]).toEqual([0, 128, 255, 255]);
  });
});

describe('studies', () => {
  beforeEach(async () => {
    await put('1.dcm', { sop: '2.25.11', series: '2.25.1.1', study: '2.25.1', patientName: 'Müller^Ada', patientId: 'A-17' });
    await put('2.dcm', { sop: '2.25.21', series: '2.25.2.1', study: '2.25.2', patientName: 'Doe^Ben', patientId: 'B-17', modality: 'MR' });
    await put('3.dcm', { sop: '2.25.31', series: '2.25.3.1', study: '2.25.3', patientName: 'Doe^Cleo', patientId: 'C-99' });
    await ingest();
  });
  const found = (query: object) => test.library.studies.list({ ...page, ...query }).studies.map((study) => study.patientId);

  it('are found by words, by modality, page by page', () => {
    expect(found({ search: 'doe' })).toEqual(['B-17', 'C-99']);
    expect(found({ search: ' DOE  17 ' })).toEqual(['B-17']);
    expect(found({ search: 'Doe Cleo' })).toEqual(['C-99']);
    expect(found({ search: '100%_' })).toEqual([]);
    expect(found({ modality: 'MR' })).toEqual(['B-17']);
    expect(test.library.studies.list({ limit: 1, offset: 1, modality: 'CT' })).toMatchObject({ total: 2, studies: [{ patientId: 'C-99' }] });
  });

  it('are named by short ids, too', () => {
    const { shortId } = test.library.studies.get('2.25.2').series[0]!;
    expect(shortId).toBe(sha256Hex('2.25.2.1').slice(0, 8));
    expect(test.library.studies.resolveSeries(shortId)).toBe('2.25.2.1');
    expect(test.library.studies.resolveSeries(shortId.slice(0, 6))).toBe('2.25.2.1');
    expect(test.library.studies.resolveSeries('2.25.2.1')).toBe('2.25.2.1');
    for (const unknown of ['2.25.404', 'zzzz', shortId.slice(0, 3), '%']) expect(() => test.library.studies.resolveSeries(unknown)).toThrow(expect.objectContaining({ code: 'request/not-found' }) as Error);
  });

  it('mend stacks that a kill left behind', async () => {
    test.library.db.run(`UPDATE series SET assembled = NULL, summary = NULL, stale = 1 WHERE series_uid = '2.25.2.1'`);
    expect(test.library.studies.get('2.25.2').series[0]?.stacks).toEqual([]);
    test = await test.reopen();
    expect(test.library.studies.series('2.25.2.1').stacks[0]?.images).toHaveLength(1);
  });
});

describe('a disk that fills up during an ingest', () => {
  it('ends it in words; what was stored stays, and the rest can follow', async () => {
    await putSeries(200);
    const pages = (test.library.db.get('PRAGMA page_count') as { page_count: number }).page_count;
    test.library.db.get(`PRAGMA max_page_count = ${pages + 60}`);
    const state = await ingest();
    expect(state).toMatchObject({ state: 'failed', refused: [{ code: 'disk/full', message: 'The disk is full.' }] });
    expect(state.imagesAdded).toBeLessThan(200);
    test.library.db.get('PRAGMA max_page_count = 1000000');
    expect(await ingest()).toMatchObject({ state: 'done', imagesAdded: 200 - state.imagesAdded, imagesKnown: state.imagesAdded });
    expect(test.library.studies.series('2.25.1.1').series.images).toBe(200);
    expect(test.library.db.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
  });

  it('holds on a real disk of 3 MB, for the database, blobs and copies', async (context) => {
    const mount = await mkdtemp(path.join(os.tmpdir(), 'scanloom-full-'));
    const mounted = process.platform === 'linux' && process.getuid?.() === 0 && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', mount]).status === 0;
    if (!mounted) {
      await rm(mount, { recursive: true });
      context.skip('a small disk can only be mounted by root on Linux; the test above covers the same with a limit of the database');
      return;
    }
    const small = await openForTest({ folder: mount });
    try {
      await putSeries(60, { rows: 256, columns: 256 });
      const state = await small.library.ingest.start([test.sources], { copy: true }).done;
      expect(state).toMatchObject({ state: 'failed', refused: [{ code: 'disk/full' }] });
      expect(state.imagesAdded).toBeGreaterThan(0);
      await expect(small.library.blobs.put(new Uint8Array(4_000_000))).rejects.toMatchObject({ code: 'disk/full' });
      expect(small.library.db.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
      for (const { images } of small.library.studies.series('2.25.1.1').stacks) for (const image of images) await expect(small.library.images.values(image.imageId)).resolves.toBeTruthy();
      expect((await readdir(mount, { recursive: true })).filter((name) => name.endsWith('.part'))).toEqual([]);
      // Room again: the same ingest ends well.
      spawnSync('mount', ['-o', 'remount,size=30m', mount]);
      expect(await small.library.ingest.start([test.sources], { copy: true }).done).toMatchObject({ state: 'done', filesDone: 60 });
      expect(small.library.studies.series('2.25.1.1').series.images).toBe(60);
    } finally {
      await small.library.close();
      spawnSync('umount', ['-l', mount]);
      await rm(mount, { recursive: true, force: true });
    }
  });
});

describe('real studies', () => {
  const shared = path.resolve(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data', 'dicom');

  it('the head CT of 140 slices is one volume in order', async (context) => {
    const folder = path.join(shared, 'head-ct');
    const there = await readdir(folder).catch(() => null);
    if (there === null) {
      if (process.env['CI']) throw new Error('../shared/data/dicom/head-ct is missing');
      context.skip('../shared/data/dicom/head-ct is not here');
      return;
    }
    await cp(path.join(folder, 'philips-brain-1mm', 'I10.dcm'), path.join(test.sources, 'again.dcm'));
    const state = await ingest([folder, test.sources]);
    expect(state).toMatchObject({ state: 'done', imagesAdded: 140, imagesKnown: 1, refusedTotal: 0 });
    const detail = SeriesDetail.parse(test.library.studies.series(state.seriesUids[0]!));
    expect(detail.stacks).toHaveLength(1);
    expect(detail.stacks[0]?.stack).toMatchObject({ images: 140, volume: true, spacingMm: [1, 0.451171875, 0.451171875] });
    const places = detail.stacks[0]!.images.map((image) => image.positionAlongNormalMm!);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    const { values } = await test.library.images.values(detail.stacks[0]!.images[70]!.imageId);
    expect(values.reduce((a, b) => Math.min(a, b))).toBeGreaterThanOrEqual(-1024);
    expect(values).toHaveLength(512 * 512);
  });
});
