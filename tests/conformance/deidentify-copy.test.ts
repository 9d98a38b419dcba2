/**
 * De-identified copies of real studies, and of studies into which a canary was planted wherever a value can stand: what comes out is looked
 * through byte by byte, read by other people's software, and its references are followed.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMemoryLog, createWorkerPool, sha256Hex, type WorkerPool } from '#base';
import { DeidentificationReport, routes, type DeidentifiedObject, type DeidentifyOption } from '#contract';
import { decodeFrame, describeImage, parseDicom, storedValuesBytes, writeDicom, type DataSet } from '#dicom';
import { copyDeidentified, isDeidentifiedCopy, planCopy, readOrMakeKey, verifyDeidentified, type DeidentifyOrder } from '#exports';
import { createProject } from '#privacy';
import { cli, entries, hasRealDicom, openRealCore, realDicom } from '../support/real-core.ts';
import { hasDciodvfy, judge } from './dciodvfy.ts';
import { lonelyObject, plainObject, plantedObjects, withPassengers, writtenOnObject } from './deidentify-canary.ts';

const python = process.env['SCANLOOM_PYTHON'] ?? 'python3';
const hasPydicom = spawnSync(python, ['-c', 'import pydicom'], { stdio: 'ignore' }).status === 0;

let dir: string;
let pool: WorkerPool;
beforeAll(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'scanloom-deidentify-'));
  pool = createWorkerPool({ entry: path.join(entries, 'dicom-worker.js'), size: 1, log: createMemoryLog() });
});
afterAll(async () => {
  await pool.close();
  rmSync(dir, { recursive: true, force: true });
});

const key = new Uint8Array(32).fill(9);
let copies = 0;

interface Copy {
  readonly folder: string;
  readonly report: DeidentificationReport;
  readonly outcomes: readonly { readonly shown: string; readonly object: DeidentifiedObject }[];
}

async function copyOf(inputs: readonly string[], options: readonly DeidentifyOption[] = [], more: Partial<Pick<DeidentifyOrder, 'acceptBurnedIn' | 'dicomdir' | 'log' | 'signal'>> = {}): Promise<Copy> {
  const folder = path.join(dir, `copy-${(copies += 1)}`);
  const outcomes: Copy['outcomes'][number][] = [];
  const report = await copyDeidentified({ inputs, target: folder, options, key, scanloom: '0.0.0-test', createdAt: new Date('2026-01-02T03:04:05Z'), pool, entries, onOutcome: (shown, object) => void outcomes.push({ shown, object }), ...more });
  return { folder, report, outcomes };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

const copyReport = async (folder: string): Promise<DeidentificationReport> => DeidentificationReport.parse(JSON.parse(readFileSync(path.join(folder, 'deidentification.json'), 'utf8')));

const fingerprint = (folder: string): string => sha256Hex(filesBelow(folder).sort().map((file) => `${file} ${statSync(file).mtimeMs} ${sha256Hex(readFileSync(file))}`).join('\n'));

/** Digest of all stored values; null for what has no pixels. */
async function storedValues(file: string): Promise<string | null> {
  const parsed = parseDicom(readFileSync(file));
  const header = describeImage(parsed);
  if (!header.hasPixels) return null;
  const frames: Uint8Array[] = [];
  for (let frame = 0; frame < header.frames; frame += 1) frames.push(storedValuesBytes(await decodeFrame(parsed, frame), header));
  return sha256Hex(Buffer.concat(frames));
}

/** Everything that a data set names by UID, by attribute. */
function uidsOf(dataset: DataSet, tag: string): string[] {
  return [...dataset.elements()].flatMap((element) => (element.vr === 'SQ' ? dataset.sequence(element.tag).flatMap((item) => uidsOf(item, tag)) : element.tag === tag ? dataset.strings(tag) : []));
}

/** Lines that follow from the table itself: what it removes, dciodvfy asks for. */
const unavoidable: readonly RegExp[] = [
  // A top-level Source Image Sequence of Type 3 is removed (X/Z/U*); the series it was of is still named.
  /ReferencedSeriesSequence present but Instance does not reference Instances/,
];

