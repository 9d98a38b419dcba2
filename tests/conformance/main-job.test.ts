/**
 * The main job on a real study through the Fetch handler: open, upscale, synthesize, review, export, verify; and the refusals that a
 * person may meet on the way.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ExportFormat, binaryRoutes, routes, type Item } from '#contract';
import { parseDicom } from '#dicom';
import { hasRealDicom, openRealCore, realDicom, type RealCore } from '../support/real-core.ts';

const chest = path.join(realDicom, 'chest-ct');

describe.skipIf(!hasRealDicom)('the main job on the real chest CT', () => {
  let real: RealCore;
  let enhanced: Item;

  beforeAll(async () => {
    real = await openRealCore();
  });
  afterAll(async () => {
    await real.close();
  });

  const onlySeries = async (): Promise<string> => {
    const { studies } = await real.call(routes.listStudies);
    const { series } = await real.call(routes.getStudy, { params: { studyUid: studies[0]!.studyInstanceUid } });
    return series[0]!.seriesInstanceUid;
  };

  test('opens as one even stack of 20 slices in order of position', async () => {
    const ingest = await real.ingest(chest);
    expect(ingest).toMatchObject({ state: 'done', imagesAdded: 20, refusedTotal: 0 });
    const { stacks } = await real.call(routes.getSeries, { params: { seriesUid: await onlySeries() } });
    expect(stacks).toHaveLength(1);
    const { stack, images } = stacks[0]!;
    expect(stack).toMatchObject({ images: 20, volume: true, rows: 512, columns: 512 });
    expect(stack.spacingMm).toEqual([expect.closeTo(1, 4), 0.78125, 0.78125]);
    const z = images.map((image) => image.position![2]);
    expect([z[0], z[19]].sort()).toEqual([-530.8, -549.8].map((value) => expect.closeTo(value, 3)));
    for (let i = 1; i < z.length; i += 1) expect(Math.abs(z[i]! - z[i - 1]!)).toBeCloseTo(1, 3);
  });

  test('upscales three slices: same extent, spacing halved, new pixel centres at (i + 0.5)/2 − 0.5 of the old ones', async () => {
    const seriesUid = await onlySeries();
    const { stacks } = await real.call(routes.getSeries, { params: { seriesUid } });
    const sources = stacks[0]!.images.slice(8, 11);
    const job = await real.settled(await real.call(routes.startJob, { body: { task: 'upscale', packageId: 'sr-gan-x2', device: 'cpu', seriesUids: [seriesUid], imageIds: sources.map((image) => image.imageId) } }));
    expect(job, JSON.stringify(job.error)).toMatchObject({ state: 'done', unitsDone: 3, items: 1 });
    const [item] = await real.call(routes.listItems, { query: { jobId: job.jobId } });
    enhanced = item!;
    const { images, sourceImageIds } = await real.call(routes.getItem, { params: { itemId: enhanced.itemId } });
    expect(sourceImageIds).toEqual(sources.map((image) => image.imageId));
    type Image = (typeof sources)[number];
    const place = (image: Image, row: number, column: number): number[] =>
      [0, 1, 2].map((axis) => image.position![axis]! + image.orientation![axis]! * image.pixelSpacingMm![1] * column + image.orientation![axis + 3]! * image.pixelSpacingMm![0] * row);
    for (const [n, source] of sources.entries()) {
      const made = images[n]!;
      expect([made.rows, made.columns]).toEqual([1024, 1024]);
      expect(made.pixelSpacingMm).toEqual([0.78125 / 2, 0.78125 / 2]);
      for (const [row, column] of [[0, 0], [1, 1], [1023, 5], [512, 1023]] as const) {
        const old = place(source, (row + 0.5) / 2 - 0.5, (column + 0.5) / 2 - 0.5);
        place(made, row, column).forEach((value, axis) => expect(value).toBeCloseTo(old[axis]!, 6));
      }
    }
  });

  test('values stay HU: the shrunk result is the source within the measured consistency', async () => {
    const rmse = enhanced.measures.find((measure) => measure.name === 'consistency-rmse');
    expect(rmse?.unit).toBe('HU');
    expect(rmse!.value).toBeGreaterThan(0);
    expect(rmse!.value).toBeLessThan(60);
  });

  test('synthesizes, decides with undo, and nothing undecided leaves', async () => {
    const job = await real.settled(await real.call(routes.startJob, { body: { task: 'synthesize', packageId: 'brain-t1c-diffusion', device: 'cpu', class: 'meningioma', count: 3, seed: 5, steps: 4 } }));
    expect(job, JSON.stringify(job.error)).toMatchObject({ state: 'done', items: 3 });
    const items = await real.call(routes.listItems, { query: { jobId: job.jobId } });
    await real.call(routes.decide, { body: { itemId: items[0]!.itemId, decision: 'accepted' } });
    await real.call(routes.decide, { body: { itemId: items[1]!.itemId, decision: 'rejected', reason: 'artefact' } });
    const undone = await real.call(routes.undoDecision, { body: {} });
    expect(undone.item).toMatchObject({ itemId: items[1]!.itemId, decision: null });
    await real.call(routes.decide, { body: { itemId: items[1]!.itemId, decision: 'rejected', reason: 'anatomy-wrong' } });
    expect(await real.call(routes.reviewSummary, { query: { jobId: job.jobId } })).toMatchObject({ total: 3, accepted: 1, rejected: 1, undecided: 1 });

    const { exportId } = await real.call(routes.startExport, { body: { format: 'dicom', jobIds: [job.jobId], name: 'only-accepted' } });
    const record = await waitForExport(real, exportId);
    expect(record, record.error ?? '').toMatchObject({ state: 'done', items: 1 });
    const manifest = await real.call(routes.getExportManifest, { params: { exportId } });
    expect(manifest.items.map((item) => item.itemId)).toEqual([items[0]!.itemId]);
  });

  test.each(ExportFormat.options)('exports the enhanced series as %s, verified, with every change found', async (format) => {
    const { exportId } = await real.call(routes.startExport, { body: { format, itemIds: [enhanced.itemId], name: `enhanced-${format}` } });
    const record = await waitForExport(real, exportId);
    expect(record, record.error ?? '').toMatchObject({ state: 'done' });
    expect(await real.call(routes.verifyExport, { params: { exportId } })).toMatchObject({ ok: true, findings: [] });
    const manifest = await real.call(routes.getExportManifest, { params: { exportId } });
    const image = manifest.files.find((file) => file.role === 'image')!;
    const target = path.join(record.folder, ...image.path.split('/'));
    const bytes = await readFile(target);
    bytes[bytes.length - 9]! ^= 1;
    await writeFile(target, bytes);
    const changed = await real.call(routes.verifyExport, { params: { exportId } });
    expect(changed.ok).toBe(false);
    expect(changed.findings.some((finding) => finding.path === image.path)).toBe(true);
    await rm(target);
    expect((await real.call(routes.verifyExport, { params: { exportId } })).ok).toBe(false);
  });

  test('the exported DICOM says what it is', async () => {
    const { exportId } = await real.call(routes.startExport, { body: { format: 'dicom', itemIds: [enhanced.itemId], name: 'marks' } });
    const { folder } = await waitForExport(real, exportId);
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.dcm'));
    expect(names).toHaveLength(3);
    const { dataset } = parseDicom(await readFile(path.join(folder, names[0]!)));
    expect(dataset.string('SyntheticData')).toBe('YES');
    expect(dataset.string('ContentQualification')).toBe('RESEARCH');
    expect(dataset.string('ImageType', 0)).toBe('DERIVED');
    expect(dataset.number('Rows')).toBe(1024);
  });

  test('requests that cannot work are refused in words and everything else goes on', async () => {
    const seriesUids = [await onlySeries()];
    const refused = (body: unknown) => real.call(routes.startJob, { body });
    await expect(refused({ task: 'upscale', packageId: 'sr-gan-x2', seriesUids, factor: 4 })).rejects.toMatchObject({ code: 'task/not-applicable' });
    await expect(refused({ task: 'upscale', packageId: 'no-such-package', seriesUids })).rejects.toMatchObject({ code: 'package/not-found' });
    await expect(refused({ task: 'upscale', packageId: 'sr-gan-x2', seriesUids: ['1.2.3'] })).rejects.toMatchObject({ code: 'request/not-found' });
    await expect(refused({ task: 'upscale', packageId: 'sr-gan-x2', seriesUids, surprise: 1 })).rejects.toMatchObject({ code: 'request/invalid' });
    await expect(refused({ task: 'synthesize', packageId: 'brain-t1c-diffusion', class: 'unicorn' })).rejects.toMatchObject({ code: 'task/not-applicable', hint: expect.stringContaining('glioma') });
    await expect(real.call(routes.startIngest, { body: { handle: 'never-given' } })).rejects.toMatchObject({ code: 'request/not-found' });
    expect((await real.core.fetch(new Request('http://core.invalid/api/nothing'))).status).toBe(404);
    expect((await real.core.fetch(new Request('http://core.invalid/api/studies?limit=1&limit=2'))).status).toBe(400);
    expect((await real.core.fetch(new Request('http://core.invalid/api/jobs', { method: 'POST', body: '{' }))).status).toBe(400);
    expect((await real.call(routes.listStudies)).total).toBe(1);
  });

  test('the event stream resumes where a reader left it', async () => {
    const all = real.core.services.library.events.after(0);
    const middle = all[Math.floor(all.length / 2)]!;
    const response = await real.core.fetch(new Request(`http://core.invalid${binaryRoutes.events.path}`, { headers: { 'last-event-id': String(middle.id) } }));
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = '';
    while (!text.includes(`id: ${middle.id + 1}\n`)) text += new TextDecoder().decode((await reader.read()).value);
    await reader.cancel();
    expect(text).not.toContain(`id: ${middle.id}\n`);
  });

  test('a text file named .dcm is refused by name, an empty folder is no fault', async () => {
    const folder = path.join(real.dir, 'odd');
    await mkdir(path.join(folder, 'empty'), { recursive: true });
    await writeFile(path.join(folder, 'note.dcm'), 'this is not an image\n');
    const ingest = await real.ingest(folder);
    expect(ingest).toMatchObject({ state: 'done', imagesAdded: 0, refusedTotal: 1, refused: [{ path: expect.stringContaining('note.dcm'), code: 'dicom/not-dicom' }] });
  });
});

async function waitForExport(real: RealCore, exportId: string) {
  for (;;) {
    const record = await real.call(routes.getExport, { params: { exportId } });
    if (record.state !== 'running') return record;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
