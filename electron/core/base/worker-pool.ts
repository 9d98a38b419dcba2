/**
 * Worker threads that take one task at a time. A task that crashes its worker, or hangs it, costs that task only: the worker is replaced.
 *
 * Protocol: the pool posts `{id, …request}`; the worker answers `{id, ok: true, result}` or `{id, ok: false, error: ErrorBody}`.
 */
import { Worker, type Transferable } from 'node:worker_threads';
import { z } from 'zod';
import { ErrorBody, ScanloomError } from '#contract';
import { limits } from './limits.ts';
import type { Log } from './log.ts';

export interface WorkerPoolOptions {
  /** Path of the built entry, a JavaScript module. */
  readonly entry: string;
  /** Workers at most; they start with the first tasks. */
  readonly size: number;
  readonly log: Log;
  /** Per task; `limits.workerTaskMs` when left out. */
  readonly timeoutMs?: number;
}

export interface WorkerTaskOptions {
  readonly transfer?: readonly Transferable[];
  readonly timeoutMs?: number;
  /** `urgent` goes ahead of all that is not: somebody is looking at the screen. */
  readonly priority?: 'urgent' | 'normal';
}

export interface WorkerPool {
  /** @throws ScanloomError what the worker answered; `worker/crashed` when it died or hung; `job/cancelled` when the pool was closed */
  run(request: { readonly [key: string]: unknown }, options?: WorkerTaskOptions): Promise<unknown>;
  /** Tasks that wait or run. */
  pending(): number;
  close(): Promise<void>;
}

const Answer = z.discriminatedUnion('ok', [
  z.object({ id: z.int(), ok: z.literal(true), result: z.unknown() }),
  z.object({ id: z.int(), ok: z.literal(false), error: ErrorBody }),
]);

interface Task {
  readonly id: number;
  readonly request: { readonly [key: string]: unknown };
  readonly options: WorkerTaskOptions;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: ScanloomError) => void;
}

interface Slot {
  readonly worker: Worker;
  task: Task | null;
  timer: NodeJS.Timeout | null;
}

export function createWorkerPool(options: WorkerPoolOptions): WorkerPool {
  const slots = new Set<Slot>();
  const urgent: Task[] = [];
  const normal: Task[] = [];
  let nextId = 1;
  let closed = false;

  const finish = (slot: Slot): Task | null => {
    const { task } = slot;
    if (slot.timer !== null) clearTimeout(slot.timer);
    slot.timer = null;
    slot.task = null;
    // An idle worker must not keep the program from ending.
    slot.worker.unref();
    return task;
  };

  /** Takes a worker out of service; its task, if any, ends with `error`. */
  const drop = (slot: Slot, error: ScanloomError): void => {
    if (!slots.delete(slot)) return;
    const task = finish(slot);
    void slot.worker.terminate();
    if (task !== null) {
      options.log.warn('worker-lost', { op: String(task.request['op'] ?? ''), cause: error.message });
      task.reject(error);
    }
    dispatch();
  };

  const crashed = (cause: unknown): ScanloomError =>
    new ScanloomError('worker/crashed', 'Reading this file stopped the reader.', {
      hint: 'Other files are not affected. The file may be damaged or too large for this machine.',
      // Messages of unknown errors may quote the file, so only their name goes along.
      details: { cause: cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.name) : String(cause) },
      cause,
    });

  const start = (): Slot => {
    const slot: Slot = { worker: new Worker(options.entry, { stdout: false, stderr: false }), task: null, timer: null };
    slots.add(slot);
    slot.worker.on('message', (message: unknown) => {
      const answer = Answer.safeParse(message);
      if (!answer.success || slot.task === null || answer.data.id !== slot.task.id) return;
      const task = finish(slot);
      if (answer.data.ok) task?.resolve(answer.data.result);
      else task?.reject(ScanloomError.fromBody(answer.data.error));
      dispatch();
    });
    slot.worker.on('error', (error) => drop(slot, crashed(error)));
    slot.worker.on('messageerror', (error) => drop(slot, crashed(error)));
    slot.worker.on('exit', (code) => drop(slot, crashed(`exit ${code}`)));
    return slot;
  };

  const dispatch = (): void => {
    if (closed) return;
    while (urgent.length + normal.length > 0) {
      const slot = [...slots].find((candidate) => candidate.task === null) ?? (slots.size < options.size ? start() : undefined);
      if (slot === undefined) return;
      const task = urgent.shift() ?? normal.shift();
      if (task === undefined) return;
      assign(slot, task);
    }
  };

  const assign = (slot: Slot, task: Task): void => {
    const timeoutMs = task.options.timeoutMs ?? options.timeoutMs ?? limits.workerTaskMs;
    slot.task = task;
    slot.worker.ref();
    slot.timer = setTimeout(() => {
      drop(slot, new ScanloomError('worker/crashed', 'Reading this file took too long and was stopped.', { hint: 'Other files are not affected. The file may be damaged, or the disk very slow.', details: { timeoutMs } }));
    }, timeoutMs);
    slot.worker.postMessage({ ...task.request, id: task.id }, [...(task.options.transfer ?? [])]);
  };

  return {
    run(request, taskOptions = {}) {
      return new Promise((resolve, reject) => {
        if (closed) {
          reject(new ScanloomError('job/cancelled', 'The library is being closed.'));
          return;
        }
        const task: Task = { id: nextId, request, options: taskOptions, resolve, reject };
        nextId += 1;
        (taskOptions.priority === 'urgent' ? urgent : normal).push(task);
        dispatch();
      });
    },
    pending: () => urgent.length + normal.length + [...slots].filter((slot) => slot.task !== null).length,
    async close() {
      closed = true;
      const ended = new ScanloomError('job/cancelled', 'The library is being closed.');
      for (const task of [...urgent.splice(0), ...normal.splice(0)]) task.reject(ended);
      const workers = [...slots].map((slot) => {
        slots.delete(slot);
        finish(slot)?.reject(ended);
        return slot.worker.terminate();
      });
      await Promise.all(workers);
    },
  };
}
