/** Decoders by name; transfer-syntaxes.ts says which transfer syntax needs which. */
import type { CodecName } from '../transfer-syntaxes.ts';
import type { Codec } from './codec.ts';
import { decodeDeflatedFrame } from './deflated-frame.ts';
import { decodeHtJpeg2000, decodeJpeg2000 } from './jpeg-2000.ts';
import { decodeJpegLs } from './jpeg-ls.ts';
import { decodeJpegXl } from './jpeg-xl.ts';
import { decodeJpeg } from './jpeg.ts';
import { decodeEncapsulatedNative } from './native.ts';
import { decodeRle } from './rle.ts';

export const codecs: Readonly<Record<Exclude<CodecName, 'none'>, Codec>> = {
  rle: decodeRle,
  jpeg: decodeJpeg,
  'jpeg-ls': decodeJpegLs,
  'jpeg-2000': decodeJpeg2000,
  'ht-jpeg-2000': decodeHtJpeg2000,
  'jpeg-xl': decodeJpegXl,
  'deflated-frame': decodeDeflatedFrame,
  'encapsulated-native': decodeEncapsulatedNative,
};
