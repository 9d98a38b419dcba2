/**
 * JPEG 2000 by OpenJPEG and its high-throughput form (HTJ2K) by OpenJPH, which is twice as fast there: WASM of @cornerstonejs/codec-openjpeg and -openjph,
 * alike from outside. Bare code streams and JP2 files in a fragment alike.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { checkCodeStreamSize } from './code-stream-size.ts';
import type { Codec, DecodedFrame, EncodedFrame } from './codec.ts';

interface Decoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number; isSigned: boolean };
  delete(): void;
}
type Make<Module> = (options: Record<string, unknown>) => Promise<Module>;
type DecoderClass = new () => Decoder;

const require = createRequire(import.meta.url);
/** The libraries report every image on the console; that is noise here. */
const silent = { print: () => undefined, printErr: () => undefined };

function withLibrary(load: () => Promise<DecoderClass>): (frame: EncodedFrame) => Promise<DecodedFrame> {
  let loading: Promise<DecoderClass> | undefined;
  return async (frame) => {
    const Library = await (loading ??= load());
    try {
      return decode(new Library(), frame);
    } catch (thrown) {
      // What a failure left in the library's memory is not known.
      loading = undefined;
      throw thrown;
    }
  };
}

function decode(decoder: Decoder, { bytes, rows, columns, samples }: EncodedFrame): DecodedFrame {
  decoder.getEncodedBuffer(bytes.length).set(bytes);
  decoder.decode();
  const info = decoder.getFrameInfo();
  if (info.width !== columns || info.height !== rows || info.componentCount !== samples) {
    throw new Error(`the code stream is ${info.width} × ${info.height} × ${info.componentCount}`);
  }
  const copy = decoder.getDecodedBuffer().slice();
  decoder.delete();
  const values = rows * columns * samples;
  const sampleBytes = copy.length / values;
  const decoded = sampleBytes === 1 ? copy : sampleBytes === 2 ? new Uint16Array(copy.buffer) : sampleBytes === 4 ? new Uint32Array(copy.buffer) : null;
  if (decoded === null) throw new Error(`the code stream gave ${copy.length} bytes for ${values} samples`);
  return { samples: decoded, planar: false, ...(samples === 3 ? { photometricInterpretation: 'RGB' } : {}) };
}

const openJpeg = withLibrary(async () => {
  const make = require('@cornerstonejs/codec-openjpeg/decodewasmjs') as Make<{ J2KDecoder: DecoderClass }>;
  return (await make({ ...silent, wasmBinary: readFileSync(require.resolve('@cornerstonejs/codec-openjpeg/decodewasm')) })).J2KDecoder;
});

const openJph = withLibrary(async () => {
  const make = require('@cornerstonejs/codec-openjph/wasmjs') as Make<{ HTJ2KDecoder: DecoderClass }>;
  return (await make({ ...silent, wasmBinary: readFileSync(require.resolve('@cornerstonejs/codec-openjph/wasm')) })).HTJ2KDecoder;
});

export const decodeJpeg2000: Codec = async (frame) => {
  checkCodeStreamSize(frame, 'jpeg-2000');
  return openJpeg(frame);
};

/** OpenJPH reads bare code streams of up to 16 bits; what it does not read is left to OpenJPEG. */
export const decodeHtJpeg2000: Codec = async (frame) => {
  checkCodeStreamSize(frame, 'jpeg-2000');
  const isBare = frame.bytes[0] === 0xff && frame.bytes[1] === 0x4f;
  return isBare && frame.bitsAllocated <= 16 ? openJph(frame) : openJpeg(frame);
};
