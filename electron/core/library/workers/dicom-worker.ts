/**
 * The entry of a DICOM worker thread: reads one file at a time, answers with plain data and transferred arrays.
 * Whatever is wrong with a file ends here as an answer; what crashes the thread costs that file only.
 */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { parentPort, type Transferable } from 'node:worker_threads';
import { encode } from 'fast-png';
import { limits, sha256Hex } from '#base';
import { ScanloomError } from '#contract/errors';
import { checkPixels, decodeFrame, describeImage, fitPicture, parseDicom, renderFrame, storedValuesBytes, type DicomFile } from '#dicom';
import { WorkerRequest, type DecodeResult, type DescribeResult, type HashResult, type ThumbnailResult } from './messages.ts';

interface Source {
  readonly bytes: Uint8Array;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

/** The file's bytes, read into a buffer of its own. */
async function readSource(path: string): Promise<Source> {
  try {
    const handle = await open(path, 'r');
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) throw new ScanloomError('input/unreadable', 'This is no file.');
      if (stat.size === 0) throw new ScanloomError('input/empty', 'The file is empty.', { hint: 'It was probably not copied completely.' });
      if (stat.size > limits.sourceFileBytes) throw new ScanloomError('dicom/too-large', `The file is larger than the ${Math.round(limits.sourceFileBytes / 2 ** 20)} MB that can be read.`);
      return { bytes: await handle.readFile(), sizeBytes: stat.size, mtimeMs: stat.mtimeMs };
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    if (thrown instanceof ScanloomError) throw thrown;
    const code = String((thrown as { code?: unknown } | null)?.code ?? '');
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new ScanloomError('input/not-found', 'The file is not there.', { details: { code }, cause: thrown });
    throw new ScanloomError('input/unreadable', 'The file cannot be read.', { hint: 'Check that you may read it, and the disk that it lies on.', details: { code }, cause: thrown });
  }
}

type Answer = { readonly result: DescribeResult | DecodeResult | HashResult | ThumbnailResult; readonly transfer: Transferable[] };

async function describe(path: string): Promise<Answer> {
  const { bytes, sizeBytes, mtimeMs } = await readSource(path);
  const file = parseDicom(bytes);
  checkPixels(file);
  return { result: { header: describeImage(file), notices: file.notices, sha256: sha256Hex(bytes), sizeBytes, mtimeMs }, transfer: [] };
}

async function decode(path: string, frame: number): Promise<Answer> {
  const { bytes } = await readSource(path);
  const decoded = await decodeFrame(parseDicom(bytes), frame);
  return { result: { frame: decoded, sha256: sha256Hex(bytes) }, transfer: [decoded.stored.buffer as ArrayBuffer] };
}

/** Frame after frame, so that a long series of frames needs the memory of one. */
async function storedValuesSha256(file: DicomFile): Promise<string> {
  const header = describeImage(file);
  const digest = createHash('sha256');
  for (let frame = 0; frame < header.frames; frame += 1) digest.update(storedValuesBytes(await decodeFrame(file, frame), header));
  return digest.digest('hex');
}

async function hash(path: string): Promise<Answer> {
  const { bytes } = await readSource(path);
  const file = parseDicom(bytes);
  const header = describeImage(file);
  return { result: { header, storedValuesSha256: header.hasPixels ? await storedValuesSha256(file) : null }, transfer: [] };
}

async function thumbnail(path: string, frame: number, size: number): Promise<Answer> {
  const { bytes } = await readSource(path);
  const file = parseDicom(bytes);
  const header = describeImage(file);
  const picture = fitPicture(renderFrame(await decodeFrame(file, frame), header, { dataset: file.dataset, frameIndex: frame }), size);
  const encoded = encode({ width: picture.columns, height: picture.rows, channels: picture.channels, depth: 8, data: picture.pixels });
  // The encoder's buffer may be larger than the picture; only an exact one is transferred.
  const png = Uint8Array.from(encoded);
  return { result: { png, sha256: sha256Hex(bytes) }, transfer: [png.buffer] };
}

function perform(request: WorkerRequest): Promise<Answer> {
  switch (request.op) {
    case 'describe': return describe(request.path);
    case 'decode': return decode(request.path, request.frame);
    case 'hash': return hash(request.path);
    case 'thumbnail': return thumbnail(request.path, request.frame, request.size);
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
      const error = thrown instanceof RangeError ? new ScanloomError('dicom/too-large', 'The file needs more memory than there is.', { cause: thrown }) : ScanloomError.from(thrown);
      port.postMessage({ id, ok: false, error: error.toBody() });
    }
  })();
});
