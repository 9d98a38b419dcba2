/** JPEG XL, lossless and lossy. The decoder compares the size itself. */
import { nativeCodec } from './dcmjs-native.ts';

export const decodeJpegXl = nativeCodec('decodeJpegXl', () => undefined);
