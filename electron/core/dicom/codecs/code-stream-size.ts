/**
 * The size that a code stream says it has, read before it is decoded: a decoder allocates what the stream claims,
 * so a stream that claims another size than the header is refused first.
 */
import type { EncodedFrame } from './codec.ts';

interface Size {
  readonly columns: number;
  readonly rows: number;
  readonly samples: number;
}

/** Frame header of the JPEG family (ISO 10918-1 B.2.2, ISO 14495-1 C.2.2); null when there is none. */
function jpegSize(bytes: Uint8Array): Size | null {
  let at = 0;
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) {
      at += 1;
      continue;
    }
    const marker = bytes[at + 1]!;
    const isFrame = (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) || marker === 0xf7;
    if (isFrame) return { rows: bytes[at + 5]! * 256 + bytes[at + 6]!, columns: bytes[at + 7]! * 256 + bytes[at + 8]!, samples: bytes[at + 9]! };
    // TEM stands in no finished stream (ISO 10918-1 B.1.1.3), and the JPEG decoder never returns from one.
    if (marker === 0x01) throw new Error('the code stream has a marker that no image has');
    // Fill bytes and markers without a segment.
    if (marker === 0xff) at += 1;
    else if (marker === 0xd8 || (marker >= 0xd0 && marker <= 0xd7)) at += 2;
    else at += 2 + bytes[at + 2]! * 256 + bytes[at + 3]!;
  }
  return null;
}

/** SIZ marker of JPEG 2000 (ISO 15444-1 A.5.1), also within a JP2 file; null when there is none. */
function jpeg2000Size(bytes: Uint8Array): Size | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 42 < bytes.length && at < 4096; at += 1) {
    if (view.getUint32(at) !== 0xff4fff51) continue;
    const samples = view.getUint16(at + 40);
    // XRsiz and YRsiz of each component: planes of several sizes are no image of DICOM (PS3.5 8.2.4).
    for (let component = 0, from = at + 43; component < Math.min(samples, 4) && from + 1 < bytes.length; component += 1, from += 3) {
      if (bytes[from] !== 1 || bytes[from + 1] !== 1) throw new Error('the code stream has components of several sizes');
    }
    return { columns: view.getUint32(at + 8) - view.getUint32(at + 16), rows: view.getUint32(at + 12) - view.getUint32(at + 20), samples };
  }
  return null;
}

/** @throws {Error} when the stream says another size than the header, or none. */
export function checkCodeStreamSize(frame: EncodedFrame, family: 'jpeg' | 'jpeg-2000'): void {
  const size = family === 'jpeg' ? jpegSize(frame.bytes) : jpeg2000Size(frame.bytes);
  if (size === null) throw new Error('the code stream has no frame header');
  // A JPEG of 0 rows states them at its end (DNL); the decoder finds out.
  const sameRows = size.rows === frame.rows || (family === 'jpeg' && size.rows === 0);
  if (!sameRows || size.columns !== frame.columns || size.samples !== frame.samples) {
    throw new Error(`the code stream is ${size.columns} × ${size.rows} × ${size.samples}, the header says ${frame.columns} × ${frame.rows} × ${frame.samples}`);
  }
}
