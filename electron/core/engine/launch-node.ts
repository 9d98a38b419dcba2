/** Starts the engine process under plain Node: the loopback host, the command line and the tests. */
import { fork } from 'node:child_process';
import type { EngineExit, LaunchEngine } from './types.ts';

const lastWordsLength = 2000;

/**
 * @param entry Path of the built engine (`dist/node/engine-process.js`).
 * @returns A launcher; each call forks one process with `ORT_DISABLE_TELEMETRY=1`, typed arrays passing as they are, and its standard
 * error kept apart: what the runtime prints belongs in the log, not between a command's progress lines.
 */
export function launchNodeEngine(entry: string): LaunchEngine {
  return () => {
    const child = fork(entry, [], {
      serialization: 'advanced',
      env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' },
      // Not this process's own flags (a debugger's port, a test runner's loader).
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let lastWords = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      lastWords = (lastWords + text).slice(-lastWordsLength);
    });
    let exit: EngineExit | null = null;
    const listeners: ((exit: EngineExit) => void)[] = [];
    const ended = (code: number | null, signal: string | null): void => {
      if (exit !== null) return;
      // One turn later, so that the last lines of standard error are in.
      setImmediate(() => {
        exit = { code, signal, lastWords };
        for (const listener of listeners) listener(exit);
      });
    };
    child.on('exit', ended);
    // Not started at all, or not to be written to: both end here.
    child.on('error', (error) => {
      lastWords = (lastWords + error.message).slice(-lastWordsLength);
      if (child.pid === undefined) ended(null, null);
      else child.kill('SIGKILL');
    });
    return {
      // A closed channel is reported by the exit that closed it.
      post: (message) => void child.send(message, () => undefined),
      onMessage: (callback) => void child.on('message', callback),
      onExit: (callback) => {
        if (exit === null) listeners.push(callback);
        else callback(exit);
      },
      kill: () => void child.kill('SIGKILL'),
      pid: child.pid,
    };
  };
}
