import { expect, test } from 'vitest';
import { decodeFrame } from '#dicom';
import { makeObject } from './testing/make-object.ts';
import { hasUnusedBits, withoutUnusedBits } from './unused-bits.ts';

const shape = { rows: 2, columns: 2, photometric: 'MONOCHROME2', bitsAllocated: 16, bitsStored: 12 } as const;

test('an overlay in the bits above the values goes, the values stay', async () => {
  const file = makeObject(shape, Uint16Array.of(0x8123, 0x0456, 0xf789, 0x0fff));
  expect(await hasUnusedBits(file)).toBe(true);
  const clean = await withoutUnusedBits(file);
  expect([...new Uint16Array(clean.dataset.bytes('PixelData')!.slice().buffer)]).toEqual([0x0123, 0x0456, 0x0789, 0x0fff]);
  expect([...(await decodeFrame(clean, 0)).stored]).toEqual([...(await decodeFrame(file, 0)).stored]);
  expect(await hasUnusedBits(clean)).toBe(false);
});

test('sign extension is no junk, and a clean object is given back as it is', async () => {
  const signed = makeObject({ ...shape, signed: true }, Int16Array.of(-2048, -1, 0, 2047));
  expect(await withoutUnusedBits(signed)).toBe(signed);
  const dirty = makeObject({ ...shape, signed: true }, Int16Array.of(-2049, -1, 0, 2047));
  expect(await hasUnusedBits(dirty)).toBe(true);
  const full = makeObject({ ...shape, bitsStored: 16 }, Uint16Array.of(0xffff, 0, 1, 2));
  expect(await withoutUnusedBits(full)).toBe(full);
});
