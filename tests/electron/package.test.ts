/**
 * What the installers will hold: the configuration is checked against electron-builder's own schema, and the unpacked Linux program is made
 * around a stand-in for Electron's folder, so that nothing has to be fetched. Only installers and signing themselves are left to each system.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listPackage } from '@electron/asar';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..', '..');
const require = createRequire(import.meta.url);
interface FileRules { readonly files?: readonly string[] }
interface Configuration extends FileRules {
  readonly electronFuses: Readonly<Record<string, boolean>>;
  readonly publish: unknown;
  readonly win: FileRules & { target: { target: string }[] };
  readonly mac: FileRules & { hardenedRuntime: boolean; target: { target: string; arch: string[] }[] };
  readonly linux: FileRules & { target: { target: string }[] };
}
const { getConfig, validateConfiguration } = require('app-builder-lib/out/util/config/config.js') as {
  getConfig(project: string, file: string, more: null): Promise<Configuration>;
  validateConfiguration(configuration: unknown, log: unknown): Promise<void>;
};
const { DebugLogger } = require('builder-util') as { DebugLogger: new (enabled: boolean) => unknown };

const read = (): Promise<Configuration> => getConfig(root, 'electron-builder.yml', null);

/** Electron finds its fuses behind this mark: a version, a count, then one character each (`0` off, `1` on). */
const fuseMark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const fuseNames = ['runAsNode', 'enableCookieEncryption', 'enableNodeOptionsEnvironmentVariable', 'enableNodeCliInspectArguments', 'enableEmbeddedAsarIntegrityValidation', 'onlyLoadAppFromAsar', 'loadBrowserProcessSpecificV8Snapshot', 'grantFileProtocolExtraPrivileges'];

