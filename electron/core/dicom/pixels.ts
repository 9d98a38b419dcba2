/**
 * Frames of a file → stored values: exact, before any rescale, palette or colour conversion (PS3.5 section 8, PS3.3 C.7.6.3).
 *
 * Place in the pixel path: parse → **decode** → rescale → window. The header decides sign and used bits, not the code stream.
 */
import { ScanloomError } from '#contract/errors';
import { codecs } from './codecs/index.ts';
import type { DecodedFrame } from './codecs/codec.ts';
import { nativeFrameBits, nativeSamples } from './codecs/native.ts';
import type { DataSet } from './data-set.ts';
import { encapsulatedFrame, fragmentsOfFrame } from './frames.ts';
import { checkLayout, makeContainer, pixelLayout, type PixelLayout } from './pixel-layout.ts';
import { interleaved, settleUnusedBits } from './samples.ts';
import { hasPixelElement, skippedOf } from './skipped-pixels.ts';
import { transferSyntaxes } from './transfer-syntaxes.ts';
import type { DicomFile, ImageHeader, StoredArray, StoredFrame } from './types.ts';

const pixelKeys = ['PixelData', 'FloatPixelData', 'DoubleFloatPixelData'] as const;

/**
 * Decodes one frame.
 *
 * @param frameIndex Frames count from 0.
 * @returns Stored values in a container of the size of Bits Allocated; one byte a pixel for bit-packed images.
 * @throws {ScanloomError} `dicom/no-pixels`, `dicom/truncated`, `dicom/invalid`, `dicom/unsupported`, `dicom/too-large`, `dicom/decode-failed`.
 */
export async function decodeFrame(file: DicomFile, frameIndex: number): Promise<StoredFrame> {
  const { dataset } = file;
  if (file.pixelDataSkipped) throw new ScanloomError('internal', 'The pixel data was left out when the file was read.');
  if (!pixelKeys.some((key) => dataset.has(key))) {
    throw new ScanloomError('dicom/no-pixels', 'The object has no pixels.');
  }
  const layout = pixelLayout(dataset);
  checkLayout(layout);
  if (!Number.isInteger(frameIndex) || frameIndex < 0 || frameIndex >= layout.frames) {
    throw new ScanloomError('request/not-found', `There is no frame ${frameIndex}; the image has ${layout.frames}.`);
  }
  const encapsulated = dataset.encapsulated('PixelData');
  return encapsulated === null ? nativeFrame(file, layout, frameIndex) : decodeEncapsulated(file, layout, frameIndex);
}

/**
 * Looks, without decoding, whether the pixels that the header promises can be there: layout, length, fragments. Nothing is allocated.
 *
 * @param file As parseDicom or parseHeader read it.
 * @throws {ScanloomError} what decodeFrame would throw for these reasons. An object without pixels passes.
 */
export function checkPixels(file: DicomFile): void {
  const { dataset } = file;
  if (!pixelKeys.some((key) => hasPixelElement(file, key))) return;
  const layout = pixelLayout(dataset, file.skippedPixels);
  checkLayout(layout);
  const skipped = skippedOf(file.skippedPixels, 'PixelData');
  const encapsulated = skipped !== undefined && skipped.bytes === null ? skipped : dataset.encapsulated('PixelData');
  if (encapsulated !== null) fragmentsOfFrame(dataset, encapsulated, layout.frames, 0, transferSyntaxes[file.transferSyntaxUid]?.codec ?? 'none');
  else {
    const key = nativeKey(layout);
    checkNativeLength(skippedOf(file.skippedPixels, key)?.bytes ?? dataset.bytes(key)?.length ?? 0, layout, layout.frames - 1);
  }
}

/** A frame that is larger than this must not have grown by more than this factor: a few bytes that claim to be an enormous image are refused before memory is asked for. */
const freeFrameBytes = 2 ** 28;
const largestGrowth = 2000;

