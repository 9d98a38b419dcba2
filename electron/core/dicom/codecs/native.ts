/** Uncompressed frames: PS3.5 section 8.1 and A.1 to A.3. */
import type { Codec, EncodedFrame } from './codec.ts';
import { unpackBits } from './rle.ts';

/**
 * Samples of one frame of native pixels.
 *
 * @param firstBit Where the frame begins in `bytes`; frames of one bit a pixel need not begin at a byte (PS3.5 8.1.1).
 */
export function nativeSamples(bytes: Uint8Array, frame: Pick<EncodedFrame, 'rows' | 'columns' | 'samples' | 'bitsAllocated'>, firstBit: number): Uint8Array | Uint16Array | Uint32Array {
  const count = frame.rows * frame.columns * frame.samples;
  if (frame.bitsAllocated === 1) return unpackBits(bytes, count, firstBit);
  const sampleBytes = frame.bitsAllocated / 8;
  const start = firstBit / 8;
  // A copy: the view may be at an odd address, and the frame outlives the file's bytes.
  const copy = new Uint8Array(count * sampleBytes);
  copy.set(bytes.subarray(start, start + copy.length));
  if (sampleBytes === 1) return copy;
  return sampleBytes === 2 ? new Uint16Array(copy.buffer, 0, count) : new Uint32Array(copy.buffer, 0, count);
}

/** Encapsulated Uncompressed: each fragment is a native frame (PS3.5 A.4.11). */
export const decodeEncapsulatedNative: Codec = async (frame) => {
  const needed = Math.ceil((frame.rows * frame.columns * frame.samples * frame.bitsAllocated) / 8);
  if (frame.bytes.length < needed) throw new Error(`the frame has ${frame.bytes.length} of ${needed} bytes`);
  return { samples: nativeSamples(frame.bytes, frame, 0), planar: false };
};
