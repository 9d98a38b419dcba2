/** NIfTI files as images: each voxel where nibabel says that it lies, with the value that nibabel reads, through the same door as all images. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createMemoryLog, systemClock } from '#base';
import type { ImageMeta, SeriesDetail } from '#contract';
import { openLibrary, type Library } from '#library';
import { entries } from '../support/real-core.ts';

const run = promisify(execFile);
const python = process.env['SCANLOOM_PYTHON'] ?? 'python3';
const hasNibabel = ((): boolean => {
  try {
    execFileSync(python, ['-c', 'import nibabel, numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    console.log('nibabel and numpy are not there (SCANLOOM_PYTHON names a Python that has them): NIfTI files are not compared with what they read.');
    return false;
  }
})();

const Line = z.object({ name: z.string(), shape: z.array(z.number()), samples: z.array(z.object({ lps: z.array(z.number()), time: z.number(), value: z.number() })) });
const names = ['ras', 'las', 'lpi', 'sagittal', 'coronal', 'oblique', 'qform-only', 'scaled', 'time', 'nifti2', 'uint8', 'int8', 'uint16', 'int32', 'uint32', 'float32'];

describe.skipIf(!hasNibabel)('NIfTI files', () => {
  let dir: string;
  let library: Library;
  const lines = new Map<string, z.infer<typeof Line>>();

  const seriesOf = async (name: string): Promise<SeriesDetail> => {
    const state = await library.ingest.start([path.join(dir, name)]).done;
    expect(state.refused).toEqual([]);
    return library.studies.series(state.seriesUids[0]!);
  };

  beforeAll(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'scanloom-nifti-'));
    const { stdout } = await run(python, [path.join(import.meta.dirname, 'nifti_samples.py'), dir]);
    for (const line of stdout.trim().split('\n')) {
      const read = Line.parse(JSON.parse(line));
      lines.set(read.name.split('.')[0]!, read);
    }
    library = await openLibrary({ dir: path.join(dir, 'library'), clock: systemClock, log: createMemoryLog(), workers: { entry: path.join(entries, 'dicom-worker.js'), size: 1 } });
  }, 60_000);
  afterAll(async () => {
    await library.close();
    await rm(dir, { recursive: true, force: true });
  });

  test.each(names)('%s: every voxel in its place', async (name) => {
    const { name: file, shape, samples } = lines.get(name)!;
    const { series, stacks } = await seriesOf(file);
    expect(stacks).toHaveLength(1);
    const { stack, images } = stacks[0]!;
    expect(stack.timePoints).toBe(shape[3] ?? 1);
    expect(stack.volume).toBe(shape[2]! >= 3);
    expect(images).toHaveLength(shape[2]! * (shape[3] ?? 1));
    expect(series).toMatchObject({ modality: 'OT', sourceFormat: 'nifti' });
    expect(series.notices.join()).toMatch(/NIfTI file.*not the modality/);
    // As a radiologist looks: a row runs to the left or, seen from the side, to the back; a column to the back or to the feet.
    const [rx, ry, , cx, cy, cz] = images[0]!.orientation!;
    expect(Math.abs(rx) > Math.abs(ry) ? rx : ry).toBeGreaterThan(0);
    expect(Math.abs(cz) > Math.max(Math.abs(cx), Math.abs(cy)) ? -cz : cy).toBeGreaterThan(0);
    const perTime = images.length / stack.timePoints;
    for (const { lps, time, value } of samples) {
      const { meta, row, column } = locate(images.slice(time * perTime, (time + 1) * perTime), lps);
      const { values, columns } = await library.images.values(meta.imageId);
      expect(values[row * columns + column], `${name} at ${lps.join(' ')}`).toBeCloseTo(value, 3);
    }
  });

  test('byte order does not matter', async () => {
    const big = await seriesOf('big-endian.nii');
    const little = await seriesOf('ras.nii');
    expect(big.stacks[0]!.images.map((image) => image.position)).toEqual(little.stacks[0]!.images.map((image) => image.position));
    for (const [index, image] of big.stacks[0]!.images.entries()) {
      expect((await library.images.values(image.imageId)).values).toEqual((await library.images.values(little.stacks[0]!.images[index]!.imageId)).values);
    }
  });

  test('the same file elsewhere is the same series; a sidecar states the modality; without a place nothing is claimed', async () => {
    const first = await seriesOf('ras.nii');
    const bytes = await readFile(path.join(dir, 'ras.nii'));
    await writeFile(path.join(dir, 'copy.nii'), bytes);
    expect((await seriesOf('copy.nii')).series.seriesInstanceUid).toBe(first.series.seriesInstanceUid);
    await writeFile(path.join(dir, 'again.json'), JSON.stringify({ Modality: 'MR', EchoTime: 0.03 }));
    expect((await seriesOf('again.nii')).series.modality).toBe('MR');
    const unplaced = Buffer.from(bytes);
    unplaced.writeInt16LE(0, 252);
    unplaced.writeInt16LE(0, 254);
    await writeFile(path.join(dir, 'unplaced.nii'), unplaced);
    const { series, stacks } = await seriesOf('unplaced.nii');
    expect(stacks[0]!.stack).toMatchObject({ volume: false, spacingMm: [null, 2, 1] });
    expect(series.oddities).toEqual(['no-geometry']);
    expect(series.notices.join()).toMatch(/does not say how its image lies/);
  });

  test.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 10), 'dicom/truncated'],
    ['of complex numbers', (bytes: Buffer) => (bytes.writeInt16LE(32, 70), bytes), 'dicom/unsupported'],
    ['of no size', (bytes: Buffer) => (bytes.writeInt16LE(-4, 42), bytes), 'dicom/invalid'],
    ['whose voxels begin nowhere', (bytes: Buffer) => (bytes.writeFloatLE(1e30, 108), bytes), 'dicom/invalid'],
    ['packed, and cut off', (_bytes: Buffer) => Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2]), 'dicom/truncated', '.nii.gz'],
  ] as const)('a file %s is refused in words', async (name, spoil, code, ending: string = '.nii') => {
    const file = path.join(dir, `bad ${name}${ending}`);
    await writeFile(file, spoil(await readFile(path.join(dir, 'ras.nii'))));
    expect(await library.ingest.start([file]).done).toMatchObject({ imagesAdded: 0, refused: [{ code, message: expect.stringMatching(/^[A-Z].*\.$/) }] });
  });
});

/** The image, row and column whose pixel centre is nearest to a place; fails when none is there. */
function locate(images: readonly ImageMeta[], lps: readonly number[]): { meta: ImageMeta; row: number; column: number } {
  for (const meta of images) {
    const o = meta.orientation!;
    const [down, across] = meta.pixelSpacingMm!;
    const d = lps.map((value, axis) => value - meta.position![axis]!);
    const column = (d[0]! * o[0] + d[1]! * o[1] + d[2]! * o[2]) / across;
    const row = (d[0]! * o[3] + d[1]! * o[4] + d[2]! * o[5]) / down;
    const place = [0, 1, 2].map((axis) => o[axis]! * across * column + o[axis + 3]! * down * row);
    const off = Math.hypot(...d.map((value, axis) => value - place[axis]!));
    if (off > 0.01) continue;
    expect(Math.abs(row - Math.round(row)) + Math.abs(column - Math.round(column))).toBeLessThan(0.02);
    return { meta, row: Math.round(row), column: Math.round(column) };
  }
  throw new Error(`No image holds the place ${lps.join(' ')}.`);
}
