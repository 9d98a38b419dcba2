/**
 * Pixel encodings that the collection of real objects lacks, made here with known values; pydicom says the same of those that it reads.
 * The Python with pydicom is named by SCANLOOM_PYTHON.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DataSet, decodeFrame, encodeJpegLs, parseDicom, writeDicom, type DataElement, type StoredArray } from '#dicom';
import jpegXlSamples from './jpeg-xl-samples.json' with { type: 'json' };

const rows = 16;
const columns = 24;
const pixels = rows * columns;
const explicit = '1.2.840.10008.1.2.1';
const uncompressedFrames = '1.2.840.10008.1.2.1.98';
const deflatedFrames = '1.2.840.10008.1.2.8.1';
const number = (i: number): number => (i * 2654435761) >>> 0;

interface Shape {
  readonly samples?: number;
  readonly allocated?: number;
  readonly stored?: number;
  readonly signed?: boolean;
  readonly planar?: 0 | 1;
  readonly photometric?: string;
  readonly frames?: number;
}
interface Case extends Shape {
  readonly name: string;
  readonly syntax: string;
  readonly value: DataElement['value'];
  readonly tag?: string;
  readonly expected: readonly StoredArray[];
  /** False for what pydicom 3.0 does not read. */
  readonly pydicom?: false;
  readonly more?: (set: DataSet) => void;
}

const bytesOf = (values: StoredArray): Uint8Array => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
const even = (bytes: Uint8Array): Uint8Array => (bytes.length % 2 === 0 ? bytes : Uint8Array.from([...bytes, 0]));
const encapsulated = (...fragments: Uint8Array[]): DataElement['value'] => ({ kind: 'encapsulated', offsetTable: new Uint8Array(0), fragments: fragments.map(even) });
const halves = (bytes: Uint8Array): [Uint8Array, Uint8Array] => [bytes.subarray(0, 200), bytes.subarray(200)];

const grey16 = Uint16Array.from({ length: pixels }, (_, i) => number(i) & 0xfff);
const other16 = Uint16Array.from(grey16, (value) => value ^ 0x555);
const colour8 = Uint8Array.from({ length: pixels * 3 }, (_, i) => number(i) & 0xff);
const planes8 = Uint8Array.from({ length: pixels * 3 }, (_, i) => colour8[(i % pixels) * 3 + Math.floor(i / pixels)]!);
/** Y Y Cb Cr for each two pixels, and what that means for each pixel. */
const chroma422 = Uint8Array.from({ length: pixels * 2 }, (_, i) => number(i + 7) & 0xff);
const full422 = Uint8Array.from({ length: pixels * 3 }, (_, i) => {
  const pixel = Math.floor(i / 3);
  return chroma422[Math.floor(pixel / 2) * 4 + (i % 3 === 0 ? pixel % 2 : 1 + (i % 3))]!;
});
const values24 = Uint32Array.from({ length: pixels }, (_, i) => number(i) & 0xff_ffff);
const bytes24 = Uint8Array.from({ length: pixels * 3 }, (_, i) => values24[Math.floor(i / 3)]! >> (8 * (i % 3)));
const rle24 = ((): Uint8Array => {
  const segment = (shift: number): number[] => [...values24].flatMap((value) => [0, (value >> shift) & 0xff]);
  const header = new Uint32Array(16);
  header.set([3, 64, 64 + 2 * pixels, 64 + 4 * pixels]);
  return Uint8Array.from([...bytesOf(header), ...segment(16), ...segment(8), ...segment(0)]);
})();
const values32 = Uint32Array.from({ length: pixels }, (_, i) => number(i));
const floats = Float32Array.from({ length: pixels }, (_, i) => Math.sin(i) * 1e5);
const doubles = Float64Array.from({ length: pixels }, (_, i) => Math.cos(i) / 3);
const bits = Uint8Array.from({ length: pixels * 2 }, (_, i) => number(i) >>> 31);
const packedBits = Uint8Array.from({ length: pixels / 4 }, (_, i) => bits.subarray(i * 8, i * 8 + 8).reduce((byte, bit, at) => byte | (bit << at), 0));

