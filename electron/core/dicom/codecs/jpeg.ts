/** JPEG of all processes: baseline, extended (8 and 12 bit), progressive and lossless with any predictor. Samples stay in the code stream's colour space. */
import { checkCodeStreamSize } from './code-stream-size.ts';
import { nativeCodec } from './dcmjs-native.ts';

export const decodeJpeg = nativeCodec('decodeJpeg', (frame) => checkCodeStreamSize(frame, 'jpeg'));
