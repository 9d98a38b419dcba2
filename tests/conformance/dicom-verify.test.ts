/** `verify` of plain DICOM: real images with what was derived from them, spoiled copies of both, and files of other origin. */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeFrame, describeImage, applyRescale, newUid, parseDicom, writeDerivedImage, writeDicom, type DataSet } from '#dicom';
import { looksLikeExport, verifyPlain } from '#exports';
import { readManifest, realDataFolder } from './real-data.ts';

const manifest = readManifest();
const uid = (name: string): string => newUid(Uint8Array.from(createHash('sha256').update(name).digest().subarray(0, 16)));
let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'scanloom-verify-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Three head CT slices that the standard has nothing against, and an image derived from the first, on the same grid. */
async function studyWithDerived(): Promise<void> {
  const folder = path.join(realDataFolder, 'head-ct', 'philips-brain-1mm');
  mkdirSync(path.join(root, 'source'));
  for (const name of readdirSync(folder).sort().slice(0, 3)) copyFileSync(path.join(folder, name), path.join(root, 'source', name));
  const source = parseDicom(readFileSync(path.join(root, 'source', readdirSync(path.join(root, 'source')).sort()[0]!)));
  const header = describeImage(source);
  const bytes = writeDerivedImage({
    source, values: applyRescale((await decodeFrame(source, 0)).stored, header.rescale!), rows: header.rows, columns: header.columns, geometry: {}, factor: 1, seriesInstanceUid: uid('series'), sopInstanceUid: uid('instance'),
    seriesNumber: 9001, instanceNumber: 1, seriesDescription: 'AI', derivation: { description: 'Denoised', codes: [{ value: '113087', scheme: 'DCM', meaning: 'Smoothing' }] }, contentDate: new Date('2026-01-05T09:00:00Z'),
    equipment: { manufacturer: 'Scanloom', model: 'test 1', softwareVersions: ['1'] }, sources: [{ sopClassUid: header.sopClassUid, sopInstanceUid: header.sopInstanceUid }],
  });
  mkdirSync(path.join(root, 'derived'));
  writeFileSync(path.join(root, 'derived', 'one.dcm'), bytes);
  writeFileSync(path.join(root, 'notes.txt'), 'not DICOM\n');
}

function spoil(change: (set: DataSet) => void): void {
  const place = path.join(root, 'derived', 'one.dcm');
  const { dataset } = parseDicom(readFileSync(place));
  change(dataset);
  writeFileSync(place, writeDicom({ dataset, sopClassUid: dataset.string('SOPClassUID'), sopInstanceUid: dataset.string('SOPInstanceUID'), transferSyntaxUid: '1.2.840.10008.1.2.1' }));
}

describe.skipIf(manifest === null)('real images with a derived one', () => {
  beforeEach(studyWithDerived);
  const errors = async (): Promise<string[]> => (await verifyPlain(root)).findings.filter(({ level }) => level === 'error').map(({ code, path: where }) => `${where} ${code}`);

  test('are as they should be', async () => {
    expect(await errors()).toEqual([]);
    expect(await verifyPlain(root)).toMatchObject({ ok: true, filesChecked: 4 });
    expect(await looksLikeExport(root)).toBe(false);
  });

  test.each([
    { code: 'synthetic-not-said', change: (set: DataSet) => set.setString('SyntheticData', 'NO') },
    { code: 'image-type-ct', change: (set: DataSet) => set.setString('ImageType', ['DERIVED', 'SECONDARY']) },
    { code: 'geometry-differs', change: (set: DataSet) => set.setNumber('ImagePositionPatient', [0, 0, 0]) },
    { code: 'geometry-differs', change: (set: DataSet) => set.setNumber('PixelSpacing', [0.3, 0.3]) },
    { code: 'source-of-another-patient', change: (set: DataSet) => set.setString('PatientID', 'SOMEBODY ELSE') },
    { code: 'smallest-false', change: (set: DataSet) => set.setNumber('SmallestImagePixelValue', 3, 'SS') },
    { code: 'type-1-missing', change: (set: DataSet) => set.delete('FrameOfReferenceUID') },
    { code: 'uid-invalid', change: (set: DataSet) => set.setString('SeriesInstanceUID', '1.2.03') },
    { code: 'reference-class', change: (set: DataSet) => set.sequence('SourceImageSequence')[0]!.setString('ReferencedSOPClassUID', '1.2.840.10008.5.1.4.1.1.4') },
  ])('$code of a spoiled copy is found', async ({ code, change }) => {
    spoil(change);
    expect(await errors()).toContain(`derived/one.dcm ${code}`);
  });

  test('one file alone is checked, too', async () => {
    spoil((set) => set.setString('SyntheticData', 'MAYBE'));
    const report = await verifyPlain(path.join(root, 'derived', 'one.dcm'));
    expect(report).toMatchObject({ ok: false, filesChecked: 1 });
    expect(report.findings).toContainEqual(expect.objectContaining({ code: 'synthetic-value', path: 'one.dcm' }));
  });

  test('a truncated file is named', async () => {
    const place = path.join(root, 'derived', 'one.dcm');
    writeFileSync(place, readFileSync(place).subarray(0, 9000));
    expect(await errors()).toContain('derived/one.dcm dicom/truncated');
  });
});

describe.skipIf(manifest === null)('files of other origin', () => {
  test('a file-set whose directory names a file that is gone', async () => {
    const from = path.join(realDataFolder, 'oddities', 'dicomdir');
    copyFileSync(path.join(from, 'DICOMDIR'), path.join(root, 'DICOMDIR'));
    expect((await verifyPlain(root)).findings).toContainEqual(expect.objectContaining({ level: 'error', code: 'dicomdir-differs' }));
  });

  test('the whole collection is answered with findings, never with a fault of our own', async () => {
    const report = await verifyPlain(realDataFolder);
    expect(report.filesChecked).toBeGreaterThan(640);
    expect(report.findings.filter(({ code }) => code === 'internal')).toEqual([]);
    for (const { message } of report.findings) expect(message).toMatch(/\.$/);
  }, 120_000);
});
