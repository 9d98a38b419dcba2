/**
 * Runs one unit after another. The order of writing is the promise: the job before the answer, a unit's blob before its record, the
 * record before the next unit, the item with its ledger entry in one transaction. A kill between any two of them repeats at most the
 * unit that had no record.
 */
import { randomUuid, type Clock, type Log } from '#base';
import { ScanloomError, type Job, type StartJob } from '#contract';
import type { Library } from '#library';
import type { JobKind, JobPreview } from './job-kind.ts';
import { JobStore } from './job-store.ts';

export interface Jobs {
  /** Freezes and stores the job, then answers; it runs as soon as those before it have ended. */
  start(request: StartJob): Promise<Job>;
  /** What `start` would work on and what it would leave out; stores nothing. */
  preview(request: StartJob): Promise<JobPreview>;
  get(jobId: string): Job;
  list(): Job[];
  /** The unit in hand is finished and recorded, then the job waits. */
  pause(jobId: string): Job;
  resume(jobId: string): Job;
  /** Stops at once, even within a unit. Items that are complete stay. */
  cancel(jobId: string): Job;
  /** Runs a failed or cancelled job again from its first unit without a record. */
  retry(jobId: string): Job;
  /** Resolves when the job is done, failed, cancelled or paused. */
  settled(jobId: string): Promise<Job>;
  /** Median pace of a package on this machine, for estimates. */
  paceMs(packageId: string): { msPerPixel: number } | null;
  /** Stops after the unit in hand is aborted; everything recorded stays, and the next start goes on. */
  close(): Promise<void>;
}

const settledStates: readonly Job['state'][] = ['done', 'failed', 'cancelled', 'paused'];

