/** JPEG XL, lossless and lossy. */
import { nativeCodec } from './dcmjs-native.ts';

export const decodeJpegXl = nativeCodec('decodeJpegXl');
