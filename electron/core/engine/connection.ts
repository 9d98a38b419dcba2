/** One engine process from launch to exit: handshake, one request at a time, what its end means. */
import { EngineMessage, ScanloomError, type EngineOutput, type EngineWork } from '#contract';
import type { EngineExit, EngineProcess, LaunchEngine } from './types.ts';

/** The process ended, or had to be ended, without an answer. Internal to this room: outside it becomes a retry or `engine/crashed`. */
export class EngineGone extends Error {
  readonly exit: EngineExit;
  constructor(exit: EngineExit) {
    super(`the engine process ended (code ${exit.code}, signal ${exit.signal})`);
    this.exit = exit;
  }
}

export interface Connection {
  readonly pid: number | undefined;
  /** Settles once: `ready`'s version, or the reason why there is none. */
  readonly ready: Promise<string>;
  readonly exited: Promise<EngineExit>;
  isAlive(): boolean;
  /** @throws EngineGone when the process ends first; `ScanloomError` when the engine answers with one; whatever `end` was called with. */
  request(work: EngineWork, stallTimeoutMs: number, onProgress?: (done: number, total: number) => void): Promise<EngineOutput>;
  /** Kills the process; what waits for it is rejected with `reason` at once, without waiting for the exit. */
  end(reason: Error): void;
}

interface Waiting {
  readonly requestId: number;
  readonly onProgress: ((done: number, total: number) => void) | undefined;
  readonly resolve: (output: EngineOutput) => void;
  /** Starts the measure of silence again. */
  readonly heard: () => void;
}

export function openConnection(launch: LaunchEngine, startTimeoutMs: number): Connection {
  let child: EngineProcess;
  try {
    child = launch();
  } catch (cause) {
    throw new ScanloomError('engine/unavailable', 'The engine process could not be started.', { hint: 'Run "scanloom doctor" to see what is missing.', cause });
  }
  let waiting: Waiting | null = null;
  let alive = true;
  let requests = 0;
  /** Rejects whoever waits: the handshake, a request, or nobody. */
  let reject: (reason: Error) => void = () => undefined;
  let becameReady: (version: string) => void = () => undefined;

  const end = (reason: Error): void => {
    alive = false;
    reject(reason);
    child.kill();
  };

  const ready = new Promise<string>((resolve, rejectReady) => {
    becameReady = resolve;
    reject = rejectReady;
  });
  const startTimer = setTimeout(() => {
    end(new ScanloomError('engine/unavailable', `The engine process said nothing for ${Math.round(startTimeoutMs / 1000)} s after its start.`, { hint: 'The machine may be very busy; try again.' }));
  }, startTimeoutMs);
  const forgetTimer = (): void => clearTimeout(startTimer);
  ready.then(forgetTimer, forgetTimer);

  const exited = new Promise<EngineExit>((resolve) => {
    child.onExit((exit) => {
      alive = false;
      reject(new EngineGone(exit));
      resolve(exit);
    });
  });

  child.onMessage((raw) => {
    const parsed = EngineMessage.safeParse(raw);
    if (!parsed.success) {
      end(new ScanloomError('engine/failed', 'The engine process said something that Scanloom does not understand.', { hint: 'Engine and program may be of different versions; build or install again.' }));
      return;
    }
    const message = parsed.data;
    if (message.type === 'ready') {
      becameReady(message.onnxruntime);
      return;
    }
    if (waiting === null) return;
    // -1: the engine could not even read the number of what it was sent, which can only be what was sent last.
    if (message.requestId !== waiting.requestId && message.requestId !== -1) return;
    waiting.heard();
    if (message.type === 'progress') waiting.onProgress?.(message.done, message.total);
    else if (message.type === 'result') waiting.resolve(message.output);
    else reject(ScanloomError.fromBody(message.error));
  });

  return {
    pid: child.pid,
    ready,
    exited,
    isAlive: () => alive,
    end,
    async request(work, stallTimeoutMs, onProgress) {
      if (!alive) throw new EngineGone({ code: null, signal: null });
      const requestId = (requests += 1);
      let timer: NodeJS.Timeout | undefined;
      try {
        return await new Promise<EngineOutput>((resolve, rejectRequest) => {
          reject = rejectRequest;
          const heard = (): void => {
            clearTimeout(timer);
            timer = setTimeout(() => end(new EngineGone({ code: null, signal: null, lastWords: `silent for ${stallTimeoutMs} ms` })), stallTimeoutMs);
          };
          waiting = { requestId, onProgress, resolve, heard };
          heard();
          child.post({ type: 'run', requestId, work });
        });
      } finally {
        clearTimeout(timer);
        waiting = null;
        reject = () => undefined;
      }
    },
  };
}
