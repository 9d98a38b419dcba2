/**
 * Stored values → files in a transfer syntax of choice, without loss: explicit little endian, JPEG-LS, JPEG 2000, RLE (PS3.5 A.2, A.4).
 *
 * Place in the writing path: data set → **encode** → file. What is written is decoded again and compared before it is given out.
 */
import { ScanloomError } from '#contract/errors';
import { encodeJpegLs } from '../codecs/jpeg-ls-encode.ts';
import { encodeJpeg2000 } from '../codecs/jpeg-2000-encode.ts';
import { encodeRle, packedBits } from '../codecs/rle-encode.ts';
import { pixelLayout, type PixelLayout } from '../pixel-layout.ts';
import { decodeFrame } from '../pixels.ts';
import type { DicomFile, EncapsulatedPixels, StoredArray, StoredFrame } from '../types.ts';
import { joined, writeDicom } from '../write.ts';

/** Lossless forms that pixels are written in. */
export const outputSyntaxes = {
  explicit: '1.2.840.10008.1.2.1',
  'jpeg-ls': '1.2.840.10008.1.2.4.80',
  'jpeg-2000': '1.2.840.10008.1.2.4.90',
  rle: '1.2.840.10008.1.2.5',
} as const;
export type OutputSyntax = keyof typeof outputSyntaxes;

/** Offsets of the Basic Offset Table have 32 bits (PS3.5 A.4). */
const largestOffset = 2 ** 32 - 1;

/**
 * Writes a file that was read or made, with its pixels in another form; stored values, every frame of them, stay the same bit by bit.
 *
 * A file without pixels is written in explicit little endian. Bits above Bits Stored are written as sign or zero (PS3.5 8.1.1).
 *
 * @param file Its data set is not changed.
 * @throws {ScanloomError} `export/invalid` for pixels that the form cannot hold (float and 32-bit values in JPEG, colours in JPEG 2000
 *   that are no RGB of 8 bits); what decodeFrame throws; `export/verification-failed` when what was written does not decode to the same values.
 */
export async function encodeFile(file: DicomFile, syntax: OutputSyntax): Promise<Uint8Array> {
  const { dataset } = file;
  const identity = { sopClassUid: dataset.string('SOPClassUID'), sopInstanceUid: dataset.string('SOPInstanceUID') };
  const isFloat = dataset.has('FloatPixelData') || dataset.has('DoubleFloatPixelData');
  if (isFloat && syntax !== 'explicit') throw impossible('Float pixels cannot be compressed in this form.', syntax);
  if (isFloat || !dataset.has('PixelData')) return writeDicom({ dataset, ...identity, transferSyntaxUid: outputSyntaxes.explicit });
  const layout = pixelLayout(dataset);
  const out = dataset.clone();
  for (const key of ['ExtendedOffsetTable', 'ExtendedOffsetTableLengths']) out.delete(key);
  const frames: Uint8Array[] = [];
  let photometric = layout.photometricInterpretation;
  for (let index = 0; index < layout.frames; index += 1) {
    const frame = await decodeFrame(file, index);
    photometric = frame.photometricInterpretation;
    frames.push(await encoded(frame, layout, syntax));
  }
  if (layout.samples > 1) out.setNumber('PlanarConfiguration', 0);
  out.setString('PhotometricInterpretation', syntax === 'jpeg-2000' && photometric === 'RGB' ? 'YBR_RCT' : photometric);
  if (syntax === 'explicit') out.setBytes('PixelData', layout.bitsAllocated > 8 ? 'OW' : layout.bitsAllocated === 1 ? 'OW' : 'OB', layout.bitsAllocated === 1 ? await packedFrames(file, layout.frames) : joined(frames));
  else out.set({ tag: '7fe00010', vr: 'OB', value: encapsulate(frames) });
  const written: DicomFile = { ...file, dataset: out, transferSyntaxUid: outputSyntaxes[syntax] };
  await compare(file, written, layout.frames);
  return writeDicom({ dataset: out, ...identity, transferSyntaxUid: outputSyntaxes[syntax] });
}

function impossible(sentence: string, syntax: OutputSyntax): ScanloomError {
  return new ScanloomError('export/invalid', sentence, { hint: 'Write them uncompressed.', details: { syntax } });
}

