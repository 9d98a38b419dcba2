/** Deflated Image Frame Compression: one raw deflate stream a frame (PS3.5 A.4.13, 8.2.16). */
import { constants, inflateRawSync } from 'node:zlib';
import type { Codec } from './codec.ts';
import { nativeFrameBits, nativeSamples } from './native.ts';

export const decodeDeflatedFrame: Codec = async (frame) => {
  const needed = Math.ceil(nativeFrameBits(frame) / 8);
  // The stream is padded to an even length, and must not grow past the frame (plus its own padding).
  const bytes = inflateRawSync(frame.bytes, { maxOutputLength: needed + 8, finishFlush: constants.Z_SYNC_FLUSH });
  if (bytes.length < needed) throw new Error(`the frame has ${bytes.length} of ${needed} bytes`);
  return nativeSamples(bytes, frame, 0);
};
