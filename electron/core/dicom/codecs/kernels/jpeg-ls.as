/**
 * One scan of JPEG-LS: ITU-T T.87 Annex A, lossless and near-lossless. Names follow the recommendation (A, B, C, N, Nn, RUNindex, …).
 * Every loop is bounded by the image or by LIMIT, and reading past the end stops with a reason: a damaged stream ends quickly.
 * The host (jpeg-ls-scan.ts) lays out the memory and tells where everything is; all places are addresses in bytes.
 */

/** The first byte that the constants of this kernel do not take. */
export const room: usize = __heap_base;

/** Why the last call stopped; the host has the words. */
export let reason: i32 = 0;
const endsTooEarly = 1;
const impossibleCode = 2;
const makesNoSense = 3;
const runTooLong = 4;

/** J of T.87 A.2.1: how many bits say the rest of a run. */
const runOrders: usize = memory.data<u8>([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
/** Contexts 0…364 are regular, 365 and 366 those of run interruption. Each has A, B, C, N; of run interruption Nn is in the place of B. */
const contextBytes: usize = 367 * 16;

// The scan, as the host set it.
let columns: i32 = 0;
let components: i32 = 0;
let near: i32 = 0;
let maxVal: i32 = 0;
let reset: i32 = 0;
let step: i32 = 0;
let wrap: i32 = 0;
let qbpp: i32 = 0;
let limit: i32 = 0;
let contexts: usize = 0;
let runIndexes: usize = 0;
/** Quantised differences (T.87 A.3.3): the byte of difference 0. */
let quantised: usize = 0;
let bits: usize = 0;
/** Bits that there are, and the next to read. */
let length: u32 = 0;
let at: u32 = 0;
/** Where the code stream goes on after the scan: its next marker, or its end. */
export let end: usize = 0;

@inline
function stop(why: i32): void {
  reason = why;
  unreachable();
}

@inline
function bitsFor(count: i32): i32 {
  return count <= 1 ? 0 : 32 - <i32>clz<u32>(count - 1);
}

/**
 * Sets the scan up. `tables` has room for the contexts, 16 bytes and the 2 · largest + 1 of the quantised differences; `from` to `to` is the code stream from the scan's first byte, followed by 16 bytes of room:
 * its stuffed bits (T.87 A.1: after a byte FF the next holds seven) are taken out in place, so that any 25 bits can be had by one load.
 */
export function begin(tables: usize, from: usize, to: usize, width: i32, count: i32, tolerance: i32, largest: i32, t1: i32, t2: i32, t3: i32, restart: i32): void {
  columns = width;
  components = count;
  near = tolerance;
  maxVal = largest;
  reset = restart;
  step = 2 * near + 1;
  const range = (maxVal + 2 * near) / step + 1;
  wrap = range * step;
  qbpp = bitsFor(range);
  const bpp = max(2, bitsFor(maxVal + 1));
  limit = 2 * (bpp + max(8, bpp));
  contexts = tables;
  runIndexes = tables + contextBytes;
  quantised = runIndexes + 16 + <usize>maxVal;
  const start = max(2, (range + 32) >> 6);
  for (let place: usize = contexts; place < runIndexes; place += 16) {
    store<i32>(place, start);
    store<i64>(place, 0, 4);
    store<i32>(place, 1, 12);
  }
  memory.fill(runIndexes, 0, 16);
  for (let size = 0; size <= maxVal; size++) {
    const level = size <= near ? 0 : size < t1 ? 1 : size < t2 ? 2 : size < t3 ? 3 : 4;
    store<i8>(quantised + size, <i8>level);
    store<i8>(quantised - size, <i8>-level);
  }
  unstuff(from, to);
}

function unstuff(from: usize, to: usize): void {
  let out = from;
  let place = from;
  let held: u32 = 0;
  let count: u32 = 0;
  let width: u32 = 8;
  for (; place < to; place++) {
    const byte: u32 = load<u8>(place);
    if (width == 7 && byte >= 0x80) break;
    held = (held << width) | byte;
    count += width;
    if (count >= 8) {
      count -= 8;
      store<u8>(out, held >> count);
      out++;
      held &= (1 << count) - 1;
    }
    width = byte == 0xff ? 7 : 8;
  }
  end = place;
  bits = from;
  at = 0;
  length = <u32>(out - from) * 8 + count;
  if (count > 0) {
    store<u8>(out, held << (8 - count));
    out++;
  }
  memory.fill(out, 0, 16);
}

/** The next 25 bits at least, then zeros. */
@inline
function look(): u32 {
  return bswap<u32>(load<u32>(bits + (at >> 3))) << (at & 7);
}

function read(width: i32): i32 {
  if (at + width > length) stop(endsTooEarly);
  const value = width == 0 ? 0 : <i32>(look() >> (32 - width));
  at += width;
  return value;
}

/** A code that needs more than one look. */
function longGolomb(k: i32, longest: i32): i32 {
  let zeros = 0;
  for (;;) {
    if (at >= length) stop(endsTooEarly);
    const run = min(<i32>clz<u32>(look()), 25);
    zeros += run;
    at += run;
    if (zeros > longest) stop(impossibleCode);
    if (run < 25) break;
  }
  at += 1;
  return zeros >= longest - qbpp - 1 ? read(qbpp) + 1 : (zeros << k) | read(k);
}

/** A limited-length Golomb code (T.87 A.5.3): zeros before the next one, then `k` bits; or, after as many zeros as there may be, the escape. */
@inline
function golomb(k: i32, longest: i32): i32 {
  const ahead = look();
  const zeros: i32 = clz<u32>(ahead);
  if (zeros + k > 24 || zeros >= longest - qbpp - 1) return longGolomb(k, longest);
  at += zeros + 1 + k;
  // Two shifts, because a shift by 32 would be one by 0.
  return (zeros << k) | <i32>(((ahead << (zeros + 1)) >> 1) >> (31 - k));
}

/** The smallest k with n · 2^k ≥ a (T.87 A.5.1). */
@inline
function order(n: i32, a: i32): i32 {
  const apart = clz<i32>(n) - clz<i32>(a);
  let k = apart > 0 ? apart : 0;
  if (n << k < a) k += 1;
  if (k > 23) stop(makesNoSense);
  return k;
}

/** Adds the error modulo the range and keeps the sample within it (T.87 A.4.5). */
@inline
function reconstructed(prediction: i32, error: i32): i32 {
  let value = prediction + error;
  if (value < -near) value += wrap;
  else if (value > maxVal + near) value -= wrap;
  return value < 0 ? 0 : value > maxVal ? maxVal : value;
}

/** A sample in its regular context `q`, which carries the sign (T.87 A.4 to A.6). */
@inline
function regular(q: i32, ra: i32, rb: i32, rc: i32): i32 {
  // 0 or -1: (x ^ sign) - sign turns x round.
  const sign = q >> 31;
  const context = contexts + (<usize>((q ^ sign) - sign) << 4);
  const a = load<i32>(context);
  let b = load<i32>(context, 4);
  const c = load<i32>(context, 8);
  let n = load<i32>(context, 12);
  const low = min(ra, rb);
  const high = max(ra, rb);
  let prediction = (rc >= high ? low : rc <= low ? high : ra + rb - rc) + ((c ^ sign) - sign);
  prediction = prediction < 0 ? 0 : prediction > maxVal ? maxVal : prediction;
  const k = order(n, a);
  const mapped = golomb(k, limit);
  let error = (mapped >> 1) ^ -(mapped & 1);
  if (k == 0 && step == 1 && 2 * b <= -n) error = ~error;
  b += error * step;
  let size = a + (error < 0 ? -error : error);
  if (n == reset) {
    size >>= 1;
    b >>= 1;
    n >>= 1;
  }
  n += 1;
  if (b <= -n) {
    b = max(b + n, 1 - n);
    if (c > -128) store<i32>(context, c - 1, 8);
  } else if (b > 0) {
    b = min(b - n, 0);
    if (c < 127) store<i32>(context, c + 1, 8);
  }
  store<i32>(context, size);
  store<i32>(context, b, 4);
  store<i32>(context, n, 12);
  return reconstructed(prediction, ((error ^ sign) - sign) * step);
}

/** The sample that ends a run (T.87 A.7.2); type 1 when its neighbours are alike. */
function interruption(type: i32, ra: i32, rb: i32, runOrder: i32): i32 {
  const context = contexts + (<usize>(365 + type) << 4);
  let a = load<i32>(context);
  let alike = load<i32>(context, 4);
  let n = load<i32>(context, 12);
  const k = order(n, type == 1 ? a + (n >> 1) : a);
  const mapped = golomb(k, limit - runOrder - 1);
  const raised = mapped + type;
  const isOdd = (raised & 1) == 1;
  const size = (raised + i32(isOdd)) >> 1;
  const error = (k != 0 || 2 * alike >= n) == isOdd ? -size : size;
  if (error < 0) alike += 1;
  a += (mapped + 1 - type) >> 1;
  if (n == reset) {
    a >>= 1;
    n >>= 1;
    alike >>= 1;
  }
  store<i32>(context, a);
  store<i32>(context, alike, 4);
  store<i32>(context, n + 1, 12);
  const sign = type == 0 && ra > rb ? -1 : 1;
  return reconstructed(type == 1 ? ra : rb, sign * error * step);
}

@inline
function runOrder(index: usize): i32 {
  return load<u8>(runOrders + <usize>load<i32>(index));
}

/** Where the run from `x` ends (T.87 A.7.1): at columns + 1 when the line is full before it breaks off. */
function runEnd(x: i32, index: usize): i32 {
  while (read(1) == 1) {
    const block = 1 << runOrder(index);
    const filled = min(block, columns + 1 - x);
    x += filled;
    const run = load<i32>(index);
    if (filled == block && run < 31) store<i32>(index, run + 1);
    if (x > columns) return x;
  }
  x += read(runOrder(index));
  if (x > columns) stop(runTooLong);
  return x;
}

@inline
function shorter(index: usize): void {
  const run = load<i32>(index);
  if (run > 0) store<i32>(index, run - 1);
}

@inline
function quantise(difference: i32): i32 {
  return load<i8>(quantised + difference);
}

@inline
function repeat(line: usize, value: i32, from: i32, to: i32): void {
  for (let x = from; x < to; x++) store<i32>(line + (<usize>x << 2), value);
}

/** One line of one component. Lines have a sample before and one after (T.87 A.2.1, figure A.1). */
function single(previous: usize, line: usize, index: usize): void {
  let x = 1;
  let ra = load<i32>(line);
  let rb = load<i32>(previous, 4);
  let rc = load<i32>(previous);
  let q2 = quantise(rb - rc);
  while (x <= columns) {
    const rd = load<i32>(previous + (<usize>x << 2), 4);
    const q1 = quantise(rd - rb);
    const q = 81 * q1 + 9 * q2 + quantise(rc - ra);
    if (q != 0) {
      ra = regular(q, ra, rb, rc);
      store<i32>(line + (<usize>x << 2), ra);
      x += 1;
      rc = rb;
      rb = rd;
      q2 = q1;
      continue;
    }
    const stops = runEnd(x, index);
    repeat(line, ra, x, stops);
    x = stops;
    if (x > columns) break;
    rc = load<i32>(previous + (<usize>x << 2));
    ra = interruption(i32(abs(ra - rc) <= near), ra, rc, runOrder(index));
    store<i32>(line + (<usize>x << 2), ra);
    shorter(index);
    x += 1;
    rb = load<i32>(previous + (<usize>x << 2));
    q2 = quantise(rb - rc);
  }
}

/** One line of all components, pixel by pixel; a run is one of whole pixels. */
function together(previous: usize, line: usize, lineBytes: usize): void {
  const last = <usize>components * lineBytes;
  let x = 1;
  while (x <= columns) {
    const place = <usize>x << 2;
    let any = 0;
    for (let c: usize = 0; c < last; c += lineBytes) any |= context(previous + c + place, line + c + place);
    if (any != 0) {
      for (let c: usize = 0; c < last; c += lineBytes) {
        const above = previous + c + place;
        const here = line + c + place;
        const q = context(above, here);
        store<i32>(here, regular(q, load<i32>(here - 4), load<i32>(above), load<i32>(above - 4)));
      }
      x += 1;
      continue;
    }
    const stops = runEnd(x, runIndexes);
    for (let c: usize = 0; c < last; c += lineBytes) repeat(line + c, load<i32>(line + c + place - 4), x, stops);
    x = stops;
    if (x > columns) break;
    const after = <usize>x << 2;
    for (let c: usize = 0; c < last; c += lineBytes) store<i32>(line + c + after, interruption(0, load<i32>(line + c + after - 4), load<i32>(previous + c + after), runOrder(runIndexes)));
    shorter(runIndexes);
    x += 1;
  }
}

@inline
function context(above: usize, here: usize): i32 {
  const rb = load<i32>(above);
  const rc = load<i32>(above - 4);
  return 81 * quantise(load<i32>(above, 4) - rb) + 9 * quantise(rb - rc) + quantise(rc - load<i32>(here - 4));
}

/**
 * Decodes the scan that `begin` set up into `out`: pixel after pixel with components interleaved, one byte or two a sample.
 * `lines` has two lines of columns + 2 samples of 4 bytes for each component.
 */
export function decode(rows: i32, bySample: bool, lines: usize, out: usize, sampleBytes: i32): void {
  const lineBytes = (<usize>columns + 2) << 2;
  const all = lineBytes * <usize>components;
  memory.fill(lines, 0, 2 * all);
  let previous = lines;
  let line = lines + all;
  for (let row = 0; row < rows; row++) {
    for (let c: usize = 0; c < all; c += lineBytes) {
      const ends = previous + c + lineBytes;
      store<i32>(ends - 4, load<i32>(ends - 8));
      store<i32>(line + c, load<i32>(previous + c, 4));
    }
    if (bySample) together(previous, line, lineBytes);
    else for (let c = 0; c < components; c++) single(previous + <usize>c * lineBytes, line + <usize>c * lineBytes, runIndexes + (<usize>c << 2));
    // Zeros after the end read as codes for a while: no later than here it is noticed.
    if (at > length) stop(endsTooEarly);
    for (let x: usize = 4; x < lineBytes - 4; x += 4) {
      for (let c: usize = 0; c < all; c += lineBytes) {
        const value = load<i32>(line + c + x);
        if (sampleBytes == 1) store<u8>(out, value);
        else store<u16>(out, value);
        out += sampleBytes;
      }
    }
    const turned = previous;
    previous = line;
    line = turned;
  }
}