describe('a canary', () => {
  /** In every text-like attribute of the dictionary, at four depths, in private tags, unknown tags, file meta, preamble and names. */
  const word = 'Zqcanary';
  let planted: string;
  let copy: Copy;

  const texts = (name: string): string[] => [name, name.toUpperCase()];
  function traces(bytes: Buffer, name: string): string[] {
    const found: string[] = [];
    const raw = bytes.toString('latin1').toLowerCase();
    if (raw.includes(name.toLowerCase())) found.push('text');
    for (const text of texts(name)) {
      if (bytes.includes(Buffer.from(text, 'utf16le')) || bytes.includes(Buffer.from(text, 'utf16le').swap16())) found.push('UTF-16');
      // Base64 of the word at each of its three alignments, without the letters that its neighbours decide.
      for (let pad = 0; pad < 3; pad += 1) if (bytes.includes(Buffer.from(Buffer.concat([Buffer.alloc(pad), Buffer.from(text)]).toString('base64').slice(pad === 0 ? 0 : pad + 1, -4)))) found.push('base64');
    }
    return found;
  }

  beforeAll(async () => {
    planted = path.join(dir, `${word}-study`, word);
    mkdirSync(planted, { recursive: true });
    plantedObjects(word).forEach((bytes, at) => writeFileSync(path.join(planted, `${word}^Ada_${at}.dcm`), bytes));
    writeFileSync(path.join(planted, `${word}.txt`), `${word} is no DICOM`);
    copy = await copyOf([path.dirname(planted)], [], { acceptBurnedIn: true });
  });

  test('was really planted, thousands of times', () => {
    const files = filesBelow(planted).filter((file) => file.endsWith('.dcm'));
    expect(files).toHaveLength(3);
    const times = files.reduce((sum, file) => sum + readFileSync(file).toString('latin1').toLowerCase().split(word.toLowerCase()).length - 1, 0);
    expect(times).toBeGreaterThan(10_000);
  });

  test.each<[string, DeidentifyOption[]]>([
    ['the Basic Profile', []],
    ['cleaned descriptors, structured content and graphics', ['clean-descriptors', 'clean-structured-content', 'clean-graphics']],
    ['every option that keeps something but identities', ['retain-full-dates', 'retain-patient-characteristics', 'retain-safe-private', 'clean-descriptors']],
  ])('is nowhere in a copy by %s', async (_, options) => {
    const made = options.length === 0 ? copy : await copyOf([path.dirname(planted)], options, { acceptBurnedIn: true });
    expect(made.report.counts).toMatchObject({ files: 4, written: 3, leftOut: 1 });
    for (const file of filesBelow(made.folder)) expect([...traces(readFileSync(file), word), ...traces(Buffer.from(path.relative(dir, file)), word)], path.basename(file)).toEqual([]);
    expect(traces(Buffer.from(JSON.stringify(made.report)), word)).toEqual([]);
    expect(await verifyDeidentified(made.folder)).toMatchObject({ ok: true, findings: [] });
  });

  test('is not in what the command line prints either', () => {
    const out = path.join(dir, 'by-command');
    const words = ['deidentify', path.dirname(planted), '--out', out, '--key', path.join(dir, 'command.key'), '--accept-burned-in', '--option', 'clean-descriptors', '--json', '--progress', 'json'];
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...words], { encoding: 'utf8', env: { ...process.env, SCANLOOM_LIBRARY: path.join(dir, 'no-library') } });
    expect(stderr.replace(/^\{.*\}$/gm, '').trim()).toBe('');
    expect(status).toBe(0);
    // The folder that was named by the user is the one thing that is his.
    for (const text of [stdout, stderr]) expect(traces(Buffer.from(text.replaceAll(dir, '')), word)).toEqual([]);
    expect(JSON.parse(stdout)).toMatchObject({ folder: out, counts: { written: 3, leftOut: 1 } });
    for (const file of filesBelow(out)) expect(traces(readFileSync(file), word)).toEqual([]);
    expect(spawnSync(process.execPath, [cli, 'verify', out], { encoding: 'utf8' }).status).toBe(0);
    const refusedWords: string[][] = [['deidentify'], ['deidentify', planted], ['deidentify', planted, '--out', `${out}2`, '--option', 'nonsense'], ['deidentify', planted, '--out', `${out}2`, '--key', path.join(`${out}2`, 'key')]];
    for (const wrong of refusedWords) expect(spawnSync(process.execPath, [cli, ...wrong]).status, wrong.join(' ')).toBe(2);
  });

  test('is not in a DICOMDIR, a plan, or the log of who made them', async () => {
    const log = createMemoryLog();
    const made = await copyOf([path.dirname(planted)], [], { acceptBurnedIn: true, dicomdir: true, log });
    const names = filesBelow(made.folder).map((file) => path.relative(made.folder, file));
    expect(names).toContain('DICOMDIR');
    for (const file of filesBelow(made.folder)) expect([...traces(readFileSync(file), word), ...traces(Buffer.from(path.relative(dir, file)), word)], path.basename(file)).toEqual([]);
    const planned = await planCopy({ inputs: [path.dirname(planted)], options: [], scanloom: '0', pool, entries, log });
    expect(planned.contents.images).toBe(3);
    for (const told of [planned, made.report, log.lines]) expect(traces(Buffer.from(JSON.stringify(told)), word)).toEqual([]);
    expect(await verifyDeidentified(made.folder)).toMatchObject({ ok: true, findings: [] });
  });

  test('is not in what a library writes down of a copy, nor in what its page is told', async () => {
    const core = await openRealCore();
    try {
      const own = path.join(core.dir, 'in');
      mkdirSync(own);
      // A study that a library shows: names, numbers, descriptions, private attributes, file names.
      for (const n of [1, 2, 3]) writeFileSync(path.join(own, `${word}_${n}.dcm`), withPassengers(plainObject(n, (set) => set.setString('PatientName', `${word}^Ada`).setString('PatientID', `${word}-1`).setString('SeriesDescription', `chest ${word}`).setString('StudyDescription', word).setString('AccessionNumber', word).setString('00090010', word, 'LO').setString('00091001', word, 'LO')), word));
      await core.ingest(own);
      const { studyInstanceUid } = (await core.call(routes.listStudies)).studies[0]!;
      const logged = core.log.lines.length;
      const plan = await core.call(routes.planStudyCopy, { body: { studyInstanceUid, options: ['clean-descriptors'] } });
      expect(plan).toMatchObject({ contents: { patients: 1, images: 3 }, warnings: [{ code: 'private-lost', objects: 3 }] });
      let state = await core.call(routes.startStudyCopy, { body: { studyInstanceUid, options: ['clean-descriptors'], project: 'canary', name: 'copy', reviewed: [], dicomdir: true } });
      while (state.state === 'running') {
        await new Promise((resolve) => setTimeout(resolve, 30));
        state = await core.call(routes.getStudyCopy, { params: { copyId: state.copyId } });
      }
      expect(state).toMatchObject({ state: 'done', counts: { written: 3 } });
      expect(traces(Buffer.from(JSON.stringify([plan, state, core.log.lines.slice(logged)])), word)).toEqual([]);
      for (const file of filesBelow(state.folder)) expect([...traces(readFileSync(file), word), ...traces(Buffer.from(path.relative(state.folder, file)), word)], path.basename(file)).toEqual([]);
      // The key is what the library keeps of it, and nothing else.
      for (const file of filesBelow(path.join(core.dir, 'library', 'keys'))) expect(traces(readFileSync(file), word)).toEqual([]);
    } finally {
      await core.close();
    }
  });

  test('that is nobody’s name is still nowhere where the table, a private block or an unknown tag held it', async () => {
    const other = 'Wvlonely';
    const place = path.join(dir, 'lonely');
    mkdirSync(place);
    writeFileSync(path.join(place, '1.dcm'), withPassengers(lonelyObject(other), other));
    const made = await copyOf([place], [], { acceptBurnedIn: true });
    expect(made.report.counts.written).toBe(1);
    for (const file of filesBelow(made.folder)) expect(traces(readFileSync(file), other)).toEqual([]);
  });
});

