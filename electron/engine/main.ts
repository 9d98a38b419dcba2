/**
 * Entry of the engine process: tensors in, tensors out. Started by a host with `ORT_DISABLE_TELEMETRY=1` in its environment, ended by it at
 * any moment: nothing here needs to be put in order, so every end is a kill (a normal exit would run native destructors that may crash).
 */
import type { EngineMessage } from '#contract/engine';
import { ScanloomError } from '#contract/errors';
import { serveEngine, type EnginePort } from './serve.ts';

/** What Electron's utility process has as `process.parentPort`; this process does not import Electron. */
interface ParentPort {
  postMessage(message: EngineMessage): void;
  on(event: 'message', callback: (event: { data: unknown }) => void): void;
}

/** Exit code for "not started as an engine": the host reports it as unavailable, with the sentence below. */
const refusedToStart = 64;

function findPort(): EnginePort {
  const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort;
  if (parentPort != null) {
    return { post: (message) => parentPort.postMessage(message), onMessage: (callback) => parentPort.on('message', ({ data }) => callback(data)) };
  }
  if (process.send === undefined) throw new ScanloomError('engine/unavailable', 'The engine process is started by Scanloom, not by hand.');
  // The host is gone, whatever ended it: an engine without a host is nobody's.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  return { post: (message) => void process.send?.(message), onMessage: (callback) => void process.on('message', callback) };
}

// Ctrl-C reaches the whole group of a terminal; when to end is the host's decision.
process.on('SIGINT', () => undefined);

try {
  await serveEngine(findPort(), process.env);
} catch (thrown) {
  console.error(ScanloomError.from(thrown).message);
  process.exit(refusedToStart);
}
