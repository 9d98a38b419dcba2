/**
 * What pixel data can carry beside pixels: comments and application data in compressed code streams, bytes behind the last pixel. They are
 * overwritten in place, so that lengths, offset tables and pixels stay as they were.
 */
import type { DataElement, DataSet, EncapsulatedPixels } from '#dicom';

const space = 0x20;

/** A copy of the element without such passengers; the element itself when there are none. */
export function withoutPassengers(element: DataElement, dataset: DataSet): DataElement {
  const { value } = element;
  if (value instanceof Uint8Array) return element.tag === '7fe00010' ? trimmed(element, value, dataset) : element;
  if (!('kind' in value)) return element;
  const fragments = value.fragments.map(blankedCodeStream);
  return fragments.every((fragment, at) => fragment === value.fragments[at]) ? element : { ...element, value: { ...value, fragments } satisfies EncapsulatedPixels };
}

/** Native pixels end where Rows, Columns, Samples, Bits Allocated and Number of Frames say (PS3.5 8.1.1). */
function trimmed(element: DataElement, bytes: Uint8Array, dataset: DataSet): DataElement {
  const number = (key: string, otherwise: number): number => dataset.number(key) ?? otherwise;
  const lengthOf = (samples: number): number => Math.ceil((number('Rows', 0) * number('Columns', 0) * samples * number('BitsAllocated', 0) * number('NumberOfFrames', 1)) / 8);
  // Where there are just the bytes for every pixel's chroma, 4:2:2 is a name that was left when the pixels were expanded.
  const isSubsampled = /^YBR_(FULL|PARTIAL)_422$/.test(dataset.string('PhotometricInterpretation')) && (bytes.length < lengthOf(3) || bytes.length > lengthOf(3) + 1);
  const length = lengthOf(isSubsampled ? 2 : number('SamplesPerPixel', 1));
  if (!(length > 0) || bytes.length <= length) return element;
  const even = length + (length % 2);
  const out = bytes.slice(0, even);
  out.fill(0, length);
  return { ...element, value: out };
}

/** A fragment whose comments are blank. Only the first fragment of a frame has a header; others begin with no marker and are left alone. */
export function blankedCodeStream(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return blankedJpeg(bytes);
  if (bytes[0] === 0xff && bytes[1] === 0x4f) return blankedJpeg2000(bytes, 0);
  if (isBox(bytes, 'jP  ') || isBox(bytes, 'JXL ')) return blankedBoxes(bytes);
  return bytes;
}

function isBox(bytes: Uint8Array, type: string): boolean {
  return bytes.length >= 12 && [...type].every((letter, at) => bytes[4 + at] === letter.charCodeAt(0));
}

/** Copies at the first change only. */
class Blanking {
  #out: Uint8Array | null = null;
  readonly #bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }
  fill(start: number, end: number, value: number): void {
    if (start >= end) return;
    this.#out ??= Uint8Array.from(this.#bytes);
    this.#out.fill(value, start, end);
  }
  set(at: number, text: string): void {
    this.#out ??= Uint8Array.from(this.#bytes);
    for (let i = 0; i < text.length; i += 1) this.#out[at + i] = text.charCodeAt(i);
  }
  get result(): Uint8Array {
    return this.#out ?? this.#bytes;
  }
}

/**
 * JPEG and JPEG-LS (ITU-T T.81 B.1): COM is blanked, and application segments but those a decoder needs: JFIF (without its thumbnail), SPIFF of
 * JPEG-LS, HP's of lossless JPEG, Adobe's colour transform. What follows the end of the image goes too.
 */
function blankedJpeg(bytes: Uint8Array): Uint8Array {
  const blanking = new Blanking(bytes);
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xd9) break;
    if (marker >= 0xd0 && marker <= 0xd7) {
      at += 2;
      continue;
    }
    const length = bytes[at + 2]! * 256 + bytes[at + 3]!;
    const start = at + 4;
    const end = Math.min(bytes.length, at + 2 + length);
    if (marker === 0xfe) blanking.fill(start, end, space);
    else if (marker === 0xe0) blanking.fill(startsWith(bytes, start, 'JFIF\0') ? start + 14 : start, end, 0);
    else if (marker === 0xee) blanking.fill(startsWith(bytes, start, 'Adobe') ? start + 12 : start, end, 0);
    else if (marker === 0xe8) blanking.fill(startsWith(bytes, start, 'SPIFF\0') ? start + 30 : start, end, 0);
    else if (marker >= 0xe1 && marker <= 0xef) blanking.fill(start, end, 0);
    at = end;
    // Entropy-coded data holds no marker but restarts and escaped bytes; the next one that is neither begins a segment.
    if (marker === 0xda) while (at + 1 < bytes.length && !(bytes[at] === 0xff && bytes[at + 1]! >= 0xc0 && !(bytes[at + 1]! >= 0xd0 && bytes[at + 1]! <= 0xd7) && bytes[at + 1] !== 0xff)) at += 1;
  }
  if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) blanking.fill(at + 2, bytes.length, 0);
  return blanking.result;
}

function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  return [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0));
}

/** JPEG 2000 (ISO 15444-1 A.9.2): COM segments of the main header and of tile-part headers that come first. */
function blankedJpeg2000(bytes: Uint8Array, from: number): Uint8Array {
  const blanking = new Blanking(bytes);
  let at = from + 2;
  let tileStart = 0;
  let tileLength = 0;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1]!;
    if (marker === 0xd9) break;
    if (marker === 0x93) {
      // Start of data: on to the next tile part, whose place the last SOT gave.
      if (tileLength === 0) return blanking.result;
      at = tileStart + tileLength;
      continue;
    }
    const length = bytes[at + 2]! * 256 + bytes[at + 3]!;
    if (length < 2) return blanking.result;
    if (marker === 0x90 && at + 10 <= bytes.length) {
      tileStart = at;
      tileLength = ((bytes[at + 6]! * 256 + bytes[at + 7]!) * 256 + bytes[at + 8]!) * 256 + bytes[at + 9]!;
    }
    // Two bytes say whether the comment is text.
    if (marker === 0x64) blanking.fill(at + 6, Math.min(bytes.length, at + 2 + length), space);
    at += 2 + length;
  }
  if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) blanking.fill(at + 2, bytes.length, 0);
  return blanking.result;
}

/** Boxes of JP2 and JPEG XL files (ISO 15444-1 Annex I): those with text or descriptions become free space; the code stream in its box is looked through. */
function blankedBoxes(bytes: Uint8Array): Uint8Array {
  const blanking = new Blanking(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const drawing = new Set(['jP  ', 'JXL ', 'ftyp', 'jp2h', 'jp2c', 'jxlc', 'jxlp', 'jxll', 'jbrd', 'jxli']);
  let at = 0;
  while (at + 8 <= bytes.length) {
    let length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    let head = 8;
    if (length === 1 && at + 16 <= bytes.length) {
      length = Number(view.getBigUint64(at + 8));
      head = 16;
    }
    const end = length === 0 ? bytes.length : Math.min(bytes.length, at + length);
    if (end <= at + head - 1) break;
    if (type === 'jp2c') {
      const inner = bytes.subarray(at + head, end);
      const blanked = inner[0] === 0xff && inner[1] === 0x4f ? blankedJpeg2000(inner, 0) : inner;
      if (blanked !== inner) blanked.forEach((byte, i) => void (byte !== inner[i] && blanking.fill(at + head + i, at + head + i + 1, byte)));
    } else if (!drawing.has(type)) {
      blanking.set(at + 4, 'free');
      blanking.fill(at + head, end, 0);
    }
    at = end;
  }
  return blanking.result;
}