describe('the configuration', () => {
  test('passes electron-builder\'s own schema, which refuses what it does not know', async () => {
    const configuration = await read();
    await expect(validateConfiguration(configuration, new DebugLogger(false))).resolves.toBeUndefined();
    await expect(validateConfiguration({ ...configuration, nonsense: true }, new DebugLogger(false))).rejects.toThrow('nonsense');
  });

  test('builds for the three systems and never looks for updates', async () => {
    const configuration = await read();
    expect(configuration.win.target.map(({ target }) => target)).toEqual(['nsis']);
    expect(configuration.mac.target).toEqual([{ target: 'dmg', arch: ['arm64'] }]);
    expect(configuration.linux.target.map(({ target }) => target)).toEqual(['AppImage', 'deb']);
    expect(configuration.mac.hardenedRuntime).toBe(true);
    expect(configuration.publish).toBeNull();
  });

  test.each(['win', 'mac', 'linux'] as const)('on %s only that system\'s binaries go in', async (system) => {
    const { minimatch } = createRequire(require.resolve('app-builder-lib/package.json'))('minimatch') as { minimatch(file: string, pattern: string, options: { dot: boolean }): boolean };
    const own = { win: ['win32', 'x64'], mac: ['darwin', 'arm64'], linux: ['linux', 'x64'] }[system];
    const rules = ((await read())[system].files ?? []).map((rule) => rule.replaceAll('${arch}', own[1]!));
    const kept = (file: string): boolean => !rules.some((rule) => rule.startsWith('!') && minimatch(file, rule.slice(1), { dot: true }));
    const natives = ['win32', 'darwin', 'linux'].flatMap((platform) => ['x64', 'arm64'].flatMap((arch) => [
      { platform, arch, file: `node_modules/onnxruntime-node/bin/napi-v6/${platform}/${arch}/onnxruntime_binding.node` },
      { platform, arch, file: `node_modules/@photostructure/sqlite/prebuilds/${platform}-${arch}/@photostructure+sqlite.glibc.node` },
    ]));
    for (const { platform, arch, file } of natives) expect(kept(file), file).toBe(platform === own[0] && arch === own[1]);
  });
});

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')('the unpacked program', () => {
  let folder: string;
  let listed: readonly string[];
  let resources: string;

  beforeAll(async () => {
    const { build } = (await import('../../electron/setup/build.mjs' as string)) as { build(options: { quiet: boolean }): Promise<void> };
    await build({ quiet: true });
    folder = mkdtempSync(path.join(tmpdir(), 'scanloom-package-'));
    const electron = path.join(folder, 'electron');
    mkdirSync(path.join(electron, 'resources'), { recursive: true });
    // Everything on as in a fresh Electron, so that each fuse that must be off has to be turned off.
    writeFileSync(path.join(electron, 'electron'), Buffer.concat([Buffer.from(`stand-in ${fuseMark}`), Buffer.from([1, fuseNames.length]), Buffer.from('1'.repeat(fuseNames.length)), Buffer.from(' end')]), { mode: 0o755 });
    writeFileSync(path.join(electron, 'version'), 'v45.4.1');
    writeFileSync(path.join(electron, 'LICENSE'), 'stand-in');
    mkdirSync(path.join(electron, 'locales'));
    writeFileSync(path.join(electron, 'locales', 'en-US.pak'), 'stand-in');
    const made = spawnSync(process.execPath, [path.join(root, 'node_modules', 'electron-builder', 'cli.js'), '--linux', 'dir', '--x64', '--config', 'electron-builder.yml', '--publish', 'never', `-c.electronDist=${electron}`, `-c.directories.output=${path.join(folder, 'out')}`], { cwd: root, encoding: 'utf8' });
    expect(made.status, `${made.stdout}\n${made.stderr}`).toBe(0);
    resources = path.join(folder, 'out', 'linux-unpacked', 'resources');
    listed = listPackage(path.join(resources, 'app.asar'), { isPack: false }).map((file) => file.replaceAll('\\', '/'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('holds the entries, the page, and what they need', () => {
    for (const file of ['/package.json', '/dist/electron/main.js', '/dist/electron/preload.cjs', '/dist/node/dicom-worker.js', '/dist/node/deidentify-worker.js', '/dist/node/engine-process.js', '/dist/page/index.html']) expect(listed).toContain(file);
    for (const name of ['onnxruntime-node', 'onnxruntime-common', '@photostructure/sqlite', 'dicom-parser', 'dcmjs-codecs', 'hono', 'zod']) expect(listed).toContain(`/node_modules/${name}/package.json`);
    expect(listed.some((file) => file.startsWith('/dist/page/assets/') && file.endsWith('.js'))).toBe(true);
    for (const wasm of [/codec-charls\/.*\.wasm$/, /codec-openjpeg\/.*\.wasm$/, /codec-openjph\/.*\.wasm$/]) expect(listed.some((file) => wasm.test(file)), String(wasm)).toBe(true);
  });

  test('leaves sources, tests, recipes, shared material and tools out', () => {
    const wrong = listed.filter((file) => !file.startsWith('/node_modules/') && file !== '/package.json' && file !== '/node_modules' && !/^\/dist($|\/(electron|node|page)(\/|$))/.test(file));
    expect(wrong).toEqual([]);
    expect(listed.filter((file) => /\.(ts|tsx|py|map|onnx|dcm)$/.test(file))).toEqual([]);
    for (const name of ['electron', 'vite', 'vitest', 'react', 'react-dom', 'cornerstone-core', 'typescript', 'eslint', 'playwright-core', 'electron-builder']) expect(listed).not.toContain(`/node_modules/${name}`);
    expect(listed.some((file) => file.startsWith('/node_modules/@rollup'))).toBe(false);
  });

  test('has this system\'s native parts beside the archive, and no other\'s', () => {
    const natives = readdirSync(path.join(resources, 'app.asar.unpacked'), { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/')).filter((file) => /\.(node|so(\.\d+)*|dll|dylib)$/.test(file));
    expect(natives.sort()).toEqual([
      'node_modules/@photostructure/sqlite/prebuilds/linux-x64/@photostructure+sqlite.glibc.node',
      'node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1',
      'node_modules/onnxruntime-node/bin/napi-v6/linux/x64/onnxruntime_binding.node',
    ]);
    expect(listed.filter((file) => /\/(win32|darwin)(-|\/)/.test(file) && /\.(node|dll|dylib)$/.test(file))).toEqual([]);
  });

  test('brings the bundled packages without their recipes, and the licence', () => {
    for (const name of readdirSync(path.join(root, 'models'))) {
      if (!existsSync(path.join(root, 'models', name, 'manifest.json'))) continue;
      const { graphs } = JSON.parse(readFileSync(path.join(root, 'models', name, 'manifest.json'), 'utf8')) as { graphs: Record<string, { file: string }> };
      for (const file of ['manifest.json', 'CARD.md', 'samples.png', ...Object.values(graphs).map((graph) => graph.file)]) expect(existsSync(path.join(resources, 'models', name, file)), file).toBe(true);
    }
    expect(existsSync(path.join(resources, 'models', 'training'))).toBe(false);
    expect(readFileSync(path.join(resources, 'LICENSE.txt'), 'utf8')).toContain('Apache License');
    expect(existsSync(path.join(resources, 'THIRD-PARTY-NOTICES.md'))).toBe(true);
    expect(existsSync(path.join(resources, 'app-update.yml'))).toBe(false);
  });

  test('has its fuses set', async () => {
    const bytes = readFileSync(path.join(folder, 'out', 'linux-unpacked', 'scanloom'));
    const at = bytes.indexOf(fuseMark) + fuseMark.length + 2;
    const set = Object.fromEntries(fuseNames.map((name, index) => [name, bytes[at + index] === 0x31]));
    expect(set).toEqual({ runAsNode: false, enableCookieEncryption: true, enableNodeOptionsEnvironmentVariable: false, enableNodeCliInspectArguments: false, enableEmbeddedAsarIntegrityValidation: true, onlyLoadAppFromAsar: true, loadBrowserProcessSpecificV8Snapshot: false, grantFileProtocolExtraPrivileges: false });
    expect((await read()).electronFuses).toEqual(set);
  });
});
