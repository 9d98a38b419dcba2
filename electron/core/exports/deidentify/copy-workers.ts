/** The threads of one copy. A stop ends them in the middle of whatever they do. */
import path from 'node:path';
import { createWorkerPool, type Log } from '#base';
import { ScanloomError } from '#contract';
import { FaceAnswer, LookAnswer, ObjectAnswer, type CopyRequest } from './messages.ts';

type Question<Op extends CopyRequest['op']> = Omit<Extract<CopyRequest, { op: Op }>, 'id' | 'op'>;

export interface CopyWorkers {
  /** Threads, of which each takes one object at a time. */
  readonly size: number;
  look(question: Question<'look'>): Promise<LookAnswer>;
  object(question: Question<'object'>): Promise<ObjectAnswer>;
  face(question: Question<'face'>): Promise<FaceAnswer>;
  close(): Promise<void>;
}

/** A volume of a thousand slices, decoded, cut and looked at again. */
const longestMs = 15 * 60_000;

/**
 * @param entries Folder of the built entries.
 * @returns Calls that reject with `job/cancelled` once `signal` is aborted.
 */
export function createCopyWorkers({ entries, size, log, signal }: { entries: string; size: number; log: Log; signal?: AbortSignal | undefined }): CopyWorkers {
  const pool = createWorkerPool({ entry: path.join(entries, 'deidentify-worker.js'), size, log, timeoutMs: longestMs });
  const stop = (): void => void pool.close();
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted === true) stop();
  const ask = async (request: { readonly op: CopyRequest['op'] }): Promise<unknown> => {
    try {
      return await pool.run({ ...request });
    } catch (thrown) {
      if (signal?.aborted === true) throw new ScanloomError('job/cancelled', 'Stopped.', { hint: 'Nothing was published.', cause: thrown });
      throw thrown;
    }
  };
  return {
    size,
    look: async (question) => LookAnswer.parse(await ask({ op: 'look', ...question })),
    object: async (question) => ObjectAnswer.parse(await ask({ op: 'object', ...question })),
    face: async (question) => FaceAnswer.parse(await ask({ op: 'face', ...question })),
    async close() {
      signal?.removeEventListener('abort', stop);
      await pool.close();
    },
  };
}
