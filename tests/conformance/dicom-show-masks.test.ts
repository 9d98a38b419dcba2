/** Every real segmentation whose images are at hand: as many pixels come out on its images as pydicom counts in its frames. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeImage, isSegmentation, masksOnImage, parseDicom, readSegmentation, type ImagePlane } from '#dicom';
import { readManifest, readReal, realDataFolder } from './real-data.ts';

/** Set pixels by segment (`pixel_array > 0` by Referenced Segment Number), the series to lay it over, and how images are found. */
const expected: readonly { readonly file: string; readonly images: string; readonly how: string; readonly pixels: Readonly<Record<number, number>> }[] = [
  { file: 'pet-with-seg/SEG/tumor_User1_Manual_Trial1.dcm', images: 'pet-with-seg/PET', how: 'reference', pixels: { 1: 54, 2: 212 } },
  { file: 'dcmqi/segmentations/23x38x3/seg/label.seg', images: 'dcmqi/segmentations/23x38x3/image', how: 'reference', pixels: { 1: 322 } },
  { file: 'dcmqi/segmentations/23x38x3/seg/label.seg', images: 'dcmqi/segmentations/23x38x3/multiframe', how: 'geometry', pixels: { 1: 322 } },
  { file: 'dcmqi/segmentations/24x38x3/seg/label.seg', images: 'dcmqi/segmentations/24x38x3/image', how: 'reference', pixels: { 1: 315 } },
  { file: 'highdicom-seg-sr-sm/seg_image_cr_binary.dcm', images: 'dicomdir', how: 'reference', pixels: { 1: 151 } },
  { file: 'highdicom-seg-sr-sm/seg_image_ct_binary.dcm', images: 'dicomdir', how: 'reference', pixels: { 1: 638 } },
  { file: 'highdicom-seg-sr-sm/seg_image_ct_binary_fractional.dcm', images: 'dicomdir', how: 'reference', pixels: { 1: 638 } },
  { file: 'highdicom-seg-sr-sm/seg_image_ct_true_fractional.dcm', images: 'dicomdir', how: 'reference', pixels: { 1: 661 } },
  { file: 'highdicom-seg-sr-sm/seg_image_ct_binary_overlap.dcm', images: 'dicomdir', how: 'reference', pixels: { 1: 64, 2: 16 } },
];

function planesOf(folder: string): ImagePlane[] {
  const place = path.join(realDataFolder, 'oddities', folder);
  const seen = new Set<string>();
  return readdirSync(place, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).flatMap((entry) => {
    try {
      const header = describeImage(parseDicom(readReal(path.relative(realDataFolder, path.join(entry.parentPath, entry.name)))));
      if (!header.hasPixels || header.rows === 0 || seen.has(header.sopInstanceUid)) return [];
      seen.add(header.sopInstanceUid);
      return Array.from({ length: header.frames }, (_, frame): ImagePlane => {
        const own = header.framesGeometry?.[frame];
        return {
          sopInstanceUid: header.sopInstanceUid, frame, rows: header.rows, columns: header.columns, position: own?.position ?? header.position, orientation: own?.orientation ?? header.orientation,
          spacingMm: own?.pixelSpacingMm ?? header.pixelSpacingMm, frameOfReferenceUid: header.frameOfReferenceUid, sliceSpacingMm: null,
        };
      });
    } catch {
      // Folders of file-sets hold other files, too.
      return [];
    }
  });
}

describe.skipIf(readManifest() === null)('real segmentations', () => {
  test.each(expected)('$file on $images', async ({ file: name, images, how, pixels }) => {
    const file = parseDicom(readReal(`oddities/${name}`));
    expect(isSegmentation(file.dataset.string('SOPClassUID'))).toBe(true);
    const segmentation = readSegmentation(file.dataset);
    const found: Record<number, number> = {};
    const hows = new Set<string>();
    for (const image of planesOf(images)) {
      // Images of other spaces and without any are left out, as the library does by series.
      const isNear = image.frameOfReferenceUid === segmentation.frameOfReferenceUid || segmentation.frames.some(({ sources }) => sources.some(({ sopInstanceUid }) => sopInstanceUid === image.sopInstanceUid));
      if (!isNear) continue;
      const result = await masksOnImage(file, segmentation, image);
      if (result.how !== null) hows.add(result.how);
      for (const { segment, pixels: mask } of result.masks) found[segment] = (found[segment] ?? 0) + mask.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0);
    }
    expect(found).toEqual(pixels);
    expect([...hows]).toEqual([how]);
  });
});
