/** What code streams of the JPEG families carry beside pixels: comments, application data, bytes behind the end. All is overwritten in place. */
import { Blanking } from './blanking.ts';

const space = 0x20;

/**
 * JPEG and JPEG-LS (ITU-T T.81 B.1): COM is blanked, and application segments but those a decoder needs: JFIF (without its thumbnail), SPIFF of
 * JPEG-LS, HP's of lossless JPEG, Adobe's colour transform. What follows the end of the image goes too.
 */
export function blankedJpeg(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw new Error('the code stream is no JPEG');
  const blanking = new Blanking(bytes);
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff || bytes[at + 1] === 0) {
      // Decoders pass over what lies between segments; as fill bytes (B.1.1.2) it says nothing.
      const start = at;
      while (at < bytes.length && !(bytes[at] === 0xff && bytes[at + 1] !== 0 && bytes[at + 1] !== undefined)) at += 1;
      blanking.fill(start, at, 0xff);
      continue;
    }
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
    else if ((marker >= 0xe1 && marker <= 0xef) || isExtension(marker)) blanking.fill(start, end, 0);
    at = end;
    // Entropy-coded data holds no marker but restarts and escaped bytes; the next one that is neither begins a segment.
    if (marker === 0xda) while (at + 1 < bytes.length && !(bytes[at] === 0xff && bytes[at + 1]! >= 0xc0 && !(bytes[at + 1]! >= 0xd0 && bytes[at + 1]! <= 0xd7) && bytes[at + 1] !== 0xff)) at += 1;
  }
  if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) blanking.fill(at + 2, bytes.length, 0);
  return blanking.result;
}

/** Segments that no decoder reads (B.1.1.3, JPGn), but for the frame and the parameters of JPEG-LS, which lie among them. */
function isExtension(marker: number): boolean {
  return marker >= 0xf0 && marker <= 0xfd && marker !== 0xf7 && marker !== 0xf8;
}

function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  return [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0));
}

/** JPEG 2000 of every kind: a bare code stream, or one in a box. */
export function blankedJpeg2000(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === 0xff && bytes[1] === 0x4f) return blankedCodeStream(bytes);
  if (isBox(bytes, 'jP  ')) return blankedBoxes(bytes);
  throw new Error('the code stream is no JPEG 2000');
}

/** JPEG XL: comments are in boxes only. Where a bare code stream ends nothing but a whole decoder can tell. */
export function blankedJpegXl(bytes: Uint8Array): Uint8Array {
  if (isBox(bytes, 'JXL ')) return blankedBoxes(bytes);
  if (bytes[0] === 0xff && bytes[1] === 0x0a) return bytes;
  throw new Error('the code stream is no JPEG XL');
}

function isBox(bytes: Uint8Array, type: string): boolean {
  return bytes.length >= 12 && startsWith(bytes, 4, type);
}

/** ISO 15444-1 A.9.2: COM segments of the main header and of tile-part headers, and what follows the end of the code stream. */
function blankedCodeStream(bytes: Uint8Array): Uint8Array {
  const blanking = new Blanking(bytes);
  let at = 2;
  let dataStart = 0;
  let tileStart = 0;
  let tileLength = 0;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1]!;
    if (marker === 0xd9) break;
    if (marker === 0x93) {
      // Start of data: on to the next tile part, whose place the last SOT gave.
      dataStart = at;
      if (tileLength === 0) break;
      at = tileStart + Math.max(tileLength, at + 2 - tileStart);
      continue;
    }
    const length = bytes[at + 2]! * 256 + bytes[at + 3]!;
    if (length < 2) break;
    if (marker === 0x90 && at + 10 <= bytes.length) {
      tileStart = at;
      tileLength = ((bytes[at + 6]! * 256 + bytes[at + 7]!) * 256 + bytes[at + 8]!) * 256 + bytes[at + 9]!;
    }
    // Two bytes say whether the comment is text.
    if (marker === 0x64) blanking.fill(at + 6, Math.min(bytes.length, at + 2 + length), space);
    at += 2 + length;
  }
  // The last tile part may not say its length (A.4.2), or a wrong one; data hold no marker (B.10.1, ISO 15444-15 7.1), so the first that ends is the end.
  if (dataStart > 0 && !(bytes[at] === 0xff && bytes[at + 1] === 0xd9)) at = endMarker(bytes, dataStart + 2);
  if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) blanking.fill(at + 2, bytes.length, 0);
  return blanking.result;
}

function endMarker(bytes: Uint8Array, from: number): number {
  const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(Buffer.of(0xff, 0xd9), from);
  return found === -1 ? bytes.length : found;
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
      const blanked = inner[0] === 0xff && inner[1] === 0x4f ? blankedCodeStream(inner) : inner;
      if (blanked !== inner) blanked.forEach((byte, i) => void (byte !== inner[i] && blanking.fill(at + head + i, at + head + i + 1, byte)));
    } else if (!drawing.has(type)) {
      blanking.set(at + 4, 'free');
      blanking.fill(at + head, end, 0);
    }
    at = end;
  }
  blanking.fill(at, bytes.length, 0);
  return blanking.result;
}
