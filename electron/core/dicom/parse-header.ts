/** Header only: as little of a file is read as it takes to come to the pixel data. */
import { ScanloomError } from '#contract/errors';
import { parseDicom } from './parse.ts';
import type { DicomFile } from './types.ts';

/** Nearly every header fits into the first read; the next ones grow fast, so that a large one costs few. */
const firstReadBytes = 16_384;
const growth = 8;

/**
 * Parses everything before the pixel data.
 *
 * @param totalBytes Size of the whole file.
 * @param readBeginning Gives the first bytes of the file, as many as are asked for.
 * @returns The file without its pixel data; `pixelDataSkipped` says whether there is any.
 * @throws {ScanloomError} as parseDicom.
 */
export function parseHeader(totalBytes: number, readBeginning: (bytes: number) => Uint8Array): DicomFile {
  for (let wanted = firstReadBytes; ; wanted *= growth) {
    const isWhole = wanted >= totalBytes;
    const bytes = readBeginning(Math.min(wanted, totalBytes));
    try {
      const file = parseDicom(bytes, { untilPixelData: true, totalBytes });
      // A beginning may end just where a sequence or an element does: only the pixel data or the file's end says that nothing is missing.
      if (file.pixelDataSkipped || isWhole) return file;
    } catch (thrown) {
      // What looks damaged in a beginning may only be cut; what is no DICOM file shows in its first bytes.
      if (isWhole || (thrown instanceof ScanloomError && thrown.code === 'dicom/not-dicom' && bytes.length >= firstReadBytes)) throw thrown;
    }
  }
}
