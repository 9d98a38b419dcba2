/** Asks a worker what a file is, and decides whether it is an image, nothing of ours, or something to complain about. */
import { limits } from '#base';
import { ScanloomError } from '#contract';
import type { ImageHeader } from '#dicom';
import type { DescribedFile } from './study-store.ts';
import { isSystemClutter } from './archives/archive-kind.ts';
import type { FoundFile } from './find-files.ts';
import { DescribeAnswer, type FileToDescribe } from './workers/messages.ts';

/** Hands a file to a worker. @throws ScanloomError what the worker answered */
export type AskWorker = (file: FileToDescribe) => Promise<unknown>;

/** Names that promise an image: such a file that is not is worth a word, a README is not. */
const promisesImage = /\.(dcm|dicom|dic|ima|nii|nii\.gz)$/i;
/** SOP classes whose instances always have pixels (PS3.4 B.5: CR and DX, CT, US, MR, SC, XA, NM, VL, PET, RT Image). One without was cut off; a report without is just no image. */
const imageStorage = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(1|1\.[1-3](\..*)?|2|2\.[12]|3\.1|4|4\.[134]|6\.[12]|7|7\.[1-4]|12\.[12](\.1)?|13\..*|14\..*|20|30|77\.1\.[1-6](\..*)?|128|128\.1|130|481\.1)$/;

/**
 * @returns an image, or an object without one (`header.hasPixels` false, `object` says what it is); null for what is neither, without fault: text, DICOMDIR.
 * @throws ScanloomError `dicom/…`, `input/…`, `worker/crashed`; `job/cancelled` when the library is being closed
 */
export async function describeFile(file: FoundFile, ask: AskWorker): Promise<DescribedFile | null> {
  if (file.sizeBytes > limits.sourceFileBytes) throw new ScanloomError('dicom/too-large', 'The file is larger than 2 GiB.', { hint: 'Split it with another tool.' });
  let answer: ReturnType<typeof DescribeAnswer.parse>;
  try {
    answer = DescribeAnswer.parse(await ask({ path: file.path, name: file.shown, ...(file.bytes === undefined ? {} : { bytes: file.bytes }) }));
  } catch (thrown) {
    const { code } = ScanloomError.from(thrown);
    const isOtherFile = code === 'dicom/not-dicom' || code === 'dicom/no-pixels' || code === 'input/empty';
    if (isOtherFile && (!promisesImage.test(file.path) || isSystemClutter(file.shown))) return null;
    throw thrown;
  }
  const { header } = answer;
  const object = answer.object ?? undefined;
  const isImage = header.hasPixels || imageStorage.test(header.sopClassUid);
  if (!isImage && object === undefined) return null;
  if (isImage && !header.hasPixels) {
    throw new ScanloomError('dicom/no-pixels', 'The file should hold an image, but its pixels are missing.', { hint: 'It was probably not copied or received completely; get it again from where it came from.' });
  }
  refuseWithoutIdentity(header, isImage);
  return { path: file.path, shown: file.shown, sizeBytes: answer.sizeBytes, mtimeMs: file.bytes === undefined ? answer.mtimeMs : file.mtimeMs, sha256: answer.sha256, header, ...(file.archive === undefined ? {} : { isInArchive: true }), ...(object === undefined ? {} : { object }) };
}

/** Without these UIDs an image cannot be filed, nor found again. */
function refuseWithoutIdentity(header: ImageHeader, isImage: boolean): void {
  const uid = /^[0-9]+(\.[0-9]+)*$/;
  const named = [['SOP Instance UID', header.sopInstanceUid], ['Series Instance UID', header.seriesInstanceUid], ['Study Instance UID', header.studyInstanceUid]] as const;
  const missing = named.filter(([, value]) => value.length > 64 || !uid.test(value));
  if (missing.length > 0) {
    throw new ScanloomError('dicom/invalid', `The file has no valid ${missing.map(([name]) => name).join(' and no valid ')}.`, { hint: 'Ask for the study again from where it came, or give it identifiers with another tool.' });
  }
  if (isImage && !(header.rows > 0 && header.columns > 0)) throw new ScanloomError('dicom/invalid', 'The file does not say how large its image is.', { hint: 'The file is damaged.' });
}
