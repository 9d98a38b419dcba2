/** A name is planted wherever pixel data has room for it; it must be gone, and the pixels must not. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { DataSet, decodeFrame, encodeFile, encodeJpegLs, parseDicom, writeDicom, type DicomFile, type EncapsulatedPixels } from '#dicom';
import { auditDeidentified } from './audit.ts';
import { deidentifyObject } from './deidentify-object.ts';
import { codecOf } from './pixel-bytes.ts';
import { createProject } from './project.ts';

const name = Buffer.from('DOE^JANE 1970-01-01 MRN 123!');
const side = 64;
const base = '1.2.840.10008.1.2';
const pixels = Uint8Array.from({ length: side * side }, (_, i) => (i >> 2) % 251);
const dark = pixels.map((value) => 255 - value);
const even = (bytes: Uint8Array): Uint8Array => (bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]));
const withName = (bytes: Uint8Array): Uint8Array => Buffer.concat([even(bytes), name]);
const none = new Uint8Array(0);

function image(transferSyntaxUid: string, fragments: readonly Uint8Array[], more: (set: DataSet) => void = () => undefined, offsetTable = none): DicomFile {
  const dataset = new DataSet()
    .setString('SOPClassUID', '1.2.840.10008.5.1.4.1.1.7').setString('SOPInstanceUID', '2.25.1').setString('PatientName', 'DOE^JANE').setString('Modality', 'OT').setString('StudyInstanceUID', '2.25.2').setString('SeriesInstanceUID', '2.25.3')
    .setNumber('SamplesPerPixel', 1).setString('PhotometricInterpretation', 'MONOCHROME2').setNumber('Rows', side).setNumber('Columns', side)
    .setNumber('BitsAllocated', 8).setNumber('BitsStored', 8).setNumber('HighBit', 7).setNumber('PixelRepresentation', 0)
    .set({ tag: '7fe00010', vr: 'OB', value: { kind: 'encapsulated', offsetTable, fragments } });
  more(dataset);
  return parseDicom(writeDicom({ dataset, sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: '2.25.1', transferSyntaxUid }));
}

/** The copy as a file, read again. */
function copyOf(file: DicomFile): { readonly bytes: Uint8Array; readonly file: DicomFile; readonly pixels: EncapsulatedPixels } {
  const bytes = writeDicom(deidentifyObject(file, { options: new Set(), scanloom: '0' }, createProject(new Uint8Array(32).fill(7))));
  const read = parseDicom(bytes);
  return { bytes, file: read, pixels: read.dataset.encapsulated('PixelData')! };
}

async function valuesOf(file: DicomFile, frame = 0): Promise<Buffer> {
  return Buffer.from((await decodeFrame(file, frame)).stored as Uint8Array);
}

async function expectClean(file: DicomFile, frames = [pixels]): Promise<ReturnType<typeof copyOf>> {
  const copy = copyOf(file);
  expect(Buffer.from(copy.bytes).toString('latin1')).not.toMatch(/DOE|JANE|MRN/);
  for (const [frame, values] of frames.entries()) expect((await valuesOf(copy.file, frame)).equals(values)).toBe(true);
  const finds = (of: DicomFile): readonly string[] => auditDeidentified(of.dataset, new Set(), codecOf(of)).map(({ tag }) => tag);
  expect(finds(file)).toContain('7fe00010');
  expect(finds(copy.file)).not.toContain('7fe00010');
  return copy;
}

/** Literal runs only of a row each; segments may lie apart (PS3.5 Annex G). */
function rle(values: Uint8Array, gap: Uint8Array = none): Uint8Array {
  const header = new Uint32Array(16);
  header.set([1, 64 + gap.length]);
  const runs: number[] = [];
  for (let at = 0; at < values.length; at += 64) runs.push(63, ...values.subarray(at, at + 64));
  return Buffer.concat([new Uint8Array(header.buffer), gap, Uint8Array.from(runs)]);
}

interface DcmjsCodecs {
  NativeCodecs: { initializeAsync(): Promise<void>; encodeJpeg(context: unknown, parameters: Record<string, unknown>): { getEncodedBuffer(): Uint8Array } };
  Context: new (attributes: Record<string, unknown>) => unknown;
}

