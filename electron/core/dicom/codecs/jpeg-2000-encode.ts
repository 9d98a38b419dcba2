/** JPEG 2000 lossless encoding (reversible 5/3 wavelet) by OpenJPEG (WASM of @cornerstonejs/codec-openjpeg). */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

interface OpenJpegEncoder {
  getDecodedBuffer(info: { width: number; height: number; bitsPerSample: number; componentCount: number; isSigned: boolean }): Uint8Array;
  setQuality(lossless: boolean, quality: number): void;
  setDecompositions(levels: number): void;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
  delete(): void;
}
interface OpenJpeg {
  J2KEncoder: new () => OpenJpegEncoder;
}

let loading: Promise<OpenJpeg> | undefined;

/** The module with encoder, which is another than the decoder's; loaded once. */
function openJpeg(): Promise<OpenJpeg> {
  return (loading ??= (async () => {
    const require = createRequire(import.meta.url);
    const make = require('@cornerstonejs/codec-openjpeg/wasmjs') as (options: Record<string, unknown>) => Promise<OpenJpeg>;
    return make({ wasmBinary: readFileSync(require.resolve('@cornerstonejs/codec-openjpeg/wasm')), print: () => undefined, printErr: () => undefined });
  })());
}

/** Encodes one frame losslessly; samples interleaved, of at most 16 bits. Three components go through the reversible colour transform. */
export async function encodeJpeg2000(
  samples: Uint8Array | Int8Array | Uint16Array | Int16Array,
  size: { rows: number; columns: number; samples: number; bitsStored: number; signed: boolean },
): Promise<Uint8Array> {
  const module = await openJpeg();
  try {
    return encodeWith(module, samples, size);
  } catch (thrown) {
    // After a failure the memory of the module may be torn.
    loading = undefined;
    throw thrown;
  }
}

function encodeWith(module: OpenJpeg, samples: ArrayBufferView, size: { rows: number; columns: number; samples: number; bitsStored: number; signed: boolean }): Uint8Array {
  const encoder = new module.J2KEncoder();
  const buffer = encoder.getDecodedBuffer({ width: size.columns, height: size.rows, bitsPerSample: size.bitsStored, componentCount: size.samples, isSigned: size.signed });
  buffer.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
  encoder.setQuality(true, 0);
  // Each level halves the image; a side of one pixel cannot be halved.
  encoder.setDecompositions(Math.max(0, Math.min(5, Math.floor(Math.log2(Math.min(size.rows, size.columns))))));
  encoder.encode();
  const encoded = Uint8Array.from(encoder.getEncodedBuffer());
  encoder.delete();
  return encoded;
}
