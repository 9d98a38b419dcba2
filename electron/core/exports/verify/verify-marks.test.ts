/** Someone who changes what a file says of itself and makes every digest true again is still found. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { decode, encode } from 'fast-png';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256Hex } from '#base';
import { ExportFormat, type ExportManifest } from '#contract';
import { parseDicom, writeDicom, type DataSet } from '#dicom';
import { verifyFolder, writeExport } from '#exports';
import { checksumsFile, parseChecksums } from '../checksums.ts';
import { formats } from '../formats.ts';
import { axialCt, fakeSources } from '../testing/fake-sources.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'scanloom-marks-'));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

/** Exports, changes one image file, makes the digests true, verifies. Answers the codes found in that file. */
async function codesAfter(format: ExportFormat, provenance: 'enhanced' | 'synthetic', change: (bytes: Buffer) => Uint8Array): Promise<string[]> {
  const target = path.join(root, 'out');
  const { manifest } = await writeExport({ exportId: 'e0e0e0e0-0000-4000-8000-000000000000', format, target, createdAt: new Date('2026-01-02T03:04:05Z'), scanloom: '0.1.0', ...fakeSources([axialCt]) });
  const ids = new Set(manifest.items.filter((item) => item.provenance === provenance).map((item) => item.itemId));
  const file = manifest.files.find((entry) => entry.role === 'image' && ids.has(entry.itemId!))!;
  const bytes = change(await readFile(path.join(target, file.path)));
  await writeFile(path.join(target, file.path), bytes);
  const changed: ExportManifest = { ...manifest, files: manifest.files.map((entry) => (entry === file ? { ...entry, sha256: sha256Hex(bytes), sizeBytes: bytes.length } : entry)) };
  const text = JSON.stringify(changed);
  await writeFile(path.join(target, 'manifest.json'), text);
  const sums = parseChecksums(await readFile(path.join(target, 'checksums.sha256'), 'utf8'))!;
  sums.set(file.path, sha256Hex(bytes)).set('manifest.json', sha256Hex(text));
  await writeFile(path.join(target, 'checksums.sha256'), checksumsFile(sums));
  const report = await verifyFolder(target);
  expect(report.ok).toBe(report.findings.length === 0);
  // A stray first image makes the others look different from it.
  expect(report.findings.every((finding) => finding.path === file.path || finding.code === 'dicom-mixed')).toBe(true);
  return [...new Set(report.findings.map((finding) => finding.code))];
}

describe('DICOM', () => {
  const edited = (change: (dataset: DataSet) => unknown) => (bytes: Buffer): Uint8Array => {
    const { dataset, transferSyntaxUid } = parseDicom(bytes);
    change(dataset);
    return writeDicom({ dataset, transferSyntaxUid, sopClassUid: dataset.string('SOPClassUID'), sopInstanceUid: dataset.string('SOPInstanceUID') });
  };

  test('a file that is only written anew is not accused', async () => expect(await codesAfter('dicom', 'enhanced', edited(() => undefined))).toEqual([]));

  test.each<{ name: string; provenance: 'enhanced' | 'synthetic'; change: (dataset: DataSet) => unknown; code: string }>([
    { name: 'Synthetic Data NO', provenance: 'enhanced', change: (set) => set.setString('SyntheticData', 'NO', 'CS'), code: 'dicom-synthetic-data' },
    { name: 'Synthetic Data gone', provenance: 'synthetic', change: (set) => set.delete('SyntheticData'), code: 'dicom-synthetic-data' },
    { name: 'Image Type ORIGINAL', provenance: 'enhanced', change: (set) => set.setString('ImageType', ['ORIGINAL', 'PRIMARY', 'AXIAL']), code: 'dicom-image-type' },
    { name: 'Content Qualification PRODUCT', provenance: 'synthetic', change: (set) => set.setString('ContentQualification', 'PRODUCT'), code: 'dicom-content-qualification' },
    { name: 'another manufacturer', provenance: 'enhanced', change: (set) => set.setString('Manufacturer', 'SIEMENS'), code: 'dicom-equipment' },
    { name: 'no derivation', provenance: 'enhanced', change: (set) => set.setString('DerivationDescription', 'nothing'), code: 'dicom-derivation' },
    { name: 'no source', provenance: 'enhanced', change: (set) => set.delete('SourceImageSequence'), code: 'dicom-source' },
    { name: 'another instance', provenance: 'enhanced', change: (set) => set.setString('SOPInstanceUID', '2.25.7'), code: 'dicom-identity' },
    { name: 'one slice of another patient', provenance: 'enhanced', change: (set) => set.setString('PatientID', 'SOMEONE-ELSE'), code: 'dicom-mixed' },
    { name: 'one slice in another study', provenance: 'enhanced', change: (set) => set.setString('StudyInstanceUID', '1.2.3'), code: 'dicom-mixed' },
    { name: 'a real name on a synthetic image', provenance: 'synthetic', change: (set) => set.setString('PatientName', 'Doe^Jane'), code: 'dicom-identity' },
    { name: 'a synthetic image in a real study', provenance: 'synthetic', change: (set) => set.setString('StudyInstanceUID', '1.2.3'), code: 'dicom-identity' },
  ])('$name is found', async ({ provenance, change, code }) => expect(await codesAfter('dicom', provenance, edited(change))).toContain(code));

  test('a smallest value that is false is found', async () => {
    const codes = await codesAfter('dicom', 'enhanced', edited((set) => set.setNumber('SmallestImagePixelValue', 30_000, set.number('PixelRepresentation') === 1 ? 'SS' : 'US')));
    expect(codes.length).toBeGreaterThan(0);
  });

  test('half a file is found', async () => expect(await codesAfter('dicom', 'synthetic', (bytes) => bytes.subarray(0, bytes.length / 2))).not.toEqual([]));
});

