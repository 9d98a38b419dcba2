/**
 * Exports of real series as other people's software sees them: dcmdump, dciodvfy, pydicom, nibabel, Pillow. The pixels come from bicubic
 * interpolation, which stands in for a model: what is checked here is how an export is written.
 */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMemoryLog, randomUuid, systemClock } from '#base';
import type { ExportManifest, ImageMeta } from '#contract';
import { upscaledGeometry } from '#dicom';
import { createExports, itemUid, verifyFolder, type Exports } from '#exports';
import { openLibrary, type Library } from '#library';
import { bicubicEnlarge, combineMeasures, measureUpscale } from '#measures';
import { openPackages } from '#packages';
import { entries, hasRealDicom, realDicom, root } from '../support/real-core.ts';

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
if (!hasDcmdump) console.log('dcmdump is not there: its check is left out.');

describe.skipIf(!hasRealDicom).each([
  { name: 'chest CT', folder: 'chest-ct', images: 20, spacing: '0.390625\\0.390625', imageType: 'DERIVED\\SECONDARY\\AXIAL\\RESAMPLED' },
  { name: 'head CT', folder: 'head-ct', images: 140, spacing: null, imageType: 'DERIVED\\SECONDARY\\AXIAL\\RESAMPLED' },
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
    source = detail.stacks[0]!.images;
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

  test.each(['dicom', 'nifti', 'png'] as const)('leaves as %s and verifies', async (format) => {
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

  test('nothing lies in the exports folder but the exports', async () => expect((await readdir(path.join(library.dir, 'exports'))).sort()).toEqual(['dicom', 'nifti', 'png']));
});

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
