import { describe, expect, test } from 'vitest';
import { DataSet } from './data-set.ts';
import { decodeFrame, storedValuesBytes } from './pixels.ts';
import type { DicomFile } from './types.ts';

function native(bytes: Uint8Array, fill: (set: DataSet) => void): DicomFile {
  const dataset = new DataSet()
    .setNumber('SamplesPerPixel', 1).setString('PhotometricInterpretation', 'MONOCHROME2').setNumber('Rows', 1).setNumber('Columns', 2)
    .setNumber('BitsAllocated', 16).setNumber('BitsStored', 12).setNumber('HighBit', 11).setNumber('PixelRepresentation', 0)
    .setBytes('PixelData', 'OW', bytes);
  fill(dataset);
  return { meta: new DataSet(), dataset, transferSyntaxUid: '1.2.840.10008.1.2.1', notices: [], pixelDataSkipped: false };
}

describe('native pixels', () => {
  test('lose what lies above Bits Stored', async () => {
    expect([...(await decodeFrame(native(Uint8Array.of(0x34, 0xf2, 0xff, 0xff), () => undefined), 0)).stored]).toEqual([0x234, 0xfff]);
  });

  test('are extended from the sign bit of Bits Stored', async () => {
    expect([...(await decodeFrame(native(Uint8Array.of(0x00, 0x08, 0xff, 0x07), (set) => void set.setNumber('PixelRepresentation', 1)), 0)).stored]).toEqual([-2048, 2047]);
  });

  test('of one bit run on across frames, least significant first', async () => {
    // Two frames of 1 × 3: bits 0 1 1 | 0 1 0.
    const file = native(Uint8Array.of(0b0001_0110, 0), (set) => void set.setNumber('Columns', 3).setNumber('NumberOfFrames', 2).setNumber('BitsAllocated', 1).setNumber('BitsStored', 1).setNumber('HighBit', 0));
    expect([...(await decodeFrame(file, 0)).stored]).toEqual([0, 1, 1]);
    expect([...(await decodeFrame(file, 1)).stored]).toEqual([0, 1, 0]);
  });

  test('plane by plane come out interleaved', async () => {
    const file = native(Uint8Array.of(1, 2, 3, 4, 5, 6), (set) => void set.setNumber('SamplesPerPixel', 3).setNumber('PlanarConfiguration', 1).setString('PhotometricInterpretation', 'RGB').setNumber('BitsAllocated', 8).setNumber('BitsStored', 8).setNumber('HighBit', 7));
    expect([...(await decodeFrame(file, 0)).stored]).toEqual([1, 3, 5, 2, 4, 6]);
  });

  test.each([
    { name: 'YBR_FULL_422', bytes: [10, 20, 100, 200], stored: [10, 100, 200, 20, 100, 200], kind: 'YBR_FULL' },
    { name: 'YBR_PARTIAL_422', bytes: [10, 20, 100, 200], stored: [10, 100, 200, 20, 100, 200], kind: 'YBR_PARTIAL_422' },
    { name: 'YBR_FULL_422', bytes: [10, 100, 200, 20, 101, 201], stored: [10, 100, 200, 20, 101, 201], kind: 'YBR_FULL' },
  ])('of $name in $bytes.length bytes have their chroma', async ({ name, bytes, stored, kind }) => {
    const file = native(Uint8Array.from(bytes), (set) => void set.setNumber('SamplesPerPixel', 3).setNumber('PlanarConfiguration', 0).setString('PhotometricInterpretation', name).setNumber('BitsAllocated', 8).setNumber('BitsStored', 8).setNumber('HighBit', 7));
    const frame = await decodeFrame(file, 0);
    expect([...frame.stored]).toEqual(stored);
    expect(frame.photometricInterpretation).toBe(kind);
  });

  test('of a JPEG 2000 Part 2 are refused by its name', async () => {
    for (const [syntax, name] of [['92', 'JPEG 2000 Part 2 Multi-component Lossless Only'], ['93', 'JPEG 2000 Part 2 Multi-component']] as const) {
      const file = native(new Uint8Array(0), (set) => void set.set({ tag: '7fe00010', vr: 'OB', value: { kind: 'encapsulated', offsetTable: new Uint8Array(0), fragments: [Uint8Array.of(0xff, 0x4f)] } }));
      await expect(decodeFrame({ ...file, transferSyntaxUid: `1.2.840.10008.1.2.4.${syntax}` }, 0)).rejects.toMatchObject({ code: 'dicom/unsupported', message: `Images compressed as ${name} cannot be decoded.` });
    }
  });

  test('too few are refused as truncated', async () => {
    await expect(decodeFrame(native(Uint8Array.of(1, 2), () => undefined), 0)).rejects.toMatchObject({ code: 'dicom/truncated' });
  });

  test.each([
    { name: 'no rows', fill: (set: DataSet) => void set.setNumber('Rows', 0), code: 'dicom/invalid' },
    { name: 'more bits stored than allocated', fill: (set: DataSet) => void set.setNumber('BitsStored', 17), code: 'dicom/invalid' },
    { name: '12 bits allocated', fill: (set: DataSet) => void set.setNumber('BitsAllocated', 12), code: 'dicom/unsupported' },
    { name: 'no pixels', fill: (set: DataSet) => void set.delete('PixelData'), code: 'dicom/no-pixels' },
  ])('$name: $code', async ({ fill, code }) => {
    await expect(decodeFrame(native(Uint8Array.of(1, 2, 3, 4), fill), 0)).rejects.toMatchObject({ code });
  });

  test('give the bytes of the hash in containers of Bits Allocated', async () => {
    const file = native(Uint8Array.of(0xff, 0xff, 1, 0), () => undefined);
    expect([...storedValuesBytes(await decodeFrame(file, 0), { bitsAllocated: 16 })]).toEqual([0xff, 0x0f, 1, 0]);
  });
});
