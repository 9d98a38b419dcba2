/** Real series as stacks: each known oddity of the collection's README is recognised, and whole volumes are called volumes. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { assembleSeries, describeImage, parseHeader, type AssembledSeries, type StackInput } from '#dicom';
import { readManifest, readReal, realDataFolder } from './real-data.ts';

const manifest = readManifest();

/** The largest series of a folder. */
function seriesIn(folder: string): AssembledSeries {
  const groups = new Map<string, StackInput[]>();
  for (const name of readdirSync(path.join(realDataFolder, folder)).sort()) {
    const header = describeImage(parseHeader(readReal(`${folder}/${name}`)));
    const inputs = groups.get(header.seriesInstanceUid) ?? [];
    for (let frame = 0; frame < header.frames; frame += 1) inputs.push({ id: name, header, frame });
    groups.set(header.seriesInstanceUid, inputs);
  }
  return assembleSeries([...groups.values()].sort((a, b) => b.length - a.length)[0]!);
}

describe.skipIf(manifest === null)('real series', () => {
  test.each([
    { folder: 'chest-ct/LIDC-IDRI-0314', images: [20], spacing: [1, 0.78125, 0.78125], volume: true, oddities: [] },
    { folder: 'head-ct/philips-brain-1mm', images: [140], spacing: [1, 0.451171875, 0.451171875], volume: true, oddities: [] },
    { folder: 'mr-t1/anat-T1w', images: [16], spacing: [0.667, 0.667, 0.7], volume: true, oddities: [] },
    { folder: 'oddities/ct-gantry-tilt-uneven', images: [28], spacing: [null, 0.488, 0.488], volume: false, oddities: ['gantry-tilt', 'uneven-spacing'] },
    { folder: 'oddities/ct-localizer', images: [1], spacing: [null, 0.977, 0.977], volume: false, oddities: ['localizer'] },
    { folder: 'oddities/ct-dose-report-sc', images: [1], spacing: [null, 0.977, 0.977], volume: false, oddities: ['dose-report'] },
    { folder: 'oddities/mr-multi-echo', images: [4, 4], spacing: [3.6, 3.25, 3.25], volume: true, oddities: ['multi-echo'] },
    { folder: 'oddities/4d-ge-fmri', images: [8], spacing: [3.6, 3, 3], volume: true, oddities: ['time-series'], timePoints: 2 },
    { folder: 'oddities/dwi-philips', images: [8], spacing: [2, 2, 2], volume: false, oddities: ['diffusion'], timePoints: 4 },
    { folder: 'oddities/mixed-orientation', images: [2, 2], spacing: [3.3, 0.32, 0.32], volume: false, oddities: ['mixed-orientation'] },
    { folder: 'oddities/mr-non-isotropic', images: [4], spacing: [0.5, 4, 6.4], volume: true, oddities: [] },
    { folder: 'oddities/mr-enhanced/philips-fmri-4d', images: [32], spacing: [3.3125, 3.3125, 3.3125], volume: true, oddities: ['enhanced-multi-frame', 'time-series'], timePoints: 4 },
    { folder: 'oddities/mr-enhanced/siemens-xa10', images: [24], spacing: [2.4, 3.375, 3.375], volume: true, oddities: ['enhanced-multi-frame', 'time-series'], timePoints: 4 },
    { folder: 'oddities/mr-enhanced/hyperfine', images: [8], spacing: [5, 1.61, 1.59], volume: true, oddities: ['enhanced-multi-frame'] },
    { folder: 'oddities/ct-enhanced', images: [2], spacing: [10, 0.389, 0.389], volume: false, oddities: ['enhanced-multi-frame'] },
    { folder: 'oddities/pet-with-seg/PET', images: [21], spacing: [3.375, 3.538, 3.538], volume: true, oddities: [] },
  ])('$folder', ({ folder, images, spacing, volume, oddities, timePoints }) => {
    const series = seriesIn(folder);
    expect(series.stacks.map((stack) => stack.images.length)).toEqual(images);
    expect(series.oddities).toEqual(oddities);
    const stack = series.stacks[0]!;
    expect(stack.volume).toBe(volume);
    expect(stack.timePoints).toBe(timePoints ?? 1);
    stack.spacingMm!.forEach((value, axis) => {
      if (spacing[axis] === null) expect(value).toBeNull();
      else expect(value).toBeCloseTo(spacing[axis]!, 2);
    });
  });

  test('a mosaic is shown as it is, and said to be one', () => {
    const { stacks, oddities } = seriesIn('oddities/mr-mosaic');
    expect(oddities).toContain('mosaic');
    expect(stacks[0]).toMatchObject({ rows: 384, columns: 384, volume: false });
  });

  test('one notice says that de-identified images name different frames of reference', () => {
    expect(seriesIn('chest-ct/LIDC-IDRI-0314').notices.join()).toMatch(/different frames of reference/);
  });
});
