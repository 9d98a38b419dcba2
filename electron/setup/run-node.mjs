/** Starting child processes without a shell, the same on every system. */
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';

/**
 * Runs a JavaScript file with this Node.
 * @returns its exit status; a signal counts as 1.
 */
export function runNode(args, { cwd, env, stdio = 'inherit', timeoutMs } = {}) {
  return runProgram(process.execPath, args, { cwd, env, stdio, timeoutMs });
}

/** Runs any program (never through a shell). Ctrl-C reaches the child through the terminal; this process waits for its end. */
export function runProgram(file, args, { cwd, env, stdio = 'inherit', timeoutMs } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env: { ...process.env, ...env }, stdio, windowsHide: stdio !== 'inherit' });
    const keepWaiting = () => undefined;
    const passOn = () => child.kill('SIGTERM');
    process.on('SIGINT', keepWaiting);
    process.on('SIGTERM', passOn);
    let timedOut = false;
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => { timedOut = true; child.kill('SIGKILL'); }, timeoutMs);
    const done = () => {
      clearTimeout(timer);
      process.off('SIGINT', keepWaiting);
      process.off('SIGTERM', passOn);
    };
    child.once('error', (error) => { done(); reject(error); });
    child.once('exit', (code) => { done(); resolve(timedOut ? 124 : (code ?? 1)); });
  });
}

/**
 * npm's own program as a JavaScript file, so that it can be run by this Node: `npm.cmd` on Windows cannot be started without a shell.
 * Looks at what called us, beside Node, then along PATH.
 */
export function findNpm() {
  const called = process.env.npm_execpath;
  if (called !== undefined && path.basename(called) === 'npm-cli.js' && existsSync(called)) return called;
  const beside = path.dirname(process.execPath);
  const folders = [beside, ...(process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '')];
  for (const folder of folders) {
    for (const place of [path.join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js'), path.join(folder, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js')]) {
      if (existsSync(place)) return place;
    }
    // On Linux and macOS `npm` is a link to npm-cli.js wherever that lies.
    const link = path.join(folder, 'npm');
    if (existsSync(link)) {
      const target = realpathSync(link);
      if (path.basename(target) === 'npm-cli.js') return target;
    }
  }
  return undefined;
}
