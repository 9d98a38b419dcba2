/**
 * One scan of JPEG-LS: ITU-T T.87 Annex A. Names follow the recommendation (A, B, C, N, Nn, RUNindex, RItype, …).
 * Every loop is bounded by the image or by LIMIT, and reading past the end throws: a damaged stream ends quickly.
 */

/** Coding parameters (T.87 C.2.4.1.1). */
export interface Presets {
  readonly maxVal: number;
  readonly t1: number;
  readonly t2: number;
  readonly t3: number;
  readonly reset: number;
}

export interface Scan {
  readonly bytes: Uint8Array;
  /** First byte of the entropy-coded data. */
  readonly start: number;
  readonly rows: number;
  readonly columns: number;
  readonly near: number;
  readonly presets: Presets;
  /** Components decoded together: 1, or all of an interleaved scan. */
  readonly components: number;
  /** By line: components take turns line by line. By sample: pixel by pixel. */
  readonly interleave: 'none' | 'line' | 'sample';
}

const runOrders = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15];
/** Regular contexts 0…364, then those of run interruption (T.87 A.2.1). */
const regularContexts = 365;

/** T.87 C.2.4.1.1.1. */
export function defaultPresets(maxVal: number, near: number): Presets {
  const clamp = (value: number, low: number): number => (value > maxVal || value < low ? low : value);
  if (maxVal >= 128) {
    const factor = Math.floor((Math.min(maxVal, 4095) + 128) / 256);
    const t1 = clamp(factor + 2 + 3 * near, near + 1);
    const t2 = clamp(factor * 4 + 3 + 5 * near, t1);
    return { maxVal, t1, t2, t3: clamp(factor * 17 + 4 + 7 * near, t2), reset: 64 };
  }
  const factor = Math.floor(256 / (maxVal + 1));
  const t1 = clamp(Math.max(2, Math.floor(3 / factor) + 3 * near), near + 1);
  const t2 = clamp(Math.max(3, Math.floor(7 / factor) + 5 * near), t1);
  return { maxVal, t1, t2, t3: clamp(Math.max(4, Math.floor(21 / factor) + 7 * near), t2), reset: 64 };
}

function bitsFor(count: number): number {
  let bits = 0;
  while (2 ** bits < count) bits += 1;
  return bits;
}

