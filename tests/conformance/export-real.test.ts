/**
 * Exports of real series as other people's software sees them: dcmdump, dciodvfy, pydicom, nibabel, Pillow. The pixels come from bicubic
 * interpolation, which stands in for a model: what is checked here is how an export is written.
 */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMemoryLog, randomUuid, systemClock } from '#base';
import { ExportFormat, type ExportManifest, type ImageMeta } from '#contract';
import { describeImage, parseDicom, upscaledGeometry } from '#dicom';
import { createExports, itemUid, verifyFolder, type Exports } from '#exports';
import { openLibrary, type Library } from '#library';
import { bicubicEnlarge, combineMeasures, measureUpscale } from '#measures';
import { openPackages, type Packages } from '#packages';
import { entries, hasRealDicom, realDicom, root } from '../support/real-core.ts';
import { hasDciodvfy, judge } from './dciodvfy.ts';

/** All 140 slices of the head CT take 2 GB and minutes: they are asked for, a part of them is always tested. */
const all = process.env['SCANLOOM_TEST_ALL'] !== undefined;
const run = promisify(execFile);
const here = import.meta.dirname;
const python = process.env['SCANLOOM_PYTHON'] ?? 'python3';

function works(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch (thrown) {
    // dcmdump and dciodvfy end with 1 without arguments, but they are there.
    return (thrown as { status?: number | null }).status === 1 && args.length === 0;
  }
}
const hasPython = works(python, ['-c', 'import pydicom, nibabel, numpy, PIL']);
const hasDcmdump = works('dcmdump', ['--version']);
if (!hasPython) console.log('pydicom, nibabel, numpy and Pillow are not there (SCANLOOM_PYTHON names a Python that has them): the check by other readers is left out.');
if (!hasDciodvfy) console.log('dciodvfy is not there: its check is left out.');
if (!hasDcmdump) console.log('dcmdump is not there: its check is left out.');

describe.skipIf(!hasRealDicom).each([
  { name: 'chest CT', folder: 'chest-ct', images: 20, spacing: '0.390625\\0.390625', imageType: 'DERIVED\\SECONDARY\\AXIAL\\RESAMPLED' },
  { name: 'head CT', folder: 'head-ct', images: all ? 140 : 12, spacing: null, imageType: 'DERIVED\\SECONDARY\\AXIAL\\RESAMPLED' },
  { name: 'T1 MR, oblique', folder: 'mr-t1', images: 16, spacing: null, imageType: 'DERIVED\\SECONDARY\\OTHER\\RESAMPLED' },
])('$name', ({ folder, images, spacing, imageType }) => {
  let dir: string;
  let library: Library;
  let exports: Exports;
  let itemId: string;
  let source: ImageMeta[];
  let studyUid: string;

  beforeAll(async () => {
    dir = await mkdtemp(path.join(process.env['SCANLOOM_KEEP'] ?? os.tmpdir(), `scanloom-${folder}-`));
    library = await openLibrary({ dir: path.join(dir, 'library'), clock: systemClock, log: createMemoryLog(), workers: { entry: path.join(entries, 'dicom-worker.js'), size: 2 } });
    const state = await library.ingest.start([path.join(realDicom, folder)]).done;
    const seriesUid = state.seriesUids[0]!;
    const detail = library.studies.series(seriesUid);
    source = detail.stacks[0]!.images.slice(0, images);
    studyUid = detail.study.studyInstanceUid;
    itemId = await addEnlarged(library, seriesUid, source);
    exports = createExports({ library, packages: openPackages([path.join(root, 'models')]), clock: systemClock, log: createMemoryLog(), version: '0.1.0' });
  }, 600_000);
  afterAll(async () => {
    await library.close();
    if (process.env['SCANLOOM_KEEP'] === undefined) await rm(dir, { recursive: true, force: true });
  });

  const manifests = new Map<string, ExportManifest>();
  const folderOf = (format: string): string => path.join(library.dir, 'exports', format);

  test.each(ExportFormat.options)('leaves as %s and verifies', async (format) => {
    const record = await exports.start({ format, name: format, itemIds: [itemId], includeUndecided: false }).done;
    expect(record, record.error ?? '').toMatchObject({ state: 'done', items: 1 });
    expect(await verifyFolder(record.folder)).toMatchObject({ ok: true, findings: [] });
    manifests.set(format, await exports.manifest(record.exportId));
  }, 600_000);

  test('has one DICOM file a slice, in one new series', () => {
    const files = manifests.get('dicom')!.files.filter((file) => file.role === 'image');
    expect(source).toHaveLength(images);
    expect(files.map((file) => file.frame)).toEqual(source.map((_, frame) => frame));
  });

  test.skipIf(!hasPython)('is the same to pydicom, nibabel and Pillow', async () => {
    const { stdout } = await run(python, [path.join(here, 'export_readers.py'), folderOf('dicom'), folderOf('nifti'), folderOf('png')], { maxBuffer: 1 << 24 });
    const seen = JSON.parse(stdout) as Record<string, unknown>;
    expect(seen).toMatchObject({
      images, unique_instances: images, sources: images, nifti_files: 1, studies: [studyUid], series: [itemUid(itemId, 'series')], synthetic_data: ['YES'], content_qualification: ['RESEARCH'], image_type: [imageType],
      png_mark: ['AI-ENHANCED'], descrip: expect.stringMatching(/^AI-ENHANCED /),
    });
    expect(seen['frames_of_reference']).toHaveLength(1);
    if (spacing !== null) expect(seen['spacing']).toEqual([spacing]);
    expect(seen['dicom_to_nifti_steps']).toBeLessThanOrEqual(0.5001);
    expect(seen['png_to_nifti_steps']).toBeLessThanOrEqual(0.5001);
    expect(seen['affine_worst_mm']).toBeLessThan(1e-3);
  }, 600_000);

  test.skipIf(!hasDcmdump)('is read by dcmdump without a complaint', async () => {
    const { stderr } = await run('dcmdump', ['-q', '+r', '+sd', path.join(folderOf('dicom'), 'dicom')], { maxBuffer: 1 << 28 });
    expect(stderr).toBe('');
  }, 600_000);

  test.skipIf(!hasDciodvfy)('follows the standard as far as dciodvfy knows it', async () => {
    const files = (await readdir(folderOf('dicom'), { recursive: true })).filter((name) => name.endsWith('.dcm'));
    expect(files).toHaveLength(images);
    for (const file of files) expect(judge(path.join(folderOf('dicom'), file)).errors).toEqual([]);
  }, 600_000);

  test('nothing lies in the exports folder but the exports', async () => expect((await readdir(path.join(library.dir, 'exports'))).sort()).toEqual([...ExportFormat.options].sort()));
});

