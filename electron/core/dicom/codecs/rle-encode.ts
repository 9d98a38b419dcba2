/** RLE Lossless encoding: PS3.5 Annex G. One PackBits segment a byte plane of each sample, most significant byte first, row after row. */

const headerBytes = 64;
/** PS3.5 G.5: the header has room for 15 offsets. */
const largestSegments = 15;

/** Packs one row (G.3.1): runs do not cross rows (G.3). Answers where the next byte goes. */
function packRow(plane: Uint8Array, start: number, end: number, out: Uint8Array, from: number): number {
  let to = from;
  let at = start;
  while (at < end) {
    let run = 1;
    while (run < 128 && at + run < end && plane[at + run] === plane[at]) run += 1;
    if (run > 2 || (run === 2 && at + run === end)) {
      out[to] = 257 - run;
      out[to + 1] = plane[at]!;
      to += 2;
      at += run;
      continue;
    }
    // A literal run ends where three equal bytes begin: two are no cheaper as a run of their own.
    const first = at;
    while (at < end && at - first < 128 && !(at + 2 < end && plane[at] === plane[at + 1] && plane[at] === plane[at + 2])) at += 1;
    out[to] = at - first - 1;
    out.set(plane.subarray(first, at), to + 1);
    to += 1 + at - first;
  }
  return to;
}

/**
 * Encodes one frame losslessly.
 *
 * @param samples Interleaved, in containers of 8, 16 or 32 bits; one byte a pixel for bit-packed images, which are packed first (PS3.5 8.2.1, G.2).
 */
export function encodeRle(samples: Uint8Array | Uint16Array | Uint32Array, size: { rows: number; columns: number; samples: number; bitsAllocated: number }): Uint8Array {
  const pixels = size.rows * size.columns;
  const isPacked = size.bitsAllocated === 1;
  const sampleBytes = isPacked ? 1 : size.bitsAllocated / 8;
  const segments = size.samples * sampleBytes;
  if (segments > largestSegments || samples.length !== pixels * size.samples) throw new Error(`${segments} segments or ${samples.length} samples cannot be run-length encoded`);
  // A row without any run grows by one byte in 128.
  const rowBytes = isPacked ? Math.ceil(pixels / 8) : size.columns;
  const rows = isPacked ? 1 : size.rows;
  const out = new Uint8Array(headerBytes + segments * (rows * (rowBytes + Math.ceil(rowBytes / 128)) + 1));
  const header = new DataView(out.buffer, 0, headerBytes);
  header.setUint32(0, segments, true);
  let to = headerBytes;
  for (let segment = 0; segment < segments; segment += 1) {
    header.setUint32(4 + 4 * segment, to, true);
    const plane = isPacked ? packedBits(samples) : bytePlane(samples, Math.floor(segment / sampleBytes), size.samples, 8 * (sampleBytes - 1 - (segment % sampleBytes)));
    for (let row = 0; row < rows; row += 1) to = packRow(plane, row * rowBytes, (row + 1) * rowBytes, out, to);
    // Segments are of even length (G.4); the control byte 128 says nothing.
    if (to % 2 === 1) {
      out[to] = 128;
      to += 1;
    }
  }
  return out.slice(0, to);
}

function bytePlane(samples: Uint8Array | Uint16Array | Uint32Array, sample: number, count: number, shift: number): Uint8Array {
  const plane = new Uint8Array(samples.length / count);
  for (let i = 0, from = sample; i < plane.length; i += 1, from += count) plane[i] = (samples[from]! >>> shift) & 0xff;
  return plane;
}

/** One byte a pixel → bits, least significant first (PS3.5 8.1.1). */
export function packedBits(values: ArrayLike<number>): Uint8Array {
  const out = new Uint8Array(Math.ceil(values.length / 8));
  for (let i = 0; i < values.length; i += 1) if (values[i]! & 1) out[i >> 3]! |= 1 << (i & 7);
  return out;
}
