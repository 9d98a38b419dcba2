/**
 * Files on their way to the workers. A lone file goes at once, so that the first image shows early; while all workers are busy small files gather and
 * go together, because a message to a thread and back costs as much as reading one of them.
 */
import type { WorkerPool } from '#base';
import { ScanloomError } from '#contract';
import { describeFile, type AskWorker } from './describe-file.ts';
import type { FoundFile } from './find-files.ts';
import type { DescribedFile } from './study-store.ts';
import { DescribeSeveralAnswer, type FileToDescribe } from './workers/messages.ts';

/** Messages for each worker: the next one waits at its door. */
const messagesEach = 2;
/** Files in one message, and their bytes: somebody who looks at an image waits behind one message at most. */
const together = 64;
const togetherBytes = 8 * 2 ** 20;

interface Waiting {
  readonly file: FileToDescribe;
  readonly sizeBytes: number;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export class DescribeQueue {
  /** Files that keep all workers busy. */
  readonly ahead: number;
  readonly #pool: WorkerPool;
  readonly #workers: number;
  readonly #waiting: Waiting[] = [];
  #busy = 0;
  #scheduled: NodeJS.Immediate | null = null;

  constructor(pool: WorkerPool, workers: number) {
    this.#pool = pool;
    this.#workers = Math.max(1, workers);
    this.ahead = this.#workers * messagesEach * together;
  }

  /** As `describeFile`. */
  describe(file: FoundFile): Promise<DescribedFile | null> {
    return describeFile(file, (asked) => this.#ask(asked, file.sizeBytes));
  }

  readonly #ask = (file: FileToDescribe, sizeBytes: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      this.#waiting.push({ file, sizeBytes, resolve, reject });
      // What is found in the same turn goes together.
      this.#scheduled ??= setImmediate(() => {
        this.#scheduled = null;
        this.#send();
      });
    });

  #send(): void {
    while (this.#busy < this.#workers * messagesEach && this.#waiting.length > 0) {
      const batch = this.#next();
      this.#busy += 1;
      void this.#run(batch).finally(() => {
        this.#busy -= 1;
        this.#send();
      });
    }
  }

  /** Its share of what waits, so that every worker gets some. */
  #next(): Waiting[] {
    const count = Math.min(together, Math.ceil(this.#waiting.length / this.#workers));
    let bytes = 0;
    let taken = 0;
    while (taken < count) {
      bytes += this.#waiting[taken]!.sizeBytes;
      if (taken > 0 && bytes > togetherBytes) break;
      taken += 1;
    }
    return this.#waiting.splice(0, taken);
  }

  async #run(batch: readonly Waiting[]): Promise<void> {
    const alone: AskWorker = (file) => this.#pool.run({ op: 'describe', ...file });
    if (batch.length === 1) {
      await alone(batch[0]!.file).then(batch[0]!.resolve, batch[0]!.reject);
      return;
    }
    try {
      const { answers } = DescribeSeveralAnswer.parse(await this.#pool.run({ op: 'describe-several', files: batch.map(({ file }) => file) }));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const answer = answers[index];
        if (answer?.ok === true) resolve(answer.result);
        else reject(answer === undefined ? new ScanloomError('worker/crashed', 'Reading this file stopped the reader.') : ScanloomError.fromBody(answer.error));
      }
    } catch (thrown) {
      if (ScanloomError.from(thrown).code !== 'worker/crashed') {
        for (const { reject } of batch) reject(thrown);
        return;
      }
      // One of them stopped the worker: each alone, so that it costs that one only.
      for (const { file, resolve, reject } of batch) await alone(file).then(resolve, reject);
    }
  }
}
