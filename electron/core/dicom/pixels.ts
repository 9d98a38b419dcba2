/**
 * Frames of a file → stored values: exact, before any rescale, palette or colour conversion (PS3.5 section 8, PS3.3 C.7.6.3).
 *
 * Place in the pixel path: parse → **decode** → rescale → window. The header decides sign and used bits, not the code stream.
 */
import { ScanloomError } from '#contract/errors';
import { codecs } from './codecs/index.ts';
import type { EncodedFrame } from './codecs/codec.ts';
import { nativeSamples } from './codecs/native.ts';
import type { DataSet } from './data-set.ts';
import { encapsulatedFrame } from './frames.ts';
import { checkLayout, makeContainer, pixelLayout, type PixelLayout } from './pixel-layout.ts';
import { interleaved, settleUnusedBits } from './samples.ts';
import { transferSyntaxes } from './transfer-syntaxes.ts';
import type { DicomFile, ImageHeader, StoredArray, StoredFrame } from './types.ts';

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
  if (!dataset.has('PixelData') && !dataset.has('FloatPixelData') && !dataset.has('DoubleFloatPixelData')) {
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
 * @throws {ScanloomError} what decodeFrame would throw for these reasons. An object without pixels passes.
 */
export function checkPixels(file: DicomFile): void {
  const { dataset } = file;
  if (file.pixelDataSkipped || !(dataset.has('PixelData') || dataset.has('FloatPixelData') || dataset.has('DoubleFloatPixelData'))) return;
  const layout = pixelLayout(dataset);
  checkLayout(layout);
  const encapsulated = dataset.encapsulated('PixelData');
  if (encapsulated === null) nativeBytes(dataset, layout, layout.frames - 1);
  else encapsulatedFrame(dataset, encapsulated, layout.frames, 0, transferSyntaxes[file.transferSyntaxUid]?.codec ?? 'none');
}

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
  const encoded: EncodedFrame = {
    bytes,
    rows: layout.rows,
    columns: layout.columns,
    samples: layout.samples,
    bitsAllocated: layout.bitsAllocated,
    bitsStored: layout.bitsStored,
    signed: layout.pixelRepresentation === 1,
    photometricInterpretation: layout.photometricInterpretation,
  };
  try {
    const decoded = await codecs[codec](encoded);
    const samples = decoded.planar ? interleaved(decoded.samples, layout.samples) : decoded.samples;
    return { rows: layout.rows, columns: layout.columns, samples: layout.samples, stored: masked(samples, layout), photometricInterpretation: decoded.photometricInterpretation ?? layout.photometricInterpretation };
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

/** Native pixel bytes and where a frame begins and ends in them, in bits; refuses when they end before it does. */
function nativeBytes(dataset: DataSet, layout: PixelLayout, frameIndex: number): { bytes: Uint8Array; firstBit: number; frameBits: number; subsampled: boolean } {
  const bytes = dataset.bytes(layout.floatPixels === 'float32' ? 'FloatPixelData' : layout.floatPixels === 'float64' ? 'DoubleFloatPixelData' : 'PixelData') ?? new Uint8Array(0);
  const { rows, columns, samples, bitsAllocated } = layout;
  const subsampled = layout.photometricInterpretation === 'YBR_FULL_422' && samples === 3 && bitsAllocated === 8;
  const frameBits = rows * columns * (subsampled ? 2 : samples) * bitsAllocated;
  const firstBit = frameIndex * frameBits;
  if (bytes.length * 8 < firstBit + frameBits) {
    throw new ScanloomError('dicom/truncated', `The pixel data ends before frame ${frameIndex + 1} does.`, {
      hint: 'It was probably not copied or received completely; get it again from where it came from.',
      details: { bytes: bytes.length, needed: Math.ceil((firstBit + frameBits) / 8) },
    });
  }
  return { bytes, firstBit, frameBits, subsampled };
}

function nativeFrame(file: DicomFile, layout: PixelLayout, frameIndex: number): StoredFrame {
  const { rows, columns, samples } = layout;
  const { bytes, firstBit, frameBits, subsampled } = nativeBytes(file.dataset, layout, frameIndex);
  const base = { rows, columns, samples, photometricInterpretation: layout.photometricInterpretation };
  if (layout.floatPixels !== null) {
    const copy = new Uint8Array(frameBits / 8);
    copy.set(bytes.subarray(firstBit / 8, (firstBit + frameBits) / 8));
    return { ...base, stored: layout.floatPixels === 'float32' ? new Float32Array(copy.buffer) : new Float64Array(copy.buffer) };
  }
  if (subsampled) return { ...base, stored: masked(expanded422(bytes.subarray(firstBit / 8), rows * columns), layout), photometricInterpretation: 'YBR_FULL' };
  const raw = nativeSamples(bytes, layout, firstBit);
  return { ...base, stored: masked(samples > 1 && layout.planarConfiguration === 1 ? interleaved(raw, samples) : raw, layout) };
}

/** Y Y Cb Cr → Y Cb Cr for each of two pixels (PS3.3 C.7.6.3.1.2, YBR_FULL_422). */
function expanded422(bytes: Uint8Array, pixels: number): Uint8Array {
  const out = new Uint8Array(pixels * 3);
  for (let i = 0, from = 0, to = 0; i < pixels; i += 2, from += 4, to += 6) {
    out[to] = bytes[from]!;
    out[to + 1] = bytes[from + 2]!;
    out[to + 2] = bytes[from + 3]!;
    out[to + 3] = bytes[from + 1]!;
    out[to + 4] = bytes[from + 2]!;
    out[to + 5] = bytes[from + 3]!;
  }
  return out;
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
