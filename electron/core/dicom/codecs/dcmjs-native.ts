/** The codecs of dcmjs-codecs (one WASM; here its libijg of 8, 12 and 16 bits and its libjxl), behind the shape of this room. */
import { createRequire } from 'node:module';
import type { Codec, EncodedFrame } from './codec.ts';

interface NativeContext {
  getDecodedBuffer(): Uint8Array;
  getWidth(): number;
  getHeight(): number;
  getSamplesPerPixel(): number;
  getPlanarConfiguration(): number;
}
type Decode = (context: NativeContext, parameters?: { convertColorspaceToRgb?: boolean }) => NativeContext;
interface NativeModule {
  NativeCodecs: { initializeAsync(): Promise<void>; isInitialized(): boolean; release(): void; decodeJpeg: Decode; decodeJpegXl: Decode };
  Context: new (attributes: Record<string, unknown>) => NativeContext;
}

let loading: Promise<NativeModule> | undefined;

function native(): Promise<NativeModule> {
  return (loading ??= (async () => {
    const module = createRequire(import.meta.url)('dcmjs-codecs') as NativeModule;
    await module.NativeCodecs.initializeAsync();
    return module;
  })());
}

/** A codec that calls one of the module's decoders. After a failure the WASM is thrown away: its memory may be torn. */
export function nativeCodec(name: 'decodeJpeg' | 'decodeJpegXl', check: (frame: EncodedFrame) => void): Codec {
  return async (frame) => {
    check(frame);
    const { NativeCodecs, Context } = await native();
    try {
      const context = new Context({
        width: frame.columns,
        height: frame.rows,
        bitsAllocated: frame.bitsAllocated,
        bitsStored: frame.bitsStored,
        samplesPerPixel: frame.samples,
        pixelRepresentation: frame.signed ? 1 : 0,
        planarConfiguration: 0,
        photometricInterpretation: frame.photometricInterpretation,
        encodedBuffer: frame.bytes,
      });
      const decoded = NativeCodecs[name](context, { convertColorspaceToRgb: false });
      const buffer = decoded.getDecodedBuffer().slice();
      const values = frame.rows * frame.columns * frame.samples;
      const sampleBytes = buffer.length / values;
      const planar = frame.samples > 1 && decoded.getPlanarConfiguration() === 1;
      if (sampleBytes === 1) return { samples: buffer, planar };
      if (sampleBytes === 2) return { samples: new Uint16Array(buffer.buffer), planar };
      if (sampleBytes === 4) return { samples: new Uint32Array(buffer.buffer), planar };
      throw new Error(`the code stream gave ${buffer.length} bytes for ${values} samples`);
    } catch (thrown) {
      loading = undefined;
      NativeCodecs.release();
      throw thrown;
    }
  };
}
