/** What a copy promises of itself: faces, file-sets, the report, what verify finds, and what is left when something fails in the middle. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMemoryLog, createWorkerPool, sha256Hex, type WorkerPool } from '#base';
import type { DeidentificationReport, DeidentifyOption } from '#contract';
import { DataSet, decodeFrame, parseDicom, writeDicom } from '#dicom';
import { copyDeidentified, planCopy, verifyDeidentified, type DeidentifyOrder } from '#exports';
import { createCopyWorkers } from '../../electron/core/exports/deidentify/copy-workers.ts';
import { cli, entries, hasRealDicom, realDicom } from '../support/real-core.ts';
import { plainObject, writtenOnObject } from './deidentify-canary.ts';
import { writeHead } from './made-head.ts';

const python = process.env['SCANLOOM_PYTHON'] ?? 'python3';
const hasPydicom = spawnSync(python, ['-c', 'import pydicom'], { stdio: 'ignore' }).status === 0;
const hasDcmtk = spawnSync('dcmdump', ['--version'], { stdio: 'ignore' }).status === 0;

let dir: string;
let pool: WorkerPool;
let head: string;
beforeAll(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'scanloom-promises-'));
  pool = createWorkerPool({ entry: path.join(entries, 'dicom-worker.js'), size: 1, log: createMemoryLog() });
  head = path.join(dir, 'head');
  mkdirSync(head);
  writeHead(head);
});
afterAll(async () => {
  await pool.close();
  rmSync(dir, { recursive: true, force: true });
});

let copies = 0;
type More = Partial<Omit<DeidentifyOrder, 'inputs' | 'options'>>;

function orderOf(inputs: readonly string[], options: readonly DeidentifyOption[] = [], more: More = {}): DeidentifyOrder {
  return { inputs, options, target: path.join(dir, `copy-${(copies += 1)}`), key: new Uint8Array(32).fill(6), scanloom: '0.0.0-test', createdAt: new Date('2026-01-02T03:04:05Z'), pool, entries, ...more };
}

async function copyOf(inputs: readonly string[], options: readonly DeidentifyOption[] = [], more: More = {}): Promise<{ folder: string; report: DeidentificationReport }> {
  const order = orderOf(inputs, options, more);
  return { folder: order.target, report: await copyDeidentified(order) };
}

const filesBelow = (folder: string): string[] => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name)).sort();
const objectsOf = (folder: string): DataSet[] => filesBelow(folder).filter((file) => file.endsWith('.dcm')).map((file) => parseDicom(readFileSync(file)).dataset);
const codesOf = (dataset: DataSet): string[] => dataset.sequence('DeidentificationMethodCodeSequence').map((item) => item.string('CodeValue'));
const fingerprint = (folder: string): string => sha256Hex(filesBelow(folder).map((file) => `${file} ${statSync(file).mtimeMs} ${sha256Hex(readFileSync(file))}`).join('\n'));

function folderOf(files: Readonly<Record<string, Uint8Array>>): string {
  const folder = path.join(dir, `in-${(copies += 1)}`);
  mkdirSync(folder);
  for (const [name, bytes] of Object.entries(files)) writeFileSync(path.join(folder, name), bytes);
  return folder;
}

const faceless: DeidentifyOption[] = ['clean-recognizable-visual-features'];

describe('faces', () => {
  test('are taken off by the option; only what a person has looked at says so; the second copy is the first one', async () => {
    const before = fingerprint(head);
    const unseen = await copyOf([head], faceless);
    expect(unseen.report.faces).toEqual([expect.objectContaining({ objects: 84, seen: false, words: expect.stringContaining('set to air') })]);
    expect(unseen.report.codes.map(({ value }) => value)).toEqual(['113100']);
    const cut = unseen.report.objects.filter(({ face }) => face === 'cut').length;
    expect(cut).toBeGreaterThan(20);
    expect(cut).toBeLessThan(70);
    expect(objectsOf(unseen.folder).every((set) => !set.has('RecognizableVisualFeatures') && codesOf(set).join() === '113100' && set.strings('DeidentificationMethod').some((words) => words.includes('nobody has looked')))).toBe(true);
    const seen = await copyOf([head], faceless, { acceptFaces: true });
    expect(seen.report.codes.map(({ value }) => value)).toEqual(['113100', '113102']);
    expect(objectsOf(seen.folder).every((set) => set.string('RecognizableVisualFeatures') === 'NO' && codesOf(set).join() === '113100,113102')).toBe(true);
    // What a person looked at is what is passed on, to the bit.
    const pixels = (folder: string): string[] => objectsOf(folder).map((set) => sha256Hex(set.bytes('PixelData')!));
    expect(pixels(seen.folder)).toEqual(pixels(unseen.folder));
    const originals = new Set(filesBelow(head).map((file) => sha256Hex(parseDicom(readFileSync(file)).dataset.bytes('PixelData')!)));
    expect(pixels(seen.folder).filter((digest) => !originals.has(digest))).toHaveLength(cut);
    for (const { folder } of [unseen, seen]) expect(await verifyDeidentified(folder)).toMatchObject({ ok: true, findings: [] });
    expect(fingerprint(head)).toBe(before);
  });

  test('that cannot be taken off are held back, and so is the outline of the skin; what shows none says so', async () => {
    const slab = path.join(dir, 'slab');
    mkdirSync(slab);
    // The middle of the head: neither vertex nor chin, and thick enough for a face.
    for (let slice = 30; slice < 60; slice += 1) cpSync(path.join(head, `${slice}.dcm`), path.join(slab, `${slice}.dcm`));
    writeFileSync(path.join(slab, 'chest.dcm'), plainObject(1));
    const { report, folder } = await copyOf([slab], faceless, { acceptFaces: true });
    expect(report.counts).toMatchObject({ written: 1, heldBack: 30 });
    expect(report.objects.find(({ outcome }) => outcome === 'held-back')!.reasons.join()).toContain('could not be taken off');
    expect(objectsOf(folder).map((set) => [set.string('RecognizableVisualFeatures'), codesOf(set).join()])).toEqual([['NO', '113100,113102']]);
    const structures = writeDicom({
      dataset: new DataSet().setString('SOPClassUID', '1.2.840.10008.5.1.4.1.1.481.3').setString('SOPInstanceUID', '1.2.3.4').setString('StudyInstanceUID', '1.2.3.5').setString('SeriesInstanceUID', '1.2.3.6').setString('Modality', 'RTSTRUCT').setString('PatientID', 'x')
        .setSequence('RTROIObservationsSequence', [new DataSet().setString('RTROIInterpretedType', 'EXTERNAL')]),
      sopClassUid: '1.2.840.10008.5.1.4.1.1.481.3', sopInstanceUid: '1.2.3.4', transferSyntaxUid: '1.2.840.10008.1.2.1',
    });
    const photograph = plainObject(2, (set) => set.setString('Modality', 'XC'));
    const others = folderOf({ 'a.dcm': structures, 'b.dcm': photograph, 'c.dcm': plainObject(3) });
    const held = await copyOf([others], faceless, { acceptBurnedIn: true });
    expect(held.report.objects.map(({ outcome }) => outcome)).toEqual(['held-back', 'held-back', 'written']);
  });

  test('a stop in the middle of a volume ends the thread', async () => {
    const controller = new AbortController();
    const workers = createCopyWorkers({ entries, size: 1, log: createMemoryLog(), signal: controller.signal });
    const files = filesBelow(head).map((file) => ({ path: file }));
    // The thread is there and has answered, so that what follows is already being cut when it is stopped.
    expect(await workers.look({ path: files[0]!.path, options: [], key: new Uint8Array(32), scanloom: '0' })).toMatchObject({ kind: 'object' });
    const cut = workers.face({ files, seed: 1, picture: false });
    setTimeout(() => controller.abort(), 60);
    await expect(cut).rejects.toMatchObject({ code: 'job/cancelled' });
    await expect(workers.face({ files, seed: 1, picture: false })).rejects.toMatchObject({ code: 'job/cancelled' });
    await workers.close();
  });

  test('a stop while heads are looked at leaves nothing, and the host lives on meanwhile', async () => {
    const controller = new AbortController();
    const order = orderOf([head], faceless, { signal: controller.signal });
    const running = copyDeidentified(order);
    setTimeout(() => controller.abort(), 400);
    let beats = 0;
    const beat = setInterval(() => (beats += 1), 5);
    await expect(running).rejects.toMatchObject({ code: 'job/cancelled' });
    clearInterval(beat);
    expect(beats).toBeGreaterThan(5);
    expect(readdirSync(dir).filter((name) => name.includes(path.basename(order.target)))).toEqual([]);
  });
});

describe('a file-set', () => {
  test.skipIf(!hasRealDicom)('is made again where there was one, lists every object by its new name, and verify follows it', async () => {
    const source = path.join(dir, 'disc');
    mkdirSync(source);
    cpSync(path.join(realDicom, 'oddities', 'rt-utils'), source, { recursive: true });
    const without = await copyOf([source]);
    expect(existsSync(path.join(without.folder, 'DICOMDIR'))).toBe(false);
    const { folder, report } = await copyOf([source], [], { dicomdir: true });
    expect(report.objects.filter(({ path: place }) => place !== null).every(({ path: place }) => /^DICOM\/ST\d{6}\/SE\d{6}\/IM\d{6}$/.test(place!))).toBe(true);
    expect(await verifyDeidentified(folder)).toMatchObject({ ok: true, filesChecked: report.counts.written + 1 });
    const directory = readFileSync(path.join(folder, 'DICOMDIR'));
    expect(directory.includes(Buffer.from(parseDicom(readFileSync(filesBelow(source).find((file) => file.endsWith('.dcm'))!)).dataset.string('SOPInstanceUID')))).toBe(false);
    const records = parseDicom(directory).dataset.sequence('DirectoryRecordSequence');
    expect(records.map((record) => record.string('DirectoryRecordType'))).toContain('RT STRUCTURE SET');
    expect(records.filter((record) => record.has('ReferencedFileID'))).toHaveLength(report.counts.written);
    if (hasDcmtk) expect(spawnSync('dcmdump', [path.join(folder, 'DICOMDIR')], { encoding: 'utf8' }).status).toBe(0);
    if (hasPydicom) {
      const script = 'import sys, json\nfrom pydicom.fileset import FileSet\nfs = FileSet(sys.argv[1])\nprint(json.dumps([str(i.SOPInstanceUID) == str(i.load().SOPInstanceUID) for i in fs]))';
      const found = JSON.parse(execFileSync(python, ['-c', script, path.join(folder, 'DICOMDIR')], { encoding: 'utf8' })) as boolean[];
      expect(found).toHaveLength(report.counts.written);
      expect(found.every(Boolean)).toBe(true);
    }
    // The copy is itself a disc: what was made from it has a directory again.
    const again = await copyOf([folder]);
    expect(existsSync(path.join(again.folder, 'DICOMDIR'))).toBe(true);
    writeFileSync(path.join(folder, 'DICOMDIR'), readFileSync(path.join(again.folder, 'DICOMDIR')));
    expect((await verifyDeidentified(folder)).findings.map(({ code }) => code)).toContain('hash-differs');
  });
});

/** Changes an object of a copy and makes all digests true again. */
function forge(copy: string, change: (dataset: DataSet) => DataSet): void {
  const file = filesBelow(copy).find((name) => name.endsWith('.dcm'))!;
  const parsed = parseDicom(readFileSync(file));
  const bytes = writeDicom({ dataset: change(parsed.dataset.clone()), sopClassUid: parsed.dataset.string('SOPClassUID'), sopInstanceUid: parsed.dataset.string('SOPInstanceUID'), transferSyntaxUid: parsed.transferSyntaxUid });
  const reportFile = path.join(copy, 'deidentification.json');
  const report = JSON.parse(readFileSync(reportFile, 'utf8')) as DeidentificationReport;
  const entry = report.files.find((one) => one.path === path.relative(copy, file).split(path.sep).join('/'))!;
  let sums = readFileSync(path.join(copy, 'checksums.sha256'), 'utf8').replace(entry.sha256, sha256Hex(bytes));
  const before = sha256Hex(readFileSync(reportFile));
  Object.assign(entry, { sha256: sha256Hex(bytes), sizeBytes: bytes.length });
  sums = sums.replace(before, sha256Hex(JSON.stringify(report)));
  writeFileSync(file, bytes);
  writeFileSync(reportFile, JSON.stringify(report));
  writeFileSync(path.join(copy, 'checksums.sha256'), sums);
}

