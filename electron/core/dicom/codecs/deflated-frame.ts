/** Deflated Image Frame Compression: one raw deflate stream a frame (PS3.5 A.4.13, 8.2.16). */
import { constants, inflateRawSync } from 'node:zlib';
import type { Codec } from './codec.ts';
import { nativeFrameBits, nativeSamples } from './native.ts';

export const decodeDeflatedFrame: Codec = async (frame) => {
  const most = Math.ceil((frame.rows * frame.columns * frame.samples * frame.bitsAllocated) / 8);
  // The stream is padded to an even length, and must not grow past the frame (plus its own padding).
  const bytes = inflateRawSync(frame.bytes, { maxOutputLength: most + 8, finishFlush: constants.Z_SYNC_FLUSH });
  const layout = { ...frame, frameBytes: bytes.length };
  const needed = Math.ceil(nativeFrameBits(layout) / 8);
  if (bytes.length < needed) throw new Error(`the frame has ${bytes.length} of ${needed} bytes`);
  return nativeSamples(bytes, layout, 0);
};
