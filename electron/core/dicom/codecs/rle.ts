/** RLE Lossless: PS3.5 Annex G. PackBits segments, one a byte plane of each sample, most significant byte first. */
import type { Codec } from './codec.ts';

const headerBytes = 64;

/** Expands one PackBits segment (PS3.5 G.3.1) into `out`; a segment that ends early leaves zeros. */
function expand(segment: Uint8Array, out: Uint8Array): void {
  let from = 0;
  let to = 0;
  while (from < segment.length && to < out.length) {
    const control = segment[from]!;
    from += 1;
    if (control < 128) {
      const count = Math.min(control + 1, segment.length - from, out.length - to);
      out.set(segment.subarray(from, from + count), to);
      from += count;
      to += count;
    } else if (control > 128 && from < segment.length) {
      const count = Math.min(257 - control, out.length - to);
      out.fill(segment[from]!, to, to + count);
      from += 1;
      to += count;
    }
  }
  if (to < out.length) throw new Error(`the segment has ${to} of ${out.length} bytes`);
}

export const decodeRle: Codec = async ({ bytes, rows, columns, samples, bitsAllocated }) => {
  if (bytes.length < headerBytes) throw new Error('the frame is shorter than its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const segments = view.getUint32(0, true);
  // One bit a pixel is packed into bytes before it is run-length encoded (PS3.5 G.2 with 8.2.1).
  const pixels = rows * columns;
  const planeBytes = bitsAllocated === 1 ? Math.ceil(pixels / 8) : pixels;
  const sampleBytes = Math.max(1, bitsAllocated / 8);
  if (segments !== samples * sampleBytes) throw new Error(`${segments} segments where ${samples * sampleBytes} are needed`);
  const offset = (index: number): number => (index < segments ? view.getUint32(4 + 4 * index, true) : bytes.length);
  const planes: Uint8Array[] = [];
  for (let index = 0; index < segments; index += 1) {
    const start = offset(index);
    const end = offset(index + 1);
    if (start < headerBytes || end < start || end > bytes.length) throw new Error('a segment lies outside the frame');
    const plane = new Uint8Array(planeBytes);
    expand(bytes.subarray(start, end), plane);
    planes.push(plane);
  }
  if (bitsAllocated === 1) return { samples: unpackBits(planes[0]!, pixels, 0), planar: false };
  const count = pixels * samples;
  if (sampleBytes === 1) {
    if (samples === 1) return { samples: planes[0]!, planar: false };
    const out = new Uint8Array(count);
    planes.forEach((plane, sample) => { for (let i = 0; i < pixels; i += 1) out[i * samples + sample] = plane[i]!; });
    return { samples: out, planar: false };
  }
  if (sampleBytes === 2) {
    const out = new Uint16Array(count);
    for (let sample = 0; sample < samples; sample += 1) {
      const high = planes[2 * sample]!;
      const low = planes[2 * sample + 1]!;
      for (let i = 0, to = sample; i < pixels; i += 1, to += samples) out[to] = (high[i]! << 8) | low[i]!;
    }
    return { samples: out, planar: false };
  }
  const out = new Uint32Array(count);
  planes.forEach((plane, segment) => {
    const sample = Math.floor(segment / sampleBytes);
    const shift = 8 * (sampleBytes - 1 - (segment % sampleBytes));
    for (let i = 0, to = sample; i < pixels; i += 1, to += samples) out[to] = (out[to]! | (plane[i]! << shift)) >>> 0;
  });
  return { samples: out, planar: false };
};

/** Bits, least significant first, to one byte a pixel (PS3.5 8.1.1). */
export function unpackBits(bytes: Uint8Array, count: number, firstBit: number): Uint8Array {
  const out = new Uint8Array(count);
  for (let i = 0; i < count; i += 1) {
    const bit = firstBit + i;
    out[i] = (bytes[bit >> 3]! >> (bit & 7)) & 1;
  }
  return out;
}
