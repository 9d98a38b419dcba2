/** What the link to the engine process looks like from above, and what a host gives it. */
import type { Clock, Log } from '#base';
import type { DeviceReport, EngineOutput, EngineWork, HostMessage } from '#contract';

/** How a process ended. `lastWords` is the tail of its standard error, for the log. */
export interface EngineExit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly lastWords?: string;
}

/**
 * One running engine process, whatever started it (`child_process.fork`, Electron's `utilityProcess.fork`).
 * Messages travel as structured clones: typed arrays stay typed arrays.
 */
export interface EngineProcess {
  post(message: HostMessage): void;
  onMessage(callback: (message: unknown) => void): void;
  /** Called once, also after `kill`. */
  onExit(callback: (exit: EngineExit) => void): void;
  /** Ends the process at once; it gets no chance to refuse. */
  kill(): void;
  readonly pid: number | undefined;
}

/** Starts a fresh engine process. Must put `ORT_DISABLE_TELEMETRY=1` into its environment before it starts. */
export type LaunchEngine = () => EngineProcess;

export interface EngineLinkOptions {
  readonly launch: LaunchEngine;
  readonly log: Log;
  readonly clock: Clock;
  /** A process that has grown past this is replaced after the run. Half of the machine's memory when left out. */
  readonly memoryBudgetBytes?: number;
  /** From launch to the engine's first word. */
  readonly startTimeoutMs?: number;
  /** Longest silence (no progress, no answer) during a run before the process counts as hung. */
  readonly stallTimeoutMs?: number;
  /** An engine without work for so long is ended, and its memory is free. */
  readonly idleTimeoutMs?: number;
}

export interface EngineRunOptions {
  readonly signal?: AbortSignal;
  onProgress?(done: number, total: number): void;
}

export interface EngineLink {
  /**
   * Runs one piece of work; calls wait for each other in order. The process is started by the first one.
   *
   * @throws {ScanloomError} `job/cancelled` as soon as the signal says so (the process is killed, the next run starts a new one);
   * `engine/crashed` when the process died twice over the same work; `engine/unavailable` when it does not start or the device asked for
   * cannot be used; `engine/out-of-memory`; `engine/failed` with the reason in words.
   */
  run(work: EngineWork, options?: EngineRunOptions): Promise<EngineOutput>;
  /** Each device tried once with a tiny graph; asked again only after a failure. */
  devices(): Promise<DeviceReport[]>;
  /** ONNX Runtime's version as the process said it; `unknown` before the first start. */
  version(): string;
  /** Ends the process; work under way and later work is refused with `engine/unavailable`. */
  close(): Promise<void>;
}
