/** The browser for the browser tests: Chromium or Chrome as the system has it, or Debian's, installed where that is allowed. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { say } from './prepare.mjs';
import { runProgram } from './run-node.mjs';

const installLimitMs = 300_000;

/** @returns the browser's path, or undefined. SCANLOOM_CHROMIUM names one that lies elsewhere. */
export function findChromium(env = process.env, platform = process.platform) {
  const places = {
    linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'],
    darwin: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'],
    win32: [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].filter(Boolean).map((folder) => path.join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe')),
  };
  return [env.SCANLOOM_CHROMIUM, ...(places[platform] ?? [])].find((place) => place !== undefined && existsSync(place));
}

/** In continuous integration, as root on a Debian system, installs Chromium; a person's own machine is left as it is. */
export async function obtainChromium() {
  const there = findChromium();
  if (there !== undefined) return there;
  if (!process.env.CI || process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  say('Installing Chromium for the browser tests …');
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const stdio = ['ignore', 'ignore', 'inherit'];
  await runProgram('/usr/bin/apt-get', ['update', '-qq'], { env, stdio, timeoutMs: installLimitMs });
  await runProgram('/usr/bin/apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { env, stdio, timeoutMs: installLimitMs });
  return findChromium();
}
