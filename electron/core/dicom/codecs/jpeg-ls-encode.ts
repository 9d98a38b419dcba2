/** JPEG-LS encoding by CharLS (WASM of @cornerstonejs/codec-charls). Decoding is our own: see jpeg-ls.ts. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

interface CharlsEncoder {
  getDecodedBuffer(info: { width: number; height: number; bitsPerSample: number; componentCount: number }): Uint8Array;
  setNearLossless(value: number): void;
  setInterleaveMode(mode: number): void;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
  delete(): void;
}
interface Charls {
  JpegLSEncoder: new () => CharlsEncoder;
}

let loading: Promise<Charls> | undefined;

/** The module with its WASM, loaded once. */
function charls(): Promise<Charls> {
  return (loading ??= (async () => {
    const require = createRequire(import.meta.url);
    const make = require('@cornerstonejs/codec-charls/wasmjs') as (options: { wasmBinary: Uint8Array }) => Promise<Charls>;
    return make({ wasmBinary: readFileSync(require.resolve('@cornerstonejs/codec-charls/wasm')) });
  })());
}

/** Encodes one frame losslessly; samples interleaved, of at most 16 bits. */
export async function encodeJpegLs(samples: Uint8Array | Uint16Array, size: { rows: number; columns: number; samples: number; bitsStored: number }): Promise<Uint8Array> {
  const module = await charls();
  try {
    return encodeWith(module, samples, size);
  } catch (thrown) {
    // After a failure the memory of the module may be torn.
    loading = undefined;
    throw thrown;
  }
}

function encodeWith(module: Charls, samples: Uint8Array | Uint16Array, size: { rows: number; columns: number; samples: number; bitsStored: number }): Uint8Array {
  const encoder = new module.JpegLSEncoder();
  const buffer = encoder.getDecodedBuffer({ width: size.columns, height: size.rows, bitsPerSample: size.bitsStored, componentCount: size.samples });
  buffer.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
  encoder.setNearLossless(0);
  encoder.setInterleaveMode(size.samples > 1 ? 2 : 0);
  encoder.encode();
  // The buffer lies in the module's memory, which the next call reuses.
  const encoded = Uint8Array.from(encoder.getEncodedBuffer());
  encoder.delete();
  return encoded;
}
