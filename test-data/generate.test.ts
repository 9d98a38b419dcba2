import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { assembleSeries, decodeFrame, describeImage, parseDicom, validateObject } from '#dicom';
import { ctFile, mrFile } from './generator/phantom-files.ts';

const folder = import.meta.dirname;
const files = ['phantom-ct', 'phantom-mr'].map((name) => readdirSync(path.join(folder, name)).filter((file) => file.endsWith('.dcm')).map((file) => path.join(folder, name, file)));

describe('the phantoms that ship', () => {
  test('are made again byte for byte by their generator', async () => {
    const made = [ctFile(4), await mrFile(3)];
    for (const { path: relative, bytes } of made) expect(Buffer.compare(Buffer.from(bytes), readFileSync(path.join(folder, relative))), relative).toBe(0);
  });

  test.each([
    { name: 'CT', index: 0, images: 12, spacing: [5, 1.4, 1.4] },
    { name: 'MR', index: 1, images: 8, spacing: [6.6, 0.9, 1.0] },
  ])('$name is one volume with the spacing that it was drawn with', ({ index, images, spacing }) => {
    const inputs = files[index]!.map((file) => ({ id: file, header: describeImage(parseDicom(readFileSync(file))), frame: 0 }));
    const { stacks, oddities } = assembleSeries(inputs);
    expect(stacks).toHaveLength(1);
    expect(stacks[0]!.images).toHaveLength(images);
    expect(stacks[0]!.volume).toBe(true);
    stacks[0]!.spacingMm!.forEach((value, axis) => expect(value).toBeCloseTo(spacing[axis]!, 6));
    expect(oddities).toEqual(['synthetic']);
  });

  test('say that they are drawings, and pass the validator', () => {
    for (const file of files.flat()) {
      const bytes = readFileSync(file);
      expect(describeImage(parseDicom(bytes)).syntheticData).toBe('YES');
      expect(validateObject(bytes), file).toEqual([]);
    }
  });

  test('hold the nodule of the catalogue where the catalogue says', async () => {
    const frame = await decodeFrame(parseDicom(readFileSync(path.join(folder, 'phantom-ct', 'slice-08.dcm'))), 0);
    const hu = (xMm: number, yMm: number): number => frame.stored[Math.round((yMm + 4) / 1.4 + 127.5) * 256 + Math.round(xMm / 1.4 + 127.5)]! - 1024;
    let sum = 0;
    for (let i = -2; i <= 2; i += 1) for (let j = -2; j <= 2; j += 1) sum += hu(-68 + i * 1.4, -22 + j * 1.4);
    expect(sum / 25).toBeGreaterThan(20);
    expect(sum / 25).toBeLessThan(70);
    expect(hu(-68, -52)).toBeLessThan(-700);
  });
});
