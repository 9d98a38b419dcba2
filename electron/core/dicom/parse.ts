/** A file's bytes → meta group and data set: PS3.10 section 7, with and without preamble and meta group. */
import { constants, inflateRawSync, inflateSync } from 'node:zlib';
import { ScanloomError } from '#contract/errors';
import { inMemory, type ByteSource } from './byte-source.ts';
import { truncated } from './damage.ts';
import { DataSet } from './data-set.ts';
import { looksExplicit, readDataSet, readMetaGroup, type Encoding } from './element-reader.ts';
import { transferSyntaxes } from './transfer-syntaxes.ts';
import type { DicomFile } from './types.ts';

/** A deflated data set may grow to this and no further: a bomb is refused before it fills the memory. */
const largestInflatedBytes = 2 ** 31 - 1;

const implicitLittle = '1.2.840.10008.1.2';
const explicitLittle = '1.2.840.10008.1.2.1';
const explicitBig = '1.2.840.10008.1.2.2';
const deflated = '1.2.840.10008.1.2.1.99';

/**
 * Parses a DICOM file that is in memory as a whole.
 *
 * @returns The data set keeps views of the bytes.
 * @throws {ScanloomError} `dicom/not-dicom`, `dicom/truncated`, `dicom/invalid`, `dicom/too-large`, `dicom/unsupported`.
 * @see DICOM PS3.10 7.1, PS3.5 7 and Annex A
 */
export function parseDicom(file: Uint8Array): DicomFile {
  return parseBytes(file, null).file;
}

/**
 * The one parser behind parseDicom and parseHeader.
 *
 * @param source Set to leave the values of pixel data out: the file of which `beginning` is the beginning, or all.
 * @returns `complete` false where `beginning` ended before everything but the pixel data was read.
 */
export function parseBytes(beginning: Uint8Array, source: ByteSource | null): { readonly file: DicomFile; readonly complete: boolean } {
  // A Buffer is a Uint8Array whose slice() shares memory: a plain view keeps such surprises out of the room.
  const bytes = new Uint8Array(beginning.buffer, beginning.byteOffset, beginning.byteLength);
  const totalBytes = source?.size ?? bytes.length;
  const start = findStart(bytes, totalBytes);
  if (start === null) {
    throw new ScanloomError('dicom/not-dicom', 'This is not a DICOM file.', { hint: 'A DICOM file has the letters DICM at byte 128, or begins with DICOM elements.' });
  }
  const { sure, offset } = start;
  try {
    return parseFrom(bytes, offset, source, totalBytes);
  } catch (thrown) {
    const error = thrown instanceof ScanloomError ? thrown : new ScanloomError('dicom/invalid', 'The file is damaged and cannot be read.', { cause: thrown });
    // Without the letters DICM, a file that cannot be read is more likely something else.
    if (!sure && error.code === 'dicom/invalid') throw new ScanloomError('dicom/not-dicom', 'This is not a DICOM file.', { cause: error });
    throw error;
  }
}

function parseFrom(beginning: Uint8Array, offset: number, source: ByteSource | null, totalBytes: number): { readonly file: DicomFile; readonly complete: boolean } {
  const meta = isGroup2(beginning, offset) ? readMetaGroup(beginning, offset) : { dataset: new DataSet(), notices: [], end: offset };
  const notices: string[] = [...meta.notices];
  const declared = meta.dataset.string('00020010');
  let bytes = beginning;
  let start = meta.end;
  let transferSyntaxUid = declared;
  let rest = { source, totalBytes };
  if (declared === deflated) {
    // Only the whole of it can be inflated.
    if (beginning.length < totalBytes) throw truncated('');
    bytes = inflated(beginning.subarray(start));
    start = 0;
    rest = { source: source === null ? null : inMemory(bytes), totalBytes: bytes.length };
  }
  const found = sniff(bytes, start, rest.totalBytes);
  if (declared === '') {
    transferSyntaxUid = found === null ? implicitLittle : found.explicit ? (found.bigEndian ? explicitBig : explicitLittle) : implicitLittle;
    notices.push('The file does not say its transfer syntax; it was recognised from the bytes.');
  }
  const known = transferSyntaxes[transferSyntaxUid];
  if (known?.readable === false) {
    throw new ScanloomError('dicom/unsupported', `Files in the transfer syntax ${known.name} cannot be read.`, { details: { transferSyntaxUid } });
  }
  let encoding: Encoding = { explicit: transferSyntaxUid !== implicitLittle, bigEndian: transferSyntaxUid === explicitBig };
  if (found !== null && (found.explicit !== encoding.explicit || found.bigEndian !== encoding.bigEndian)) {
    notices.push('The data set is not encoded as its transfer syntax says; the bytes were believed.');
    encoding = found;
  }
  const { dataset, skipped, ...read } = readDataSet({ bytes, start, ...encoding, source: rest.source });
  if (dataset.size === 0 && skipped.length === 0 && meta.dataset.size === 0) throw new ScanloomError('dicom/invalid', 'The file has no elements.');
  const all = notices.length === 0 ? read.notices : [...new Set([...notices, ...read.notices])];
  const pixels = skipped.length === 0 ? { pixelDataSkipped: false } : { pixelDataSkipped: true, skippedPixels: skipped };
  return { file: { meta: meta.dataset, dataset, transferSyntaxUid, notices: all, ...pixels }, complete: read.complete };
}

