/**
 * The entry of a DICOM worker thread: reads one file at a time, answers with plain data and transferred arrays.
 * Whatever is wrong with a file ends here as an answer; what crashes the thread costs that file only.
 */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { parentPort, type Transferable } from 'node:worker_threads';
import { encode } from 'fast-png';
import { limits, sha256Hex } from '#base';
import { ScanloomError } from '#contract/errors';
import { applyLookupTable, checkPixels, decodeFrame, describeObject, fitPicture, modalityTableOf, parseDicom, renderFrame, storedValuesBytes, type DicomFile } from '#dicom';
import { burnedInRisk, findTextInObject } from '#privacy';
import { answerAbout, type ReadObject } from './answer-about-object.ts';
import { describeHeaders, refusalOf } from './describe-headers.ts';
import type { ObjectQuestion } from './object-questions.ts';
import { WorkerRequest, type DecodeResult, type DescribeResult, type DescribeSeveralResult, type FileSetResult, type FileToDescribe, type HashResult, type HeadersResult, type ObjectResult, type SearchTextResult, type ThumbnailResult } from './messages.ts';
import { readImage, type ReadImage } from './read-image.ts';
import { readSource, type Source } from './read-source.ts';

type Result = DescribeResult | DescribeSeveralResult | DecodeResult | FileSetResult | HashResult | HeadersResult | ObjectResult | SearchTextResult | ThumbnailResult;
type Answer = { readonly result: Result; readonly transfer: Transferable[] };

async function look(given: FileToDescribe): Promise<ReadImage & { readonly source: Source; readonly sha256: () => string }> {
  const source = given.bytes === undefined ? readSource(given.path) : { bytes: given.bytes, sizeBytes: given.bytes.byteLength, mtimeMs: 0 };
  if (source.sizeBytes === 0) throw new ScanloomError('input/empty', 'The file is empty.', { hint: 'It was probably not copied completely.' });
  let sha256: string | null = null;
  const digest = (): string => (sha256 ??= sha256Hex(source.bytes));
  const image = await readImage(source.bytes, digest, given.name === undefined ? given.path : path.join(path.dirname(given.path), path.basename(given.name)));
  return { ...image, source, sha256: digest };
}

async function describe(given: FileToDescribe): Promise<{ readonly result: DescribeResult; readonly transfer: Transferable[] }> {
  const { file, header, source, sha256 } = await look(given);
  checkPixels(file);
  return { result: { header: header(), object: describeObject(file), notices: file.notices, sha256: sha256(), sizeBytes: source.sizeBytes, mtimeMs: source.mtimeMs }, transfer: [] };
}

async function headers(files: readonly FileToDescribe[]): Promise<Answer> {
  const answers = await describeHeaders(files, async (given) => {
    const { file, header } = await look(given);
    checkPixels(file);
    return { header: header(), object: describeObject(file) };
  });
  return { result: { answers }, transfer: [] };
}

async function describeSeveral(files: readonly FileToDescribe[]): Promise<Answer> {
  const answers: DescribeSeveralResult['answers'][number][] = [];
  for (const file of files) {
    try {
      answers.push({ ok: true, result: (await describe(file)).result });
    } catch (thrown) {
      answers.push({ ok: false, error: refusalOf(thrown).toBody() });
    }
  }
  return { result: { answers }, transfer: [] };
}

/** The last file of several frames that one was decoded of: they are asked for one after the other, and need not be read and hashed for each. */
let lastFrames: { readonly key: string; readonly file: DicomFile; readonly sha256: () => string } | null = null;
const largestFramesBytes = 512 * 2 ** 20;

async function lookForFrame(place: string): Promise<{ readonly file: DicomFile; readonly sha256: () => string }> {
  const now = await stat(place).catch(() => null);
  const key = `${place}\n${now?.size}\n${now?.mtimeMs}`;
  if (now !== null && lastFrames?.key === key) return lastFrames;
  // Let go before the next is read, so that two large files are never held at once.
  lastFrames = null;
  const { file, sha256 } = await look({ path: place });
  if (now !== null && now.size <= largestFramesBytes && (file.dataset.number('NumberOfFrames') ?? 1) > 1) lastFrames = { key, file, sha256 };
  return { file, sha256 };
}

async function decode(place: string, frame: number): Promise<Answer> {
  const { file, sha256 } = await lookForFrame(place);
  const read = await decodeFrame(file, frame);
  // Whoever asks for a frame scales it by slope and intercept: a table has been applied by then, so that nobody measures in numbers without a meaning.
  const table = read.samples === 1 ? modalityTableOf(file.dataset) : null;
  const decoded = table === null ? read : { ...read, stored: applyLookupTable(read.stored, table) };
  // Values that are a view of the whole file's are not given away with it.
  const exact = decoded.stored.byteLength === decoded.stored.buffer.byteLength ? decoded : { ...decoded, stored: decoded.stored.slice() };
  return { result: { frame: exact, sha256: sha256() }, transfer: [exact.stored.buffer as ArrayBuffer] };
}