describe('verify', () => {
  test.each<[string, (dataset: DataSet) => DataSet, string, boolean]>([
    ['a name', (set) => set.setString('PatientName', 'Lovelace^Ada'), 'attribute-left', false],
    ['a date', (set) => set.setString('StudyDate', '20200101'), 'attribute-left', false],
    ['a nested name', (set) => set.setSequence('ReferencedSeriesSequence', [new DataSet().setString('OperatorsName', 'X^Y')]), 'attribute-left', false],
    ['no method code', (set) => set.setSequence('DeidentificationMethodCodeSequence', []), 'method-differs', false],
    ['a claim without its mark', (set) => set.setString('LongitudinalTemporalInformationModified', ''), 'marks-disagree', false],
    ['a private attribute', (set) => set.setString('00090010', 'ACME', 'LO'), 'private-left', false],
    ['a reference that leads nowhere', (set) => set.setSequence('ReferencedSeriesSequence', [new DataSet().setString('SeriesInstanceUID', '2.25.7').setSequence('ReferencedInstanceSequence', [new DataSet().setString('ReferencedSOPClassUID', '1.2.840.10008.5.1.4.1.1.2').setString('ReferencedSOPInstanceUID', '2.25.77')])]), 'reference-dangling', true],
  ])('finds %s in an object whose digests are all true', async (_, change, code, ok) => {
    const { folder } = await copyOf([folderOf({ '1.dcm': plainObject(1) })]);
    forge(folder, change);
    const report = await verifyDeidentified(folder);
    expect(report.findings.map((finding) => finding.code)).toContain(code);
    expect(report.ok).toBe(ok);
  });

  test('finds dates in no order', async () => {
    const { folder } = await copyOf([folderOf({ '1.dcm': plainObject(1, (set) => set.setString('SeriesDate', '20190101')) })], ['retain-modified-dates']);
    expect(await verifyDeidentified(folder)).toMatchObject({ ok: true, findings: [expect.objectContaining({ level: 'warning', code: 'dates-order' })] });
  });
});