export function createJobs(options: { library: Library; kinds: readonly JobKind[]; clock: Clock; log: Log; autoStart?: boolean }): Jobs {
  const { library, clock, log } = options;
  const store = new JobStore(library.db);
  const kinds = new Map(options.kinds.map((kind) => [kind.task, kind]));
  const waiting = new Map<string, ((job: Job) => void)[]>();
  let closed = false;
  let current: { jobId: string; abort: AbortController } | null = null;
  let unitsThisRun = { jobId: '', count: 0, since: 0 };
  let loop: Promise<void> | null = null;

  const now = (): string => clock.now().toISOString();

  const kindOf = (task: Job['task']): JobKind => {
    const kind = kinds.get(task);
    if (kind === undefined) throw new ScanloomError('task/not-applicable', `This program has no task named ${task}.`);
    return kind;
  };

  const withPace = (job: Job): Job => {
    if (job.state !== 'running' || unitsThisRun.jobId !== job.jobId || unitsThisRun.count === 0) return job;
    const secondsPerUnit = (clock.now().getTime() - unitsThisRun.since) / 1000 / unitsThisRun.count;
    return { ...job, secondsLeft: Math.max(0, secondsPerUnit * (job.unitsTotal - job.unitsDone)) };
  };

  const announce = (jobId: string): Job => {
    const job = withPace(store.get(jobId));
    library.events.publish({ type: 'job-changed', job });
    if (settledStates.includes(job.state)) {
      for (const resolve of waiting.get(jobId) ?? []) resolve(job);
      waiting.delete(jobId);
    }
    return job;
  };

  const wake = (): void => {
    if (closed || loop !== null) return;
    loop = run().finally(() => {
      loop = null;
      // A job may have been accepted after the loop saw an empty queue.
      if (!closed && store.nextQueued() !== null) wake();
    });
  };

  async function run(): Promise<void> {
    for (let jobId = store.nextQueued(); jobId !== null && !closed; jobId = store.nextQueued()) {
      const kind = kindOf(store.get(jobId).task);
      store.move(jobId, ['queued'], 'running', { startedAt: now() });
      unitsThisRun = { jobId, count: 0, since: clock.now().getTime() };
      announce(jobId);
      try {
        await runJob(jobId);
      } catch (thrown) {
        settleFailure(jobId, thrown);
      } finally {
        current = null;
        kind.release(jobId);
      }
    }
  }

  function settleFailure(jobId: string, thrown: unknown): void {
    const error = ScanloomError.from(thrown);
    // Cancelled by a person, or the program is closing: the state is already what it should be.
    if (closed || error.code === 'job/cancelled' || store.get(jobId).state !== 'running') return;
    log.error('job-failed', { jobId, code: error.code, cause: String(error.cause ?? '') });
    // A full disk is for a person to mend: the job waits where it is and goes on when resumed.
    store.move(jobId, ['running'], error.code === 'disk/full' ? 'paused' : 'failed', { error: error.toBody(), endedAt: now() });
    announce(jobId);
  }

  async function runJob(jobId: string): Promise<void> {
    const job = store.running(jobId);
    const kind = kindOf(job.settings.task);
    const abort = new AbortController();
    current = { jobId, abort };
    await makeItems(jobId, job, kind);
    for (let unit = store.nextPending(jobId); unit !== null; unit = store.nextPending(jobId)) {
      if (closed || abort.signal.aborted) throw new ScanloomError('job/cancelled', 'The job was stopped.');
      if (store.get(jobId).state !== 'running') return;
      const result = await kind.runUnit({ job, unitIndex: unit.unitIndex, plan: unit.plan, signal: abort.signal, onProgress: () => undefined });
      const blob = await library.blobs.put(result.bytes);
      store.recordUnit(jobId, unit.unitIndex, { blob, meta: result.meta, device: result.device }, now());
      unitsThisRun.count += 1;
      await makeItems(jobId, job, kind);
      announce(jobId);
    }
    if (store.get(jobId).state !== 'running') return;
    store.move(jobId, ['running'], 'done', { endedAt: now() });
    announce(jobId);
  }

  async function makeItems(jobId: string, job: ReturnType<JobStore['running']>, kind: JobKind): Promise<void> {
    for (const itemIndex of store.itemsToMake(jobId)) {
      const draft = await kind.makeItem({ job, itemIndex, units: store.doneUnits(jobId, itemIndex) });
      const item = library.items.insert({ itemId: randomUuid(), jobId, index: itemIndex, createdAt: now(), packageId: job.packageId, packageSha256: job.packageSha256, settings: job.settings, draft });
      library.events.publish({ type: 'item-added', item });
    }
  }

  const settled = (jobId: string): Promise<Job> => {
    const job = store.get(jobId);
    if (settledStates.includes(job.state) && current?.jobId !== jobId) return Promise.resolve(job);
    if (settledStates.includes(job.state) && job.state !== 'paused') return Promise.resolve(job);
    return new Promise((resolve) => {
      waiting.set(jobId, [...(waiting.get(jobId) ?? []), resolve]);
    });
  };

  const requeue = (jobId: string, from: readonly Job['state'][]): Job => {
    store.move(jobId, from, 'queued', { error: null });
    const job = announce(jobId);
    wake();
    return job;
  };

  if (options.autoStart !== false) {
    const interrupted = store.requeueInterrupted();
    if (interrupted > 0) log.info('jobs-resumed', { count: interrupted });
    queueMicrotask(wake);
  }

  return {
    async start(request) {
      const frozen = await kindOf(request.task).freeze(request);
      const jobId = randomUuid();
      store.insert(jobId, frozen, now());
      const job = announce(jobId);
      wake();
      return job;
    },
    preview: (request) => kindOf(request.task).preview(request),
    get: (jobId) => withPace(store.get(jobId)),
    list: () => store.list().map(withPace),
    pause(jobId) {
      store.move(jobId, ['queued', 'running'], 'paused');
      return announce(jobId);
    },
    resume(jobId) {
      const job = store.get(jobId);
      // After a crash the job waits already; asking for it again is no mistake.
      if (job.state !== 'queued' && job.state !== 'running') return requeue(jobId, ['paused']);
      wake();
      return withPace(job);
    },
    cancel(jobId) {
      store.move(jobId, ['queued', 'running', 'paused'], 'cancelled', { endedAt: now() });
      if (current?.jobId === jobId) current.abort.abort();
      return announce(jobId);
    },
    retry: (jobId) => requeue(jobId, ['failed', 'cancelled']),
    settled,
    paceMs: (packageId) => store.paceMs(packageId),
    async close() {
      closed = true;
      current?.abort.abort();
      await loop;
    },
  };
}
