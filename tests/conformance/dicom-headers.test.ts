/** A header read alone says of every real file what the whole file says: attributes, objects, notices, refusals. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { withFileBytes } from '#base';
import { ScanloomError } from '#contract';
import { checkPixels, describeImage, describeObject, parseDicom, parseHeader, type DicomFile } from '#dicom';
import { readManifest, realDataFolder } from './real-data.ts';

function said(read: () => DicomFile): unknown {
  try {
    const file = read();
    const elements = [...file.dataset.elements()].map(({ tag }) => tag).filter((tag) => !/^7fe000(08|09|10)$/.test(tag));
    let pixels: unknown = null;
    try {
      checkPixels(file);
    } catch (thrown) {
      pixels = ScanloomError.from(thrown).toBody();
    }
    return { header: describeImage(file), object: describeObject(file), notices: [...file.notices].sort(), transferSyntaxUid: file.transferSyntaxUid, elements, pixels };
  } catch (thrown) {
    return ScanloomError.from(thrown).toBody();
  }
}

test.skipIf(readManifest() === null)('the same of every file of the real collection, and of each cut short', () => {
  const different: string[] = [];
  let files = 0;
  for (const entry of readdirSync(realDataFolder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const place = path.join(entry.parentPath, entry.name);
    const bytes = new Uint8Array(readFileSync(place));
    const whole = said(() => parseDicom(bytes));
    files += 1;
    if (JSON.stringify(said(() => withFileBytes(place, (file) => parseHeader(file)))) !== JSON.stringify(whole)) different.push(path.relative(realDataFolder, place));
    for (const part of [0.3, 0.95]) {
      const cut = bytes.subarray(0, Math.floor(bytes.length * part));
      if (JSON.stringify(said(() => parseHeader(cut))) !== JSON.stringify(said(() => parseDicom(cut)))) different.push(`${path.relative(realDataFolder, place)}, ${part} of it`);
    }
  }
  expect(files).toBeGreaterThan(600);
  expect(different).toEqual([]);
}, 60_000);
