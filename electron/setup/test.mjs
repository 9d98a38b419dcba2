/**
 * `npm test`: style, types, tests, browser tests, one after another; says which part is running. The last line is `N passed, N failed`.
 * Style and types count as one test each. Arguments go to the tests alone: `npm test -- electron/core/dicom`.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { prepare, root, say } from './prepare.mjs';
import { runNode } from './run-node.mjs';

await prepare();
const { build } = await import('./build.mjs');
const { obtainChromium } = await import('./chromium.mjs');
const { obtainReaders } = await import('./readers.mjs');

const only = process.argv.slice(2);
const output = path.join(root, 'tests', 'output');
mkdirSync(output, { recursive: true });
const total = { passed: 0, failed: 0 };
const summary = [];
const tool = (name, file) => path.join(root, 'node_modules', name, file);

async function part(title, run) {
  say(`\n── ${title} ──`);
  const startedAt = Date.now();
  const { passed, failed, note } = await run();
  total.passed += passed;
  total.failed += failed;
  summary.push(`${title}: ${note ?? `${passed} passed, ${failed} failed`} (${Math.round((Date.now() - startedAt) / 1000)} s)`);
}

/** A tool that only says yes or no. */
async function check(args) {
  const ok = (await runNode(args, { cwd: root, stdio: ['ignore', process.stderr, process.stderr] })) === 0;
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1 };
}

/** A run of Vitest, counted from its own record. A run that ends badly although no test failed counts as a failure, and so does an empty one. */
async function vitest(name, args) {
  const record = path.join(output, `${name}.json`);
  rmSync(record, { force: true });
  const status = await runNode([tool('vitest', 'vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${record}`, ...args], { cwd: root, stdio: ['ignore', process.stderr, process.stderr] });
  const result = existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')) : { numPassedTests: 0, numFailedTests: 0 };
  const passed = result.numPassedTests;
  const failed = result.numFailedTests;
  // Tests that say themselves why they cannot run here; in continuous integration they fail instead.
  if (status === 0 && passed === 0 && failed === 0 && result.numPendingTests > 0) return { passed, failed, note: 'left out, see above for why' };
  return { passed, failed: failed === 0 && (status !== 0 || passed === 0) ? 1 : failed };
}

if (only.length > 0) {
  await part('Tests', () => vitest('chosen', only));
} else {
  await part('Style', () => check([tool('eslint', path.join('bin', 'eslint.js')), '.']));
  await part('Types', () => check([tool('typescript', path.join('bin', 'tsc')), '-p', 'tsconfig.json', '--noEmit']));
  await part('Build', async () => {
    try {
      await build();
      return { passed: 1, failed: 0 };
    } catch (error) {
      say(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return { passed: 0, failed: 1 };
    }
  });
  await obtainReaders();
  await part('Tests', () => vitest('tests', []));
  await part('Browser tests', async () => {
    const chromium = await obtainChromium();
    if (chromium !== undefined) {
      process.env.SCANLOOM_CHROMIUM = chromium;
      return vitest('browser', ['--config', path.join('tests', 'e2e', 'vitest.config.ts')]);
    }
    if (process.env.CI) return { passed: 0, failed: 1, note: 'Chromium could not be installed, and here they must run' };
    return { passed: 0, failed: 0, note: 'left out, because there is no Chromium on this machine (on Debian: apt-get install chromium)' };
  });
}

say(`\n${summary.join('\n')}`);
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
