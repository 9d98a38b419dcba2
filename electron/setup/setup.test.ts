/** The parts of the set-up scripts that decide something. What they do as a whole is seen on every fresh clone. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';

interface Prepare {
  installedAsLocked(lock: unknown, installed: unknown): boolean;
  installKey(text: string, platform?: string, arch?: string): string;
}
const { installedAsLocked, installKey } = (await import('./prepare.mjs' as string)) as Prepare;
const { hasDisplay } = (await import('./electron-binary.mjs' as string)) as { hasDisplay(env: Record<string, string>, platform: string): boolean };
const { findChromium } = (await import('./chromium.mjs' as string)) as { findChromium(env: Record<string, string>, platform: string): string | undefined };
const { findNpm } = (await import('./run-node.mjs' as string)) as { findNpm(): string | undefined };
const { notices, shippedPackages } = (await import('./notices.mjs' as string)) as { notices(): string; shippedPackages(): { name: string }[] };

const root = path.resolve(import.meta.dirname, '..', '..');

const lock = { packages: { '': {}, 'node_modules/a': { version: '1.0.0', integrity: 'x' }, 'node_modules/b': { version: '1.0.0', integrity: 'y', optional: true } } };
test.each([
  { name: 'the same', installed: { 'node_modules/a': { version: '1.0.0', integrity: 'x' }, 'node_modules/b': { version: '1.0.0', integrity: 'y' } }, right: true },
  { name: 'another system\'s package missing', installed: { 'node_modules/a': { version: '1.0.0', integrity: 'x' } }, right: true },
  { name: 'a package missing', installed: {}, right: false },
  { name: 'another version', installed: { 'node_modules/a': { version: '1.0.1', integrity: 'x' } }, right: false },
  { name: 'another content', installed: { 'node_modules/a': { version: '1.0.0', integrity: 'z' } }, right: false },
])('an install with $name is right: $right', ({ installed, right }) => {
  expect(installedAsLocked(lock, { packages: installed })).toBe(right);
});

test('an install belongs to a lock file and a system', () => {
  expect(installKey('{}', 'linux', 'x64')).toBe(installKey('{}', 'linux', 'x64'));
  expect(new Set([installKey('{}', 'linux', 'x64'), installKey('{ }', 'linux', 'x64'), installKey('{}', 'darwin', 'x64'), installKey('{}', 'linux', 'arm64')]).size).toBe(4);
});

test('the lock file names no registry, and every package that has an install script is kept from running it', () => {
  const text = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
  expect(text).not.toContain('"resolved"');
  const { packages } = JSON.parse(text) as { packages: Record<string, { hasInstallScript?: boolean }> };
  const { allowScripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { allowScripts: Record<string, boolean> };
  const scripted = Object.entries(packages).filter(([, one]) => one.hasInstallScript).map(([place]) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)).filter((name) => name !== 'fsevents');
  expect(scripted.filter((name) => allowScripts[name] !== false)).toEqual([]);
  expect(readFileSync(path.join(root, '.npmrc'), 'utf8')).toContain('ignore-scripts=true');
});

test('an old Node is told so in words', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'scanloom-node-'));
  try {
    // The check reads process.versions; a module that is loaded before it changes that.
    writeFileSync(path.join(folder, 'old.mjs'), "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.4' } });\n");
    const { status, stderr } = spawnSync(process.execPath, ['--import', `file://${path.join(folder, 'old.mjs').replaceAll('\\', '/')}`, path.join(import.meta.dirname, 'start.mjs')], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain('Scanloom needs Node.js 20.19 or later; this is 18.20.4.');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('npm is found as a JavaScript file that this Node can run', () => {
  const npm = findNpm();
  expect(npm).toBeDefined();
  expect(spawnSync(process.execPath, [npm!, '--version'], { encoding: 'utf8' }).stdout).toMatch(/^\d+\.\d+/);
});

test.each([
  [{}, 'linux', false],
  [{ DISPLAY: ':0' }, 'linux', true],
  [{ WAYLAND_DISPLAY: 'wayland-0' }, 'linux', true],
  [{}, 'darwin', true],
  [{}, 'win32', true],
])('%o on %s has a display: %s', (env, platform, has) => {
  expect(hasDisplay(env as Record<string, string>, platform)).toBe(has);
});

test('a browser of one\'s own is taken, one that is not there is not', () => {
  expect(findChromium({ SCANLOOM_CHROMIUM: process.execPath }, 'linux')).toBe(process.execPath);
  expect(findChromium({ SCANLOOM_CHROMIUM: path.join(root, 'nowhere') }, 'freebsd')).toBeUndefined();
});

test('no set-up script uses a shell', () => {
  for (const name of readdirSync(import.meta.dirname).filter((file) => file.endsWith('.mjs'))) {
    expect(readFileSync(path.join(import.meta.dirname, name), 'utf8'), name).not.toMatch(/shell:\s*true|\bexecSync\(|\bexec\(/);
  }
});

test('every script of package.json is there', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  for (const command of Object.values(scripts)) {
    const file = /^node (\S+\.mjs)/.exec(command)?.[1];
    if (file !== undefined) expect(existsSync(path.join(root, file)), command).toBe(true);
  }
});

test('THIRD-PARTY-NOTICES.md names everything that ships', () => {
  const names = shippedPackages().map(({ name }) => name);
  for (const name of ['onnxruntime-node', '@photostructure/sqlite', 'react', 'react-dom', 'cornerstone-core', 'zod']) expect(names).toContain(name);
  for (const name of ['vitest', 'electron-builder', 'typescript']) expect(names).not.toContain(name);
  expect(readFileSync(path.join(root, 'THIRD-PARTY-NOTICES.md'), 'utf8'), 'npm run notices writes it anew').toBe(notices());
});
