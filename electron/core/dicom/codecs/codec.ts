/** What a decoder of frames is given and gives back. One file a codec; `index.ts` is the table. */

export interface EncodedFrame {
  /** The whole code stream of one frame, fragments joined. */
  readonly bytes: Uint8Array;
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  /** Pixel Representation 1. */
  readonly signed: boolean;
  readonly photometricInterpretation: string;
  /** 1 = plane after plane; means something for uncompressed samples only, elsewhere the code stream knows. */
  readonly planarConfiguration: number;
}

export interface DecodedFrame {
  /** Samples as the code stream has them, rows × columns × samples; sign and unused bits are settled by the caller, from the header. */
  readonly samples: Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array;
  /** True when the samples come plane after plane instead of interleaved. */
  readonly planar: boolean;
  /** Set when decoding changed the colour space (the multi-component transform of JPEG 2000). */
  readonly photometricInterpretation?: string;
}

/** Decodes one frame; throws anything when the code stream is damaged (the caller makes it `dicom/decode-failed`). */
export type Codec = (frame: EncodedFrame) => Promise<DecodedFrame>;
