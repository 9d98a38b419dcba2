/**
 * Electron's program is not part of its npm package: it is fetched from the network once. Here it is looked for, and fetched with a
 * limit on how long nothing may arrive, so that a machine without that network is not kept waiting.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, say } from './prepare.mjs';
import { runNode } from './run-node.mjs';

const electronFolder = path.join(root, 'node_modules', 'electron');
/** Nothing for this long means that there is no way to the download. */
const stallMs = 20_000;
const unpackMs = 120_000;

/** The program's path, or undefined where it was not fetched yet. ELECTRON_OVERRIDE_DIST_PATH names a folder that holds it already. */
export function electronProgram() {
  const pathFile = path.join(electronFolder, 'path.txt');
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const names = { win32: 'electron.exe', darwin: path.join('Electron.app', 'Contents', 'MacOS', 'Electron') };
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : (names[process.platform] ?? 'electron');
  const program = path.join(override ?? path.join(electronFolder, 'dist'), name);
  return existsSync(program) ? program : undefined;
}

/** Fetches the program when it is missing. @returns `{ program }` or `{ reason }` in words. */
export async function obtainElectron() {
  const there = electronProgram();
  if (there !== undefined) return { program: there };
  try {
    await download();
  } catch (error) {
    return { reason: reasonOf(error) };
  }
  const status = await runNode([path.join(electronFolder, 'install.js')], { cwd: root, stdio: ['ignore', 'ignore', 'ignore'], timeoutMs: unpackMs });
  const program = electronProgram();
  return program === undefined ? { reason: `the download could not be unpacked (status ${status})` } : { program };
}

/** Puts Electron's archive into Electron's own cache, checked against the digests that its npm package carries. */
async function download() {
  const require = createRequire(path.join(electronFolder, 'package.json'));
  const { downloadArtifact } = await import(pathToFileURL(require.resolve('@electron/get')).href);
  const { version } = JSON.parse(readFileSync(path.join(electronFolder, 'package.json'), 'utf8'));
  const stalled = new AbortController();
  let timer = setTimeout(() => stalled.abort(), stallMs);
  let told = 0;
  say(`Fetching Electron ${version} (about 110 MB, once) …`);
  try {
    await downloadArtifact({
      version,
      artifactName: 'electron',
      platform: process.platform,
      arch: process.arch,
      checksums: JSON.parse(readFileSync(path.join(electronFolder, 'checksums.json'), 'utf8')),
      downloadOptions: {
        quiet: true,
        signal: stalled.signal,
        getProgressCallback: ({ percent }) => {
          clearTimeout(timer);
          timer = setTimeout(() => stalled.abort(), stallMs);
          const tenth = Math.floor(percent * 10);
          if (tenth > told) say(`  ${tenth * 10} %`);
          told = Math.max(told, tenth);
          return Promise.resolve();
        },
      },
    });
  } finally {
    clearTimeout(timer);
  }
}

function reasonOf(error) {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at.name === 'AbortError') return `nothing arrived for ${stallMs / 1000} seconds`;
    if (at.code === 'ENOTFOUND' || at.code === 'EAI_AGAIN') return `no network reaches ${at.hostname ?? 'its download'}`;
    if (at.code === 'ECONNREFUSED' || at.code === 'ECONNRESET' || at.code === 'ETIMEDOUT' || at.code === 'UND_ERR_CONNECT_TIMEOUT') return 'its download cannot be reached';
  }
  return error instanceof Error ? error.message.split('\n')[0] : String(error);
}

/** Whether a window could be shown at all: a Linux machine may have no display. */
export function hasDisplay(env = process.env, platform = process.platform) {
  return platform !== 'linux' || Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY);
}