describe('the report', () => {
  test('counts patients, studies, series and images, says where was blackened and what was emptied, in words too', async () => {
    const pdf = writeDicom({
      dataset: new DataSet().setString('SOPClassUID', '1.2.840.10008.5.1.4.1.1.104.1').setString('SOPInstanceUID', '1.2.3.4').setString('StudyInstanceUID', '1.2.3.5').setString('SeriesInstanceUID', '1.2.3.6').setString('Modality', 'DOC').setString('PatientID', 'PID-4711').setBytes('EncapsulatedDocument', 'OB', Buffer.from('%PDF-1.4 Ada Lovelace ')),
      sopClassUid: '1.2.840.10008.5.1.4.1.1.104.1', sopInstanceUid: '1.2.3.4', transferSyntaxUid: '1.2.840.10008.1.2.1',
    });
    const source = folderOf({ '1.dcm': writtenOnObject('LOVELACE ADA 4711'), '2.dcm': plainObject(2), '3.dcm': pdf });
    const { folder, report } = await copyOf([source], ['clean-pixel-data']);
    expect(report.contents).toEqual({ patients: 1, studies: 2, series: 2, images: 2, others: 1 });
    const [us, plain, document] = report.objects;
    expect(us!.blackened.length).toBeGreaterThan(0);
    expect(us!.blackened.some(({ column, row }) => column < 20 && row < 12)).toBe(true);
    expect(plain).toMatchObject({ blackened: [], emptied: null, face: 'untouched' });
    expect(document).toMatchObject({ outcome: 'written', emptied: 'document' });
    expect(report.summary.join(' ')).toMatch(/1 patient, 2 studies, 2 series, 2 images and 1 other object/);
    expect(report.summary.join(' ')).toMatch(/1 image had what looked like writing blacked out/);
    expect(report.summary.join(' ')).toMatch(/1 document \(PDF\) came out with an empty page/);
    const page = readFileSync(path.join(folder, 'report.html'), 'utf8');
    for (const sentence of report.summary) expect(page).toContain(sentence.slice(0, 30));
    expect(page).toContain('Blacked out');
    for (const file of filesBelow(folder)) expect(readFileSync(file).toString('latin1')).not.toMatch(/Lovelace/i);
    expect(await planCopy({ inputs: [source], options: [], scanloom: '0', pool, entries })).toMatchObject({ contents: report.contents, warnings: [{ code: 'burned-in' }, { code: 'content-emptied' }] });
  });
});