describe('PNG', () => {
  const edited = (change: (text: Record<string, string>) => Record<string, string>) => (bytes: Buffer): Uint8Array => {
    const png = decode(bytes);
    return encode({ ...png, text: change(png.text) });
  };
  test('a file that is only written anew is not accused', async () => expect(await codesAfter('png', 'synthetic', edited((text) => text))).toEqual([]));
  test('a mark that was taken out is found', async () => expect(await codesAfter('png', 'synthetic', edited(() => ({})))).toEqual(['png-mark']));
  test('another scale is found', async () => expect(await codesAfter('png', 'enhanced', edited((text) => ({ ...text, 'Scanloom scale': 'value = 1 * stored + 0' })))).toEqual(['png-mark']));
  test('8 bits instead of 16 are found', async () => {
    const codes = await codesAfter('png', 'enhanced', (bytes) => {
      const png = decode(bytes);
      return encode({ ...png, depth: 8, data: Uint8Array.from(png.data, (value) => value >> 8) });
    });
    expect(codes).toEqual(['png-kind']);
  });
  test('a header that promises gigapixels is not unpacked', async () => {
    const codes = await codesAfter('png', 'enhanced', (bytes) => {
      bytes.writeUInt32BE(1_000_000, 16);
      return bytes;
    });
    expect(codes).toEqual(['png-invalid']);
  });
});

describe('NIfTI', () => {
  const edited = (change: (bytes: Buffer) => Uint8Array | undefined) => (zipped: Buffer): Uint8Array => {
    const bytes = gunzipSync(zipped);
    return gzipSync(change(bytes) ?? bytes);
  };
  test('a file that is only written anew is not accused', async () => expect(await codesAfter('nifti', 'enhanced', edited(() => undefined))).toEqual([]));
  test('a mark that was taken out is found', async () => expect(await codesAfter('nifti', 'enhanced', edited((bytes) => void bytes.fill(0, 148, 228)))).toEqual(['nifti-mark', 'nifti-ledger']));
  test('an affine that was moved is found', async () => expect(await codesAfter('nifti', 'enhanced', edited((bytes) => void bytes.writeFloatLE(77, 292)))).toEqual(['nifti-geometry']));
  test('another pixel spacing is found', async () => expect(await codesAfter('nifti', 'synthetic', edited((bytes) => void bytes.writeFloatLE(9, 80)))).toEqual(['nifti-geometry']));
  test('a voxel that changed by its last bit is found', async () => expect(await codesAfter('nifti', 'enhanced', edited((bytes) => void (bytes[352 + 4 * 77]! ^= 1)))).toEqual(['pixels-differ']));
  test('two slices of one volume that changed places are found', async () => {
    const codes = await codesAfter('nifti', 'enhanced', edited((bytes) => {
      const size = 4 * axialCt.rows * 2 * axialCt.columns * 2;
      const slice = (n: number) => bytes.subarray(352 + n * size, 352 + (n + 1) * size);
      return Buffer.concat([bytes.subarray(0, 352), slice(1), slice(0), bytes.subarray(352 + 2 * size)]);
    }));
    expect(codes).toEqual(['pixels-differ']);
  });
  test('a missing voxel is found', async () => expect(await codesAfter('nifti', 'enhanced', edited((bytes) => bytes.subarray(0, bytes.length - 4)))).toEqual(['nifti-length']));
  test('more voxels than the header says are found', async () => expect(await codesAfter('nifti', 'enhanced', edited((bytes) => Buffer.concat([bytes, Buffer.alloc(4)])))).toEqual(['nifti-length']));
  test('a file that is no gzip is found', async () => expect(await codesAfter('nifti', 'enhanced', () => Buffer.from('hello'))).toEqual(['nifti-invalid']));
});

describe.each(ExportFormat.options)('%s: whatever a file holds, verify answers with findings', (format) => {
  /** Numerical Recipes' generator: the same damage in every run. */
  const random = (seed: number) => (): number => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;

  test('60 damaged files', async () => {
    const target = path.join(root, 'out');
    const { manifest } = await writeExport({ exportId: 'e0e0e0e0-0000-4000-8000-000000000000', format, target, createdAt: new Date('2026-01-02T03:04:05Z'), scanloom: '0.1.0', ...fakeSources([axialCt]) });
    const item = manifest.items.at(-1)!;
    const file = manifest.files.find((entry) => entry.role === 'image' && entry.itemId === item.itemId)!;
    const place = path.join(target, file.path);
    const good = await readFile(place);
    const next = random(20261121);
    for (let round = 0; round < 60; round += 1) {
      const bytes = Buffer.from(round % 3 === 0 ? good.subarray(0, Math.floor(next() * good.length)) : good);
      for (let n = 0; n < 8 && bytes.length > 0; n += 1) bytes[Math.floor(next() * Math.min(bytes.length, round % 2 === 0 ? 1500 : bytes.length))] = Math.floor(next() * 256);
      await writeFile(place, bytes);
      const findings = await formats[format].verifyItem({ item, images: [file], maps: [], sidecar: null, frameDigests: null, absolutePathOf: () => place, read: () => Promise.resolve(new Uint8Array(bytes)) });
      for (const finding of findings) expect(finding.message).toMatch(/\S/);
    }
  });
});
