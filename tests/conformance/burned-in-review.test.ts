/** From the page's requests to the copy: a study with writing in its pixels is searched, a person's boxes are blackened in the copy, and what nobody confirmed is held back. */
import { copyFileSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routes, type PixelSearch, type StudyCopy } from '#contract';
import { decodeFrame, parseDicom } from '#dicom';
import { hasRealDicom, openRealCore, realDicom, type RealCore } from '../support/real-core.ts';
import { headStudy, writeHead } from './made-head.ts';

let core: RealCore;
let studyUid: string;

beforeAll(async () => {
  if (!hasRealDicom) return;
  core = await openRealCore();
  const folder = path.join(core.dir, 'in');
  mkdirSync(folder);
  copyFileSync(path.join(realDicom, 'syntaxes/pylibjpeg/JPEGExtended_3s_1f_u_08_08.dcm'), path.join(folder, 'BERNARD.dcm'));
  await core.ingest(folder);
  studyUid = (await core.call(routes.listStudies)).studies[0]!.studyInstanceUid;
});
afterAll(async () => {
  if (hasRealDicom) await core.close();
});

async function settled<T extends { readonly state: string }>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    const now = await ask();
    if (now.state !== 'running') return now;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function searched(): Promise<PixelSearch> {
  const { searchId } = await core.call(routes.startPixelSearch, { body: { studyInstanceUid: studyUid } });
  return settled(() => core.call(routes.getPixelSearch, { params: { searchId } }));
}

async function copied(body: { options: string[]; name: string; reviewed: unknown[]; deface?: unknown[] }, study = studyUid): Promise<StudyCopy> {
  const { copyId } = await core.call(routes.startStudyCopy, { body: { studyInstanceUid: study, project: 'test', ...body } });
  return settled(() => core.call(routes.getStudyCopy, { params: { copyId } }));
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.dcm')).map((name) => path.join(folder, name));
}

