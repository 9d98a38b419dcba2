/** RLE Lossless: PS3.5 Annex G. PackBits segments, one a byte plane of each sample, most significant byte first; the kernel `kernels/rle.as` expands and joins them. */
import type { Codec } from './codec.ts';
import { kernel, type KernelExports } from './kernels/kernel.ts';
import { samplesOf, unpackBits } from './native.ts';

interface RleExports extends KernelExports {
  expand(from: number, end: number, plane: number, size: number): number;
  join(planes: number, pixels: number, samples: number, sampleBytes: number, out: number): void;
}

const rle = kernel<RleExports>('rle');
const headerBytes = 64;

export const decodeRle: Codec = async ({ bytes, rows, columns, samples, bitsAllocated }) => {
  if (bytes.length < headerBytes) throw new Error('the frame is shorter than its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const segments = view.getUint32(0, true);
  // One bit a pixel is packed into bytes before it is run-length encoded (PS3.5 G.2 with 8.2.1).
  const pixels = rows * columns;
  const planeBytes = bitsAllocated === 1 ? Math.ceil((pixels * samples) / 8) : pixels;
  const sampleBytes = bitsAllocated / 8;
  const expected = bitsAllocated === 1 ? 1 : samples * sampleBytes;
  if (segments !== expected) throw new Error(`${segments} segments where ${expected} are needed`);
  const offset = (index: number): number => (index < segments ? view.getUint32(4 + 4 * index, true) : bytes.length);
  const allBytes = planeBytes * segments;
  // Two bytes grow to 128 at most: what cannot become a frame is told before memory is asked for.
  if (bytes.length * 64 < allBytes) throw new Error(`${bytes.length} bytes cannot become the ${allBytes} of the frame`);
  return rle.with([bytes.length, allBytes, segments > 1 ? allBytes : 0], (exports, memory, [coded, planes, joined]) => {
    memory.set(bytes, coded!);
    for (let index = 0; index < segments; index += 1) {
      const start = offset(index);
      const end = offset(index + 1);
      if (start < headerBytes || end < start || end > bytes.length) throw new Error('a segment lies outside the frame');
      const had = exports.expand(coded! + start, coded! + end, planes! + index * planeBytes, planeBytes);
      if (had < planeBytes) throw new Error(`the segment has ${had} of ${planeBytes} bytes`);
    }
    if (segments > 1) exports.join(planes!, pixels, samples, sampleBytes, joined!);
    const result = segments > 1 ? joined! : planes!;
    const out = memory.slice(result, result + allBytes);
    if (bitsAllocated === 1) return { samples: unpackBits(out, pixels * samples, 0), planar: false };
    return { samples: samplesOf(out, sampleBytes), planar: false };
  });
};
