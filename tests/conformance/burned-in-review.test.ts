/** From the page's requests to the copy: a study with writing in its pixels is searched, a person's boxes are blackened in the copy, and what nobody confirmed is held back. */
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routes, type PixelSearch, type StudyCopy } from '#contract';
import { DataSet, decodeFrame, parseDicom, writeDicom } from '#dicom';
import { attendPixels } from '../../electron/core/exports/deidentify/attend-pixels.ts';
import { writeWord } from '../../electron/core/privacy/pixels/testing/bitmap-font.ts';
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

/** A CT slice of 192 × 192 with a soft body on air, and a name from a row on; none for null. */
function namedSlice(row: number | null): Uint8Array {
  const side = 192;
  const pixels = new Uint16Array(side * side);
  for (let y = 0; y < side; y += 1) for (let x = 0; x < side; x += 1) pixels[y * side + x] = Math.hypot((x - 96) / 90, (y - 100) / 64) < 1 ? Math.round(900 + 60 * Math.sin(x / 9) + 60 * Math.sin(y / 11)) : 10;
  const writing = writeWord('LOVELACE ADA 4711', 10, false, false);
  for (let y = 0; y < (row === null ? 0 : writing.rows); y += 1) for (let x = 0; x < writing.columns; x += 1) if (writing.cover[y * writing.columns + x]! > 0.5) pixels[(y + row!) * side + x + 20] = 1800;
  const sopClassUid = '1.2.840.10008.5.1.4.1.1.2';
  const sopInstanceUid = `1.2.3.9.${row ?? 0}`;
  const dataset = new DataSet().setString('SOPClassUID', sopClassUid).setString('SOPInstanceUID', sopInstanceUid).setString('StudyInstanceUID', '1.2.3.90').setString('SeriesInstanceUID', '1.2.3.91').setString('Modality', 'CT')
    .setString('PatientID', 'P-NAMED').setNumber('SamplesPerPixel', 1).setString('PhotometricInterpretation', 'MONOCHROME2').setNumber('Rows', side).setNumber('Columns', side).setNumber('BitsAllocated', 16).setNumber('BitsStored', 12)
    .setNumber('HighBit', 11).setNumber('PixelRepresentation', 0).setNumber('RescaleSlope', 1).setNumber('RescaleIntercept', -1000).setString('ImageOrientationPatient', ['1', '0', '0', '0', '1', '0']).setString('ImagePositionPatient', ['0', '0', String(row ?? 0)])
    .setNumber('PixelSpacing', [1, 1]).setBytes('PixelData', 'OW', new Uint8Array(pixels.buffer));
  return writeDicom({ dataset, sopClassUid, sopInstanceUid, transferSyntaxUid: '1.2.840.10008.1.2.1' });
}

/** A report of the same study. */
function reportBeside(): Uint8Array {
  const [sopClassUid, sopInstanceUid] = ['1.2.840.10008.5.1.4.1.1.88.11', '1.2.3.9.99'];
  const dataset = new DataSet().setString('SOPClassUID', sopClassUid).setString('SOPInstanceUID', sopInstanceUid).setString('StudyInstanceUID', '1.2.3.90').setString('SeriesInstanceUID', '1.2.3.92').setString('Modality', 'SR').setString('PatientID', 'P-NAMED')
    .setString('ValueType', 'CONTAINER').setSequence('ContentSequence', []);
  return writeDicom({ dataset, sopClassUid, sopInstanceUid, transferSyntaxUid: '1.2.840.10008.1.2.1' });
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

  test('what looks like writing and nobody decided is held back whatever the kind of image, searched or not, and the result says so', async () => {
    const folder = path.join(core.dir, 'named-slice');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'named.dcm'), namedSlice(10));
    writeFileSync(path.join(folder, 'plain.dcm'), namedSlice(null));
    writeFileSync(path.join(folder, 'report.dcm'), reportBeside());
    await core.ingest(folder);
    const study = (await core.call(routes.listStudies)).studies.find(({ studyInstanceUid }) => studyInstanceUid !== studyUid)!.studyInstanceUid;
    const unsearched = await copied({ options: [], name: 'named-unsearched', reviewed: [] }, study);
    const { searchId } = await core.call(routes.startPixelSearch, { body: { studyInstanceUid: study } });
    const { images } = await settled(() => core.call(routes.getPixelSearch, { params: { searchId } }));
    expect(images.map(({ risk, boxes }) => [risk, boxes.length > 0])).toEqual([['low', true]]);
    for (const copy of [unsearched, await copied({ options: [], name: 'named-open', reviewed: [] }, study)]) {
      expect(copy, JSON.stringify(copy.error)).toMatchObject({ state: 'done', total: 3, counts: { written: 2, heldBack: 1 }, contents: { images: 1, others: 1 } });
      expect(copy.notWritten).toEqual([{ reason: expect.stringContaining('nobody has decided') as string, objects: 1 }]);
      expect(copy.summary.join(' ')).not.toContain('not searched');
    }
    const decided = await copied({ options: [], name: 'named-decided', reviewed: [{ sopInstanceUid: images[0]!.sopInstanceUid, boxes: [] }] }, study);
    expect(decided.counts).toMatchObject({ written: 3, heldBack: 0 });
    expect(await core.call(routes.planStudyCopy, { body: { studyInstanceUid: study, options: [] } })).toMatchObject({ contents: { images: 2, others: 1 } });
  });

  test('a box on anatomy is not cut unasked; one beside it is', async () => {
    const policy = { clean: true, accepted: false, boxes: null, open: null };
    expect(await attendPixels(parseDicom(namedSlice(60)), policy)).toMatchObject({ kind: 'held-back', reasons: [expect.stringContaining('lies on anatomy')] });
    expect(await attendPixels(parseDicom(namedSlice(60)), { ...policy, accepted: true })).toMatchObject({ kind: 'pass', cleaned: true });
    expect(await attendPixels(parseDicom(namedSlice(6)), policy)).toMatchObject({ kind: 'pass', cleaned: true, blackened: [{}] });
    expect(await attendPixels(parseDicom(namedSlice(null)), policy)).toMatchObject({ kind: 'pass', blackened: [] });
  });

  test('no slice of a chest or a head loses anatomy to a box', async () => {
    const files = ['chest-ct', 'mr-t1'].flatMap((name) => readdirSync(path.join(realDicom, name), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name)));
    const slices = files.flatMap((file) => {
      try {
        return [parseDicom(readFileSync(file))];
      } catch {
        return [];
      }
    });
    expect(slices.length).toBeGreaterThanOrEqual(36);
    let held = 0;
    for (const slice of slices) {
      const attended = await attendPixels(slice, { clean: true, accepted: false, boxes: null, open: null });
      if (attended.kind === 'held-back') held += 1;
      else expect(attended.blackened).toEqual([]);
    }
    console.log(`Of ${slices.length} slices without writing, ${held} are held back, and none is cut.`);
    expect(held).toBeLessThan(0.15 * slices.length);
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
