/**
 * Series that are several stacks, through the whole job on real objects: echoes, magnitude beside a field map, diffusion weightings, time points;
 * and the kinds of image that are refused. What leaves is read back by pydicom and nibabel.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { routes, type Item, type Job } from '#contract';
import { hasRealDicom, openRealCore, realDicom, type RealCore } from '../support/real-core.ts';

const python = process.env['SCANLOOM_PYTHON'] ?? 'python3';
const hasPython = spawnSync(python, ['-c', 'import pydicom, nibabel, numpy'], { stdio: 'ignore' }).status === 0;
if (!hasPython) console.log('pydicom, nibabel and numpy are not there (SCANLOOM_PYTHON names a Python that has them): what was written is not read by others.');
const model = 'sr-gan-x2';

const Seen = z.object({
  dicom: z.array(z.object({ series: z.string(), description: z.string(), echo: z.string(), weighting: z.string(), component: z.string(), sources: z.array(z.string()), number: z.string(), frames: z.number() })),
  nifti: z.array(z.object({ shape: z.array(z.number()), zooms: z.array(z.number()) })),
});
const script = `
import glob, json, sys, nibabel, pydicom
def sources(d):
    found = list(d.get("SourceImageSequence", []))
    for g in list(d.get("SharedFunctionalGroupsSequence", [])) + list(d.get("PerFrameFunctionalGroupsSequence", [])):
        for one in g.get("DerivationImageSequence", []): found += list(one.get("SourceImageSequence", []))
    return sorted({s.ReferencedSOPInstanceUID for s in found})
out = {"dicom": [], "nifti": []}
for file in sorted(glob.glob(sys.argv[1] + "/**/*.dcm", recursive=True)):
    d = pydicom.dcmread(file)
    d.pixel_array
    out["dicom"].append({"series": d.SeriesInstanceUID, "description": d.SeriesDescription, "echo": str(d.get("EchoTime", "")), "weighting": str(d.get("DiffusionBValue", "")),
        "component": str(d.get("ComplexImageComponent", "")), "sources": sources(d), "number": str(d.InstanceNumber), "frames": int(d.get("NumberOfFrames", 1))})
for file in sorted(glob.glob(sys.argv[1] + "/**/*.nii.gz", recursive=True)):
    n = nibabel.load(file)
    n.get_fdata()
    out["nifti"].append({"shape": list(n.shape), "zooms": [float(z) for z in n.header.get_zooms()[:3]]})