/** JPEG Lossless, First-Order Prediction. */
async function jpeg(): Promise<Uint8Array> {
  const { NativeCodecs, Context } = createRequire(import.meta.url)('dcmjs-codecs') as DcmjsCodecs;
  await NativeCodecs.initializeAsync();
  const context = new Context({ width: side, height: side, bitsAllocated: 8, bitsStored: 8, samplesPerPixel: 1, pixelRepresentation: 0, planarConfiguration: 0, photometricInterpretation: 'MONOCHROME2', decodedBuffer: pixels.slice() });
  return NativeCodecs.encodeJpeg(context, { lossy: false, predictor: 1, pointTransform: 0, convertColorspaceToRgb: false }).getEncodedBuffer().slice();
}
const jpegLs = (): Promise<Uint8Array> => encodeJpegLs(pixels, { rows: side, columns: side, samples: 1, bitsStored: 8 });
const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, name.length + 2]), name]);
const afterStart = (stream: Uint8Array, segment: Uint8Array): Uint8Array => even(Buffer.concat([stream.subarray(0, 2), segment, stream.subarray(2)]));

describe('behind the last pixel of a frame', () => {
  test.each<[string, string, () => Promise<Uint8Array>]>([
    ['Encapsulated Uncompressed', `${base}.1.98`, async () => pixels],
    ['RLE', `${base}.5`, async () => rle(pixels)],
    ['Deflated Image Frame', `${base}.8.1`, async () => deflateRawSync(pixels)],
    ['JPEG Lossless', `${base}.4.70`, jpeg],
    ['JPEG-LS', `${base}.4.80`, jpegLs],
  ])('of %s nothing is left', async (_, syntax, encode) => {
    const stream = withName(await encode());
    const { pixels: kept } = await expectClean(image(syntax, [stream]));
    expect(kept.fragments.map(({ length }) => length)).toEqual([stream.length]);
    await expectClean(image(syntax, [withName(await encode()), withName(await encode())], (set) => void set.setNumber('NumberOfFrames', 2)), [pixels, pixels]);
  });
  test('of JPEG 2000 nothing is left, whether its last tile part says its length or not', async () => {
    const plain = new DataSet(image(`${base}.1.98`, [pixels]).dataset.elements()).set({ tag: '7fe00010', vr: 'OB', value: pixels });
    const native = parseDicom(writeDicom({ dataset: plain, sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: '2.25.1', transferSyntaxUid: `${base}.1` }));
    const written = parseDicom(await encodeFile(native, 'jpeg-2000'));
    const stream = Buffer.from(written.dataset.encapsulated('PixelData')!.fragments[0]!);
    const open = Buffer.from(stream);
    open.writeUInt32BE(0, open.indexOf(Buffer.of(0xff, 0x90, 0, 10)) + 6);
    for (const bytes of [stream, open]) await expectClean(image(`${base}.4.90`, [withName(bytes)]));
  });
  test('what was deflated along with the pixels is refused', () => {
    expect(() => copyOf(image(`${base}.8.1`, [even(deflateRawSync(Buffer.concat([pixels, Buffer.from('DOE^JAN')])))]))).toThrow(/nobody can tell what lies beside/);
  });
});

test('between RLE segments, in offsets that none uses and in a last run that is too long nothing is left', async () => {
  await expectClean(image(`${base}.5`, [rle(pixels, name)]));
  const inHeader = Buffer.from(rle(pixels));
  name.copy(inHeader, 20);
  await expectClean(image(`${base}.5`, [inHeader]));
  const long = Buffer.concat([rle(pixels), name]);
  long[64 + 65 * 63] = 63 + name.length;
  await expectClean(image(`${base}.5`, [long]));
});

describe('fragments of one frame', () => {
  test.each([3, 10, 11, 20, 21])('divided at byte %i hide no comment', async (at) => {
    const stream = afterStart(await jpeg(), comment);
    const { pixels: kept } = await expectClean(image(`${base}.4.70`, [even(stream.subarray(0, at - (at % 2))), stream.subarray(at - (at % 2))]));
    expect(kept.fragments.map(({ length }) => length)).toEqual([at - (at % 2), stream.length - (at - (at % 2))]);
  });
  test('are found by their table, which stays right', async () => {
    const stream = afterStart(await jpegLs(), comment);
    const halves = [stream.subarray(0, 20), stream.subarray(20)];
    const table = new Uint8Array(Uint32Array.of(0, stream.length + 16).buffer);
    const { pixels: kept } = await expectClean(image(`${base}.4.80`, [...halves, ...halves], (set) => void set.setNumber('NumberOfFrames', 2), table), [pixels, pixels]);
    expect(Buffer.from(kept.offsetTable).equals(table)).toBe(true);
  });
  test('a table that is none is emptied', async () => {
    const { pixels: kept } = await expectClean(image(`${base}.5`, [rle(pixels)], undefined, name));
    expect(kept.offsetTable).toHaveLength(0);
  });
});

