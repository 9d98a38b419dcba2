/**
 * `scanloom inspect` over the whole collection: each series once, and for each oddity that the collection's README names the stacks that a
 * radiologist would make. What is expected comes from that README; positions are held against pydicom's view where it is installed.
 */
import { execFile, execFileSync } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { routes } from '#contract';
import { cli, hasRealDicom, openRealCore, realDicom } from '../support/real-core.ts';

const run = promisify(execFile);
const python = process.env['SCANLOOM_PYTHON'] ?? 'python3';
const hasPydicom = ((): boolean => {
  try {
    execFileSync(python, ['-c', 'import pydicom, numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    console.log('pydicom and numpy are not there (SCANLOOM_PYTHON names a Python that has them): positions are not compared with theirs.');
    return false;
  }
})();

const Stack = z.object({ images: z.number(), rows: z.number(), columns: z.number(), spacingMm: z.array(z.number().nullable()).nullable(), volume: z.boolean(), timePoints: z.number(), oddities: z.array(z.string()) });
const Inspected = z.object({
  files: z.array(z.object({ path: z.string(), status: z.string(), seriesInstanceUid: z.string().optional(), studyInstanceUid: z.string().optional() })),
  series: z.array(z.object({ seriesInstanceUid: z.string(), studyInstanceUid: z.string(), modality: z.string(), oddities: z.array(z.string()), notices: z.array(z.string()), stacks: z.array(Stack) })),
  summary: z.object({ files: z.number() }),
});
type Series = z.infer<typeof Inspected>['series'][number];

/** A folder of the README with what it says of it. `stacks`: images of each; `times`: images at each place. */
interface Expected {
  readonly folder: string;
  readonly says: string;
  readonly stacks: readonly number[];
  readonly volume: boolean;
  readonly times?: number;
  readonly oddities: readonly string[];
  readonly notice?: RegExp;
}

const table: readonly Expected[] = [
  { folder: 'chest-ct/LIDC-IDRI-0314', says: '20 contiguous slices, 1 mm', stacks: [20], volume: true, oddities: [], notice: /frames of reference/ },
  { folder: 'head-ct/philips-brain-1mm', says: '140 slices, 1 mm', stacks: [140], volume: true, oddities: [] },
  { folder: 'mr-t1/anat-T1w', says: '16 contiguous oblique slices', stacks: [16], volume: true, oddities: [] },
  { folder: 'oddities/ct-gantry-tilt-uneven', says: '28 slices, tilt 18.5°, 4.22 then 7.38 mm in z', stacks: [28], volume: false, oddities: ['gantry-tilt', 'uneven-spacing'], notice: /14 slices 4\.00 mm apart, 14 slices 7\.00 mm apart[\s\S]*18\.5°/ },
  { folder: 'oddities/ct-localizer', says: 'localizer', stacks: [1], volume: false, oddities: ['localizer'] },
  { folder: 'oddities/ct-dose-report-sc', says: 'secondary capture "Exam Summary"', stacks: [1], volume: false, oddities: ['dose-report'] },
  { folder: 'oddities/mr-mosaic', says: 'mosaics, two of them', stacks: [2], volume: false, times: 2, oddities: ['mosaic', 'time-series'] },
  { folder: 'oddities/mr-multi-echo', says: '2 echoes × 4 places', stacks: [4, 4], volume: true, oddities: ['multi-echo'] },
  { folder: 'oddities/mr-enhanced/siemens-xa10', says: '4-D in four enhanced objects', stacks: [24], volume: true, times: 4, oddities: ['enhanced-multi-frame', 'time-series'] },
  { folder: 'oddities/mr-enhanced/philips-b0map', says: 'B0 map: magnitude and field map', stacks: [32, 32], volume: true, oddities: ['enhanced-multi-frame'] },
  { folder: 'oddities/mr-enhanced/philips-fmri-4d', says: '4-D fMRI', stacks: [32], volume: true, times: 4, oddities: ['enhanced-multi-frame', 'time-series'] },
  { folder: 'oddities/mr-enhanced/hyperfine', says: 'enhanced multi-frame', stacks: [8], volume: true, oddities: ['enhanced-multi-frame'] },
  { folder: 'oddities/4d-ge-fmri', says: 'repeated positions', stacks: [8], volume: true, times: 2, oddities: ['time-series'] },
  { folder: 'oddities/4d-philips-fmri', says: 'repeated positions, two places', stacks: [8], volume: false, times: 4, oddities: ['time-series'] },
  { folder: 'oddities/dwi-ge', says: 'diffusion (b 0 and 1000 in GE’s private element)', stacks: [8], volume: true, times: 2, oddities: ['diffusion'] },
  // All b-values in these headers are 0: only that places repeat can be known.
  { folder: 'oddities/dwi-ge-16', says: 'repeated positions', stacks: [16], volume: true, times: 4, oddities: ['time-series'] },
  { folder: 'oddities/dwi-philips', says: 'diffusion directions, two places', stacks: [8], volume: false, times: 4, oddities: ['diffusion'] },
  { folder: 'oddities/mixed-orientation', says: 'slices that do not form a volume', stacks: [2, 2], volume: false, oddities: ['mixed-orientation'], notice: /each orientation is a stack/ },
  { folder: 'oddities/mr-hitachi', says: 'a small series', stacks: [4], volume: true, oddities: [] },
  { folder: 'oddities/mr-non-isotropic', says: 'a small series', stacks: [4], volume: true, oddities: [] },
  { folder: 'oddities/mr-rgb-secondary-capture', says: 'colour', stacks: [4], volume: true, oddities: ['colour'] },
  { folder: 'oddities/pet-with-seg/PET', says: '21 PET slices', stacks: [21], volume: true, oddities: [] },
  { folder: 'oddities/pet-with-seg/SEG', says: 'the SEG drawn on them', stacks: [9, 4], volume: true, oddities: ['enhanced-multi-frame'] },
  { folder: 'oddities/dicomdir/98892001/CT2N', says: 'scouts from two sides', stacks: [1, 1], volume: false, oddities: ['localizer'] },
  { folder: 'oddities/dicomdir/98892003/MR700', says: 'angiograms projected from all sides', stacks: [7], volume: false, oddities: ['mixed-orientation'], notice: /order of their numbers/ },
  { folder: 'oddities/dicomdir/77654033/CT2', says: 'four of the slices of a head', stacks: [4], volume: false, oddities: ['missing-slices'] },
];

describe.skipIf(!hasRealDicom)('inspect over the whole collection', () => {
  let inspected: z.infer<typeof Inspected>;
  const seriesIn = (folder: string): Series[] => {
    const uids = new Set(inspected.files.filter((file) => path.posix.dirname(file.path) === folder && file.status === 'ok').map((file) => file.seriesInstanceUid));
    return inspected.series.filter((series) => uids.has(series.seriesInstanceUid));
  };

  beforeAll(async () => {
    const { stdout } = await run(process.execPath, [cli, 'inspect', realDicom, '--json'], { maxBuffer: 64 << 20 });
    inspected = Inspected.parse(JSON.parse(stdout));
  }, 120_000);

  test('names each series once, and reads on whatever a file is', () => {
    const uids = inspected.series.map((series) => `${series.studyInstanceUid} ${series.seriesInstanceUid}`);
    expect(new Set(uids).size).toBe(uids.length);
    expect(inspected.summary.files).toBeGreaterThanOrEqual(658);
  });

  test.each(table)('$folder: $says', ({ folder, stacks, volume, times, oddities, notice }) => {
    const found = seriesIn(folder);
    expect(found).toHaveLength(1);
    const series = found[0]!;
    expect(series.stacks.map((stack) => stack.images)).toEqual(stacks);
    expect(series.oddities).toEqual(oddities);
    expect(series.stacks[0]!.volume).toBe(volume);
    expect(series.stacks[0]!.timePoints).toBe(times ?? 1);
    if (notice !== undefined) expect(series.notices.join('\n')).toMatch(notice);
  });

  test('a Series UID under three Study UIDs is three series, and each says so; the library files the same', async () => {
    // SimpleITK gave each slice a study of its own.
    const found = seriesIn('oddities/rt-utils/oriented_data');
    expect(found.map(({ stacks }) => stacks.map((stack) => stack.images))).toEqual([[1], [1], [1]]);
    expect(new Set(found.map((series) => series.seriesInstanceUid)).size).toBe(1);
    expect(new Set(found.map((series) => series.studyInstanceUid)).size).toBe(3);
    for (const { notices } of found) expect(notices.join('\n')).toMatch(/this Series UID to 2 other studies/);
    const real = await openRealCore();
    try {
      expect(await real.ingest(path.join(realDicom, 'oddities', 'rt-utils', 'oriented_data'))).toMatchObject({ state: 'done', imagesAdded: 3, refusedTotal: 0 });
      const { studies } = await real.call(routes.listStudies, { query: {} });
      const series = (await Promise.all(studies.map(({ studyInstanceUid }) => real.call(routes.getStudy, { params: { studyUid: studyInstanceUid } })))).flatMap((study) => study.series);
      const plain = (one: { studyInstanceUid: string; notices: readonly string[] }, uid: string): string => [one.studyInstanceUid, uid, ...one.notices].join(' ');
      expect(series.map((one) => plain(one, one.uidInFiles ?? one.seriesInstanceUid)).sort()).toEqual(found.map((one) => plain(one, one.seriesInstanceUid)).sort());
    } finally {
      await real.close();
    }
  });

  test('a scout in three crossing orientations is a localizer under any name', () => {
    const pilots = inspected.series.filter((series) => series.stacks.length === 3 && series.oddities.includes('mixed-orientation') && series.modality === 'MR');
    expect(pilots.length).toBeGreaterThanOrEqual(2);
    for (const pilot of pilots) expect(pilot.oddities).toContain('localizer');
  });

  test('one image in several encodings is copies, not a series over time', () => {
    const copies = inspected.series.filter((series) => series.stacks.length >= 5 && series.stacks.every((stack) => stack.images === 1 && stack.oddities.includes('duplicates')));
    expect(copies.length).toBeGreaterThanOrEqual(2);
  });

  test.skipIf(!hasPydicom)('places, gaps and tilts are those that pydicom’s positions give', async () => {
    const folders = table.filter(({ oddities, folder }) => !oddities.includes('mosaic') && !oddities.includes('localizer') && !folder.endsWith('SEG') && !folder.endsWith('MR700')).map(({ folder }) => path.join(realDicom, folder));
    const { stdout } = await run(python, [path.join(import.meta.dirname, 'stack_geometry.py'), ...folders], { maxBuffer: 16 << 20 });
    const Theirs = z.object({ folder: z.string(), seriesInstanceUid: z.string(), orientations: z.array(z.object({ images: z.number(), places: z.number(), kinds: z.number(), gaps: z.array(z.number()), tiltDegrees: z.number() })) });
    let compared = 0;
    for (const line of stdout.trim().split('\n')) {
      const theirs = Theirs.parse(JSON.parse(line));
      if (theirs.orientations.length === 0) continue;
      const ours = inspected.series.find((series) => series.seriesInstanceUid === theirs.seriesInstanceUid)!;
      const parts = theirs.orientations.flatMap((group) => Array.from({ length: group.kinds }, () => ({ ...group, images: group.images / group.kinds })));
      expect(ours.stacks.map((stack) => stack.images).sort(), theirs.folder).toEqual(parts.map((group) => group.images).sort());
      for (const [index, group] of parts.entries()) {
        const stack = parts.length === 1 ? ours.stacks[0]! : ours.stacks[index]!;
        expect(stack.images / stack.timePoints, theirs.folder).toBe(group.places);
        const largest = Math.max(...group.gaps);
        const smallest = Math.min(...group.gaps);
        const isEven = group.gaps.length > 0 && largest - smallest < 0.03 * largest;
        if (isEven) expect(stack.spacingMm?.[0], theirs.folder).toBeCloseTo(group.gaps.reduce((sum, gap) => sum + gap, 0) / group.gaps.length, 3);
        expect(ours.oddities.includes('uneven-spacing') || ours.oddities.includes('missing-slices'), theirs.folder).toBe(group.gaps.length > 1 && !isEven);
        expect(stack.oddities.includes('gantry-tilt'), theirs.folder).toBe(group.tiltDegrees > 0.5);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThanOrEqual(20);
  });
});