describe('synthetic images', () => {
  test.each([['dicom', '.dcm'], ['nifti', '.nii.gz'], ['png', '.png']] as const)('leave as %s, each its own subject, and verify', async (format, extension) => {
    const dir = await mkdtemp(path.join(os.tmpdir(), 'scanloom-synthetic-'));
    const library = await openLibrary({ dir: path.join(dir, 'library'), clock: systemClock, log: createMemoryLog(), workers: { entry: '', size: 1 } });
    try {
      const packages = openPackages([path.join(root, 'models')]);
      await addDiscs(library, packages);
      const exports = createExports({ library, packages, clock: systemClock, log: createMemoryLog(), version: '0.1.0' });
      const record = await exports.start({ format, name: 'set', includeUndecided: true }).done;
      expect(record, record.error ?? '').toMatchObject({ state: 'done', items: 2 });
      expect(await verifyFolder(record.folder)).toMatchObject({ ok: true, findings: [] });
      const files = (await exports.manifest(record.exportId)).files.filter((file) => file.role === 'image').map((file) => path.join(record.folder, file.path));
      expect(files.map((file) => file.endsWith(extension))).toEqual([true, true]);
      if (format !== 'dicom') return;
      const headers = await Promise.all(files.map(async (file) => describeImage(parseDicom(await readFile(file)))));
      for (const uid of ['patientId', 'studyInstanceUid', 'seriesInstanceUid', 'sopInstanceUid', 'frameOfReferenceUid'] as const) expect(new Set(headers.map((header) => header[uid])).size, uid).toBe(2);
      for (const header of headers) expect(header).toMatchObject({ syntheticData: 'YES', modality: 'MR', bodyPart: 'BRAIN', patientName: expect.stringMatching(/^Synthetic\^/) });
      if (hasDciodvfy) for (const file of files) expect(judge(file)).toEqual({ errors: [], warnings: [] });
    } finally {
      await library.close();
      await rm(dir, { recursive: true, force: true });
    }
  });
});