test('an extended offset table says where frames are, and nothing else', async () => {
  const stream = rle(pixels);
  const tables = (offsets: Uint8Array, lengths: Uint8Array) => (set: DataSet): void => void set.setNumber('NumberOfFrames', 2).set({ tag: '7fe00001', vr: 'OV', value: offsets }).set({ tag: '7fe00002', vr: 'OV', value: lengths });
  const bytes = (...numbers: bigint[]): Uint8Array => new Uint8Array(BigUint64Array.from(numbers).buffer);
  const length = BigInt(stream.length);
  const right = [bytes(0n, length + 8n), bytes(length, length - 1n)] as const;
  for (const [offsets, lengths] of [right, [name.subarray(0, 16), name.subarray(0, 16)]] as const) {
    const copy = copyOf(image(`${base}.5`, [stream, stream], tables(offsets, lengths)));
    expect(Buffer.from(copy.bytes).toString('latin1')).not.toMatch(/DOE|JANE/);
    expect(copy.file.dataset.numbers('ExtendedOffsetTable')).toEqual([0, stream.length + 8]);
    expect(copy.file.dataset.numbers('ExtendedOffsetTableLengths')).toEqual([stream.length, lengths === right[1] ? stream.length - 1 : stream.length]);
    expect((await valuesOf(copy.file, 1)).equals(pixels)).toBe(true);
  }
});

describe('the transfer syntax says what a stream is', () => {
  test.each([[255, 216, 255, 254, 8, 0], [255, 79, 255, 81, 0, 4], [0, 0, 0, 12, 106, 80, 32, 32]])('uncompressed pixels that begin %i %i %i %i %i %i … are pixels', async (...start) => {
    const values = Uint8Array.from([...start, ...dark.subarray(start.length)]);
    const file = image(`${base}.1.98`, [values]);
    const copy = copyOf(file);
    expect((await valuesOf(copy.file)).equals(values)).toBe(true);
    expect(copy.pixels.fragments.map((fragment) => Buffer.compare(fragment, values))).toEqual([0]);
  });
  test.each([['JPEG', `${base}.4.70`], ['JPEG 2000', `${base}.4.90`], ['RLE', `${base}.5`], ['an unknown kind', '1.2.3.4']])('what is no stream of %s is refused', (_, syntax) => {
    expect(() => copyOf(image(syntax, [dark]))).toThrow(/nobody can tell what lies beside/);
  });
  test('nothing is copied where nothing was beside the pixels', async () => {
    for (const [syntax, stream] of [[`${base}.1.98`, pixels], [`${base}.5`, rle(pixels)], [`${base}.8.1`, even(deflateRawSync(pixels))], [`${base}.4.80`, even(await jpegLs())]] as const) {
      const file = image(syntax, [stream]);
      const made = deidentifyObject(file, { options: new Set(), scanloom: '0' }, createProject(new Uint8Array(32)));
      expect(made.dataset.get('7fe00010')!.value).toBe(file.dataset.get('7fe00010')!.value);
    }
  });
});

const python = process.env['SCANLOOM_PYTHON'] ?? 'python3';
const hasPydicom = spawnSync(python, ['-c', 'import pydicom, numpy'], { stdio: 'ignore' }).status === 0;
test.skipIf(!hasPydicom)('pydicom reads the same pixels from what was cleaned', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'scanloom-pixel-bytes-'));
  try {
    const files = [image(`${base}.5`, [withName(rle(pixels, name))]), image(`${base}.4.80`, [withName(afterStart(await jpegLs(), comment))])].map((file, at) => {
      const target = path.join(folder, `${at}.dcm`);
      writeFileSync(target, copyOf(file).bytes);
      return target;
    });
    const script = `
import sys, json, pydicom
out = []
for name in sys.argv[1:]:
    try: out.append(pydicom.dcmread(name).pixel_array.tobytes().hex())
    except (RuntimeError, NotImplementedError): out.append(None)
print(json.dumps(out))`;
    const read = JSON.parse(execFileSync(python, ['-c', script, ...files], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) as (string | null)[];
    const meant = Buffer.from(pixels).toString('hex');
    expect(read[0]).toBe(meant);
    // Only where a decoder of JPEG-LS is installed beside it.
    expect([meant, null]).toContain(read[1]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
