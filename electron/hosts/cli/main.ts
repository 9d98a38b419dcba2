/** Entry of the command line. */
import { runCli } from './run-cli.ts';

const ending = new AbortController();
let asked = 0;
const end = (): void => {
  asked += 1;
  ending.abort();
  // Whoever asks a second time does not want to wait.
  if (asked > 1) process.exit(1);
};
process.on('SIGINT', end);
process.on('SIGTERM', end);
// `scanloom list | head` closes the pipe early; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await runCli(process.argv.slice(2), { stdout: process.stdout, stderr: process.stderr, env: process.env, cwd: process.cwd(), entryUrl: import.meta.url, signal: ending.signal });
