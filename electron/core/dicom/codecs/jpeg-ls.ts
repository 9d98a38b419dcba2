/**
 * JPEG-LS code streams: markers, parameters, scans (ITU-T T.87 Annex C).
 *
 * Our own: on some damaged streams CharLS, in both WASM packages tried, runs for half a minute and cannot be stopped.
 */
import { checkCodeStreamSize } from './code-stream-size.ts';
import type { Codec, DecodedFrame, EncodedFrame } from './codec.ts';
import { decodeScan, defaultPresets, type Presets } from './jpeg-ls-scan.ts';

const startOfFrame = 0xf7;
const startOfScan = 0xda;
const presetParameters = 0xf8;
const restartInterval = 0xdd;
const endOfImage = 0xd9;

/** Lossless and near-lossless. */
export const decodeJpegLs: Codec = async (frame) => {
  checkCodeStreamSize(frame, 'jpeg');
  return decodeStream(frame);
};

/** Decodes the stream of one frame; lossless and near-lossless, interleaved in any way. */
function decodeStream({ bytes, rows, columns, samples }: EncodedFrame): DecodedFrame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) throw new Error('the code stream does not begin with a start of image');
  let precision = 0;
  let custom: Presets | null = null;
  const planes: (Uint8Array | Uint16Array)[] = [];
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) throw new Error('the code stream has no marker where one must be');
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === endOfImage) break;
    const length = view.getUint16(at + 2);
    const body = at + 4;
    if (length < 2 || at + 2 + length > bytes.length) throw new Error('a marker segment is longer than the code stream');
    at += 2 + length;
    if (marker === startOfFrame) precision = bytes[body]!;
    else if (marker === restartInterval && view.getUint16(body) !== 0) throw new Error('restart intervals are not supported');
    else if (marker === presetParameters && bytes[body] === 1) {
      custom = { maxVal: view.getUint16(body + 1), t1: view.getUint16(body + 3), t2: view.getUint16(body + 5), t3: view.getUint16(body + 7), reset: view.getUint16(body + 9) };
    } else if (marker === presetParameters && bytes[body]! > 1) throw new Error('mapping tables are not supported');
    else if (marker === startOfScan) {
      if (precision < 2 || precision > 16) throw new Error(`${precision} bits a sample are not supported`);
      const components = bytes[body]!;
      const near = bytes[body + 1 + 2 * components]!;
      const interleave = (['none', 'line', 'sample'] as const)[bytes[body + 2 + 2 * components]!];
      if (interleave === undefined || components < 1 || components > samples || (interleave === 'none' && components !== 1)) throw new Error('the scan has an impossible layout');
      const usual = defaultPresets(custom?.maxVal || 2 ** precision - 1, near);
      // A parameter of 0 stands for its default.
      const presets = custom === null ? usual : { maxVal: usual.maxVal, t1: custom.t1 || usual.t1, t2: custom.t2 || usual.t2, t3: custom.t3 || usual.t3, reset: custom.reset || usual.reset };
      if (near > Math.min(255, presets.maxVal >> 1) || presets.reset < 3) throw new Error('the scan has impossible parameters');
      const scan = decodeScan({ bytes, start: at, rows, columns, near, presets, components, interleave, sampleBytes: precision <= 8 ? 1 : 2 });
      if (components === samples) return { samples: scan.samples, planar: false };
      planes.push(scan.samples);
      if (planes.length === samples) break;
      at = nextMarker(bytes, scan.end);
    }
  }
  if (planes.length !== samples) throw new Error(`the code stream has ${planes.length} of ${samples} components`);
  const joined = precision <= 8 ? new Uint8Array(rows * columns * samples) : new Uint16Array(rows * columns * samples);
  planes.forEach((plane, index) => joined.set(plane, index * rows * columns));
  return { samples: joined, planar: true };
}

/** The marker at or after a place; bit stuffing keeps FF followed by 80 or more out of the data. */
function nextMarker(bytes: Uint8Array, from: number): number {
  for (let at = Math.max(0, from - 1); at + 1 < bytes.length; at += 1) if (bytes[at] === 0xff && bytes[at + 1]! >= 0x80) return at;
  return bytes.length;
}
