/** JPEG-LS by CharLS (WASM of @cornerstonejs/codec-charls). */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { checkCodeStreamSize } from './code-stream-size.ts';
import type { Codec, DecodedFrame, EncodedFrame } from './codec.ts';

interface CharlsDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number };
  getInterleaveMode(): number;
  delete(): void;
}
interface CharlsEncoder {
  getDecodedBuffer(info: { width: number; height: number; bitsPerSample: number; componentCount: number }): Uint8Array;
  setNearLossless(value: number): void;
  setInterleaveMode(mode: number): void;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
  delete(): void;
}
interface Charls {
  JpegLSDecoder: new () => CharlsDecoder;
  JpegLSEncoder: new () => CharlsEncoder;
}

let loading: Promise<Charls> | undefined;

/** The module with its WASM, loaded once; a module that aborted is never used again. */
function charls(): Promise<Charls> {
  return (loading ??= (async () => {
    const require = createRequire(import.meta.url);
    const make = require('@cornerstonejs/codec-charls/wasmjs') as (options: { wasmBinary: Uint8Array }) => Promise<Charls>;
    return make({ wasmBinary: readFileSync(require.resolve('@cornerstonejs/codec-charls/wasm')) });
  })());
}

async function withCharls<T>(work: (module: Charls) => T): Promise<T> {
  const module = await charls();
  try {
    return work(module);
  } catch (thrown) {
    loading = undefined;
    throw thrown;
  }
}

export const decodeJpegLs: Codec = async (frame) => {
  checkCodeStreamSize(frame, 'jpeg');
  return withCharls((module) => decodeWith(module, frame));
};

function decodeWith(module: Charls, { bytes, rows, columns, samples }: EncodedFrame): DecodedFrame {
  const decoder = new module.JpegLSDecoder();
  decoder.getEncodedBuffer(bytes.length).set(bytes);
  decoder.decode();
  const info = decoder.getFrameInfo();
  if (info.width !== columns || info.height !== rows || info.componentCount !== samples) {
    throw new Error(`the code stream is ${info.width} × ${info.height} × ${info.componentCount}`);
  }
  // The buffer lies in the module's memory, which the next call reuses.
  const copy = Uint8Array.from(decoder.getDecodedBuffer());
  const planar = samples > 1 && decoder.getInterleaveMode() === 0;
  decoder.delete();
  return { samples: info.bitsPerSample <= 8 ? copy : new Uint16Array(copy.buffer, 0, copy.byteLength >> 1), planar };
}

/** Encodes one frame losslessly; samples interleaved, of at most 16 bits. */
export function encodeJpegLs(samples: Uint8Array | Uint16Array, size: { rows: number; columns: number; samples: number; bitsStored: number }): Promise<Uint8Array> {
  return withCharls((module) => {
    const encoder = new module.JpegLSEncoder();
    const buffer = encoder.getDecodedBuffer({ width: size.columns, height: size.rows, bitsPerSample: size.bitsStored, componentCount: size.samples });
    buffer.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
    encoder.setNearLossless(0);
    encoder.setInterleaveMode(size.samples > 1 ? 2 : 0);
    encoder.encode();
    const encoded = Uint8Array.from(encoder.getEncodedBuffer());
    encoder.delete();
    return encoded;
  });
}
