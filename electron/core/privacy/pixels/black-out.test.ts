import { describe, expect, test } from 'vitest';
import { decodeFrame, describeImage, parseDicom, renderFrame, writeDicom, type DicomFile } from '#dicom';
import { blackOut } from './black-out.ts';
import { makeObject, type ObjectShape } from './testing/make-object.ts';

const box = { column: 2, row: 1, width: 3, height: 2 };
const rows = 6;
const columns = 8;

/** Written, read again, and drawn: what another program would see. */
async function reread(file: DicomFile): Promise<DicomFile> {
  const { dataset } = file;
  return parseDicom(writeDicom({ dataset, sopClassUid: dataset.string('SOPClassUID'), sopInstanceUid: dataset.string('SOPInstanceUID'), transferSyntaxUid: file.transferSyntaxUid }));
}

/** Bytes that are no value's black: a ramp from the middle up, different in each sample. */
function ramp(length: number, from: number, to: number): number[] {
  return Array.from({ length }, (_, index) => from + Math.round(((to - from) * ((index * 7) % 31)) / 30));
}

const palette = (file: DicomFile): DicomFile => {
  const table = (colour: number): Uint8Array => Uint8Array.from({ length: 512 }, (_, at) => (at % 2 === 0 ? 0 : (at - 1) / 2 === 77 ? 0 : 90 + colour));
  ['Red', 'Green', 'Blue'].forEach((name, colour) => {
    file.dataset.setNumber(`${name}PaletteColorLookupTableDescriptor`, [256, 0, 16], 'US').setBytes(`${name}PaletteColorLookupTableData`, 'OW', table(colour));
  });
  return file;
};

const pixels = rows * columns;
const cases: readonly { name: string; file: DicomFile }[] = (
  [
    { name: '8-bit grey', shape: { photometric: 'MONOCHROME2' }, bytes: Uint8Array.from(ramp(pixels, 40, 250)) },
    { name: '16-bit, 12 stored, unsigned CT', shape: { photometric: 'MONOCHROME2', bitsAllocated: 16, bitsStored: 12, modality: 'CT', rescale: { slope: 1, intercept: -1024 } }, bytes: Uint16Array.from(ramp(pixels, 100, 3000)) },
    { name: '16-bit signed', shape: { photometric: 'MONOCHROME2', bitsAllocated: 16, signed: true, window: { center: 40, width: 400 } }, bytes: Int16Array.from(ramp(pixels, -90, 900)) },
    { name: 'negative slope', shape: { photometric: 'MONOCHROME2', bitsAllocated: 16, bitsStored: 12, rescale: { slope: -1, intercept: 4095 } }, bytes: Uint16Array.from(ramp(pixels, 100, 3000)) },
    { name: 'MONOCHROME1', shape: { photometric: 'MONOCHROME1' }, bytes: Uint8Array.from(ramp(pixels, 10, 200)) },
    { name: 'MONOCHROME1 with a window', shape: { photometric: 'MONOCHROME1', bitsAllocated: 16, bitsStored: 12, window: { center: 2000, width: 1000 } }, bytes: Uint16Array.from(ramp(pixels, 100, 2200)) },
    { name: 'RGB, interleaved', shape: { photometric: 'RGB', samples: 3 }, bytes: Uint8Array.from(ramp(pixels * 3, 40, 250)) },
    { name: 'RGB, planar', shape: { photometric: 'RGB', samples: 3, planar: true }, bytes: Uint8Array.from(ramp(pixels * 3, 40, 250)) },
    { name: 'RGB of 16 bits', shape: { photometric: 'RGB', samples: 3, bitsAllocated: 16 }, bytes: Uint16Array.from(ramp(pixels * 3, 4000, 60_000)) },
    { name: 'YBR_FULL', shape: { photometric: 'YBR_FULL', samples: 3 }, bytes: Uint8Array.from(ramp(pixels * 3, 90, 160)) },
    { name: 'YBR_FULL_422', shape: { photometric: 'YBR_FULL_422', samples: 3 }, bytes: Uint8Array.from(ramp(pixels * 2, 90, 160)) },
    { name: 'palette', shape: { photometric: 'PALETTE COLOR' }, bytes: Uint8Array.from(ramp(pixels, 100, 250)), finish: palette },
    { name: 'three frames', shape: { photometric: 'MONOCHROME2', frames: 3 }, bytes: Uint8Array.from(ramp(pixels * 3, 40, 250)) },
  ] satisfies { name: string; shape: Omit<ObjectShape, 'rows' | 'columns'>; bytes: ArrayBufferView; finish?: (file: DicomFile) => DicomFile }[]
).map(({ name, shape, bytes, ...rest }) => ({ name, file: ('finish' in rest && rest.finish !== undefined ? rest.finish : (file: DicomFile) => file)(makeObject({ rows, columns, ...shape }, bytes)) }));