describe.skipIf(!hasRealDicom)('real studies', () => {
  const from = (folder: string): string => path.join(realDicom, 'oddities', folder);

  test('originals stay as they are, to the byte and the minute', async () => {
    const source = from('mr-multi-echo');
    const before = fingerprint(source);
    await copyOf([source]);
    expect(fingerprint(source)).toBe(before);
  });

  test.each<[string, DeidentifyOption[]]>([['pet-with-seg', ['retain-modified-dates', 'clean-descriptors']], ['rt-utils', []], ['highdicom-seg-sr-sm', ['clean-structured-content']]])('%s: what referred to each other still does', async (folder, options) => {
    const { folder: copy, outcomes } = await copyOf([from(folder)], options, { acceptBurnedIn: true });
    const pairs = outcomes.flatMap(({ shown, object }) => (object.path === null ? [] : [[parseDicom(readFileSync(path.join(from(folder), shown))).dataset, parseDicom(readFileSync(path.join(copy, object.path))).dataset] as const]));
    expect(pairs.length).toBeGreaterThan(5);
    // Not a bit of a pixel is another.
    for (const { shown, object } of outcomes) if (object.path !== null) expect(await storedValues(path.join(copy, object.path)), shown).toBe(await storedValues(path.join(from(folder), shown)));
    // One original UID has one new UID, in whatever attribute and object it stands.
    const mapped = new Map<string, string>();
    for (const tag of ['00080018', '0020000d', '0020000e', '00200052']) {
      for (const [original, made] of pairs) {
        const [old, now] = [original.string(tag), made.string(tag)];
        if (old === '') continue;
        expect(now).not.toBe(old);
        expect(mapped.get(old) ?? now).toBe(now);
        mapped.set(old, now);
      }
    }
    // What is still pointed at is the stand-in of what was pointed at; what lies in the folder is found there.
    const project = createProject(key);
    let followed = 0;
    for (const [original, made] of pairs) {
      const meant = new Set([...uidsOf(original, '00081155'), 'no procedure step'].map((uid) => project.uid(uid)));
      for (const uid of uidsOf(made, '00081155')) {
        expect(meant).toContain(uid);
        if ([...mapped.values()].includes(uid)) followed += 1;
      }
    }
    expect(followed).toBeGreaterThan(0);
    const patients = new Map(pairs.map(([original]) => [original.string('PatientID'), new Set<string>()] as const).filter(([id]) => id !== ''));
    for (const [original, made] of pairs) patients.get(original.string('PatientID'))?.add(`${made.string('PatientID')} ${made.string('PatientName')}`);
    for (const names of patients.values()) expect(names.size).toBe(1);
    expect(new Set([...patients.values()].map((names) => [...names][0])).size).toBe(patients.size);
  });

  test('a DICOMDIR is left out, and what it names is copied', async () => {
    const { report } = await copyOf([from('dicomdir')]);
    expect(report.counts.leftOut).toBeGreaterThan(5);
    expect(report.counts.written).toBeGreaterThan(20);
    expect(report.objects.filter(({ outcome }) => outcome === 'left-out').every(({ reasons }) => reasons.join() === 'A DICOMDIR names the original files; the copy has its own.')).toBe(true);
  });

  test('a DICOMDIR that names what is not there is told of without the name', async () => {
    const place = path.join(dir, 'dicomdir-alone');
    mkdirSync(place);
    cpSync(path.join(from('dicomdir'), 'DICOMDIR'), path.join(place, 'DICOMDIR'));
    writeFileSync(path.join(place, '1.dcm'), plainObject(1));
    const { report } = await copyOf([place]);
    expect(report.objects.map(({ outcome }) => outcome).sort()).toEqual(['left-out', 'refused', 'written']);
    const reasons = report.objects.flatMap((object) => object.reasons).join(' ');
    expect(reasons).toContain('is not there');
    expect(reasons).not.toMatch(/[/\\]|MR|CT\d|98892/);
  });

  test('all dates of a patient move by one distance, and the interval between images stays', async () => {
    const { folder: copy, outcomes } = await copyOf([from('pet-with-seg')], ['retain-modified-dates']);
    const days = (text: string): number => Math.round(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(4, 6)) - 1, Number(text.slice(6, 8))) / 86_400_000);
    const moves = new Set<number>();
    for (const { shown, object } of outcomes) {
      if (object.path === null) continue;
      const [original, made] = [path.join(from('pet-with-seg'), shown), path.join(copy, object.path)].map((file) => parseDicom(readFileSync(file)).dataset);
      for (const tag of ['00080020', '00080021', '00080022', '00080023']) if (original!.string(tag) !== '' && made!.string(tag) !== '') moves.add(days(made!.string(tag)) - days(original!.string(tag)));
      expect(made!.string('AcquisitionTime')).toBe(original!.string('AcquisitionTime'));
      expect(made!.string('LongitudinalTemporalInformationModified')).toBe('MODIFIED');
    }
    expect(moves.size).toBe(1);
    expect([...moves][0]).toBeLessThan(0);
  });

  const sample = ['chest-ct/LIDC-IDRI-0314/000012.dcm', 'mr-t1/anat-T1w', 'oddities/pet-single', 'oddities/pet-with-seg', 'oddities/mr-enhanced', 'oddities/rt-utils', 'oddities/ct-dose-report-sc', 'oddities/encapsulated-pdf', 'oddities/highdicom-seg-sr-sm'];

  test.skipIf(!hasDciodvfy)('dciodvfy finds no fault that the original had not', async () => {
    const { folder: copy, outcomes } = await copyOf(sample.map((place) => path.join(realDicom, place)), [], { acceptBurnedIn: true });
    const originals = new Map(sample.flatMap((place) => {
      const root = path.join(realDicom, place);
      return statSync(root).isDirectory() ? filesBelow(root).map((file) => [path.relative(root, file).split(path.sep).join('/'), file] as const) : [[path.basename(root), root] as const];
    }));
    const seen = new Map<string, number>();
    let judged = 0;
    for (const { shown, object } of outcomes) {
      // A few of each series are enough.
      const group = path.dirname(object.path ?? '');
      seen.set(group, (seen.get(group) ?? 0) + 1);
      if (object.path === null || seen.get(group)! > 2) continue;
      judged += 1;
      const plain = (line: string): string => line.replace(/<[^<>]*> for|<2\.25[^<>]*>|<[0-9.]+>/g, '');
      const before = new Set(judge(originals.get(shown)!).errors.map(plain));
      const after = judge(path.join(copy, object.path)).errors.filter((line) => !before.has(plain(line)) && !unavoidable.some((line2) => line2.test(line)));
      expect(after, `${shown} → ${object.path}`).toEqual([]);
    }
    expect(judged).toBeGreaterThan(15);
  });

  test.skipIf(!hasPydicom)('pydicom reads every object of the copy, whole', async () => {
    const { folder: copy, report } = await copyOf(sample.map((place) => path.join(realDicom, place)), ['retain-safe-private'], { acceptBurnedIn: true });
    const script = `
import sys, json, pathlib, pydicom
names = sorted(pathlib.Path(sys.argv[1]).rglob('*.dcm')); bad = []
for name in names:
    ds = pydicom.dcmread(name)
    for element in ds.iterall(): element.value
    ok = ds.PatientIdentityRemoved == 'YES' and ds.file_meta.MediaStorageSOPInstanceUID == ds.SOPInstanceUID == name.stem.split('-')[0] and ds.preamble == bytes(128) and 'SourceApplicationEntityTitle' not in ds.file_meta
    ok = ok and [item.CodeValue for item in ds.DeidentificationMethodCodeSequence] == ['113100', '113111'] and ds.LongitudinalTemporalInformationModified == 'REMOVED'
    if not ok: bad.append(str(name))
print(json.dumps({'read': len(names), 'bad': bad}))`;
    expect(JSON.parse(execFileSync(python, ['-c', script, copy], { encoding: 'utf8' }))).toEqual({ read: report.counts.written, bad: [] });
  });
});

