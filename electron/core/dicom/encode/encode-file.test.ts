import { describe, expect, test } from 'vitest';
import { DataSet } from '../data-set.ts';
import { parseDicom } from '../parse.ts';
import { decodeFrame } from '../pixels.ts';
import type { DicomFile } from '../types.ts';
import { writeDicom } from '../write.ts';
import { encodeFile, outputSyntaxes, type OutputSyntax } from './encode-file.ts';

interface Shape { name: string; rows: number; columns: number; samples: number; allocated: number; stored: number; signed: boolean; frames: number; photometric?: string }

/** Noise in one half, flat areas and ramps in the other: what an encoder gets wrong shows in one of them. */
function made(shape: Shape): DicomFile {
  const count = shape.rows * shape.columns * shape.samples * shape.frames;
  const range = 2 ** shape.stored;
  let state = 7;
  const value = (i: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const raw = i % 7 < 3 ? state % range : i % 97 < 50 ? 0 : (i * 3) % range;
    return shape.signed ? raw - range / 2 : raw;
  };
  const pixels = Array.from({ length: count }, (_, i) => value(i));
  const bytes = shape.allocated === 1
    ? pixels.reduce((out, bit, i) => { out[i >> 3]! |= (bit & 1) << (i & 7); return out; }, new Uint8Array(Math.ceil(count / 8)))
    : new Uint8Array((shape.allocated === 8 ? Uint8Array : shape.allocated === 16 ? Uint16Array : Uint32Array).from(pixels.map((v) => v & (2 ** Math.min(31, shape.allocated) - 1))).buffer);
  const dataset = new DataSet()
    .setString('SOPClassUID', '1.2.840.10008.5.1.4.1.1.7').setString('SOPInstanceUID', '2.25.1')
    .setNumber('Rows', shape.rows).setNumber('Columns', shape.columns).setNumber('SamplesPerPixel', shape.samples)
    .setString('PhotometricInterpretation', shape.photometric ?? (shape.samples === 3 ? 'RGB' : 'MONOCHROME2'))
    .setNumber('BitsAllocated', shape.allocated).setNumber('BitsStored', shape.stored).setNumber('HighBit', shape.stored - 1).setNumber('PixelRepresentation', shape.signed ? 1 : 0)
    .setNumber('NumberOfFrames', shape.frames)
    .setBytes('PixelData', shape.allocated === 8 ? 'OB' : 'OW', bytes);
  if (shape.samples > 1) dataset.setNumber('PlanarConfiguration', 0);
  return parseDicom(writeDicom({ dataset, sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: '2.25.1', transferSyntaxUid: outputSyntaxes.explicit }));
}

const shapes: Shape[] = [
  { name: '8 bit', rows: 31, columns: 45, samples: 1, allocated: 8, stored: 8, signed: false, frames: 1 },
  { name: '12 of 16 bit', rows: 64, columns: 40, samples: 1, allocated: 16, stored: 12, signed: false, frames: 3 },
  { name: '16 bit signed', rows: 33, columns: 57, samples: 1, allocated: 16, stored: 16, signed: true, frames: 2 },
  { name: '12 bit signed', rows: 33, columns: 57, samples: 1, allocated: 16, stored: 12, signed: true, frames: 1 },
  { name: '8 bit RGB', rows: 20, columns: 21, samples: 3, allocated: 8, stored: 8, signed: false, frames: 2 },
  { name: 'one row', rows: 1, columns: 300, samples: 1, allocated: 16, stored: 16, signed: false, frames: 1 },
];

describe.each(['explicit', 'jpeg-ls', 'jpeg-2000', 'rle'] as const)('%s', (syntax) => {
  test.each(shapes)('$name comes back bit by bit', async (shape) => {
    const before = made(shape);
    const after = parseDicom(await encodeFile(before, syntax));
    expect(after.transferSyntaxUid).toBe(outputSyntaxes[syntax]);
    for (let frame = 0; frame < shape.frames; frame += 1) expect((await decodeFrame(after, frame)).stored).toEqual((await decodeFrame(before, frame)).stored);
  });
});

test.each<[OutputSyntax, Partial<Shape>]>([['rle', { allocated: 32, stored: 32 }], ['rle', { allocated: 1, stored: 1, frames: 3 }], ['explicit', { allocated: 1, stored: 1, frames: 3 }]])('%s holds %o', async (syntax, change) => {
  const before = made({ ...shapes[0]!, ...change });
  const after = parseDicom(await encodeFile(before, syntax));
  for (let frame = 0; frame < (change.frames ?? 1); frame += 1) expect((await decodeFrame(after, frame)).stored).toEqual((await decodeFrame(before, frame)).stored);
});

test.each<[OutputSyntax, Partial<Shape>]>([['jpeg-ls', { allocated: 32, stored: 32 }], ['jpeg-2000', { allocated: 1, stored: 1 }], ['jpeg-2000', { samples: 3, photometric: 'YBR_FULL' }], ['jpeg-2000', { samples: 3, allocated: 16, stored: 16 }]])('%s refuses %o in words', async (syntax, change) => {
  await expect(encodeFile(made({ ...shapes[0]!, ...change }), syntax)).rejects.toThrow(/cannot be written as JPEG/);
});