/** Two bright discs, as if the bundled package had drawn them. */
async function addDiscs(library: Library, packages: Packages): Promise<void> {
  const { manifest, manifestSha256 } = await packages.get('brain-t1c-diffusion');
  if (manifest.task !== 'synthesize') throw new Error('brain-t1c-diffusion makes images');
  const { rows, columns, pixelSpacingMm } = manifest.synthesize;
  const jobId = randomUuid();
  library.db.run(`INSERT INTO jobs (job_id, task, title, package_id, package_sha256, state, settings, inputs, created_at, seq) VALUES (?, 'synthesize', 'job', ?, ?, 'done', '{}', '[]', ?, 1)`, [jobId, manifest.id, manifestSha256, new Date().toISOString()]);
  for (const [index, tumour] of ['glioma', 'pituitary'].entries()) {
    const values = Float32Array.from({ length: rows * columns }, (_, i) => Math.max(0, 1 - Math.hypot((i % columns) - columns / 2, Math.floor(i / columns) - rows / 2) / (20 + 10 * index)));
    library.items.insert({
      itemId: randomUuid(), jobId, index, createdAt: new Date().toISOString(), packageId: manifest.id, packageSha256: manifestSha256,
      settings: { task: 'synthesize', packageId: manifest.id, device: 'cpu', class: tumour, count: 2, seed: 1, steps: 5, guidance: 2 },
      draft: {
        provenance: 'synthetic', title: `${tumour} ${index + 1}`, packageVersion: manifest.version, rows, columns, modality: 'MR', class: tumour, seed: 1, sourceSeriesUid: null,
        images: [{
          imageId: '0', sopInstanceUid: '0', frame: 0, instanceNumber: 1, rows, columns, samplesPerPixel: 1, photometricInterpretation: 'MONOCHROME2', pixelSpacingMm: [pixelSpacingMm, pixelSpacingMm], position: null, orientation: null,
          positionAlongNormalMm: null, sliceThicknessMm: null, rescale: { slope: 1, intercept: 0 }, unit: '', window: { center: 0.5, width: 1 }, kvp: null, echoTimeMs: null, repetitionTimeMs: null,
        }],
        sourceImageIds: [null], blobs: [await library.blobs.put(new Uint8Array(values.buffer))], measures: [], recipe: {},
      },
    });
  }
}

async function addEnlarged(library: Library, seriesUid: string, source: readonly ImageMeta[]): Promise<string> {
  const jobId = randomUuid();
  const packageSha256 = 'a'.repeat(64);
  const settings = { task: 'upscale' as const, packageId: 'sr-gan-x2', device: 'cpu' as const, seriesUids: [seriesUid], factor: 2 };
  library.db.run(`INSERT INTO jobs (job_id, task, title, package_id, package_sha256, state, settings, inputs, created_at, seq) VALUES (?, 'upscale', 'job', 'sr-gan-x2', ?, 'done', '{}', '[]', ?, 1)`, [jobId, packageSha256, new Date().toISOString()]);
  const blobs: string[] = [];
  const measures = [];
  for (const image of source) {
    const { values, rows, columns } = await library.images.values(image.imageId);
    const large = bicubicEnlarge(values, rows, columns, 2);
    if (measures.length < 2) measures.push(measureUpscale(values, large, rows, columns, 2, image.unit));
    blobs.push(await library.blobs.put(new Uint8Array(large.buffer)));
  }
  const first = source[0]!;
  return library.items.insert({
    itemId: randomUuid(), jobId, index: 0, createdAt: new Date().toISOString(), packageId: 'sr-gan-x2', packageSha256, settings,
    draft: {
      provenance: 'enhanced', title: 'enlarged', packageVersion: '0.1.0', rows: first.rows * 2, columns: first.columns * 2, modality: first.unit === 'HU' ? 'CT' : 'MR', class: null, seed: null, sourceSeriesUid: seriesUid,
      images: source.map((image) => {
        const geometry = upscaledGeometry({ position: image.position!, orientation: image.orientation!, spacingMm: image.pixelSpacingMm! }, 2);
        return { ...image, rows: image.rows * 2, columns: image.columns * 2, position: [...geometry.position], pixelSpacingMm: [...geometry.spacingMm], rescale: { slope: 1, intercept: 0 } };
      }),
      sourceImageIds: source.map((image) => image.imageId), blobs, measures: combineMeasures(measures), recipe: {},
    },
  }).itemId;
}