describe('a copy', () => {
  const simple = (): string => {
    const place = path.join(dir, `plain-${(copies += 1)}`);
    mkdirSync(place);
    for (const n of [1, 2]) writeFileSync(path.join(place, `${n}.dcm`), plainObject(n));
    return place;
  };

  test('is found out when it was changed', async () => {
    const { folder } = await copyOf([simple()]);
    expect(await verifyDeidentified(folder)).toMatchObject({ ok: true, filesChecked: 2 });
    const spoil = async (name: string, how: (copy: string) => void): Promise<string[]> => {
      const spoiled = path.join(dir, `spoiled-${name}`);
      cpSync(folder, spoiled, { recursive: true });
      how(spoiled);
      return (await verifyDeidentified(spoiled)).findings.map(({ code }) => code);
    };
    const object = (copy: string): string => filesBelow(copy).find((file) => file.endsWith('.dcm'))!;
    expect(await spoil('byte', (copy) => { const bytes = readFileSync(object(copy)); bytes[bytes.length - 3]! ^= 1; writeFileSync(object(copy), bytes); })).toEqual(['hash-differs']);
    const rewritten = (copy: string, change: (bytes: Buffer) => Buffer): void => writeFileSync(object(copy), change(readFileSync(object(copy))));
    // Whoever put a name back is told so, whatever the digests say.
    expect(await spoil('named', (copy) => rewritten(copy, (bytes) => {
      const { dataset, transferSyntaxUid } = parseDicom(bytes);
      return Buffer.from(writeDicom({ dataset: dataset.clone().setString('PatientName', 'Lovelace^Ada'), sopClassUid: dataset.string('SOPClassUID'), sopInstanceUid: dataset.string('SOPInstanceUID'), transferSyntaxUid }));
    }))).toEqual(['size-differs', 'attribute-left']);
    expect(await spoil('preamble', (copy) => rewritten(copy, (bytes) => { bytes.write('LOVELACE'); return bytes; }))).toEqual(['hash-differs', 'preamble-left']);
    expect(await spoil('meta', (copy) => rewritten(copy, (bytes) => {
      const title = Buffer.from([0x02, 0x00, 0x16, 0x00, 0x41, 0x45, 0x08, 0x00, ...Buffer.from('LOVELACE')]);
      const end = 144 + bytes.readUInt32LE(140);
      bytes.writeUInt32LE(end - 144 + title.length, 140);
      return Buffer.concat([bytes.subarray(0, end), title, bytes.subarray(end)]);
    }))).toEqual(['size-differs', 'meta-left']);
    expect(await spoil('unreported', (copy) => {
      rmSync(path.join(copy, 'deidentification.json'));
      expect(isDeidentifiedCopy(copy)).toBe(true);
    })).toEqual(['report-missing']);
    expect(await spoil('missing', (copy) => rmSync(object(copy)))).toEqual(['file-missing']);
    expect(await spoil('extra', (copy) => writeFileSync(path.join(copy, 'names.txt'), 'x'))).toEqual(['file-extra']);
    expect(await spoil('report', (copy) => writeFileSync(path.join(copy, 'report.html'), 'x'))).toEqual(['checksums-differ']);
    // With all digests made anew, the object itself still says that it is no copy of this method.
    expect(await spoil('mark', (copy) => {
      const file = object(copy);
      const parsed = parseDicom(readFileSync(file));
      const bytes = writeDicom({ dataset: parsed.dataset.clone().setString('PatientIdentityRemoved', 'NO'), sopClassUid: parsed.dataset.string('SOPClassUID'), sopInstanceUid: parsed.dataset.string('SOPInstanceUID'), transferSyntaxUid: parsed.transferSyntaxUid });
      const relative = path.relative(copy, file).split(path.sep).join('/');
      const report = JSON.parse(readFileSync(path.join(copy, 'deidentification.json'), 'utf8')) as DeidentificationReport;
      const entry = report.files.find((one) => one.path === relative)!;
      const sums = readFileSync(path.join(copy, 'checksums.sha256'), 'utf8').replace(entry.sha256, sha256Hex(bytes));
      const before = sha256Hex(readFileSync(path.join(copy, 'deidentification.json')));
      Object.assign(entry, { sha256: sha256Hex(bytes), sizeBytes: bytes.length });
      writeFileSync(file, bytes);
      writeFileSync(path.join(copy, 'deidentification.json'), JSON.stringify(report));
      writeFileSync(path.join(copy, 'checksums.sha256'), sums.replace(before, sha256Hex(JSON.stringify(report))));
    })).toEqual(['mark-missing']);
  });

  test('is there wholly or not at all', async () => {
    const source = simple();
    const before = fingerprint(source);
    const target = path.join(dir, 'whole');
    const order = { inputs: [source], target, options: [], key, scanloom: '0', createdAt: new Date(0), pool, entries };
    await expect(copyDeidentified({ ...order, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'job/cancelled' });
    await expect(copyDeidentified({ ...order, onOutcome: () => { throw new Error('the screen is gone'); } })).rejects.toThrow('the screen is gone');
    await expect(copyDeidentified({ ...order, target: path.join(source, 'copy') })).rejects.toMatchObject({ code: 'request/invalid' });
    await expect(copyDeidentified({ ...order, options: ['retain-full-dates', 'retain-modified-dates'] })).rejects.toMatchObject({ code: 'request/invalid' });
    expect(readdirSync(dir).filter((name) => name.includes('whole'))).toEqual([]);
    mkdirSync(target);
    await expect(copyDeidentified(order)).rejects.toMatchObject({ code: 'export/exists' });
    expect(readdirSync(target)).toEqual([]);
    expect(fingerprint(source)).toBe(before);
  });

  test('is the same with the same key, and another with another', async () => {
    const source = simple();
    const objects = (folder: string): string[] => filesBelow(folder).filter((file) => file.endsWith('.dcm')).map((file) => `${path.relative(folder, file)} ${sha256Hex(readFileSync(file))}`).sort();
    const [first, second] = [await copyOf([source]), await copyOf([source])];
    expect(objects(first.folder)).toEqual(objects(second.folder));
    const folder = path.join(dir, 'other-key');
    await copyDeidentified({ inputs: [source], target: folder, options: [], key: new Uint8Array(32).fill(1), scanloom: '0', createdAt: new Date(0), pool, entries });
    expect(objects(folder).filter((line) => objects(first.folder).includes(line))).toEqual([]);
  });

  test('has black where writing was found, or where somebody said it was, and is held back otherwise', async () => {
    const source = path.join(dir, 'written-on');
    mkdirSync(source);
    writeFileSync(path.join(source, 'us.dcm'), writtenOnObject('LOVELACE ADA 4711'));
    const corner = (copy: Copy): { brightest: number; flag: string; codes: string[]; elsewhere: number } => {
      const { dataset } = parseDicom(readFileSync(filesBelow(copy.folder).find((file) => file.endsWith('.dcm'))!));
      const bytes = Uint8Array.from(dataset.bytes('PixelData')!);
      const pixels = new Uint16Array(bytes.buffer);
      const values = (from: number, to: number): number => Math.max(...pixels.slice(from * 192, to * 192));
      return { brightest: values(0, 18), elsewhere: values(60, 90), flag: dataset.string('BurnedInAnnotation'), codes: dataset.sequence('DeidentificationMethodCodeSequence').map((item) => item.string('CodeValue')) };
    };
    await expect(copyOf([source])).rejects.toMatchObject({ code: 'export/invalid', details: { files: 1, heldBack: 1 } });
    const found = corner(await copyOf([source], ['clean-pixel-data']));
    expect(found).toMatchObject({ flag: 'NO', codes: ['113100', '113101'] });
    expect(found.brightest).toBeLessThan(1000);
    // The anatomy below is what it was.
    expect(found.elsewhere).toBeGreaterThan(900);
    const folder = path.join(dir, 'confirmed');
    const order = { inputs: [source], target: folder, options: [], key, scanloom: '0', createdAt: new Date(0), pool, entries };
    await copyDeidentified({ ...order, decidedBoxes: new Map([[path.join(source, 'us.dcm'), [{ column: 0, row: 0, width: 192, height: 20 }]]]) });
    const said = corner({ folder, report: await copyReport(folder), outcomes: [] });
    expect(said.brightest).toBeLessThan(100);
    expect(said).toMatchObject({ flag: 'NO', codes: ['113100', '113101'] });
    expect(await verifyDeidentified(folder)).toMatchObject({ ok: true, findings: [] });
  });

  test('holds images back that may have writing in them, until somebody has looked', async () => {
    const source = simple();
    writeFileSync(path.join(source, '3.dcm'), plainObject(3, (dataset) => dataset.setString('BurnedInAnnotation', 'YES')));
    const { report } = await copyOf([source]);
    expect(report.counts).toEqual({ files: 3, written: 2, refused: 0, heldBack: 1, leftOut: 0 });
    expect(report.objects[2]).toMatchObject({ number: 3, outcome: 'held-back', path: null, reasons: ['The object says that there is writing in the pixels.'] });
    expect((await copyOf([source], [], { acceptBurnedIn: true })).report.counts.written).toBe(3);
  });
});

test('a key is made once, for its owner only, and recognised when it is none', async () => {
  const file = path.join(dir, 'keys', 'project.key');
  const made = await readOrMakeKey(file);
  expect([made.made, made.key.length]).toEqual([true, 32]);
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await readOrMakeKey(file)).toEqual({ key: made.key, made: false });
  writeFileSync(file, 'letmein');
  await expect(readOrMakeKey(file)).rejects.toMatchObject({ code: 'input/unreadable' });
});
