/** Faces in real series: which are warned of, what defacing does to a whole head, and what it refuses. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeFrame, describeImage, parseDicom, type DicomFile } from '#dicom';
import { deepestCutMm, defaceSeries, faceRiskOfSeries } from '#privacy';
import { readManifest, readReal, realDataFolder } from './real-data.ts';

const manifest = readManifest();
const series = (folder: string): DicomFile[] => readdirSync(path.join(realDataFolder, folder)).sort().map((name) => parseDicom(readReal(`${folder}/${name}`)));

describe.skipIf(manifest === null)('faces of real series', () => {
  test.each([
    { folder: 'head-ct/philips-brain-1mm', level: 'high' },
    { folder: 'mr-t1/anat-T1w', level: 'none' },
    { folder: 'chest-ct/LIDC-IDRI-0314', level: 'none' },
    { folder: 'oddities/ct-gantry-tilt-uneven', level: 'possible' },
  ])('$folder: $level', ({ folder, level }) => {
    const risk = faceRiskOfSeries(series(folder).map((file) => describeImage(file)));
    expect(risk.level, risk.reasons.join(' ')).toBe(level);
  });

  test('a slab of a head, an uneven series and a chest are refused in words', async () => {
    for (const folder of ['mr-t1/anat-T1w', 'oddities/ct-gantry-tilt-uneven', 'chest-ct/LIDC-IDRI-0314']) {
      const outcome = await defaceSeries(series(folder), 1);
      expect(outcome.kind, folder).toBe('refused');
      if (outcome.kind === 'refused') expect(outcome.reason.length).toBeGreaterThan(20);
    }
  });

  test('the head phantom: only the front below the brow changes, at most as deep as stated', async () => {
    const files = series('head-ct/philips-brain-1mm');
    const outcome = await defaceSeries(files, 7);
    if (outcome.kind === 'refused') throw new Error(outcome.reason);
    console.log(outcome.description);
    expect(outcome.changedShare).toBeGreaterThan(0.002);
    expect(outcome.changedShare).toBeLessThan(0.02);
    expect(outcome.deepestMm).toBeLessThanOrEqual(deepestCutMm);
    let untouched = 0;
    for (const [index, file] of outcome.files.entries()) {
      if (file === files[index]) {
        untouched += 1;
        continue;
      }
      const header = describeImage(file);
      // The vertex is at 830 mm; the brow about 90 mm below.
      expect(header.position![2]).toBeLessThan(830 - 80);
      const [before, after] = [await decodeFrame(files[index]!, 0), await decodeFrame(file, 0)];
      for (let i = 0; i < before.stored.length; i += 1) {
        if (before.stored[i] === after.stored[i]) continue;
        // Air, and in the front half of the head.
        expect(after.stored[i]).toBe(24);
        expect(Math.floor(i / header.columns) * header.pixelSpacingMm![0]).toBeLessThan(100);
      }
    }
    expect(untouched).toBeGreaterThan(70);
  });
});
