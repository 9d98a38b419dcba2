/**
 * A worker of the fuzzer: makes input after input, reads each through, and tells how it ended. Bundled by run-fuzz.ts before it starts.
 * What is no refusal in words is told with its stack; what kills or hangs this thread is seen from outside.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { mutated } from './mutate.ts';
import { randomFrom } from './random.ts';
import { readArchiveThrough, readThrough } from './read-through.ts';
import type { Seed } from './seeds.ts';

export interface FuzzWork {
  readonly seeds: readonly Seed[];
  readonly seed: number;
  /** Where archives lie while they are read; this worker's own. */
  readonly scratch: string;
}

export type FuzzReport =
  | { readonly input: number; readonly state: 'begun'; readonly from: string }
  | { readonly input: number; readonly state: 'ended'; readonly outcome: string }
  | { readonly input: number; readonly state: 'fault'; readonly stack: string };

export function inputOf(work: Pick<FuzzWork, 'seeds' | 'seed'>, input: number): { readonly seed: Seed; readonly bytes: Uint8Array } {
  const random = randomFrom(work.seed, input);
  // Archives are few among the seeds and have a reader of their own: every tenth input is one.
  const archives = work.seeds.filter(({ kind }) => kind === 'archive');
  const seed = archives.length > 0 && random.below(10) === 0 ? random.of(archives) : random.of(work.seeds);
  return { seed, bytes: mutated(seed, random, work.seeds) };
}

const port = parentPort;
if (port !== null) {
  const work = workerData as FuzzWork;
  const report = (message: FuzzReport): void => port.postMessage(message);
  port.on('message', (input: number) => {
    void (async () => {
      try {
        const { seed, bytes } = inputOf(work, input);
        report({ input, state: 'begun', from: seed.name });
        report({ input, state: 'ended', outcome: seed.kind === 'archive' ? await readArchiveThrough(bytes, work.scratch) : await readThrough(bytes) });
      } catch (thrown) {
        report({ input, state: 'fault', stack: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) });
      }
    })();
  });
}
