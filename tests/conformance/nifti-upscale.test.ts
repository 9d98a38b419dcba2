/** NIfTI in, upscaled, and out as NIfTI, PNG and DICOM: the same place in the patient, the same values, by the word of nibabel, pydicom and Pillow. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ExportFormat, routes, type Item } from '#contract';
import { describeImage, parseDicom } from '#dicom';
import { openRealCore, root, type RealCore } from '../support/real-core.ts';
import { hasDciodvfy, judge } from './dciodvfy.ts';

const python = process.env['SCANLOOM_PYTHON'] ?? 'python3';
const hasPython = spawnSync(python, ['-c', 'import pydicom, nibabel, numpy, PIL'], { stdio: 'ignore' }).status === 0;
if (!hasPython) console.log('pydicom, nibabel, numpy and Pillow are not there (SCANLOOM_PYTHON names a Python that has them): places and values are not compared with what they read.');
const volumes = path.resolve(root, '..', 'shared', 'data', 'train', 'volumes');
const hasVolumes = existsSync(volumes);
if (!hasVolumes && process.env['CI'] !== undefined) throw new Error('The real NIfTI volumes are missing: ../shared/data/train/volumes.');
if (!hasVolumes) console.log('The real NIfTI volumes are not there (../shared/data/train/volumes): NIfTI is not upscaled.');

describe.skipIf(!hasVolumes).each([
  { name: 'MR, oblique, with a sidecar', file: 'mr_flair_fernando.nii.gz', sidecar: { Modality: 'MR' }, more: {}, modality: 'MR', slices: 3, sopClass: '1.2.840.10008.5.1.4.1.1.4' },
  { name: 'MR, coronal, told with the request', file: 'mr_tcga_haste.nii.gz', sidecar: null, more: { modality: 'MR' }, modality: 'MR', slices: 3, sopClass: '1.2.840.10008.5.1.4.1.1.4' },
  { name: 'CT, told with the request', file: 'ct_abd_c3l00189.nii.gz', sidecar: null, more: { modality: 'CT' }, modality: 'CT', slices: 2, sopClass: '1.2.840.10008.5.1.4.1.1.2' },
])('$name', ({ file, sidecar, more, modality, slices, sopClass }) => {
  let real: RealCore;
  let seriesUid: string;
  let item: Item;
  const folders = new Map<string, string>();
  const filesOf = async (format: string, ending: string): Promise<string[]> => (await readdir(folders.get(format)!, { recursive: true })).filter((name) => name.endsWith(ending)).sort().map((name) => path.join(folders.get(format)!, name));

  beforeAll(async () => {
    real = await openRealCore();
    const source = path.join(real.dir, 'in');
    await mkdir(source);
    await copyFile(path.join(volumes, file), path.join(source, file));
    if (sidecar !== null) await writeFile(path.join(source, file.replace('.nii.gz', '.json')), JSON.stringify(sidecar));
    seriesUid = (await real.ingest(source)).seriesUids[0]!;
  }, 60_000);
  afterAll(() => real.close());

  test.skipIf(sidecar !== null)('is refused while nobody says what it is', async () => {
    await expect(real.call(routes.startJob, { body: { task: 'upscale', packageId: 'sr-gan-x2', seriesUids: [seriesUid] } })).rejects.toMatchObject({ code: 'task/not-applicable', message: expect.stringMatching(/does not say whether it is CT or MR/) });
  });

  test('is upscaled and leaves in every format', async () => {
    const { stacks } = await real.call(routes.getSeries, { params: { seriesUid } });
    const imageIds = stacks[0]!.images.slice(2, 2 + slices).map((image) => image.imageId);
    const job = await real.settled(await real.call(routes.startJob, { body: { task: 'upscale', packageId: 'sr-gan-x2', device: 'cpu', seriesUids: [seriesUid], imageIds, ...more } }));
    expect(job, JSON.stringify(job.error)).toMatchObject({ state: 'done', items: 1 });
    item = (await real.call(routes.listItems, { query: { jobId: job.jobId } }))[0]!;
    expect(item).toMatchObject({ modality, frames: slices });
    expect(item.measures.find(({ name }) => name === 'consistency-rmse')?.unit).toBe(modality === 'CT' ? 'HU' : '');
    for (const format of ExportFormat.options) {
      const record = await real.core.services.exports.start({ format, name: format, itemIds: [item.itemId], includeUndecided: true }).done;
      expect(record, record.error ?? '').toMatchObject({ state: 'done' });
      expect((await real.core.services.exports.verify(record.folder)).findings, format).toEqual([]);
      folders.set(format, record.folder);
    }
  }, 240_000);

  test.skipIf(!hasPython)('lies where its source lies, with half the spacing, by the word of nibabel', async () => {
    const [made] = await filesOf('nifti', '.nii.gz');
    const seen = JSON.parse(execFileSync(python, [path.join(import.meta.dirname, 'nifti_upscaled.py'), path.join(volumes, file), made!], { encoding: 'utf8' })) as Record<string, number> & { shape: number[]; source_shape: number[]; zoom_ratio: number[]; slices_along: number; description: string };
    const along = seen.slices_along;
    expect(seen.shape).toEqual(seen.source_shape.map((size, axis) => (axis === along ? slices : size * 2)));
    expect(seen.zoom_ratio).toEqual(seen.shape.map((_, axis) => expect.closeTo(axis === along ? 1 : 0.5, 4)));
    expect(seen['plane_extent_error']).toBeLessThan(2e-3);
    expect(seen['slice_off_grid']).toBeLessThan(2e-3);
    expect(seen['skew']).toBeLessThan(1e-3);
    // Shrunk back it is its source, and no mirror image of it.
    expect(seen['likeness']).toBeGreaterThan(0.99);
    expect(seen['likeness_flipped']).toBeLessThan(seen['likeness']! - 0.02);
    expect(seen['error_share']).toBeLessThan(0.03);
    expect(seen.description).toMatch(/^AI-ENHANCED /);
  }, 60_000);

  test.skipIf(!hasPython)('holds the same values in the same places in all three formats', () => {
    const seen = JSON.parse(execFileSync(python, [path.join(import.meta.dirname, 'export_readers.py'), folders.get('dicom')!, folders.get('nifti')!, folders.get('png')!], { encoding: 'utf8', maxBuffer: 1 << 24 })) as Record<string, unknown>;
    expect(seen).toMatchObject({ images: slices, nifti_files: 1, sources: 0, synthetic_data: ['YES'], content_qualification: ['RESEARCH'] });
    expect(seen['dicom_to_nifti_steps']).toBeLessThanOrEqual(0.5001);
    expect(seen['png_to_nifti_steps']).toBeLessThanOrEqual(0.5001);
    expect(seen['affine_worst_mm']).toBeLessThan(2e-3);
  }, 60_000);

  test('as DICOM it claims no patient, no study and no source object, and says why', async () => {
    const files = await filesOf('dicom', '.dcm');
    expect(files).toHaveLength(slices);
    for (const place of files) {
      const { dataset } = parseDicom(await readFile(place));
      const header = describeImage(parseDicom(await readFile(place)));
      expect(header).toMatchObject({ sopClassUid: sopClass, modality, patientName: '', patientBirthDate: '', patientSex: '', studyDate: '', syntheticData: 'YES', patientId: expect.stringMatching(/^NIFTI-[0-9a-f]{16}$/) });
      expect(header.derivationDescription).toMatch(/^AI-ENHANCED: .*The source is a NIfTI file: patient, study and scanner are not known/);
      expect(dataset.string('PatientComments')).toMatch(/made from its content/);
      expect(dataset.string('IssuerOfPatientID')).toBe('SCANLOOM NIFTI');
      for (const key of ['SourceImageSequence', 'ReferencedSeriesSequence']) expect(dataset.has(key), key).toBe(false);
      if (hasDciodvfy) expect(judge(place).errors).toEqual([]);
    }
  }, 60_000);
});
