/**
 * Every real object of the collection, against the stored values that reference decoders (pydicom, pylibjpeg, gdcm, CharLS, dcmtk) agreed on.
 * Lossy ones are compared with dcmtk where it is installed: within 1 grey level, or as far as the reference decoders differ among themselves.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ScanloomError } from '#contract/errors';
import { decodeFrame, describeImage, parseDicom, storedValuesBytes, type DicomFile } from '#dicom';
import { readManifest, readReal, realDataFolder, type ManifestRow } from './real-data.ts';

const manifest = readManifest();
const hasDcmtk = spawnSync('dcmdjpeg', ['--version']).status === 0;

/** Objects whose reference is not a hash of the whole file; each with its reason. */
const explained: Readonly<Record<string, string>> = {
  'syntaxes/pydicom-data/emri_small_jpeg_2k_lossless_too_short.dcm': 'only the closing delimiter is missing; all ten frames are read and equal those of emri_small.dcm',
  'syntaxes/pydicom/no_meta.dcm': 'a stray byte before the first element: no reader can know that it is DICOM',
  'syntaxes/pydicom/rtplan_truncated.dcm': 'cut in the middle of an element; refused, although what is before the cut could be read',
};
/** Largest difference of the reference decoders among themselves, where it is above 1 (4:2:2 chroma). */
const referenceSpread: Readonly<Record<string, number>> = { 'syntaxes/cornerstone/TestPattern_JPEG-Baseline_YBR422.dcm': 7 };
/** Codes that an object without readable pixels may be refused with. */
const refusals = new Set(['dicom/truncated', 'dicom/invalid', 'dicom/decode-failed', 'dicom/not-dicom']);

type Outcome = 'equal' | 'within reference' | 'not compared' | 'explained' | 'refused' | 'no pixels' | 'DIFFERENT';

async function hashOf(file: DicomFile): Promise<string> {
  const header = describeImage(file);
  const digest = createHash('sha256');
  for (let frame = 0; frame < header.frames; frame += 1) digest.update(storedValuesBytes(await decodeFrame(file, frame), header));
  return digest.digest('hex');
}

/** Largest difference to what dcmtk decodes, colour left as it is in the code stream; null where dcmtk cannot. */
async function differenceToDcmtk(row: ManifestRow, file: DicomFile): Promise<number | null> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'scanloom-dcmtk-'));
  try {
    const target = path.join(folder, 'native.dcm');
    execFileSync('dcmdjpeg', ['+cn', path.join(realDataFolder, row.path), target], { stdio: 'ignore' });
    const reference = parseDicom(readFileSync(target));
    let largest = 0;
    for (let frame = 0; frame < describeImage(file).frames; frame += 1) {
      const ours = (await decodeFrame(file, frame)).stored;
      const theirs = (await decodeFrame(reference, frame)).stored;
      for (let i = 0; i < ours.length; i += 1) largest = Math.max(largest, Math.abs(ours[i]! - theirs[i]!));
    }
    return largest;
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface OpenJpegDecoder { getEncodedBuffer(length: number): Uint8Array; decode(): void; getDecodedBuffer(): Uint8Array; delete(): void }

/** Largest difference to OpenJPEG, which is the reference for lossy HTJ2K: dcmtk does not read it, and the program decodes it with another library. Of 8 bits only. */
async function differenceToOpenJpeg(file: DicomFile): Promise<number | null> {
  if (!file.transferSyntaxUid.endsWith('.4.203')) return null;
  const make = createRequire(import.meta.url)('@cornerstonejs/codec-openjpeg/wasmjs') as (options: object) => Promise<{ J2KDecoder: new () => OpenJpegDecoder }>;
  const decoder = new (await make({ print: () => undefined, printErr: () => undefined })).J2KDecoder();
  const bytes = Buffer.concat(file.dataset.encapsulated('PixelData')!.fragments as Uint8Array[]);
  decoder.getEncodedBuffer(bytes.length).set(bytes);
  decoder.decode();
  const theirs = decoder.getDecodedBuffer();
  const ours = (await decodeFrame(file, 0)).stored;
  if (ours.length !== theirs.length) return null;
  let largest = 0;
  for (let i = 0; i < ours.length; i += 1) largest = Math.max(largest, Math.abs(ours[i]! - theirs[i]!));
  decoder.delete();
  return largest;
}

async function outcomeOf(row: ManifestRow): Promise<{ outcome: Outcome; note: string }> {
  try {
    const file = parseDicom(readReal(row.path));
    if (!describeImage(file).hasPixels) return { outcome: row.status === 'no-pixels' ? 'no pixels' : 'DIFFERENT', note: 'no pixels' };
    const hash = await hashOf(file);
    if (row.path in explained) {
      const twin = manifest!.find((candidate) => candidate.path.endsWith('/emri_small.dcm'))!;
      return { outcome: hash === twin.storedValuesSha256 ? 'explained' : 'DIFFERENT', note: explained[row.path]! };
    }
    if (hash === row.storedValuesSha256) return { outcome: 'equal', note: '' };
    if (row.status !== 'lossy') return { outcome: 'DIFFERENT', note: `${row.status}: stored values differ` };
    const difference = (await differenceToOpenJpeg(file)) ?? (hasDcmtk ? await differenceToDcmtk(row, file) : null);
    if (difference === null) return { outcome: 'not compared', note: hasDcmtk ? 'dcmtk cannot read it' : 'dcmtk is not installed' };
    return difference <= (referenceSpread[row.path] ?? 1) ? { outcome: 'within reference', note: `largest difference ${difference}` } : { outcome: 'DIFFERENT', note: `differs by ${difference}` };
  } catch (thrown) {
    const { code, message } = ScanloomError.from(thrown);
    if (row.path in explained) return { outcome: 'explained', note: `${code}: ${explained[row.path]}` };
    const mayBeRefused = row.status === 'unreadable' && refusals.has(code);
    return { outcome: mayBeRefused ? 'refused' : row.status === 'no-pixels' && code === 'dicom/no-pixels' ? 'no pixels' : 'DIFFERENT', note: `${code}: ${message}` };
  }
}

describe.skipIf(manifest === null)('the collection of real objects', () => {
  test('decodes to the stored values of the reference decoders, or says why not', async () => {
    const counts = new Map<string, number>();
    const unexplained: string[] = [];
    for (const row of manifest!) {
      const { outcome, note } = await outcomeOf(row);
      const key = `${row.status.padEnd(11)} ${outcome}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      if (outcome === 'DIFFERENT') unexplained.push(`${row.path}: ${note}`);
      if (outcome === 'explained' || outcome === 'refused' || outcome === 'not compared') console.log(`${outcome}: ${row.path} (${note})`);
    }
    console.log(`${manifest!.length} files\n${[...counts].sort().map(([key, number]) => `${key.padEnd(30)} ${number}`).join('\n')}`);
    expect(unexplained).toEqual([]);
    // An empty run would pass without this.
    expect(counts.get('ok          equal')).toBe(manifest!.filter((row) => row.status === 'ok').length);
  }, 240_000);
});