/** Where the meta group or the data set begins; `sure` when the letters DICM say so. */
function findStart(bytes: Uint8Array, totalBytes: number): { offset: number; sure: boolean } | null {
  const isPrefix = (at: number): boolean => bytes.length >= at + 4 && bytes[at] === 0x44 && bytes[at + 1] === 0x49 && bytes[at + 2] === 0x43 && bytes[at + 3] === 0x4d;
  if (isPrefix(128)) return { offset: 132, sure: true };
  if (isPrefix(0)) return { offset: 4, sure: true };
  if (isGroup2(bytes, 0) || sniff(bytes, 0, totalBytes) !== null) return { offset: 0, sure: false };
  // A preamble whose four letters were lost.
  if (isGroup2(bytes, 132)) return { offset: 132, sure: false };
  return null;
}

function isGroup2(bytes: Uint8Array, at: number): boolean {
  return bytes.length >= at + 8 && bytes[at] === 0x02 && bytes[at + 1] === 0x00 && bytes[at + 3] === 0x00 && (bytes[at + 2]! <= 0x26 || bytes[at + 2] === 0x00);
}

/** Recognises the encoding of a data set from its first element; null when it does not look like one. */
function sniff(bytes: Uint8Array, at: number, totalBytes: number): Encoding | null {
  if (bytes.length < at + 8) return null;
  const [a, b, c, d] = [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!];
  const letters = String.fromCharCode(bytes[at + 4]!, bytes[at + 5]!);
  const hex = (group: number, element: number): string => (group * 0x10000 + element).toString(16).padStart(8, '0');
  const little = hex(a + b * 256, c + d * 256);
  const big = hex(a * 256 + b, c * 256 + d);
  const isFirstTag = (tag: string): boolean => tag >= '00020000' && tag <= '00ffffff';
  if (isFirstTag(little) && looksExplicit(little, letters)) return { explicit: true, bigEndian: false };
  if (a === 0 && isFirstTag(big) && looksExplicit(big, letters)) return { explicit: true, bigEndian: true };
  const length = bytes[at + 4]! + bytes[at + 5]! * 0x100 + bytes[at + 6]! * 0x10000 + bytes[at + 7]! * 0x1000000;
  if (isFirstTag(little) && b === 0 && (length === 0xffffffff || at + 8 + length <= totalBytes) && length % 2 === 0) return { explicit: false, bigEndian: false };
  return null;
}

function inflated(bytes: Uint8Array): Uint8Array {
  // A data set of odd length is padded after compression, and some writers cut the stream's end: take what inflates.
  const options = { maxOutputLength: largestInflatedBytes, finishFlush: constants.Z_SYNC_FLUSH };
  try {
    return inflateRawSync(bytes, options);
  } catch (thrown) {
    if ((thrown as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw new ScanloomError('dicom/too-large', 'The deflated file grows too large.');
    try {
      return inflateSync(bytes, options);
    } catch {
      throw new ScanloomError('dicom/invalid', 'The deflated part of the file is damaged.', { cause: thrown });
    }
  }
}
