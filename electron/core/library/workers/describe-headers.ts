/**
 * Headers of several files in one answer: what a look at a folder needs. Of each DICOM file only the header is read; whatever is wrong with one is
 * its own answer.
 */
import { withFileBytes, type FileBytes } from '#base';
import { ScanloomError } from '#contract/errors';
import { checkPixels, describeImage, describeObject, parseHeader, type DicomFile } from '#dicom';
import { niftiVersion } from '../nifti/nifti-header.ts';
import { checkSource, sourceError } from './read-source.ts';
import type { FileToDescribe, HeaderAnswer } from './messages.ts';

/** Memory for the beginning of one file after the other: nothing of a file is used any more when the next is read. */
const beginning = new Uint8Array(16_384);

/**
 * @param readWhole Describes what is not told by a DICOM header: NIfTI images, members of archives.
 * @returns one answer for each file, in their order
 */
export async function describeHeaders(files: readonly FileToDescribe[], readWhole: (file: FileToDescribe) => Promise<HeaderAnswer>): Promise<HeaderAnswer[]> {
  const answers: HeaderAnswer[] = [];
  for (const file of files) {
    try {
      answers.push((file.bytes === undefined ? headerOnly(file.path) : null) ?? (await readWhole(file)));
    } catch (thrown) {
      answers.push({ error: refusalOf(thrown).toBody() });
    }
  }
  return answers;
}

/** Null when the file is no DICOM object but may be an image all the same. */
function headerOnly(place: string): HeaderAnswer | null {
  try {
    return withFileBytes(place, (file) => {
      checkSource(file.isFile, file.size);
      const first = file.read(0, beginning.length, beginning);
      const isPacked = first[0] === 0x1f && first[1] === 0x8b;
      return isPacked || niftiVersion(first.subarray(0, 540)) !== null ? null : described(parseHeader(startingWith(first, file)));
    });
  } catch (thrown) {
    throw sourceError(thrown);
  }
}

function startingWith(first: Uint8Array, file: FileBytes): Pick<FileBytes, 'size' | 'read'> {
  return { size: file.size, read: (at, length) => (at + length <= first.length ? first.subarray(at, at + length) : file.read(at, length)) };
}

/** What is said of a file without its pixels. @throws ScanloomError `dicom/…` when the pixels that it promises cannot be there */
function described(file: DicomFile): HeaderAnswer {
  checkPixels(file);
  return { header: describeImage(file), object: describeObject(file) };
}

/** What a worker answers for anything thrown. */
export function refusalOf(thrown: unknown): ScanloomError {
  return thrown instanceof RangeError ? new ScanloomError('dicom/too-large', 'The file needs more memory than there is.', { cause: thrown }) : ScanloomError.from(thrown);
}
