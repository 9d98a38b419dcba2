/** One scan of JPEG-LS (ITU-T T.87 Annex A): lays out the memory of the kernel `kernels/jpeg-ls.as`, which decodes it. */
import { kernel, type KernelExports, type KernelNumber } from './kernels/kernel.ts';

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
  /** Components decoded together: 1, or all of an interleaved scan; 4 at most. */
  readonly components: number;
  /** By line: components take turns line by line. By sample: pixel by pixel. */
  readonly interleave: 'none' | 'line' | 'sample';
  readonly sampleBytes: 1 | 2;
}

interface JpegLsExports extends KernelExports {
  readonly reason: KernelNumber;
  readonly end: KernelNumber;
  begin(tables: number, from: number, to: number, columns: number, components: number, near: number, maxVal: number, t1: number, t2: number, t3: number, reset: number): void;
  decode(rows: number, bySample: boolean, lines: number, out: number, sampleBytes: number): void;
}

const jpegLs = kernel<JpegLsExports>('jpeg-ls');
/** By the kernel's `reason`. */
const reasons = ['makes no sense', 'ends too early', 'holds an impossible code', 'makes no sense', 'has a run that is longer than its line'];
/** Room that the kernel asks for after the code stream. */
const roomBytes = 16;
/** Contexts, run indices and the quantisation of the largest sample range: enough for every scan. */
const tableBytes = 367 * 16 + 16 + 2 * 65_535 + 1;
/** The kernel counts bits in 32; no honest frame comes near this. */
const largestScanBytes = 2 ** 28;

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

/**
 * Decodes a scan.
 *
 * @returns Samples, pixel after pixel with components interleaved, and where in the code stream the scan ends.
 * @throws {Error} when the code stream is damaged.
 */
export function decodeScan(scan: Scan): { samples: Uint8Array | Uint16Array; end: number } {
  const { bytes, start, rows, columns, near, presets, components, sampleBytes } = scan;
  const { maxVal, t1, t2, t3, reset } = presets;
  const coded = bytes.length - start;
  if (coded > largestScanBytes) throw new Error('the code stream is too long');
  const outBytes = rows * columns * components * sampleBytes;
  return jpegLs.with([tableBytes, coded + roomBytes, 2 * components * (columns + 2) * 4, outBytes], (exports, memory, [tables, from, lines, out]) => {
    memory.set(bytes.subarray(start), from!);
    try {
      exports.begin(tables!, from!, from! + coded, columns, components, near, maxVal, t1, t2, t3, reset);
      exports.decode(rows, scan.interleave === 'sample', lines!, out!, sampleBytes);
    } catch (thrown) {
      throw new Error(`the code stream ${reasons[exports.reason.value] ?? 'makes no sense'}`, { cause: thrown });
    }
    const decoded = memory.slice(out!, out! + outBytes);
    return { samples: sampleBytes === 1 ? decoded : new Uint16Array(decoded.buffer), end: start + exports.end.value - from! };
  });
}
