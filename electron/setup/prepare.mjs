/**
 * Makes sure that what the program needs is installed: the first thing each of `npm start`, `npm run demo`, `npm test` does.
 * Quick when nothing changed. Talks on standard error only, so that the results of a command stay clean.
 */
import './check-node.mjs';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNpm, runNode } from './run-node.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

export function say(sentence) {
  process.stderr.write(`${sentence}\n`);
}

/** What an install depends on: the lock file and, because of native parts, the system. */
export function installKey(lockText, platform = process.platform, arch = process.arch) {
  return createHash('sha256').update(`${platform}-${arch}\n`).update(lockText).digest('hex');
}

/**
 * Whether npm's own record of what it installed agrees with the lock file: somebody may have run `npm ci` by hand.
 * Packages that are optional in the lock file (other systems' binaries) may be missing.
 */
export function installedAsLocked(lock, installed) {
  return Object.entries(lock.packages ?? {}).every(([place, wanted]) => {
    if (place === '') return true;
    const has = installed.packages?.[place];
    if (has === undefined) return wanted.optional === true || wanted.devOptional === true;
    return has.version === wanted.version && has.integrity === wanted.integrity;
  });
}

function upToDate(folder) {
  const lockText = readFileSync(path.join(folder, 'package-lock.json'), 'utf8');
  const stampFile = path.join(folder, 'node_modules', '.scanloom-install');
  const key = installKey(lockText);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === key) return true;
  const recordFile = path.join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(recordFile)) return false;
  if (!installedAsLocked(JSON.parse(lockText), JSON.parse(readFileSync(recordFile, 'utf8')))) return false;
  writeFileSync(stampFile, key);
  return true;
}

/** Installs the locked dependencies when they are missing or the lock file changed. Ends the process with a sentence when that fails. */
export async function prepare(folder = root) {
  if (upToDate(folder)) return;
  const npm = findNpm();
  if (npm === undefined) {
    say('Scanloom could not find npm. It comes with Node.js: install Node.js from https://nodejs.org and run the same command again.');
    process.exit(1);
  }
  say('Installing what Scanloom needs (about 600 MB, once) …');
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  const beat = setInterval(() => say(`  still installing, ${seconds()} s`), 10_000);
  // npm's own summary goes to standard error like everything else here.
  const status = await runNode([npm, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['inherit', process.stderr, process.stderr],
    env: { ONNXRUNTIME_NODE_INSTALL: 'skip' },
  }).finally(() => clearInterval(beat));
  if (status !== 0) {
    say('The installation did not succeed; npm says why above. Scanloom needs the npm registry (or a mirror set with `npm config set registry`) and nothing else.');
    process.exit(1);
  }
  writeFileSync(path.join(folder, 'node_modules', '.scanloom-install'), installKey(readFileSync(path.join(folder, 'package-lock.json'), 'utf8')));
  say(`Installed in ${seconds()} s.`);
}

/** Where the user stood when calling npm; npm itself changes to the project's folder. */
export function callersFolder() {
  return process.env.npm_lifecycle_event !== undefined && process.env.INIT_CWD !== undefined ? process.env.INIT_CWD : process.cwd();
}