describe('blackOut', () => {
  test.each(cases)('$name: the box is shown black in every frame, nothing else changes', async ({ file }) => {
    const before = describeImage(file);
    const after = await reread(await blackOut(file, [box]));
    const header = describeImage(after);
    expect(header.frames).toBe(before.frames);
    for (let index = 0; index < before.frames; index += 1) {
      const source = await decodeFrame(file, index);
      const result = await decodeFrame(after, index);
      const picture = renderFrame(result, header, { dataset: after.dataset });
      for (let row = 0; row < rows; row += 1) {
        for (let column = 0; column < columns; column += 1) {
          const isInside = column >= 2 && column < 5 && row >= 1 && row < 3;
          const at = row * columns + column;
          const samples = source.samples;
          if (isInside) for (let channel = 0; channel < picture.channels; channel += 1) expect(picture.pixels[at * picture.channels + channel]).toBe(0);
          else expect([...result.stored.subarray(at * samples, (at + 1) * samples)]).toEqual([...source.stored.subarray(at * samples, (at + 1) * samples)]);
        }
      }
    }
  });

  test('bits are packed on across frames', async () => {
    const file = makeObject({ rows: 3, columns: 3, photometric: 'MONOCHROME2', bitsAllocated: 1, bitsStored: 1, frames: 3 }, Uint8Array.of(0xff, 0xff, 0xff, 0x07));
    const after = await reread(await blackOut(file, [{ column: 0, row: 0, width: 1, height: 3 }, { column: 1, row: 0, width: 2, height: 1 }]));
    for (let index = 0; index < 3; index += 1) expect([...(await decodeFrame(after, index)).stored]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1]);
    const half = makeObject({ rows: 3, columns: 3, photometric: 'MONOCHROME2', bitsAllocated: 1, bitsStored: 1, frames: 3 }, Uint8Array.of(0xfe, 0xff, 0xff, 0x07));
    const blackened = await reread(await blackOut(half, [{ column: 0, row: 1, width: 3, height: 1 }]));
    for (let index = 0; index < 3; index += 1) expect([...(await decodeFrame(blackened, index)).stored]).toEqual([index === 0 ? 0 : 1, 1, 1, 0, 0, 0, 1, 1, 1]);
  });

  test('what shows the old picture goes, and lossy pixels stay marked', async () => {
    const file = makeObject({ rows, columns, photometric: 'MONOCHROME2' }, Uint8Array.from(ramp(pixels, 40, 250)));
    file.dataset.setSequence('IconImageSequence', []).setNumber('LargestImagePixelValue', 250, 'US').setString('LossyImageCompression', '01').setString('LossyImageCompressionRatio', '9');
    const after = await blackOut(file, [box]);
    expect(after.dataset.has('IconImageSequence')).toBe(false);
    expect(after.dataset.has('LargestImagePixelValue')).toBe(false);
    expect(after.dataset.string('LossyImageCompression')).toBe('01');
    expect(after.dataset.string('LossyImageCompressionRatio')).toBe('9');
    expect(file.dataset.has('IconImageSequence')).toBe(true);
  });

  test('boxes over the border are cut, boxes outside are left out, too many are refused', async () => {
    const file = makeObject({ rows, columns, photometric: 'MONOCHROME2' }, Uint8Array.from(ramp(pixels, 40, 250)));
    const after = await blackOut(file, [{ column: -5, row: 4, width: 7, height: 50 }, { column: 90, row: 90, width: 5, height: 5 }]);
    const { stored } = await decodeFrame(after, 0);
    expect([...stored.subarray(4 * columns, 4 * columns + 2)]).toEqual([40, 40]);
    expect([...stored.subarray(4 * columns + 2)].some((value) => value !== 40)).toBe(true);
    await expect(blackOut(file, new Array(2001).fill(box))).rejects.toMatchObject({ code: 'usage/invalid' });
  });
});
