/** The entry of the worker thread of de-identified copies. Whatever is wrong with a file ends here as an answer. */
import { parentPort, type Transferable } from 'node:worker_threads';
import { encode } from 'fast-png';
import { ScanloomError } from '#contract/errors';
import { parseDicom } from '#dicom';
import { cutFaceOfSeries, type SeriesFaceCut } from '#privacy';
import { lookAtObject, makeObject, readGiven } from './make-object.ts';
import { CopyRequest, type FaceAnswer, type LookAnswer, type ObjectAnswer } from './messages.ts';

interface Answer {
  readonly result: FaceAnswer | LookAnswer | ObjectAnswer;
  readonly transfer: Transferable[];
}

async function perform(request: CopyRequest): Promise<Answer> {
  if (request.op === 'look') return { result: await lookAtObject(request), transfer: [] };
  if (request.op === 'face') return cutFace(request);
  const result = await makeObject(request);
  return { result, transfer: result.kind === 'made' && result.bytes.byteLength === result.bytes.buffer.byteLength ? [result.bytes.buffer as ArrayBuffer] : [] };
}

async function cutFace({ files, seed, picture }: Extract<CopyRequest, { op: 'face' }>): Promise<Answer> {
  const parsed = [];
  for (const file of files) parsed.push(parseDicom(await readGiven(file)));
  const outcome = await cutFaceOfSeries(parsed, seed);
  if (outcome.kind === 'refused') return { result: outcome, transfer: [] };
  return { result: { kind: 'cut', description: outcome.description, cuts: [...outcome.cuts], picture: picture ? sideBySide(outcome) : null }, transfer: [] };
}

function sideBySide({ before, after }: Pick<SeriesFaceCut, 'before' | 'after'>): Uint8Array | null {
  if (before === null || after === null) return null;
  const gap = 8;
  const width = before.columns + gap + after.columns;
  const height = Math.max(before.rows, after.rows);
  const data = new Uint8Array(width * height);
  for (const [surface, start] of [[before, 0], [after, before.columns + gap]] as const) {
    for (let row = 0; row < surface.rows; row += 1) data.set(surface.pixels.subarray(row * surface.columns, (row + 1) * surface.columns), row * width + start);
  }
  return Uint8Array.from(encode({ width, height, data, channels: 1, depth: 8 }));
}

const port = parentPort;
port?.on('message', (message: unknown) => {
  void (async () => {
    const id = (message as { id?: unknown } | null)?.id;
    try {
      const { result, transfer } = await perform(CopyRequest.parse(message));
      port.postMessage({ id, ok: true, result }, transfer);
    } catch (thrown) {
      const error = thrown instanceof RangeError ? new ScanloomError('dicom/too-large', 'The file needs more memory than there is.', { cause: thrown }) : ScanloomError.from(thrown);
      port.postMessage({ id, ok: false, error: error.toBody() });
    }
  })();
});
