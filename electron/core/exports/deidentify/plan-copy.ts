/** What a copy would hold, and what somebody should know before it is made. Every object is read and taken through the profile; nothing is written. */
import { createMemoryLog, type Log, type WorkerPool } from '#base';
import { ScanloomError, type CopyPlan, type DeidentifyOption } from '#contract';
import { findFiles } from '#library';
import { checkOptions, contentsOf, copyWarnings, keyBytes, type CopyFacts } from '#privacy';
import { copyThreads } from './copy-deidentified.ts';
import { createCopyWorkers } from './copy-workers.ts';
import { createFaceWatch } from './face-watch.ts';
import type { LookAnswer } from './messages.ts';

export interface CopyPlanOrder {
  readonly inputs: readonly string[];
  readonly options: readonly DeidentifyOption[];
  readonly scanloom: string;
  readonly pool: WorkerPool;
  readonly entries: string;
  readonly log?: Log;
  readonly signal?: AbortSignal;
  readonly onProgress?: (filesDone: number) => void;
}

/** Stand-ins are only counted here: any key does. */
const anyKey = new Uint8Array(keyBytes);

/** Files that cannot be read or are refused are passed over: the copy tells of them. @throws ScanloomError `request/invalid`, `job/cancelled`; `input/…` when nothing is left */
export async function planCopy(order: CopyPlanOrder): Promise<CopyPlan> {
  const options = new Set(order.options);
  checkOptions(options);
  const workers = createCopyWorkers({ entries: order.entries, size: copyThreads(), log: order.log ?? createMemoryLog(), signal: order.signal });
  const facts: CopyFacts[] = [];
  const unread: ScanloomError[] = [];
  const watch = createFaceWatch();
  let done = 0;
  const waiting: Promise<LookAnswer>[] = [];
  const take = async (): Promise<void> => {
    const answer = await waiting.shift()!.catch((thrown: unknown) => {
      const error = ScanloomError.from(thrown);
      if (['internal', 'job/cancelled'].includes(error.code)) throw thrown;
      return null;
    });
    order.onProgress?.((done += 1));
    if (answer?.kind !== 'object') return;
    facts.push(answer.facts);
    if (answer.header !== null) watch.add(answer.facts.series, answer.header);
  };
  try {
    for await (const { path, bytes } of findFiles(order.inputs, { onRefused: (_, error) => void unread.push(error), pool: order.pool })) {
      const answer = workers.look({ path, bytes, options: [...order.options], key: anyKey, scanloom: order.scanloom });
      answer.catch(() => undefined);
      waiting.push(answer);
      if (waiting.length > workers.size) await take();
    }
    while (waiting.length > 0) await take();
  } finally {
    await workers.close();
  }
  if (facts.length === 0) throw unread[0] ?? new ScanloomError('input/empty', 'There is no DICOM object that could be copied.', { hint: 'Choose a folder that holds DICOM objects.' });
  return { contents: contentsOf(facts), warnings: copyWarnings(facts, watch.risks(), { options }) };
}
