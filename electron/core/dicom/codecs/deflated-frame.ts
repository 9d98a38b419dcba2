/** Deflated Image Frame Compression: one raw deflate stream a frame (PS3.5 A.4.13, 8.2.16). */
import { constants, inflateRawSync } from 'node:zlib';
import type { Codec } from './codec.ts';
import { nativeSamples } from './native.ts';

export const decodeDeflatedFrame: Codec = async (frame) => {
  const bits = frame.rows * frame.columns * frame.samples * frame.bitsAllocated;
  const needed = Math.ceil(bits / 8);
  // The stream is padded to an even length, and must not grow past the frame (plus its own padding).
  const bytes = inflateRawSync(frame.bytes, { maxOutputLength: needed + 8, finishFlush: constants.Z_SYNC_FLUSH });
  if (bytes.length < needed) throw new Error(`the frame has ${bytes.length} of ${needed} bytes`);
  return { samples: nativeSamples(bytes, frame, 0), planar: false };
};