interface Encoder { getDecodedBuffer(info: object): Uint8Array; encode(): void; getEncodedBuffer(): Uint8Array; setQuality(reversible: boolean, step: number): void; delete(): void }
async function htj2k(values: StoredArray, bitsPerSample: number, isSigned: boolean, componentCount: number): Promise<Uint8Array> {
  const make = createRequire(import.meta.url)('@cornerstonejs/codec-openjph') as (options: object) => Promise<{ HTJ2KEncoder: new () => Encoder }>;
  const encoder = new (await make({ print: () => undefined, printErr: () => undefined })).HTJ2KEncoder();
  encoder.getDecodedBuffer({ width: columns, height: rows, bitsPerSample, componentCount, isSigned, isUsingColorTransform: componentCount === 3 }).set(bytesOf(values));
  encoder.setQuality(true, 0);
  encoder.encode();
  const encoded = encoder.getEncodedBuffer().slice();
  encoder.delete();
  return encoded;
}

interface JpegXlCodecs { NativeCodecs: { initializeAsync(): Promise<void>; encodeJpegXl(context: unknown, options: { lossy: boolean }): { getEncodedBuffer(): Uint8Array } }; Context: new (attributes: object) => unknown }
async function jpegXl(values: Uint16Array): Promise<Uint8Array> {
  const { NativeCodecs, Context } = createRequire(import.meta.url)('dcmjs-codecs') as JpegXlCodecs;
  await NativeCodecs.initializeAsync();
  return NativeCodecs.encodeJpegXl(new Context({ width: columns, height: rows, bitsAllocated: 16, bitsStored: 12, samplesPerPixel: 1, pixelRepresentation: 0, planarConfiguration: 0, photometricInterpretation: 'MONOCHROME2', decodedBuffer: bytesOf(values) }), { lossy: false }).getEncodedBuffer().slice();
}

async function cases(): Promise<Case[]> {
  const jpegLs = [await encodeJpegLs(grey16, { rows, columns, samples: 1, bitsStored: 12 }), await encodeJpegLs(other16, { rows, columns, samples: 1, bitsStored: 12 })].map(even) as [Uint8Array, Uint8Array];
  const signed16 = Int16Array.from(grey16, (value) => value - 2048);
  const xl = [await jpegXl(grey16), await jpegXl(other16)].map(even) as [Uint8Array, Uint8Array];
  return [
    { name: '12 bits with junk above, signed', syntax: explicit, value: bytesOf(Uint16Array.from(signed16, (value, i) => (value & 0xfff) | ((number(i + 3) & 0xf) << 12))), stored: 12, signed: true, expected: [signed16] },
    { name: '12 bits with junk above, unsigned', syntax: explicit, value: bytesOf(Uint16Array.from(grey16, (value, i) => value | ((number(i + 3) & 0xf) << 12))), stored: 12, expected: [grey16] },
    { name: '5 of 8 bits with junk above', syntax: explicit, value: bytesOf(colour8.slice(0, pixels)), allocated: 8, stored: 5, expected: [colour8.slice(0, pixels).map((value) => value & 31)] },
    { name: '24 bits', syntax: explicit, value: bytes24, allocated: 24, stored: 24, expected: [values24], pydicom: false },
    { name: '24 bits, RLE', syntax: '1.2.840.10008.1.2.5', value: encapsulated(rle24), allocated: 24, stored: 24, expected: [values24], pydicom: false },
    { name: '32 bits', syntax: explicit, value: bytesOf(values32), allocated: 32, stored: 32, expected: [values32] },
    { name: 'float', syntax: explicit, tag: '7fe00008', value: bytesOf(floats), allocated: 32, expected: [floats] },
    { name: 'double', syntax: explicit, tag: '7fe00009', value: bytesOf(doubles), allocated: 64, expected: [doubles] },
    { name: 'float whose header says 16 bits', syntax: explicit, tag: '7fe00008', value: bytesOf(floats), allocated: 16, expected: [floats], pydicom: false },
    { name: 'one bit, two frames', syntax: explicit, value: packedBits, allocated: 1, stored: 1, frames: 2, expected: [bits.slice(0, pixels), bits.slice(pixels)] },
    { name: 'RGB in planes', syntax: explicit, value: planes8, samples: 3, allocated: 8, planar: 1, photometric: 'RGB', expected: [colour8] },
    { name: 'RGB in planes, deflated data set', syntax: '1.2.840.10008.1.2.1.99', value: planes8, samples: 3, allocated: 8, planar: 1, photometric: 'RGB', expected: [colour8] },
    { name: 'RGB in planes, encapsulated uncompressed', syntax: uncompressedFrames, value: encapsulated(planes8), samples: 3, allocated: 8, planar: 1, photometric: 'RGB', expected: [colour8], pydicom: false },
    { name: 'RGB in planes, deflated frame', syntax: deflatedFrames, value: encapsulated(deflateRawSync(planes8)), samples: 3, allocated: 8, planar: 1, photometric: 'RGB', expected: [colour8], pydicom: false },
    { name: '4:2:2', syntax: explicit, value: chroma422, samples: 3, allocated: 8, photometric: 'YBR_FULL_422', expected: [full422] },
    { name: '4:2:2, encapsulated uncompressed', syntax: uncompressedFrames, value: encapsulated(chroma422), samples: 3, allocated: 8, photometric: 'YBR_FULL_422', expected: [full422], pydicom: false },
    { name: 'two frames, encapsulated uncompressed', syntax: uncompressedFrames, value: encapsulated(bytesOf(grey16), bytesOf(other16)), stored: 12, frames: 2, expected: [grey16, other16], pydicom: false },
    { name: 'two frames in four fragments, empty offset table', syntax: '1.2.840.10008.1.2.4.80', value: encapsulated(...halves(jpegLs[0]), ...halves(jpegLs[1])), stored: 12, frames: 2, expected: [grey16, other16] },
    {
      name: 'two frames in four fragments, extended offset table', syntax: '1.2.840.10008.1.2.4.80', value: encapsulated(...halves(jpegLs[0]), ...halves(jpegLs[1])), stored: 12, frames: 2, expected: [grey16, other16], pydicom: false,
      more: (set) => void set.setNumber('ExtendedOffsetTable', [0, jpegLs[0].length + 16]).setNumber('ExtendedOffsetTableLengths', [jpegLs[0].length, jpegLs[1].length]),
    },
    { name: 'HTJ2K of signed 16 bits', syntax: '1.2.840.10008.1.2.4.201', value: encapsulated(await htj2k(Int16Array.from(values32), 16, true, 1)), stored: 16, signed: true, expected: [Int16Array.from(values32)] },
    { name: 'HTJ2K of 12 bits, RPCL', syntax: '1.2.840.10008.1.2.4.202', value: encapsulated(await htj2k(grey16, 12, false, 1)), stored: 12, expected: [grey16] },
    { name: 'JPEG XL, two frames in four fragments', syntax: '1.2.840.10008.1.2.4.110', value: encapsulated(...halves(xl[0]), ...halves(xl[1])), stored: 12, frames: 2, expected: [grey16, other16], pydicom: false },
  ];
}

