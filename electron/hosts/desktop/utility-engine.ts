/** The engine as Electron's utility process: the same protocol as a forked Node, without a Node that could be started by others. */
import type { EngineProcess, LaunchEngine } from '#engine-link';
import type { ElectronApi } from './electron-api.ts';

/** How much of its standard error is kept for the log. */
const lastWordsCharacters = 2000;
/** A process that is inside ONNX Runtime may not hear a polite request. */
const forceAfterMs = 500;

/** @param endProcess Ends a process that does not end itself; Node's `process.kill`, but for tests. */
export function launchUtilityEngine({ utilityProcess }: Pick<ElectronApi, 'utilityProcess'>, entry: string, env: Readonly<Record<string, string | undefined>>, endProcess: (pid: number) => void = (pid) => void process.kill(pid, 'SIGKILL')): LaunchEngine {
  return () => {
    const known = Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined));
    // ONNX Runtime sends telemetry unless its environment forbids it before the first session.
    const child = utilityProcess.fork(entry, [], { serviceName: 'Scanloom engine', stdio: 'pipe', env: { ...known, ORT_DISABLE_TELEMETRY: '1' } });
    let lastWords = '';
    let ended = false;
    child.stderr?.on('data', (chunk) => {
      lastWords = (lastWords + Buffer.from(chunk).toString('utf8')).slice(-lastWordsCharacters);
    });
    child.once('exit', () => {
      ended = true;
    });
    const engine: EngineProcess = {
      get pid() {
        return child.pid;
      },
      post: (message) => child.postMessage(message),
      onMessage: (callback) => void child.on('message', callback),
      onExit: (callback) => void child.once('exit', (code) => callback({ code, signal: null, lastWords })),
      kill() {
        if (ended) return;
        const { pid } = child;
        child.kill();
        const timer = setTimeout(() => {
          try {
            if (!ended && pid !== undefined) endProcess(pid);
          } catch {
            // It ended in the meantime.
          }
        }, forceAfterMs);
        timer.unref();
      },
    };
    return engine;
  };
}
