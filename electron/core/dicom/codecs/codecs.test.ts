import { createRequire } from 'node:module';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { DataSet } from '../data-set.ts';
import { parseDicom } from '../parse.ts';
import { decodeFrame } from '../pixels.ts';
import type { EncapsulatedPixels } from '../types.ts';
import { writeDicom } from '../write.ts';
import { encodeJpegLs } from './jpeg-ls-encode.ts';

const rows = 24;
const columns = 40;
const values = Uint16Array.from({ length: rows * columns }, (_, i) => (i * 37 + (i >> 3)) % 4096);

function bytesOf(samples: Uint16Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

function file(pixels: EncapsulatedPixels, transferSyntaxUid: string, more: (set: DataSet) => void = () => undefined): ReturnType<typeof parseDicom> {
  const dataset = new DataSet()
    .setNumber('SamplesPerPixel', 1).setString('PhotometricInterpretation', 'MONOCHROME2').setNumber('Rows', rows).setNumber('Columns', columns)
    .setNumber('BitsAllocated', 16).setNumber('BitsStored', 12).setNumber('HighBit', 11).setNumber('PixelRepresentation', 0)
    .set({ tag: '7fe00010', vr: 'OB', value: pixels });
  more(dataset);
  return parseDicom(writeDicom({ dataset, sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: '2.25.1', transferSyntaxUid }));
}
const encapsulated = (...fragments: Uint8Array[]): EncapsulatedPixels => ({ kind: 'encapsulated', offsetTable: new Uint8Array(0), fragments });

/** RLE of two byte planes, every byte a literal run: PS3.5 Annex G. */
function rle(samples: Uint16Array): Uint8Array {
  const plane = (shift: number): number[] => {
    const out: number[] = [];
    for (let i = 0; i < samples.length; i += 128) {
      const run = [...samples.subarray(i, i + 128)].map((value) => (value >> shift) & 255);
      out.push(run.length - 1, ...run);
    }
    return out.length % 2 === 0 ? out : [...out, 128];
  };
  const [high, low] = [plane(8), plane(0)];
  const header = new Uint32Array(16);
  header.set([2, 64, 64 + high.length]);
  return Uint8Array.from([...new Uint8Array(header.buffer), ...high, ...low]);
}

interface DcmjsCodecs {
  NativeCodecs: { initializeAsync(): Promise<void>; encodeJpegXl(context: unknown, parameters: { lossy: boolean }): { getEncodedBuffer(): Uint8Array } };
  Context: new (attributes: Record<string, unknown>) => unknown;
}

async function jpegXl(): Promise<Uint8Array> {
  const { NativeCodecs, Context } = createRequire(import.meta.url)('dcmjs-codecs') as DcmjsCodecs;
  await NativeCodecs.initializeAsync();
  const context = new Context({ width: columns, height: rows, bitsAllocated: 16, bitsStored: 12, samplesPerPixel: 1, pixelRepresentation: 0, planarConfiguration: 0, photometricInterpretation: 'MONOCHROME2', decodedBuffer: bytesOf(values) });
  return NativeCodecs.encodeJpegXl(context, { lossy: false }).getEncodedBuffer().slice();
}

describe('one frame, compressed and decoded again, is the same', () => {
  test.each([
    { name: 'RLE', syntax: '1.2.840.10008.1.2.5', encode: async () => rle(values) },
    { name: 'JPEG-LS', syntax: '1.2.840.10008.1.2.4.80', encode: () => encodeJpegLs(values, { rows, columns, samples: 1, bitsStored: 12 }) },
    { name: 'JPEG XL', syntax: '1.2.840.10008.1.2.4.110', encode: jpegXl },
    { name: 'Deflated Image Frame', syntax: '1.2.840.10008.1.2.8.1', encode: async () => deflateRawSync(bytesOf(values)) },
    { name: 'Encapsulated Uncompressed', syntax: '1.2.840.10008.1.2.1.98', encode: async () => bytesOf(values) },
  ])('$name', async ({ syntax, encode }) => {
    const { stored } = await decodeFrame(file(encapsulated(await encode()), syntax), 0);
    expect(stored).toEqual(values);
  });
});

describe('frames are found', () => {
  const frame = (start: number): Uint16Array => values.map((value) => (value + start) % 4096);
  const twoFrames = (set: DataSet): void => void set.setNumber('NumberOfFrames', 2);
  const split = (bytes: Uint8Array): [Uint8Array, Uint8Array] => [bytes.subarray(0, 100), bytes.subarray(100)];
  const encoded = async (start: number): Promise<Uint8Array> => {
    const bytes = await encodeJpegLs(frame(start), { rows, columns, samples: 1, bitsStored: 12 });
    return bytes.length % 2 === 0 ? bytes : Uint8Array.from([...bytes, 0]);
  };
  const jpegLs = '1.2.840.10008.1.2.4.80';

  test.each([
    { name: 'one fragment a frame, no table', build: (a: Uint8Array, b: Uint8Array) => ({ pixels: encapsulated(a, b), more: twoFrames }) },
    { name: 'several fragments a frame, by their first marker', build: (a: Uint8Array, b: Uint8Array) => ({ pixels: encapsulated(...split(a), ...split(b)), more: twoFrames }) },
    {
      name: 'several fragments a frame, by the Basic Offset Table',
      build: (a: Uint8Array, b: Uint8Array) => ({ pixels: { ...encapsulated(...split(a), ...split(b)), offsetTable: new Uint8Array(Uint32Array.of(0, a.length + 16).buffer) }, more: twoFrames }),
    },
    {
      name: 'several fragments a frame, by the Extended Offset Table',
      build: (a: Uint8Array, b: Uint8Array) => ({
        pixels: encapsulated(...split(a), ...split(b)),
        more: (set: DataSet): void => void set.setNumber('NumberOfFrames', 2).setNumber('ExtendedOffsetTable', [0, a.length + 16]),
      }),
    },
  ])('$name', async ({ build }) => {
    const { pixels, more } = build(await encoded(0), await encoded(1000));
    const object = file(pixels, jpegLs, more);
    expect((await decodeFrame(object, 0)).stored).toEqual(frame(0));
    expect((await decodeFrame(object, 1)).stored).toEqual(frame(1000));
  });

  test('or the object is refused when they cannot be told apart', async () => {
    const object = file(encapsulated(new Uint8Array(10), new Uint8Array(10), new Uint8Array(10)), jpegLs, twoFrames);
    await expect(decodeFrame(object, 0)).rejects.toMatchObject({ code: 'dicom/invalid' });
  });
});

describe('refusals', () => {
  test('a code stream of another size than the header is not decoded', async () => {
    const bytes = await encodeJpegLs(values, { rows, columns, samples: 1, bitsStored: 12 });
    await expect(decodeFrame(file(encapsulated(bytes), '1.2.840.10008.1.2.4.80', (set) => void set.setNumber('Rows', 12)), 0)).rejects.toMatchObject({ code: 'dicom/decode-failed' });
  });

  test('video is named in the refusal', async () => {
    await expect(decodeFrame(file(encapsulated(new Uint8Array(8)), '1.2.840.10008.1.2.4.102'), 0)).rejects.toThrow(/H\.264/);
  });

  test('a frame that is not there', async () => {
    await expect(decodeFrame(file(encapsulated(rle(values)), '1.2.840.10008.1.2.5'), 1)).rejects.toThrow(/no frame 1/);
  });

  test('after a damaged frame the same codec goes on with the next', async () => {
    const good = await encodeJpegLs(values, { rows, columns, samples: 1, bitsStored: 12 });
    // CharLS runs for half a minute on the second of these.
    for (const damaged of [good.subarray(0, good.length >> 1), Uint8Array.from(good).fill(0x55, 60)]) {
      await decodeFrame(file(encapsulated(damaged), '1.2.840.10008.1.2.4.80'), 0).catch((thrown: unknown) => expect(thrown).toMatchObject({ code: 'dicom/decode-failed' }));
    }
    expect((await decodeFrame(file(encapsulated(good), '1.2.840.10008.1.2.4.80'), 0)).stored).toEqual(values);
  });
});