async function decodeEncapsulated(file: DicomFile, layout: PixelLayout, frameIndex: number): Promise<StoredFrame> {
  const syntax = transferSyntaxes[file.transferSyntaxUid];
  const codec = syntax?.codec ?? 'none';
  if (codec === 'none') {
    throw new ScanloomError('dicom/unsupported', `Images compressed as ${syntax?.name ?? file.transferSyntaxUid} cannot be decoded.`, {
      hint: 'Convert it to an uncompressed or JPEG-LS file with another program first.',
      details: { transferSyntaxUid: file.transferSyntaxUid },
    });
  }
  const bytes = encapsulatedFrame(file.dataset, file.dataset.encapsulated('PixelData')!, layout.frames, frameIndex, codec);
  const { rows, columns, samples, bitsAllocated, bitsStored, photometricInterpretation, planarConfiguration } = layout;
  const decodedBytes = (rows * columns * samples * bitsAllocated) / 8;
  if (decodedBytes > freeFrameBytes && decodedBytes > bytes.length * largestGrowth) {
    throw new ScanloomError('dicom/too-large', `A frame of ${rows} × ${columns} pixels cannot be in ${bytes.length} bytes.`, { hint: 'The file is probably damaged; get it again from where it came from.' });
  }
  try {
    return storedFrame(await codecs[codec]({ bytes, rows, columns, samples, bitsAllocated, bitsStored, signed: layout.pixelRepresentation === 1, photometricInterpretation, planarConfiguration }), layout);
  } catch (thrown) {
    if (thrown instanceof ScanloomError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new ScanloomError('dicom/decode-failed', `The ${syntax?.name ?? ''} pixels cannot be decoded.`, {
      hint: 'The file is probably damaged; get it again from where it came from.',
      details: { transferSyntaxUid: file.transferSyntaxUid, frame: frameIndex, reason: reason.slice(0, 300) },
      cause: thrown,
    });
  }
}

/** Native pixel bytes and where a frame begins in them, in bits; refuses when they end before it does. */
function nativeBytes(dataset: DataSet, layout: PixelLayout, frameIndex: number): { bytes: Uint8Array; firstBit: number } {
  const bytes = dataset.bytes(nativeKey(layout)) ?? new Uint8Array(0);
  return { bytes, firstBit: checkNativeLength(bytes.length, layout, frameIndex) };
}

function nativeKey(layout: PixelLayout): (typeof pixelKeys)[number] {
  return layout.floatPixels === 'float32' ? 'FloatPixelData' : layout.floatPixels === 'float64' ? 'DoubleFloatPixelData' : 'PixelData';
}

/** @returns where the frame begins, in bits. @throws {ScanloomError} `dicom/truncated` */
function checkNativeLength(bytes: number, layout: PixelLayout, frameIndex: number): number {
  const frameBits = nativeFrameBits({ ...layout, frameBytes: bytes / layout.frames });
  const firstBit = frameIndex * frameBits;
  if (bytes * 8 < firstBit + frameBits) {
    throw new ScanloomError('dicom/truncated', `The pixel data ends before frame ${frameIndex + 1} does.`, {
      hint: 'It was probably not copied or received completely; get it again from where it came from.',
      details: { bytes, needed: Math.ceil((firstBit + frameBits) / 8) },
    });
  }
  return firstBit;
}

function nativeFrame(file: DicomFile, layout: PixelLayout, frameIndex: number): StoredFrame {
  const { bytes, firstBit } = nativeBytes(file.dataset, layout, frameIndex);
  const native = { ...layout, frameBytes: bytes.length / layout.frames };
  if (layout.floatPixels === null) return storedFrame(nativeSamples(bytes, native, firstBit), layout);
  const copy = bytes.slice(firstBit / 8, (firstBit + nativeFrameBits(native)) / 8);
  const stored = layout.floatPixels === 'float32' ? new Float32Array(copy.buffer) : new Float64Array(copy.buffer);
  return { rows: layout.rows, columns: layout.columns, samples: layout.samples, stored, photometricInterpretation: layout.photometricInterpretation };
}

function storedFrame(decoded: DecodedFrame, layout: PixelLayout): StoredFrame {
  const samples = decoded.planar ? interleaved(decoded.samples, layout.samples) : decoded.samples;
  return { rows: layout.rows, columns: layout.columns, samples: layout.samples, stored: masked(samples, layout), photometricInterpretation: decoded.photometricInterpretation ?? layout.photometricInterpretation };
}

/** Samples that a decoder gave, which nothing else holds → stored values: the container of Bits Allocated, unused bits settled. */
function masked(samples: StoredArray, layout: PixelLayout): StoredArray {
  const count = layout.rows * layout.columns * layout.samples;
  if (samples.length < count) throw new ScanloomError('dicom/truncated', `The frame has ${samples.length} of ${count} samples.`);
  let out = makeContainer(layout, 0);
  if (out.BYTES_PER_ELEMENT === samples.BYTES_PER_ELEMENT) {
    out = new (out.constructor as new (buffer: ArrayBufferLike, offset: number, length: number) => StoredArray)(samples.buffer, samples.byteOffset, count);
  } else {
    out = makeContainer(layout, count);
    for (let i = 0; i < count; i += 1) out[i] = samples[i]!;
  }
  settleUnusedBits(out, layout.bitsStored);
  return out;
}

/**
 * The bytes that stand for a frame's stored values in hashes: containers of the size of Bits Allocated (one byte for bit-packed images), little endian,
 * interleaved, no padding. Frame after frame they make the SHA-256 that `inspect --hash` prints.
 */
export function storedValuesBytes(frame: StoredFrame, _header: Pick<ImageHeader, 'bitsAllocated'>): Uint8Array {
  return new Uint8Array(frame.stored.buffer, frame.stored.byteOffset, frame.stored.byteLength);
}
