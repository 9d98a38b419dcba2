/** Headers: as little of a file is read as it takes to know all but its pixels. */
import { ScanloomError } from '#contract/errors';
import { inMemory, type ByteSource } from './byte-source.ts';
import { parseBytes } from './parse.ts';
import type { DicomFile } from './types.ts';

/** Nearly every header fits into the first read; the next ones grow fast, so that a large one costs few. */
export const firstReadBytes = 16_384;
const growth = 8;
/** Small reads beyond that, for the items of encapsulated pixel data, are made this long: the next item is often near. */
const aheadBytes = 256;

/**
 * Parses everything but the values of pixel data: the same elements, notices and refusals as parseDicom has, those behind the pixel data too.
 *
 * @param file Of a source only what is needed is read: its first 16 kB, as a rule, and the items of encapsulated pixel data.
 * @returns `skippedPixels` says what was left out; checkPixels, describeImage and describeObject look there.
 * @throws {ScanloomError} as parseDicom.
 */
export function parseHeader(file: Uint8Array | ByteSource): DicomFile {
  const source = file instanceof Uint8Array ? inMemory(file) : file;
  for (let wanted = firstReadBytes; ; wanted *= growth) {
    const bytes = source.read(0, Math.min(wanted, source.size));
    const isWhole = wanted >= source.size;
    try {
      const parsed = parseBytes(bytes, readingAhead(source, bytes));
      if (parsed.complete || isWhole) return parsed.file;
    } catch (thrown) {
      // What looks damaged in a beginning may only be cut; what does not begin like a DICOM file is none.
      if (isWhole || (thrown instanceof ScanloomError && thrown.code === 'dicom/not-dicom' && thrown.cause === undefined)) throw thrown;
    }
  }
}

function readingAhead(source: ByteSource, beginning: Uint8Array): ByteSource {
  let [aheadAt, ahead] = [0, beginning];
  return {
    size: source.size,
    read(at, length) {
      if (at + length <= beginning.length) return beginning.subarray(at, at + length);
      if (length > aheadBytes) return source.read(at, length);
      if (at < aheadAt || at + length > aheadAt + ahead.length) [aheadAt, ahead] = [at, source.read(at, aheadBytes)];
      return ahead.subarray(at - aheadAt, at - aheadAt + length);
    },
  };
}
