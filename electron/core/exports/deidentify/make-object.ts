/** One object on its way into a copy, from its bytes to the bytes that will be written; runs in a worker. */
import { readFile, stat } from 'node:fs/promises';
import { limits } from '#base';
import { ScanloomError } from '#contract/errors';
import type { DeidentifyOption } from '#contract/deidentify';
import { describeImage, parseDicom, writeDicom, type DicomFile, type ImageHeader } from '#dicom';
import { copyFacts, createProject, deidentifyObject, withoutFace, type Project } from '#privacy';
import { attendPixels } from './attend-pixels.ts';
import type { CopyRequest, LookAnswer, ObjectAnswer } from './messages.ts';
import { readBack, refuseResidue } from './read-back.ts';
import { refuseOtherPixels } from './same-pixels.ts';

const directoryClass = '1.2.840.10008.1.3.10';

export async function readGiven({ path, bytes }: { readonly path: string; readonly bytes?: Uint8Array | undefined }): Promise<Uint8Array> {
  if (bytes !== undefined) return bytes;
  try {
    if ((await stat(path)).size > limits.sourceFileBytes) throw new ScanloomError('dicom/too-large', 'The file is too large to be read at once.');
    return new Uint8Array(await readFile(path));
  } catch (thrown) {
    if (thrown instanceof ScanloomError) throw thrown;
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new ScanloomError('input/not-found', 'The file is not there any more.', { cause: thrown });
    throw new ScanloomError('input/unreadable', 'The file cannot be read.', { cause: thrown });
  }
}

function isDirectory({ dataset, meta }: DicomFile): boolean {
  return dataset.string('SOPClassUID') === directoryClass || meta.string('MediaStorageSOPClassUID') === directoryClass || dataset.has('DirectoryRecordSequence');
}

/** Of images that may be slices of a head. */
function headerOfSlice(file: DicomFile): ImageHeader | null {
  if (!['CT', 'MR', 'PT'].includes(file.dataset.string('Modality'))) return null;
  const header = describeImage(file);
  return header.hasPixels ? header : null;
}

/** Pseudonyms of UIDs are remembered from object to object. */
let lastProject: { readonly key: string; readonly project: Project } | null = null;
function projectOf(key: Uint8Array): Project {
  const name = Buffer.from(key).toString('hex');
  if (lastProject?.key !== name) lastProject = { key: name, project: createProject(key) };
  return lastProject.project;
}

export async function lookAtObject(request: Extract<CopyRequest, { op: 'look' }>): Promise<LookAnswer> {
  const file = parseDicom(await readGiven(request));
  if (isDirectory(file)) return { kind: 'directory' };
  const made = deidentifyObject(file, { options: new Set(request.options), scanloom: request.scanloom }, projectOf(request.key));
  return { kind: 'object', facts: copyFacts(file, made), header: headerOfSlice(file), sopInstanceUid: file.dataset.string('SOPInstanceUID'), originalSeries: file.dataset.string('SeriesInstanceUID') };
}

/**
 * Face, writing, attributes; then what was made is written, read again and compared, and looked through for what must not be left.
 *
 * @throws {ScanloomError} `dicom/…`, `export/invalid` when a word of the identity would be left, `export/verification-failed`
 */
export async function makeObject(request: Extract<CopyRequest, { op: 'object' }>): Promise<ObjectAnswer> {
  const original = parseDicom(await readGiven(request));
  if (isDirectory(original)) return { kind: 'directory' };
  const header = headerOfSlice(original);
  const attended = await attend(request.cut === null ? original : await withoutFace(original, request.cut), request);
  const project = projectOf(request.key);
  if (attended.kind === 'held-back') {
    const told = deidentifyObject(original, { options: new Set(request.options), scanloom: request.scanloom }, project);
    return { kind: 'held-back', reasons: [...attended.reasons], facts: copyFacts(original, told), header };
  }
  const options = new Set<DeidentifyOption>(request.options.filter((option) => option !== 'clean-recognizable-visual-features'));
  if (attended.cleaned) options.add('clean-pixel-data');
  let { file } = attended;
  if (request.saysNoFeatures) {
    options.add('clean-recognizable-visual-features');
    if (['PixelData', 'FloatPixelData', 'DoubleFloatPixelData'].some((key) => file.dataset.has(key))) file = { ...file, dataset: file.dataset.clone().setString('RecognizableVisualFeatures', 'NO') };
  }
  const made = deidentifyObject(file, { options, scanloom: request.scanloom, remarks: request.remarks }, project);
  refuseResidue(made, original, options.has('retain-uids'));
  await refuseOtherPixels(file, made.dataset);
  const bytes = writeDicom(made);
  readBack(bytes, made);
  return {
    kind: 'made', bytes, sopInstanceUid: made.sopInstanceUid, studyInstanceUid: made.studyInstanceUid, seriesInstanceUid: made.seriesInstanceUid,
    attributes: [...made.attributes], reasons: [...attended.reasons], unsearched: attended.unsearched, blackened: attended.blackened.map(({ column, row, width, height }) => ({ column, row, width, height })), facts: copyFacts(original, made), header,
  };
}

async function attend(file: DicomFile, request: Extract<CopyRequest, { op: 'object' }>): ReturnType<typeof attendPixels> {
  return attendPixels(file, { clean: request.clean, accepted: request.accepted, boxes: request.boxes, open: request.open }).catch((thrown: unknown) => {
    const { code } = ScanloomError.from(thrown);
    if (!code.startsWith('dicom/')) throw thrown;
    // The decoder's own words may repeat what the file says of itself.
    throw new ScanloomError(code, 'Its pixels cannot be decoded, so nobody can look for writing in them.');
  });
}
