/** Transfer syntaxes: PS3.6 Annex A. One line each; `codec` names the decoder of the frames, `null` when the pixels are native. */

export type CodecName = 'rle' | 'jpeg' | 'jpeg-ls' | 'jpeg-2000' | 'ht-jpeg-2000' | 'jpeg-xl' | 'deflated-frame' | 'encapsulated-native' | 'none';

export interface TransferSyntax {
  readonly name: string;
  /** null = native pixels; `none` = encapsulated, and no decoder here. */
  readonly codec: CodecName | null;
  /** `only` when nothing but lossy data can be in it. */
  readonly lossy: 'never' | 'only' | 'maybe';
  /** False when the data set itself cannot be read. */
  readonly readable?: false;
}

const base = '1.2.840.10008.1.2';

export const transferSyntaxes: Readonly<Record<string, TransferSyntax | undefined>> = {
  [base]: { name: 'Implicit VR Little Endian', codec: null, lossy: 'never' },
  [`${base}.1`]: { name: 'Explicit VR Little Endian', codec: null, lossy: 'never' },
  [`${base}.1.98`]: { name: 'Encapsulated Uncompressed Explicit VR Little Endian', codec: 'encapsulated-native', lossy: 'never' },
  [`${base}.1.99`]: { name: 'Deflated Explicit VR Little Endian', codec: null, lossy: 'never' },
  [`${base}.2`]: { name: 'Explicit VR Big Endian', codec: null, lossy: 'never' },
  [`${base}.4.50`]: { name: 'JPEG Baseline', codec: 'jpeg', lossy: 'only' },
  [`${base}.4.51`]: { name: 'JPEG Extended', codec: 'jpeg', lossy: 'only' },
  [`${base}.4.53`]: { name: 'JPEG Spectral Selection', codec: 'jpeg', lossy: 'only' },
  [`${base}.4.55`]: { name: 'JPEG Full Progression', codec: 'jpeg', lossy: 'only' },
  [`${base}.4.57`]: { name: 'JPEG Lossless', codec: 'jpeg', lossy: 'never' },
  [`${base}.4.70`]: { name: 'JPEG Lossless, First-Order Prediction', codec: 'jpeg', lossy: 'never' },
  [`${base}.4.80`]: { name: 'JPEG-LS Lossless', codec: 'jpeg-ls', lossy: 'never' },
  [`${base}.4.81`]: { name: 'JPEG-LS Near-Lossless', codec: 'jpeg-ls', lossy: 'only' },
  [`${base}.4.90`]: { name: 'JPEG 2000 Lossless Only', codec: 'jpeg-2000', lossy: 'never' },
  [`${base}.4.91`]: { name: 'JPEG 2000', codec: 'jpeg-2000', lossy: 'maybe' },
  [`${base}.4.92`]: { name: 'JPEG 2000 Part 2 Multi-component Lossless Only', codec: 'none', lossy: 'never' },
  [`${base}.4.93`]: { name: 'JPEG 2000 Part 2 Multi-component', codec: 'none', lossy: 'maybe' },
  [`${base}.4.94`]: { name: 'JPIP Referenced', codec: 'none', lossy: 'maybe' },
  [`${base}.4.95`]: { name: 'JPIP Referenced Deflate', codec: 'none', lossy: 'maybe', readable: false },
  [`${base}.4.100`]: { name: 'MPEG2 Main Profile', codec: 'none', lossy: 'only' },
  [`${base}.4.101`]: { name: 'MPEG2 Main Profile High Level', codec: 'none', lossy: 'only' },
  [`${base}.4.102`]: { name: 'MPEG-4 AVC/H.264 High Profile', codec: 'none', lossy: 'only' },
  [`${base}.4.103`]: { name: 'MPEG-4 AVC/H.264 BD-compatible', codec: 'none', lossy: 'only' },
  [`${base}.4.104`]: { name: 'MPEG-4 AVC/H.264 4.2 for 2D', codec: 'none', lossy: 'only' },
  [`${base}.4.105`]: { name: 'MPEG-4 AVC/H.264 4.2 for 3D', codec: 'none', lossy: 'only' },
  [`${base}.4.106`]: { name: 'MPEG-4 AVC/H.264 Stereo', codec: 'none', lossy: 'only' },
  [`${base}.4.107`]: { name: 'HEVC/H.265 Main', codec: 'none', lossy: 'only' },
  [`${base}.4.108`]: { name: 'HEVC/H.265 Main 10', codec: 'none', lossy: 'only' },
  [`${base}.4.110`]: { name: 'JPEG XL Lossless', codec: 'jpeg-xl', lossy: 'never' },
  [`${base}.4.111`]: { name: 'JPEG XL JPEG Recompression', codec: 'jpeg-xl', lossy: 'only' },
  [`${base}.4.112`]: { name: 'JPEG XL', codec: 'jpeg-xl', lossy: 'maybe' },
  [`${base}.4.201`]: { name: 'High-Throughput JPEG 2000 Lossless Only', codec: 'ht-jpeg-2000', lossy: 'never' },
  [`${base}.4.202`]: { name: 'High-Throughput JPEG 2000 RPCL Lossless Only', codec: 'ht-jpeg-2000', lossy: 'never' },
  [`${base}.4.203`]: { name: 'High-Throughput JPEG 2000', codec: 'ht-jpeg-2000', lossy: 'maybe' },
  [`${base}.4.204`]: { name: 'JPIP HTJ2K Referenced', codec: 'none', lossy: 'maybe' },
  [`${base}.4.205`]: { name: 'JPIP HTJ2K Referenced Deflate', codec: 'none', lossy: 'maybe', readable: false },
  [`${base}.5`]: { name: 'RLE Lossless', codec: 'rle', lossy: 'never' },
  [`${base}.8.1`]: { name: 'Deflated Image Frame Compression', codec: 'deflated-frame', lossy: 'never' },
};