function file({ samples = 1, allocated = 16, stored = allocated, signed = false, planar, photometric = 'MONOCHROME2', frames, tag = '7fe00010', value, syntax, more }: Case): Uint8Array {
  const dataset = new DataSet()
    .setNumber('SamplesPerPixel', samples).setString('PhotometricInterpretation', photometric).setNumber('Rows', rows).setNumber('Columns', columns).setNumber('BitsAllocated', allocated);
  if (tag === '7fe00010') dataset.setNumber('BitsStored', stored).setNumber('HighBit', stored - 1).setNumber('PixelRepresentation', signed ? 1 : 0);
  if (samples > 1) dataset.setNumber('PlanarConfiguration', planar ?? 0);
  if (frames !== undefined) dataset.setNumber('NumberOfFrames', frames);
  more?.(dataset);
  dataset.set({ tag, vr: tag === '7fe00008' ? 'OF' : tag === '7fe00009' ? 'OD' : value instanceof Uint8Array && allocated > 8 ? 'OW' : 'OB', value });
  const written = writeDicom({ dataset, sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: '2.25.1', transferSyntaxUid: syntax === '1.2.840.10008.1.2.1.99' ? explicit : syntax });
  return syntax === '1.2.840.10008.1.2.1.99' ? deflated(written) : written;
}

/** The data set deflated after the meta group (PS3.5 A.5), whose transfer syntax is named instead. */
function deflated(written: Uint8Array): Uint8Array {
  const buffer = Buffer.from(written);
  const groupEnd = 132 + 12 + buffer.readUInt32LE(140);
  const name = buffer.indexOf('1.2.840.10008.1.2.1\0', 132);
  const meta = Buffer.concat([buffer.subarray(0, name - 2), Buffer.from([22, 0]), Buffer.from('1.2.840.10008.1.2.1.99'), buffer.subarray(name + 20, groupEnd)]);
  meta.writeUInt32LE(meta.length - 144, 140);
  return Buffer.concat([meta, deflateRawSync(buffer.subarray(groupEnd))]);
}

const hash = (frames: readonly StoredArray[]): string => {
  const digest = createHash('sha256');
  for (const frame of frames) digest.update(bytesOf(frame));
  return digest.digest('hex');
};