describe.skipIf(!hasRealDicom)('review of writing in pixels', () => {
  test('the search names the image, its risk and boxes over the name', async () => {
    const search = await searched();
    expect(search).toMatchObject({ state: 'done', done: 1, total: 1, error: null });
    const image = search.images[0]!;
    expect(image).toMatchObject({ risk: 'high', rows: 576, columns: 768, error: null });
    expect(image.boxes.some((box) => box.column <= 40 && box.row <= 4 && box.column + box.width >= 200)).toBe(true);
    const picture = await core.core.fetch(new Request(`http://core.invalid/api/images/${image.imageId}/picture`));
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect((await picture.arrayBuffer()).byteLength).toBeGreaterThan(10_000);
  });

  test('what nobody confirmed is held back, and nothing is written', async () => {
    const copy = await copied({ options: [], name: 'unseen', reviewed: [] });
    expect(copy.state).toBe('failed');
    expect(copy.error?.code).toBe('export/invalid');
    expect(copy.notWritten[0]?.objects).toBe(1);
  });

  test('boxes that a person confirmed are black in the copy', async () => {
    const { images } = await searched();
    const image = images[0]!;
    const box = { column: 20, row: 0, width: 262, height: 44 };
    const copy = await copied({ options: ['clean-descriptors'], name: 'seen', reviewed: [{ sopInstanceUid: image.sopInstanceUid, boxes: [box] }] });
    expect(copy, JSON.stringify(copy.error)).toMatchObject({ state: 'done', newKey: false, counts: { written: 1, heldBack: 0 } });
    const file = parseDicom(readFileSync(filesOf(copy.folder)[0]!));
    expect(file.dataset.string('BurnedInAnnotation')).toBe('NO');
    expect(file.dataset.string('PatientIdentityRemoved')).toBe('YES');
    const { stored, samples, columns, photometricInterpretation } = await decodeFrame(file, 0);
    const black = photometricInterpretation.startsWith('YBR') ? [0, 128, 128] : [0, 0, 0];
    for (let row = box.row; row < box.row + box.height; row += 3) for (let column = box.column; column < box.column + box.width; column += 3) {
      const at = (row * columns + column) * samples;
      expect([...stored.subarray(at, at + 3)]).toEqual(black);
    }
    const report = await core.core.fetch(new Request(`http://core.invalid/api/deidentify/copies/${copy.copyId}/report`));
    expect(await report.text()).toContain('<html');
    // A second copy of that name is refused in words; the first one stays.
    await expect(copied({ options: [], name: 'seen', reviewed: [{ sopInstanceUid: image.sopInstanceUid, boxes: [] }] })).rejects.toMatchObject({ code: 'export/exists' });
  });

  test('with the option, writing is blacked out without anybody', async () => {
    const copy = await copied({ options: ['clean-pixel-data'], name: 'cleaned', reviewed: [] });
    expect(copy, JSON.stringify(copy.error)).toMatchObject({ state: 'done' });
  });

  test('a head is warned of, and its face is air in the copy', async () => {
    const folder = path.join(core.dir, 'head');
    mkdirSync(folder);
    writeHead(folder);
    await core.ingest(folder);
    const study = headStudy;
    const { searchId } = await core.call(routes.startPixelSearch, { body: { studyInstanceUid: study } });
    const search = await settled(() => core.call(routes.getPixelSearch, { params: { searchId } }));
    expect(search.faces).toHaveLength(1);
    expect(search.faces[0]!.level).toBe('high');
    const { seriesInstanceUid } = search.faces[0]!;
    const copy = await copied({ options: [], name: 'no-face', reviewed: [], deface: [{ seriesInstanceUid, confirmed: true }] }, study);
    expect(copy, JSON.stringify(copy.error)).toMatchObject({ state: 'done' });
    expect(copy.defaced[0]!.words).toMatch(/set to air/);
    const files = filesOf(copy.folder).map((file) => parseDicom(readFileSync(file)));
    expect(files).toHaveLength(84);
    // Nobody can have looked at it, so it does not claim that nobody can be recognised, whatever the request says.
    expect(files.every((file) => file.dataset.string('RecognizableVisualFeatures') !== 'NO')).toBe(true);
    let changed = 0;
    const originals = new Map(readdirSync(folder).map((name) => parseDicom(readFileSync(path.join(folder, name)))).map((file) => [file.dataset.numbers('ImagePositionPatient')[2], file.dataset.bytes('PixelData')!]));
    for (const file of files) if (Buffer.compare(originals.get(file.dataset.numbers('ImagePositionPatient')[2])!, file.dataset.bytes('PixelData')!) !== 0) changed += 1;
    expect(changed).toBeGreaterThan(20);
    expect(changed).toBeLessThan(70);
    const preview = await core.call(routes.previewFace, { body: { seriesInstanceUid } });
    expect(preview).toMatchObject({ defaced: true, seriesInstanceUid });
    const picture = await core.core.fetch(new Request(`http://core.invalid/api/deidentify/faces/${preview.faceId}/picture`));
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect(files.every((file) => !file.dataset.sequence('DeidentificationMethodCodeSequence').some((code) => code.string('CodeValue') === '113102'))).toBe(true);
    const seen = await copied({ options: [], name: 'no-face-seen', reviewed: [], deface: [{ seriesInstanceUid, faceId: preview.faceId, confirmed: true }] }, study);
    expect(seen, JSON.stringify(seen.error)).toMatchObject({ state: 'done', contents: { patients: 1, studies: 1, series: 1, images: 84, others: 0 } });
    expect(seen.summary.join(' ')).toContain('1 series of a head lost its face.');
    expect(filesOf(seen.folder).map((file) => parseDicom(readFileSync(file))).every((file) => file.dataset.string('RecognizableVisualFeatures') === 'NO' && file.dataset.sequence('DeidentificationMethodCodeSequence').some((code) => code.string('CodeValue') === '113102'))).toBe(true);
    // Ahead of it all the page was told that there is a face.
    const plan = await core.call(routes.planStudyCopy, { body: { studyInstanceUid: study, options: [] } });
    expect(plan).toMatchObject({ contents: { images: 84 }, warnings: [expect.objectContaining({ code: 'face', objects: 84, series: 1 })] });
    expect((await core.call(routes.planStudyCopy, { body: { studyInstanceUid: study, options: ['clean-recognizable-visual-features'] } })).warnings).toEqual([]);
  });

  test('a series whose face cannot be taken off is left out', async () => {
    const seriesUid = (await core.call(routes.getStudy, { params: { studyUid } })).series[0]!.seriesInstanceUid;
    const copy = await copied({ options: [], name: 'left-out', reviewed: [], deface: [{ seriesInstanceUid: seriesUid, confirmed: false }] });
    expect(copy.state).toBe('failed');
    expect(copy.notWritten[0]!.reason).toMatch(/could not be taken off/);
  });

  test('unknown studies, searches and copies are refused', async () => {
    await expect(core.call(routes.startPixelSearch, { body: { studyInstanceUid: '1.2.3' } })).rejects.toMatchObject({ code: 'request/not-found' });
    await expect(core.call(routes.getStudyCopy, { params: { copyId: '00000000-0000-4000-8000-000000000000' } })).rejects.toMatchObject({ code: 'request/not-found' });
    await expect(core.call(routes.startStudyCopy, { body: { studyInstanceUid: studyUid, project: '../x', options: [], name: 'x', reviewed: [] } })).rejects.toMatchObject({ code: 'request/invalid' });
  });
});