/** Bits of the entropy-coded segment: after a byte FF the next holds seven (T.87 A.1). */
class Bits {
  #at: number;
  #held = 0;
  #count = 0;
  #afterFf = false;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#at = start;
  }

  /** Where the next marker stands, or the end. */
  get position(): number {
    return this.#at;
  }

  #fill(): void {
    while (this.#count <= 24) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined || (this.#afterFf && byte >= 0x80)) return;
      const width = this.#afterFf ? 7 : 8;
      this.#held = (this.#held << width) | byte;
      this.#count += width;
      this.#afterFf = byte === 0xff;
      this.#at += 1;
    }
  }

  read(width: number): number {
    if (width === 0) return 0;
    if (this.#count < width) {
      this.#fill();
      if (this.#count < width) throw new Error('the code stream ends too early');
    }
    this.#count -= width;
    return (this.#held >>> this.#count) & (width === 32 ? 0xffffffff : (1 << width) - 1);
  }

  /**
   * A limited-length Golomb code (T.87 A.5.3): zeros before the next one, then `k` bits; at `longest` zeros less the escape, `escape` bits.
   */
  golomb(k: number, longest: number, escape: number): number {
    if (this.#count < 25) this.#fill();
    let zeros = 0;
    for (;;) {
      if (this.#count === 0) {
        this.#fill();
        if (this.#count === 0) throw new Error('the code stream ends too early');
      }
      const run = Math.min(Math.clz32(this.#held << (32 - this.#count)), this.#count);
      zeros += run;
      this.#count -= run;
      if (zeros > longest) throw new Error('the code stream holds an impossible code');
      if (this.#count > 0) {
        this.#count -= 1;
        break;
      }
    }
    if (zeros >= longest - escape - 1) return this.read(escape) + 1;
    if (k <= this.#count) {
      this.#count -= k;
      return (zeros << k) | ((this.#held >>> this.#count) & ((1 << k) - 1));
    }
    return (zeros << k) | this.read(k);
  }
}

/**
 * Decodes a scan.
 *
 * @returns Samples, pixel after pixel with components interleaved, and where the scan ends.
 * @throws {Error} when the code stream is damaged.
 */
export function decodeScan(scan: Scan): { samples: Uint16Array; end: number } {
  const { rows, columns, near, components, presets } = scan;
  const { maxVal, t1, t2, t3, reset } = presets;
  const bits = new Bits(scan.bytes, scan.start);
  const step = 2 * near + 1;
  const range = Math.floor((maxVal + 2 * near) / step) + 1;
  const qbpp = bitsFor(range);
  const bpp = Math.max(2, bitsFor(maxVal + 1));
  const limit = 2 * (bpp + Math.max(8, bpp));
  const wrap = range * step;
  const A = new Int32Array(regularContexts + 2).fill(Math.max(2, Math.floor((range + 32) / 64)));
  const B = new Int32Array(regularContexts);
  const C = new Int32Array(regularContexts);
  const N = new Int32Array(regularContexts + 2).fill(1);
  const Nn = new Int32Array(2);
  const runIndex = new Int32Array(components);
  const out = new Uint16Array(rows * columns * components);

  // Differences are quantised by a table (T.87 A.3.3): index difference + maxVal.
  const quantised = Int8Array.from({ length: 2 * maxVal + 1 }, (_, index) => {
    const difference = index - maxVal;
    const size = Math.abs(difference);
    const level = size <= near ? 0 : size < t1 ? 1 : size < t2 ? 2 : size < t3 ? 3 : 4;
    return difference < 0 ? -level : level;
  });
  const order = (n: number, a: number): number => {
    let k = 0;
    while (k < 24 && n << k < a) k += 1;
    if (k > 16 + 7) throw new Error('the code stream makes no sense');
    return k;
  };
  /** Adds the error modulo the range and keeps the sample within it (T.87 A.4.5). */
  const reconstructed = (prediction: number, error: number): number => {
    let value = prediction + error;
    if (value < -near) value += wrap;
    else if (value > maxVal + near) value -= wrap;
    return value < 0 ? 0 : value > maxVal ? maxVal : value;
  };

  const regular = (q: number, sign: number, ra: number, rb: number, rc: number): number => {
    const low = ra < rb ? ra : rb;
    const high = ra < rb ? rb : ra;
    let prediction = (rc >= high ? low : rc <= low ? high : ra + rb - rc) + sign * C[q]!;
    prediction = prediction < 0 ? 0 : prediction > maxVal ? maxVal : prediction;
    const k = order(N[q]!, A[q]!);
    const mapped = bits.golomb(k, limit, qbpp);
    let error: number;
    if (near === 0 && k === 0 && 2 * B[q]! <= -N[q]!) error = (mapped & 1) === 1 ? (mapped - 1) >> 1 : -(mapped >> 1) - 1;
    else error = (mapped & 1) === 1 ? -((mapped + 1) >> 1) : mapped >> 1;
    A[q]! += error < 0 ? -error : error;
    B[q]! += error * step;
    if (N[q] === reset) {
      A[q]! >>= 1;
      B[q]! >>= 1;
      N[q]! >>= 1;
    }
    N[q]! += 1;
    const n = N[q]!;
    if (B[q]! <= -n) {
      B[q] = Math.max(B[q]! + n, 1 - n);
      if (C[q]! > -128) C[q]! -= 1;
    } else if (B[q]! > 0) {
      B[q] = Math.min(B[q]! - n, 0);
      if (C[q]! < 127) C[q]! += 1;
    }
    return reconstructed(prediction, sign * error * step);
  };

  const interruption = (type: 0 | 1, ra: number, rb: number, runOrder: number): number => {
    const q = regularContexts + type;
    const k = order(N[q]!, type === 1 ? A[q]! + (N[q]! >> 1) : A[q]!);
    const mapped = bits.golomb(k, limit - runOrder - 1, qbpp);
    const raised = mapped + type;
    const isOdd = (raised & 1) === 1;
    const size = (raised + (isOdd ? 1 : 0)) >> 1;
    const error = (k !== 0 || 2 * Nn[type]! >= N[q]!) === isOdd ? -size : size;
    if (error < 0) Nn[type]! += 1;
    A[q]! += (mapped + 1 - type) >> 1;
    if (N[q] === reset) {
      A[q]! >>= 1;
      N[q]! >>= 1;
      Nn[type]! >>= 1;
    }
    N[q]! += 1;
    const sign = type === 0 && ra > rb ? -1 : 1;
    return reconstructed(type === 1 ? ra : rb, sign * error * step);
  };

  // One line of each component with a sample before and one after it (T.87 A.2.1, figure A.1).
  const width = columns + 2;
  let before = Array.from({ length: components }, () => new Int32Array(width));
  let now = Array.from({ length: components }, () => new Int32Array(width));

  /** Length of the run from `x` (T.87 A.7.1); `ended` when the line is full before the run breaks off. */
  const runLength = (x: number, index: number): { length: number; ended: boolean } => {
    const start = x;
    while (bits.read(1) === 1) {
      const block = 1 << runOrders[runIndex[index]!]!;
      const filled = Math.min(block, columns + 1 - x);
      x += filled;
      if (filled === block && runIndex[index]! < 31) runIndex[index]! += 1;
      if (x > columns) return { length: x - start, ended: true };
    }
    x += bits.read(runOrders[runIndex[index]!]!);
    if (x > columns) throw new Error('a run is longer than its line');
    return { length: x - start, ended: false };
  };

  const single = (previous: Int32Array, line: Int32Array, index: number): void => {
    let x = 1;
    while (x <= columns) {
      const ra = line[x - 1]!;
      const rb = previous[x]!;
      const rc = previous[x - 1]!;
      const q = 81 * quantised[previous[x + 1]! - rb + maxVal]! + 9 * quantised[rb - rc + maxVal]! + quantised[rc - ra + maxVal]!;
      if (q !== 0) {
        line[x] = q < 0 ? regular(-q, -1, ra, rb, rc) : regular(q, 1, ra, rb, rc);
        x += 1;
        continue;
      }
      const run = runLength(x, index);
      line.fill(ra, x, x + run.length);
      x += run.length;
      if (run.ended) break;
      const above = previous[x]!;
      line[x] = interruption(Math.abs(ra - above) <= near ? 1 : 0, ra, above, runOrders[runIndex[index]!]!);
      if (runIndex[index]! > 0) runIndex[index]! -= 1;
      x += 1;
    }
  };

  const together = (): void => {
    const contexts = new Int32Array(components);
    let x = 1;
    while (x <= columns) {
      let isFlat = true;
      for (let c = 0; c < components; c += 1) {
        const previous = before[c]!;
        const rb = previous[x]!;
        const rc = previous[x - 1]!;
        contexts[c] = 81 * quantised[previous[x + 1]! - rb + maxVal]! + 9 * quantised[rb - rc + maxVal]! + quantised[rc - now[c]![x - 1]! + maxVal]!;
        if (contexts[c] !== 0) isFlat = false;
      }
      if (!isFlat) {
        for (let c = 0; c < components; c += 1) {
          const q = contexts[c]!;
          now[c]![x] = regular(q < 0 ? -q : q, q < 0 ? -1 : 1, now[c]![x - 1]!, before[c]![x]!, before[c]![x - 1]!);
        }
        x += 1;
        continue;
      }
      const run = runLength(x, 0);
      for (let c = 0; c < components; c += 1) now[c]!.fill(now[c]![x - 1]!, x, x + run.length);
      x += run.length;
      if (run.ended) break;
      for (let c = 0; c < components; c += 1) now[c]![x] = interruption(0, now[c]![x - 1]!, before[c]![x]!, runOrders[runIndex[0]!]!);
      if (runIndex[0]! > 0) runIndex[0]! -= 1;
      x += 1;
    }
  };

  for (let row = 0; row < rows; row += 1) {
    for (let c = 0; c < components; c += 1) {
      before[c]![columns + 1] = before[c]![columns]!;
      now[c]![0] = before[c]![1]!;
    }
    if (scan.interleave === 'sample') together();
    else for (let c = 0; c < components; c += 1) single(before[c]!, now[c]!, c);
    for (let c = 0; c < components; c += 1) {
      const line = now[c]!;
      for (let x = 0, to = row * columns * components + c; x < columns; x += 1, to += components) out[to] = line[x + 1]!;
    }
    [before, now] = [now, before];
  }
  return { samples: out, end: bits.position };
}
