/** Uncompressed frames: PS3.5 section 8.1 and A.1 to A.3; alone in their fragments, A.4.11; and how they lie inside deflated ones. */
import type { Codec, DecodedFrame, EncodedFrame } from './codec.ts';

export interface NativeLayout extends Pick<EncodedFrame, 'rows' | 'columns' | 'samples' | 'bitsAllocated' | 'planarConfiguration' | 'photometricInterpretation'> {
  /** Bytes that there are for each frame. */
  readonly frameBytes: number;
}

/**
 * Two pixels share their chroma: Y Y Cb Cr (PS3.3 C.7.6.3.1.2), in full range, or in the narrow one of the retired YBR_PARTIAL_422. Programs that
 * decompress often give each pixel its own and leave the name: then there are just the bytes for that.
 */
function isSubsampled({ photometricInterpretation, rows, columns, samples, bitsAllocated, frameBytes }: NativeLayout): boolean {
  const expandedBytes = rows * columns * 3;
  const isExpanded = frameBytes >= expandedBytes && frameBytes < expandedBytes + 2;
  return /^YBR_(FULL|PARTIAL)_422$/.test(photometricInterpretation) && samples === 3 && bitsAllocated === 8 && !isExpanded;
}

/** Bits of one frame; frames of one bit a pixel follow one another without a gap (PS3.5 8.1.1). */
export function nativeFrameBits(layout: NativeLayout): number {
  return layout.rows * layout.columns * (isSubsampled(layout) ? 2 : layout.samples) * layout.bitsAllocated;
}

/**
 * Samples of one frame of native pixels, in an array of their own.
 *
 * @param firstBit Where the frame begins in `bytes`; frames of one bit a pixel need not begin at a byte (PS3.5 8.1.1).
 */
export function nativeSamples(bytes: Uint8Array, layout: NativeLayout, firstBit: number): DecodedFrame {
  const count = layout.rows * layout.columns * layout.samples;
  if (layout.bitsAllocated === 1) return { samples: unpackBits(bytes, count, firstBit), planar: false };
  const start = firstBit / 8;
  if (isSubsampled(layout)) return { samples: expanded422(bytes.subarray(start), layout.rows * layout.columns), planar: false, ...expandedKind(layout) };
  const sampleBytes = layout.bitsAllocated / 8;
  // A copy: the view may be at an odd address, and the frame outlives the file's bytes.
  const copy = new Uint8Array(count * sampleBytes);
  copy.set(bytes.subarray(start, start + copy.length));
  return { samples: samplesOf(copy, sampleBytes), planar: layout.samples > 1 && layout.planarConfiguration === 1, ...expandedKind(layout) };
}

/** YBR_FULL once every pixel has its chroma; the narrow range has no other name than its own. */
function expandedKind({ photometricInterpretation }: NativeLayout): Pick<DecodedFrame, 'photometricInterpretation'> {
  return photometricInterpretation === 'YBR_FULL_422' ? { photometricInterpretation: 'YBR_FULL' } : {};
}

/** Bytes, little endian, as samples of one to four bytes each; three make a number of four. */
export function samplesOf(bytes: Uint8Array<ArrayBuffer>, sampleBytes: number): Uint8Array | Uint16Array | Uint32Array {
  if (sampleBytes === 1) return bytes;
  if (sampleBytes === 2) return new Uint16Array(bytes.buffer, 0, bytes.length >> 1);
  if (sampleBytes === 4) return new Uint32Array(bytes.buffer, 0, bytes.length >> 2);
  const out = new Uint32Array(Math.floor(bytes.length / 3));
  for (let i = 0, from = 0; i < out.length; i += 1, from += 3) out[i] = bytes[from]! | (bytes[from + 1]! << 8) | (bytes[from + 2]! << 16);
  return out;
}

/** Y Y Cb Cr → Y Cb Cr for each of two pixels. */
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

/** Bits, least significant first, to one byte a pixel (PS3.5 8.1.1). */
export function unpackBits(bytes: Uint8Array, count: number, firstBit: number): Uint8Array {
  const out = new Uint8Array(count);
  for (let i = 0, bit = firstBit; i < count; i += 1, bit += 1) out[i] = (bytes[bit >>> 3]! >> (bit & 7)) & 1;
  return out;
}

/** Encapsulated Uncompressed: each fragment is a native frame (PS3.5 A.4.11). */
export const decodeEncapsulatedNative: Codec = async (frame) => {
  const layout = { ...frame, frameBytes: frame.bytes.length };
  const needed = Math.ceil(nativeFrameBits(layout) / 8);
  if (frame.bytes.length < needed) throw new Error(`the frame has ${frame.bytes.length} of ${needed} bytes`);
  return nativeSamples(frame.bytes, layout, 0);
};
