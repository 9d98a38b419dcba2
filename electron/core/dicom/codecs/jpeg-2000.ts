/** JPEG 2000 and HTJ2K by OpenJPEG (WASM of @cornerstonejs/codec-openjpeg). Bare code streams and JP2 files in a fragment alike. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { checkCodeStreamSize } from './code-stream-size.ts';
import type { Codec } from './codec.ts';

interface OpenJpegDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number; isSigned: boolean };
  delete(): void;
}
interface OpenJpeg {
  J2KDecoder: new () => OpenJpegDecoder;
}

let loading: Promise<OpenJpeg> | undefined;

function openJpeg(): Promise<OpenJpeg> {
  return (loading ??= (async () => {
    const require = createRequire(import.meta.url);
    const make = require('@cornerstonejs/codec-openjpeg/decodewasmjs') as (options: Record<string, unknown>) => Promise<OpenJpeg>;
    // The library reports every image on the console; that is noise here.
    return make({ wasmBinary: readFileSync(require.resolve('@cornerstonejs/codec-openjpeg/decodewasm')), print: () => undefined, printErr: () => undefined });
  })());
}

export const decodeJpeg2000: Codec = async (frame) => {
  checkCodeStreamSize(frame, 'jpeg-2000');
  const { bytes, rows, columns, samples } = frame;
  const module = await openJpeg();
  try {
    const decoder = new module.J2KDecoder();
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
  } catch (thrown) {
    loading = undefined;
    throw thrown;
  }
};