print(json.dumps(out))
`;

describe.skipIf(!hasRealDicom)('stacks are upscaled one by one', () => {
  let real: RealCore;
  let exports = 0;
  beforeAll(async () => {
    real = await openRealCore();
  });
  afterAll(() => real.close());

  const seriesOf = async (folder: string): Promise<string> => {
    const { seriesUids, refusedTotal } = await real.ingest(path.join(realDicom, 'oddities', folder));
    expect(refusedTotal).toBe(0);
    return seriesUids[0]!;
  };
  const upscaled = async (seriesUid: string, more: object = {}): Promise<{ job: Job; items: Item[] }> => {
    const job = await real.settled(await real.call(routes.startJob, { body: { task: 'upscale', packageId: model, device: 'cpu', seriesUids: [seriesUid], ...more } }));
    expect(job, JSON.stringify(job.error)).toMatchObject({ state: 'done' });
    return { job, items: await real.call(routes.listItems, { query: { jobId: job.jobId } }) };
  };
  const refusal = (seriesUid: string, more: object = {}): Promise<unknown> => real.call(routes.startJob, { body: { task: 'upscale', packageId: model, seriesUids: [seriesUid], ...more } });
  const notes = async (seriesUid: string): Promise<{ units: number; notes: string[] }> => real.call(routes.estimateJob, { body: { task: 'upscale', packageId: model, seriesUids: [seriesUid] } });
  /** Exports the items, verifies what came out, and lets other readers look at it. */
  const read = async (items: readonly Item[], format: 'dicom' | 'nifti'): Promise<z.infer<typeof Seen> | null> => {
    exports += 1;
    const { done } = real.core.services.exports.start({ format, name: `e${exports}`, itemIds: items.map(({ itemId }) => itemId), includeUndecided: true });
    const record = await done;
    expect(record, record.error ?? '').toMatchObject({ state: 'done' });
    expect((await real.core.services.exports.verify(record.folder)).findings).toEqual([]);
    return hasPython ? Seen.parse(JSON.parse(execFileSync(python, ['-c', script, record.folder], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))) : null;
  };

  test('two echoes are two series, each of its own images', async () => {
    const uid = await seriesOf('mr-multi-echo');
    const { items } = await upscaled(uid);
    expect(items.map(({ title, frames }) => [title, frames])).toEqual([['gre_field_mag (TE 5.19 ms) ×2', 4], ['gre_field_mag (TE 7.65 ms) ×2', 4]]);
    const { stacks } = await real.call(routes.getSeries, { params: { seriesUid: uid } });
    const seen = await read(items, 'dicom');
    if (seen === null) return;
    expect(new Set(seen.dicom.map(({ series }) => series)).size).toBe(2);
    for (const [index, { images }] of stacks.entries()) {
      const files = seen.dicom.filter(({ echo }) => echo === String(images[0]!.echoTimeMs));
      expect(files).toHaveLength(4);
      expect(new Set(files.map(({ series }) => series)).size).toBe(1);
      expect(files[0]!.description).toBe(`AI x2 gre_field_mag [TE ${index === 0 ? '5.19' : '7.65'} ms]`);
      expect(files.flatMap(({ sources }) => sources).sort()).toEqual(images.map(({ sopInstanceUid }) => sopInstanceUid).sort());
    }
  }, 120_000);

  test('one stack by its number; a number that is none, or in several series, is refused', async () => {
    const uid = await seriesOf('mr-multi-echo');
    const { items, job } = await upscaled(uid, { stacks: [2] });
    expect(items.map(({ title }) => title)).toEqual(['gre_field_mag (TE 7.65 ms) ×2']);
    expect(job.settings).toMatchObject({ stacks: [2] });
    expect(real.core.services.library.ledger.forItem(items[0]!.itemId).body['recipe']).toMatchObject({ stack: { number: 2, of: 2, label: 'TE 7.65 ms', timePoints: 1 } });
    await expect(refusal(uid, { stacks: [3] })).rejects.toMatchObject({ code: 'request/not-found', message: expect.stringContaining('2 stacks; there is no number 3') });
    const other = await seriesOf('mr-non-isotropic');
    await expect(real.call(routes.startJob, { body: { task: 'upscale', packageId: model, seriesUids: [uid, other], stacks: [1] } })).rejects.toMatchObject({ code: 'request/invalid' });
  }, 120_000);

  test('beside a field map the magnitude is taken; the map is named with its reason', async () => {
    const uid = await seriesOf('mr-enhanced/philips-b0map');
    expect(await notes(uid)).toMatchObject({ units: 32, notes: expect.arrayContaining([expect.stringMatching(/^Stack 2 \(field map\) of the series "B0 NS" shows phases, fields/)]) });
    await expect(refusal(uid, { stacks: [2] })).rejects.toMatchObject({ code: 'task/not-applicable', message: expect.stringMatching(/field map/) });
    const { items } = await upscaled(uid);
    expect(items).toHaveLength(1);
    const seen = await read(items, 'dicom');
    if (seen !== null) expect(seen.dicom).toMatchObject([{ frames: 32, description: 'AI x2 B0 NS [magnitude, TE 1.52 ms]', component: 'MAGNITUDE' }]);
  }, 240_000);

  test('diffusion weightings stay with their images, also where only private elements say them', async () => {
    const uid = await seriesOf('dwi-ge');
    const { items } = await upscaled(uid);
    expect(items).toMatchObject([{ frames: 8 }]);
    const seen = await read(items, 'dicom');
    if (seen !== null) expect(seen.dicom.map(({ weighting }) => Number(weighting)).sort((a, b) => a - b)).toEqual([0, 0, 0, 0, 1000, 1000, 1000, 1000]);
  }, 120_000);

  test('time points stay together: one series in the order of its source, one NIfTI volume over time', async () => {
    const uid = await seriesOf('dwi-ge-16');
    const { stacks } = await real.call(routes.getSeries, { params: { seriesUid: uid } });
    const { items } = await upscaled(uid);
    expect(items).toMatchObject([{ frames: 16 }]);
    expect((await read(items, 'dicom'))?.dicom.map(({ number }) => Number(number)) ?? []).toEqual(hasPython ? stacks[0]!.images.map(({ instanceNumber }) => instanceNumber) : []);
    const seen = await read(items, 'nifti');
    if (seen !== null) expect(seen.nifti).toEqual([{ shape: [128, 128, 4, 4], zooms: [expect.closeTo(1.71875, 4), expect.closeTo(1.71875, 4), expect.closeTo(3.8, 3)] }]);
  }, 240_000);

  test.each([
    ['ct-localizer', /localizer \(scout\)/],
    ['ct-dose-report-sc', /text about dose/],
    ['mr-mosaic', /mosaic/],
    ['mr-rgb-secondary-capture', /in colour/],
    ['ct-enhanced', /a map of perfusion \(RCBF\)/],
    ['dcmqi/paramaps', /called "Apparent Diffusion Coefficient/],
    ['dcmqi/segmentations/23x38x3/image', /Rescale Type US/],
  ])('%s is refused in words, before and at the start', async (folder, reason) => {
    const uid = await seriesOf(folder);
    await expect(refusal(uid)).rejects.toMatchObject({ code: 'task/not-applicable', message: expect.stringMatching(reason) });
    expect(await notes(uid)).toMatchObject({ units: 0, notes: expect.arrayContaining([expect.stringMatching(reason)]) });
  });
});
