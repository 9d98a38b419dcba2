/** Keeps one engine process at hand: starts it when there is work, replaces it when it crashed, grew or was cancelled, ends it when idle. */
import os from 'node:os';
import { ScanloomError, type DeviceReport, type EngineOutput, type EngineWork } from '#contract';
import { EngineGone, openConnection, type Connection } from './connection.ts';
import type { EngineExit, EngineLink, EngineLinkOptions, EngineRunOptions } from './types.ts';

const defaults = {
  startTimeoutMs: 60_000,
  /** One tile or step on a slow, busy machine takes seconds; ten minutes of silence is a hung driver. */
  stallTimeoutMs: 600_000,
  idleTimeoutMs: 300_000,
  /** Share of the machine's memory that an engine process may have grown to before it is replaced. */
  memoryShare: 0.5,
};
/** How long the next process waits for the end of the one before it, so that two never hold their models at once. */
const exitGraceMs = 2000;
/** After so many crashes with "auto" the graphics devices are left alone until the program starts again. */
const crashesUntilCpu = 2;

export function createEngineLink(options: EngineLinkOptions): EngineLink {
  const { launch, log, clock } = options;
  const startTimeoutMs = options.startTimeoutMs ?? defaults.startTimeoutMs;
  const stallTimeoutMs = options.stallTimeoutMs ?? defaults.stallTimeoutMs;
  const idleTimeoutMs = options.idleTimeoutMs ?? defaults.idleTimeoutMs;
  const memoryBudgetBytes = options.memoryBudgetBytes ?? os.totalmem() * defaults.memoryShare;

  let connection: Connection | null = null;
  let version = 'unknown';
  let closed = false;
  let queue: Promise<unknown> = Promise.resolve();
  let idleTimer: NodeJS.Timeout | undefined;
  let crashesOnAuto = 0;
  let reports: Promise<DeviceReport[]> | null = null;

  async function connected(signal: AbortSignal | undefined): Promise<Connection> {
    if (connection?.isAlive() === true) return connection;
    if (connection !== null) await Promise.race([connection.exited, new Promise((resolve) => setTimeout(resolve, exitGraceMs).unref())]);
    refuseIfOver(signal);
    const startedAt = clock.now().getTime();
    const opened = openConnection(launch, startTimeoutMs);
    connection = opened;
    try {
      version = await endedBy(signal, opened, opened.ready);
    } catch (thrown) {
      if (!(thrown instanceof EngineGone)) throw thrown;
      log.error('engine-not-started', exitFacts(thrown.exit));
      throw new ScanloomError('engine/unavailable', 'The engine process ended before it was ready.', { hint: 'Run "scanloom doctor" to see what is missing.', details: exitFacts(thrown.exit) });
    }
    log.info('engine-started', { pid: opened.pid ?? null, onnxruntime: version, ms: clock.now().getTime() - startedAt });
    return opened;
  }

  /** Waits for `answer`; an abort meanwhile kills the process, since nothing else stops a run, and is answered at once. */
  async function endedBy<T>(signal: AbortSignal | undefined, running: Connection, answer: Promise<T>): Promise<T> {
    const abort = (): void => running.end(cancelled());
    if (signal?.aborted === true) abort();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await answer;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  function refuseIfOver(signal: AbortSignal | undefined): void {
    if (signal?.aborted === true) throw cancelled();
    if (closed) throw closing();
  }

  async function runNow(asked: EngineWork, { signal, onProgress }: EngineRunOptions): Promise<EngineOutput> {
    refuseIfOver(signal);
    clearTimeout(idleTimer);
    let work = asked;
    let instead: string | null = null;
    const useCpu = (reason: string): void => {
      if (work.kind === 'probe' || work.device !== 'auto') return;
      work = { ...work, device: 'cpu' };
      instead = reason;
    };
    if (crashesOnAuto >= crashesUntilCpu) useCpu('CPU: the engine process crashed repeatedly when it was free to choose');
    try {
      for (let attempt = 1; ; attempt += 1) {
        const running = await connected(signal);
        try {
          const output = await endedBy(signal, running, running.request(work, stallTimeoutMs, onProgress));
          if (output.peakMemoryBytes > memoryBudgetBytes) {
            log.warn('engine-over-memory-budget', { peakMemoryBytes: output.peakMemoryBytes, memoryBudgetBytes });
            running.end(closing());
          }
          return instead === null ? output : { ...output, device: { ...output.device, reason: instead } };
        } catch (thrown) {
          // The process that ran out of memory is the one that holds it.
          if (thrown instanceof ScanloomError && thrown.code === 'engine/out-of-memory') running.end(thrown);
          if (!(thrown instanceof EngineGone)) throw thrown;
          log.warn('engine-crashed', { attempt, ...exitFacts(thrown.exit) });
          if (work.kind === 'probe' || work.device === 'auto') crashesOnAuto += 1;
          if (attempt === 2) throw crashed(thrown.exit);
          useCpu('CPU: the engine process crashed when it was free to choose');
        }
      }
    } finally {
      if (!closed) {
        idleTimer = setTimeout(() => connection?.end(closing()), idleTimeoutMs);
        // Waiting for idleness keeps no program alive.
        idleTimer.unref();
      }
    }
  }

  const link: EngineLink = {
    run(work, runOptions = {}) {
      const { signal } = runOptions;
      const turn = queue.then(() => runNow(work, runOptions));
      queue = turn.catch(() => undefined);
      if (signal === undefined) return turn;
      // Whoever still waits for a turn hears of the abort at once too.
      return new Promise<EngineOutput>((resolve, reject) => {
        const abort = (): void => reject(cancelled());
        if (signal.aborted) abort();
        signal.addEventListener('abort', abort, { once: true });
        turn.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
      });
    },

    devices() {
      const asked = reports ?? link.run({ kind: 'probe' }).then((output) => output.devices ?? []).catch((thrown: unknown) => {
        reports = null;
        if (!(thrown instanceof ScanloomError) || thrown.code !== 'engine/crashed') throw thrown;
        // A driver that brings the process down on a tiny graph is an answer too.
        crashesOnAuto = crashesUntilCpu;
        const report: DeviceReport = { device: 'cpu', usable: true, reason: 'CPU is used alone: the engine process crashed while other devices were tried' };
        return [report];
      });
      reports = asked;
      return asked;
    },

    version: () => version,

    async close() {
      closed = true;
      clearTimeout(idleTimer);
      connection?.end(closing());
      await queue;
      if (connection !== null) await connection.exited;
    },
  };
  return link;
}

function exitFacts({ code, signal, lastWords }: EngineExit): { exitCode: number | null; signal: string | null; lastWords: string } {
  return { exitCode: code, signal, lastWords: (lastWords ?? '').slice(-500) };
}

const cancelled = (): ScanloomError => new ScanloomError('job/cancelled', 'The work was cancelled.');
const closing = (): ScanloomError => new ScanloomError('engine/unavailable', 'The engine is being closed.');

function crashed(exit: EngineExit): ScanloomError {
  const hint = exit.signal === 'SIGKILL' ? 'The system may have run out of memory: close other programs and try again.' : 'Try again with the CPU as device; finished work is kept.';
  return new ScanloomError('engine/crashed', 'The engine process ended twice over the same work.', { hint, details: exitFacts(exit) });
}