const script = `
import sys, json, hashlib, pydicom
from pydicom.pixels import get_decoder
out = []
for file in json.load(sys.stdin):
    try:
        ds = pydicom.dcmread(file)
        decoder = get_decoder(ds.file_meta.TransferSyntaxUID)
        array = decoder.as_array(ds, raw=True)[0]
        stored = ds.get('BitsStored')
        if stored and ds.BitsAllocated > 1 and array.dtype.kind in 'iu':
            shift = array.dtype.itemsize * 8 - stored
            array = (array << shift) >> shift
        out.append(hashlib.sha256(array.astype(array.dtype.newbyteorder('<')).tobytes()).hexdigest())
    except Exception as error: out.append('pydicom: ' + repr(error)[:200])
print(json.dumps(out))
`;

describe('encodings that the collection lacks', () => {
  let made: { case: Case; bytes: Uint8Array }[] = [];
  beforeAll(async () => {
    made = (await cases()).map((one) => ({ case: one, bytes: file(one) }));
  });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'scanloom-breadth-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('decode to the values that they were made of', async () => {
    const wrong: string[] = [];
    for (const { case: one, bytes } of made) {
      const parsed = parseDicom(bytes);
      for (const [frame, expected] of one.expected.entries()) {
        const stored = await decodeFrame(parsed, frame).then(({ stored: values }) => values, (thrown: unknown) => String(thrown));
        if (typeof stored === 'string' || stored.constructor !== expected.constructor || hash([stored]) !== hash([expected])) wrong.push(`${one.name}, frame ${frame}: ${typeof stored === 'string' ? stored : 'other values'}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(made.length).toBeGreaterThan(20);
  });

  test('and pydicom reads the same from those that it reads', () => {
    const python = process.env['SCANLOOM_PYTHON'] ?? 'python3';
    if (spawnSync(python, ['-c', 'import pydicom, numpy']).status !== 0) {
      expect(process.env['CI'], 'pydicom must be there in continuous integration').toBeUndefined();
      console.warn('pydicom is not there (SCANLOOM_PYTHON names a Python that has it): the made encodings are not compared with it.');
      return;
    }
    const compared = made.filter(({ case: one }) => one.pydicom !== false);
    const files = compared.map(({ bytes }, index) => {
      const place = path.join(folder, `${index}.dcm`);
      writeFileSync(place, bytes);
      return place;
    });
    const run = spawnSync(python, ['-c', script], { input: JSON.stringify(files), encoding: 'utf8' });
    const theirs = JSON.parse(run.stdout) as string[];
    expect(compared.map(({ case: { name } }, index) => `${name}: ${theirs[index]}`)).toEqual(compared.map(({ case: { name, expected } }) => `${name}: ${hash(expected)}`));
  });

  test.each([
    { name: 'a JPEG recompressed', syntax: '1.2.840.10008.1.2.4.111', sample: jpegXlSamples.recompressed, allocated: 8 },
    { name: 'lossy, 16 bits', syntax: '1.2.840.10008.1.2.4.112', sample: jpegXlSamples.lossy, allocated: 16 },
  ])('JPEG XL, $name, is within one grey level of libjxl', async ({ syntax, sample, allocated }) => {
    const bytes = new Uint8Array(Buffer.from(sample.values, 'base64'));
    const theirs = allocated === 8 ? bytes : new Uint16Array(bytes.buffer);
    const { stored } = await decodeFrame(parseDicom(file({ name: '', syntax, value: encapsulated(Buffer.from(sample.stream, 'base64')), allocated, expected: [] })), 0);
    expect(stored).toHaveLength(theirs.length);
    expect(Math.max(...Array.from(stored, (value, i) => Math.abs(value - theirs[i]!)))).toBeLessThanOrEqual(1);
  });

  test('a file that ends in its last frame gives the frames before it, and refuses that one', async () => {
    const whole = file({ name: '', syntax: explicit, value: bytesOf(Uint16Array.from([...grey16, ...other16])), stored: 12, frames: 2, expected: [] });
    const cut = Buffer.from(whole);
    // The element is as long as what is left of it: the writer stopped, and closed the file properly.
    const at = cut.lastIndexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x57]));
    cut.writeUInt32LE(pixels * 4 - 100, at + 8);
    const parsed = parseDicom(cut.subarray(0, cut.length - 100));
    expect(hash([(await decodeFrame(parsed, 0)).stored])).toBe(hash([grey16]));
    await expect(decodeFrame(parsed, 1)).rejects.toMatchObject({ code: 'dicom/truncated' });
  });
});