describe('the command', () => {
  const run = (...words: string[]): { status: number | null; stdout: string; stderr: string } => spawnSync(process.execPath, [cli, 'deidentify', ...words], { encoding: 'utf8', env: { ...process.env, SCANLOOM_LIBRARY: path.join(dir, 'no-library') } });

  test('makes no key for an order that cannot be carried out, and no copy inside of another', async () => {
    const source = folderOf({ '1.dcm': plainObject(1) });
    const { folder } = await copyOf([source]);
    const key = path.join(dir, 'never.key');
    expect(run(source, '--out', path.join(dir, 'x'), '--key', key, '--option', 'retain-full-dates', 'retain-modified-dates').status).not.toBe(0);
    expect(run(source, '--out', path.join(folder, 'sub'), '--key', key)).toMatchObject({ status: 2, stderr: expect.stringContaining('inside of another copy') });
    expect(run(source, '--out', path.join(folder, 'dicom', 'deep', 'er'), '--key', key).stderr).toContain('inside of another copy');
    expect(run(source, '--out', path.join(source, 'new', 'copy'), '--key', key).stderr).toContain('inside of what is copied');
    expect(run(source, '--out', folder, '--key', key).status).not.toBe(0);
    expect(run(source, '--out', path.join(dir, 'x'), '--accept-faces', '--key', key).status).toBe(2);
    expect(existsSync(key)).toBe(false);
    expect(await verifyDeidentified(folder)).toMatchObject({ ok: true });
    const planned = run(source, '--plan', '--json');
    expect(JSON.parse(planned.stdout)).toEqual({ contents: { patients: 1, studies: 1, series: 1, images: 1, others: 0 }, warnings: [] });
    expect(existsSync(path.join(dir, 'no-library', 'keys'))).toBe(false);
  });
});

test('pixels that decode to air where a face was are the only ones that changed', async () => {
  const { folder, report } = await copyOf([head], faceless);
  const places = new Map(filesBelow(head).map((file) => parseDicom(readFileSync(file))).map((file) => [file.dataset.number('InstanceNumber'), file]));
  let changed = 0;
  for (const { path: place, face } of report.objects) {
    const file = parseDicom(readFileSync(path.join(folder, place!)));
    const [now, was] = [await decodeFrame(file, 0), await decodeFrame(places.get(file.dataset.number('InstanceNumber'))!, 0)];
    const values = now.stored.filter((value, at) => value !== was.stored[at]);
    expect(values.every((value) => value <= -900)).toBe(true);
    expect(values.length > 0).toBe(face === 'cut');
    changed += values.length;
  }
  expect(changed).toBeGreaterThan(1000);
});
