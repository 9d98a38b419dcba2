/**
 * What the stream of one frame carries beside pixels, by codec: never by its first bytes, since pixels may begin with any.
 * All is overwritten in place, so that lengths and offset tables stay as they were.
 */
import { constants, inflateRawSync } from 'node:zlib';
import { nativeFrameBits, type CodecName, type PixelLayout } from '#dicom';
import { Blanking } from './blanking.ts';
import { blankedJpeg, blankedJpeg2000, blankedJpegXl } from './jpeg-passengers.ts';

/**
 * The stream of one frame without passengers; the same bytes when there are none.
 *
 * @throws {Error} when the stream is not what the codec says, so that nobody can tell pixels from what lies beside them.
 */
export const streamsWithoutPassengers: Readonly<Record<CodecName, (stream: Uint8Array, layout: PixelLayout) => Uint8Array>> = {
  rle: blankedRle,
  jpeg: blankedJpeg,
  'jpeg-ls': blankedJpeg,
  'jpeg-2000': blankedJpeg2000,
  'ht-jpeg-2000': blankedJpeg2000,
  'jpeg-xl': blankedJpegXl,
  'deflated-frame': blankedDeflated,
  'encapsulated-native': blankedNative,
  // Of those without a decoder only JPEG 2000 Part 2 has a form that is known here; films are refused before.
  none: blankedJpeg2000,
};

/** The control byte that stands for nothing (PS3.5 G.3.1). */
const nothing = 128;
const rleHeaderBytes = 64;

/** RLE (PS3.5 G.3 to G.5): unused offsets, what lies between segments, and in each what follows its last pixel. */
function blankedRle(stream: Uint8Array, { rows, columns, samples, bitsAllocated }: PixelLayout): Uint8Array {
  if (stream.length < rleHeaderBytes) throw new Error('the frame is shorter than its header');
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const segments = view.getUint32(0, true);
  const planeBytes = bitsAllocated === 1 ? Math.ceil((rows * columns * samples) / 8) : rows * columns;
  if (segments !== (bitsAllocated === 1 ? 1 : (samples * bitsAllocated) / 8) || segments > 15) throw new Error('the frame has another number of segments');
  const offset = (index: number): number => (index < segments ? view.getUint32(4 + 4 * index, true) : stream.length);
  const blanking = new Blanking(stream);
  blanking.fill(4 + 4 * segments, rleHeaderBytes, 0);
  blanking.fill(rleHeaderBytes, offset(0), nothing);
  for (let index = 0; index < segments; index += 1) {
    const end = offset(index + 1);
    let at = offset(index);
    if (at < rleHeaderBytes || end < at || end > stream.length) throw new Error('a segment lies outside the frame');
    for (let had = 0; had < planeBytes && at < end; ) {
      const control = stream[at]!;
      if (control < nothing) {
        const used = Math.min(control + 1, planeBytes - had);
        // The last run may be longer than the plane.
        blanking.fill(at + 1 + used, Math.min(end, at + 2 + control), 0);
        had += used;
        at += 2 + control;
      } else {
        had += control > nothing ? 257 - control : 0;
        at += control > nothing ? 2 : 1;
      }
    }
    // Zeros that pad a segment say nothing, either.
    if (stream.subarray(at, end).some((byte) => byte !== 0)) blanking.fill(at, end, nothing);
  }
  return blanking.result;
}

/** Deflated frames (PS3.5 A.4.13): what follows the stream. What was deflated along with the pixels cannot be taken out in place. */
function blankedDeflated(stream: Uint8Array, layout: PixelLayout): Uint8Array {
  const frame = Math.ceil((layout.rows * layout.columns * layout.samples * layout.bitsAllocated) / 8);
  const inflated = inflateRawSync(stream, { maxOutputLength: frame + 8, finishFlush: constants.Z_SYNC_FLUSH, info: true }) as unknown as { buffer: Uint8Array; engine: { bytesWritten: number } };
  const needed = Math.ceil(nativeFrameBits({ ...layout, frameBytes: inflated.buffer.length }) / 8);
  if (inflated.buffer.subarray(needed).some((byte) => byte !== 0)) throw new Error('more than the pixels was deflated');
  const blanking = new Blanking(stream);
  blanking.fill(inflated.engine.bytesWritten, stream.length, 0);
  return blanking.result;
}

/** Encapsulated Uncompressed (PS3.5 A.4.11): what follows the last pixel. */
function blankedNative(stream: Uint8Array, layout: PixelLayout): Uint8Array {
  const blanking = new Blanking(stream);
  blanking.fill(Math.ceil(nativeFrameBits({ ...layout, frameBytes: stream.length }) / 8), stream.length, 0);
  return blanking.result;
}