/** Frame after frame, so that a long series of frames needs the memory of one. */
async function hash(given: FileToDescribe): Promise<Answer> {
  const { file, header: described } = await look(given);
  const header = described();
  const object = describeObject(file);
  if (!header.hasPixels) return { result: { header, object, storedValuesSha256: null }, transfer: [] };
  const digest = createHash('sha256');
  for (let frame = 0; frame < header.frames; frame += 1) digest.update(storedValuesBytes(await decodeFrame(file, frame), header));
  return { result: { header, object, storedValuesSha256: digest.digest('hex') }, transfer: [] };
}

async function thumbnail(place: string, frame: number, size: number): Promise<Answer> {
  const { file, header, sha256 } = await look({ path: place });
  const picture = fitPicture(renderFrame(await decodeFrame(file, frame), header(), { dataset: file.dataset, frameIndex: frame, overlays: true }), size);
  const encoded = encode({ width: picture.columns, height: picture.rows, channels: picture.channels, depth: 8, data: picture.pixels });
  // The encoder's buffer may be larger than the picture; only an exact one is transferred.
  const png = Uint8Array.from(encoded);
  return { result: { png, sha256: sha256() }, transfer: [png.buffer] };
}

async function searchText(place: string): Promise<Answer> {
  const { file, sha256 } = await look({ path: place });
  const risk = burnedInRisk(file.dataset) ?? { level: 'low' as const, reasons: [] };
  const found = await findTextInObject(file, { risk: risk.level });
  return { result: { sha256: sha256(), risk: risk.level, reasons: risk.reasons, boxes: found.boxes, framesLooked: found.framesLooked.length, shownFrame: found.framesWithText[0] ?? 0 }, transfer: [] };
}

/** The last file that was asked about. A larger one is parsed again each time: every worker may keep one. */
const largestKeptBytes = 128 * 2 ** 20;
let lastAsked: { readonly key: string; readonly sha256: string; readonly read: ReadObject } | null = null;

async function aboutObject(place: string, question: ObjectQuestion): Promise<Answer> {
  const { size, mtimeMs } = await stat(place).catch((thrown: unknown) => {
    throw new ScanloomError('input/not-found', 'The file is not there.', { cause: thrown });
  });
  const key = `${place}\n${size}\n${mtimeMs}`;
  let asked = lastAsked?.key === key ? lastAsked : null;
  if (asked === null) {
    const { file, sha256 } = await look({ path: place });
    asked = { key, sha256: sha256(), read: { file } };
    lastAsked = size <= largestKeptBytes ? asked : null;
  }
  const { answer, transfer } = await answerAbout(asked.read, question);
  return { result: { answer, sha256: asked.sha256 }, transfer };
}

async function fileSet(place: string): Promise<Answer> {
  const { dataset } = parseDicom(readSource(place).bytes);
  const records = dataset.sequence('DirectoryRecordSequence');
  if (!dataset.has('DirectoryRecordSequence')) throw new ScanloomError('dicom/invalid', 'This file is no DICOMDIR.');
  // Records that are not in use (0000H) name files that were taken away (PS3.3 F.3.2.2).
  const referenced = records.filter((record) => record.number('RecordInUseFlag') !== 0).map((record) => record.strings('ReferencedFileID')).filter((parts) => parts.some((part) => part !== ''));
  if (referenced.length > limits.fileSetFiles) throw new ScanloomError('dicom/too-large', `The DICOMDIR names more than ${limits.fileSetFiles} files.`);
  return { result: { referenced }, transfer: [] };
}

function perform(request: WorkerRequest): Promise<Answer> {
  switch (request.op) {
    case 'describe': return describe(request);
    case 'headers': return headers(request.files);
    case 'describe-several': return describeSeveral(request.files);
    case 'decode': return decode(request.path, request.frame);
    case 'hash': return hash(request);
    case 'thumbnail': return thumbnail(request.path, request.frame, request.size);
    case 'object': return aboutObject(request.path, request.question);
    case 'search-text': return searchText(request.path);
    case 'file-set': return fileSet(request.path);
  }
}

const port = parentPort;
port?.on('message', (message: unknown) => {
  void (async () => {
    const id = (message as { id?: unknown } | null)?.id;
    try {
      const { result, transfer } = await perform(WorkerRequest.parse(message));
      port.postMessage({ id, ok: true, result }, transfer);
    } catch (thrown) {
      port.postMessage({ id, ok: false, error: refusalOf(thrown).toBody() });
    }
  })();
});