/** Encoders are other people's programs: one that fails is said to, and the pixels stay as they are. */
async function encoded(frame: StoredFrame, layout: PixelLayout, syntax: OutputSyntax): Promise<Uint8Array> {
  try {
    return await encodeFrame(frame, layout, syntax);
  } catch (thrown) {
    if (thrown instanceof ScanloomError) throw thrown;
    throw new ScanloomError('export/invalid', 'The pixels cannot be compressed in this form.', { hint: 'Write them uncompressed.', details: { syntax, reason: thrown instanceof Error ? thrown.message.slice(0, 200) : '' }, cause: thrown });
  }
}

async function encodeFrame(frame: StoredFrame, layout: PixelLayout, syntax: OutputSyntax): Promise<Uint8Array> {
  const { rows, columns, samples } = layout;
  const { bitsAllocated, bitsStored } = layout;
  const size = { rows, columns, samples, bitsAllocated, bitsStored };
  const values = frame.stored;
  switch (syntax) {
    case 'explicit': return bytesOf(values);
    case 'rle': return encodeRle(unsignedView(values), size);
    case 'jpeg-ls': {
      if (bitsAllocated > 16 || bitsStored < 2) throw impossible(`Pixels of ${bitsStored} bits cannot be written as JPEG-LS.`, syntax);
      return encodeJpegLs(withoutSign(values, bitsStored), size);
    }
    case 'jpeg-2000': {
      if (bitsAllocated > 16 || bitsAllocated === 1) throw impossible(`Pixels of ${bitsStored} bits cannot be written as JPEG 2000.`, syntax);
      // OpenJPEG's colour transform is reversed by every decoder, which then gives RGB: other colours would be called what they are not.
      if (samples > 1 && frame.photometricInterpretation !== 'RGB') throw impossible(`Colours in ${frame.photometricInterpretation} cannot be written as JPEG 2000.`, syntax);
      // The encoder's own memory breaks on them.
      if (samples > 1 && bitsAllocated > 8) throw impossible(`Colours of ${bitsStored} bits cannot be written as JPEG 2000.`, syntax);
      return encodeJpeg2000(values as Uint8Array | Int8Array | Uint16Array | Int16Array, { ...size, signed: layout.pixelRepresentation === 1 });
    }
  }
}

function bytesOf(values: StoredArray): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function unsignedView(values: StoredArray): Uint8Array | Uint16Array | Uint32Array {
  const view = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[values.BYTES_PER_ELEMENT as 1 | 2 | 4];
  return new view(values.buffer as ArrayBuffer, values.byteOffset, values.length);
}

/** JPEG-LS knows no sign: the low Bits Stored bits as they are (PS3.5 8.2.3). */
function withoutSign(values: StoredArray, bitsStored: number): Uint8Array | Uint16Array {
  const mask = 2 ** bitsStored - 1;
  const view = unsignedView(values) as Uint8Array | Uint16Array;
  // CharLS takes samples of up to 8 bits as bytes, whatever Bits Allocated says.
  const out = bitsStored <= 8 ? new Uint8Array(view.length) : new Uint16Array(view.length);
  for (let i = 0; i < view.length; i += 1) out[i] = view[i]! & mask;
  return out;
}

/** Frames of one bit a pixel follow each other without padding (PS3.5 8.1.1). */
async function packedFrames(file: DicomFile, frames: number): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for (let index = 0; index < frames; index += 1) all.push((await decodeFrame(file, index)).stored as Uint8Array);
  return packedBits(joined(all));
}

/** One fragment a frame, with a Basic Offset Table (PS3.5 A.4). */
export function encapsulate(frames: readonly Uint8Array[]): EncapsulatedPixels {
  const fragments = frames.map((frame) => (frame.length % 2 === 0 ? frame : joined([frame, new Uint8Array(1)])));
  const offsetTable = new Uint8Array(4 * fragments.length);
  const view = new DataView(offsetTable.buffer);
  let at = 0;
  fragments.forEach((fragment, index) => {
    if (at > largestOffset) throw impossible('The compressed pixels are larger than the offset table can say.', 'rle');
    view.setUint32(4 * index, at, true);
    at += 8 + fragment.length;
  });
  return { kind: 'encapsulated', offsetTable, fragments };
}

/** An encoder is believed when its result has been decoded to the same values. */
async function compare(before: DicomFile, after: DicomFile, frames: number): Promise<void> {
  for (let index = 0; index < frames; index += 1) {
    const [a, b] = [bytesOf((await decodeFrame(before, index)).stored), bytesOf((await decodeFrame(after, index)).stored)];
    if (Buffer.compare(a, b) !== 0) {
      throw new ScanloomError('export/verification-failed', `Frame ${index + 1} does not come back from its compressed form as it was.`, { hint: 'Write it uncompressed and report this: it is a fault of the encoder.' });
    }
  }
}
