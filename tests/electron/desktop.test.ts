/** The desktop host with a stand-in for Electron: every setting that keeps the page in its place, and everything that the host does for it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createMemoryLog, systemClock } from '#base';
import { ScanloomError } from '#contract';
import type { Core, CoreOptions } from '#core';
import { exposeHost, type HostBridge } from '../../electron/hosts/desktop/bridge.ts';
import { startDesktop } from '../../electron/hosts/desktop/start-desktop.ts';
import { pagePolicy } from '../../electron/hosts/page-files/index.ts';
import { event, StandIn, type StandInSession, type StandInWindow } from './electron-stand-in.ts';

let folder: string;
let standIn: StandIn;
let coreOptions: CoreOptions | null;
let coreCalls: string[];
let log: ReturnType<typeof createMemoryLog>;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'scanloom-desktop-'));
  mkdirSync(path.join(folder, 'page'));
  writeFileSync(path.join(folder, 'page', 'index.html'), '<!doctype html>page');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  standIn = new StandIn();
  coreOptions = null;
  coreCalls = [];
  log = createMemoryLog();
});

const handles = new Map<string, string>();
function fakeCore(): Core {
  return {
    async fetch(request) {
      coreCalls.push(`${request.method} ${new URL(request.url).pathname}`);
      return request.method === 'POST' ? new Response(await request.text()) : Response.json({ ok: true });
    },
    services: { registerFolder: (place: string) => { handles.set(`handle of ${place}`, place); return `handle of ${place}`; } } as unknown as Core['services'],
    close: async () => { coreCalls.push('close'); },
  };
}

async function start(more: { page?: string | null; platform?: NodeJS.Platform; createCore?: (options: CoreOptions) => Promise<Core> } = {}): Promise<void> {
  await startDesktop(standIn.electron, {
    places: { entries: path.join(folder, 'node'), models: path.join(folder, 'models'), testData: folder, page: more.page === undefined ? path.join(folder, 'page') : more.page, version: '0.0.0' },
    library: path.join(folder, 'library'),
    preload: path.join(folder, 'preload.cjs'),
    clock: systemClock,
    log,
    env: { PATH: '/bin', ORT_DISABLE_TELEMETRY: '0', EMPTY: undefined },
    platform: more.platform ?? 'linux',
    createCore: more.createCore ?? (async (options) => {
      coreOptions = options;
      return fakeCore();
    }),
  });
}
const window = (): StandInWindow => standIn.windows[0]!;
const pageSession = (): StandInSession => standIn.sessions.get(window().options.webPreferences.partition)!.session;
const ask = (url: string, init?: RequestInit): Promise<Response> => Promise.resolve(pageSession().handlers.get('scanloom')!(new Request(url, init)));

describe('the page is locked in', () => {
  test('each web preference', async () => {
    await start();
    expect(window().options.webPreferences).toEqual({
      preload: path.join(folder, 'preload.cjs'),
      partition: 'scanloom',
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      safeDialogs: true,
      devTools: false,
    });
  });

  test('the storage of its session stays in memory', async () => {
    await start();
    expect(window().options.webPreferences.partition.startsWith('persist:')).toBe(false);
    expect(standIn.sessions.get('scanloom')!.cache).toBe(false);
  });

  test('every process is sandboxed, and Chromium neither looks up names nor calls home', async () => {
    await start();
    expect(standIn.app.calls.indexOf('sandbox')).toBeGreaterThanOrEqual(0);
    expect(standIn.app.calls.indexOf('sandbox')).toBeLessThan(standIn.app.calls.indexOf('ready'));
    expect(standIn.app.switches).toContainEqual(['host-resolver-rules', 'MAP * ~NOTFOUND']);
    for (const name of ['disable-background-networking', 'disable-component-update', 'disable-domain-reliability', 'no-pings']) expect(standIn.app.switches.map(([given]) => given)).toContain(name);
  });

  test.each(['media', 'geolocation', 'notifications', 'midi', 'clipboard-read', 'display-capture', 'fullscreen', 'openExternal', 'hid', 'serial', 'usb', 'fileSystem', 'unknown'])('permission %s is denied in every session', async (permission) => {
    await start();
    for (const session of [pageSession(), standIn.defaultSession]) {
      const answers: boolean[] = [];
      session.permissionRequest!({}, permission, (granted) => answers.push(granted));
      expect(answers).toEqual([false]);
      expect(session.permissionCheck!()).toBe(false);
      expect(session.devicePermission!()).toBe(false);
    }
  });

  test.each([
    ['https://example.org/', true],
    ['http://127.0.0.1:8080/', true],
    ['ws://127.0.0.1/', true],
    ['file:///etc/passwd', true],
    ['chrome://settings', true],
    ['scanloom://elsewhere/', true],
    ['scanloom://app.example.org/', true],
    ['blob:https://example.org/1', true],
    ['scanloom://app/', false],
    ['scanloom://app/api/host', false],
    ['blob:scanloom://app/1', false],
  ])('a request for %s is cancelled: %s', async (url, cancelled) => {
    await start();
    for (const session of [pageSession(), standIn.defaultSession]) {
      const answers: { cancel?: boolean }[] = [];
      session.beforeRequest!({ url }, (answer) => answers.push(answer));
      expect(answers).toEqual([{ cancel: cancelled }]);
    }
  });

  test('no download, no spelling dictionaries', async () => {
    await start();
    const download = event();
    pageSession().emit('will-download', download);
    expect(download.prevented).toBe(true);
    expect(pageSession().spellChecker).toBe(false);
    expect(standIn.defaultSession.spellChecker).toBe(false);
  });

  test.each(['will-navigate', 'will-redirect', 'will-attach-webview'])('%s is blocked', async (name) => {
    await start();
    const asked = event({ url: 'https://example.org/' });
    window().webContents.emit(name, asked);
    expect(asked.prevented).toBe(true);
  });

  test('frames show an export\'s report and nothing else', async () => {
    await start();
    const ways = [
      { url: 'scanloom://app/api/exports/1/report', isMainFrame: false, blocked: false },
      { url: 'scanloom://app/api/exports/1/report', isMainFrame: true, blocked: true },
      { url: 'https://example.org/api/exports/', isMainFrame: false, blocked: true },
      { url: 'file:///etc/passwd', isMainFrame: false, blocked: true },
    ];
    for (const { blocked, ...way } of ways) {
      const asked = event(way);
      window().webContents.emit('will-frame-navigate', asked);
      expect(asked.prevented, way.url).toBe(blocked);
    }
  });

  test('no window is opened', async () => {
    await start();
    expect(window().webContents.openHandler!()).toEqual({ action: 'deny' });
  });

  test('an installed program has no developer tools, in window or menu', async () => {
    await start();
    expect(JSON.stringify(standIn.menu)).not.toContain('toggleDevTools');
    standIn = new StandIn();
    standIn.app.isPackaged = false;
    await start();
    expect(window().options.webPreferences.devTools).toBe(true);
    expect(JSON.stringify(standIn.menu)).toContain('toggleDevTools');
  });
});

describe('the scheme', () => {
  test('has an origin of its own and bypasses nothing', async () => {
    await start();
    expect(standIn.schemes).toEqual([{ scheme: 'scanloom', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, corsEnabled: false, bypassCSP: false, allowServiceWorkers: false } }]);
    expect(window().url).toBe('scanloom://app/');
  });

  test('serves the page with its policy', async () => {
    await start();
    const answer = await ask('scanloom://app/');
    expect(await answer.text()).toBe('<!doctype html>page');
    expect(answer.headers.get('content-security-policy')).toBe(pagePolicy);
    expect(coreCalls).toEqual([]);
  });

  test('hands requests under /api/ to the core, body and all', async () => {
    await start();
    expect(await (await ask('scanloom://app/api/host')).json()).toEqual({ ok: true });
    expect(await (await ask('scanloom://app/api/jobs', { method: 'POST', body: '{"a":1}' })).text()).toBe('{"a":1}');
    expect(coreCalls).toEqual(['GET /api/host', 'POST /api/jobs']);
    expect((await ask('scanloom://app/api/host')).headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test.each([
    ['scanloom://app/../package.json', {}, 404],
    ['scanloom://app/%2e%2e/package.json', {}, 404],
    ['scanloom://app/preload.cjs', {}, 404],
    ['scanloom://elsewhere/api/host', {}, 403],
    ['scanloom://app/', { method: 'POST' }, 404],
  ])('%s %o is refused', async (url, init, status) => {
    await start();
    expect((await ask(url, init)).status).toBe(status);
    expect(coreCalls).toEqual([]);
  });

  test('another origin is refused', async () => {
    await start();
    // Request does not let a test set Origin, so the handler gets what it reads of one.
    const request = { url: 'scanloom://app/api/host', method: 'GET', headers: new Headers({ origin: 'https://example.org' }) } as Request;
    expect((await pageSession().handlers.get('scanloom')!(request)).status).toBe(403);
    expect(coreCalls).toEqual([]);
  });
});

describe('dialogs and drops', () => {
  test('the chosen folder is answered; a cancelled dialog answers null', async () => {
    await start();
    const choose = coreOptions!.host.chooseFolder!;
    expect(coreOptions!.host.kind).toBe('desktop');
    expect(await choose('open')).toBeNull();
    standIn.chosen = { canceled: false, filePaths: ['/studies/1'] };
    expect(await choose('export')).toBe('/studies/1');
    expect(standIn.dialogs.map(({ properties }) => properties)).toEqual([['openDirectory'], ['openDirectory', 'createDirectory']]);
  });

  const own = { senderFrame: { url: 'scanloom://app/#/studies', parent: null } };
  const place = path.resolve(path.sep, 'studies', 'ct');

  test('paths of a drop become handles', async () => {
    await start();
    expect([...standIn.ipc.keys()]).toEqual(['scanloom:dropped']);
    expect(standIn.ipc.get('scanloom:dropped')!(own, [place])).toEqual([`handle of ${place}`]);
    expect(handles.get(`handle of ${place}`)).toBe(place);
  });

  test.each([
    { name: 'another address', sender: { senderFrame: { url: 'https://example.org/', parent: null } }, words: [place] },
    { name: 'an address that only begins alike', sender: { senderFrame: { url: 'scanloom://app.example.org/', parent: null } }, words: [place] },
    { name: 'a frame within the page', sender: { senderFrame: { url: 'scanloom://app/api/exports/1/report', parent: {} } }, words: [place] },
    { name: 'a frame that is gone', sender: { senderFrame: null }, words: [place] },
    { name: 'a relative path', sender: own, words: ['../secret'] },
    { name: 'no list', sender: own, words: place },
    { name: 'something else in the list', sender: own, words: [{ path: place }] },
    { name: 'an endless list', sender: own, words: Array.from({ length: 1001 }, () => place) },
  ])('$name is refused', async ({ sender, words }) => {
    await start();
    expect(() => standIn.ipc.get('scanloom:dropped')!(sender, words)).toThrow();
  });

  test('the preload script gives the page three things and sends one message', async () => {
    const exposed = new Map<string, object>();
    const sent: unknown[][] = [];
    exposeHost({
      contextBridge: { exposeInMainWorld: (name, api) => void exposed.set(name, api) },
      ipcRenderer: { invoke: async (...words) => { sent.push(words); return ['handle']; } },
      webUtils: { getPathForFile: (file) => (file.name === 'made-by-page' ? '' : `/drop/${file.name}`) },
    }, 'linux');
    expect([...exposed.keys()]).toEqual(['scanloomHost']);
    const bridge = exposed.get('scanloomHost') as HostBridge;
    expect(Object.keys(bridge).sort()).toEqual(['host', 'pathsForDrop', 'platform']);
    expect(await bridge.pathsForDrop([new File([], 'ct'), new File([], 'made-by-page')])).toEqual(['handle']);
    expect(sent).toEqual([['scanloom:dropped', ['/drop/ct']]]);
  });
});

describe('the engine', () => {
  test('is a utility process whose environment forbids telemetry, whatever it was', async () => {
    await start();
    const engine = coreOptions!.launchEngine();
    const fork = standIn.forks[0]!;
    expect(fork.entry).toBe(path.join(folder, 'node', 'engine-process.js'));
    expect(fork.options.env).toEqual({ PATH: '/bin', ORT_DISABLE_TELEMETRY: '1' });
    const heard: unknown[] = [];
    engine.onMessage((message) => heard.push(message));
    engine.post({ type: 'run', requestId: 1, work: { kind: 'probe' } });
    expect(fork.process.posted).toEqual([{ type: 'run', requestId: 1, work: { kind: 'probe' } }]);
    fork.process.emit('message', { type: 'ready' });
    expect(heard).toEqual([{ type: 'ready' }]);
    expect(engine.pid).toBe(4711);
  });

  test('its end is told with its last words', async () => {
    await start();
    const engine = coreOptions!.launchEngine();
    const ends: unknown[] = [];
    engine.onExit((exit) => ends.push(exit));
    standIn.forks[0]!.process.stderr.emit('data', new TextEncoder().encode('out of memory'));
    standIn.forks[0]!.process.emit('exit', 134);
    expect(ends).toEqual([{ code: 134, signal: null, lastWords: 'out of memory' }]);
    engine.kill();
    expect(standIn.forks[0]!.process.kills).toBe(0);
  });

  test('killing it asks first and does not wait for an answer', async () => {
    const { launchUtilityEngine } = await import('../../electron/hosts/desktop/utility-engine.ts');
    const killed: number[] = [];
    const engine = launchUtilityEngine(standIn.electron, 'engine.js', {}, (pid) => killed.push(pid))();
    engine.kill();
    expect(standIn.forks[0]!.process.kills).toBe(1);
    await expect.poll(() => killed, { timeout: 5000 }).toEqual([4711]);
  });
});

describe('start and quit', () => {
  test('a second instance ends at once and brings the first to the front', async () => {
    await start();
    window().minimized = true;
    standIn.app.emit('second-instance');
    expect(window().calls).toEqual(['restore', 'focus']);
    const second = new StandIn();
    second.app.firstInstance = false;
    standIn = second;
    await start();
    expect(second.app.calls).toEqual(['quit']);
    expect(second.windows).toEqual([]);
    expect(coreOptions).not.toBeNull();
  });

  test('the window shows itself when it has something to show', async () => {
    await start();
    expect(window().options.show).toBe(false);
    expect(window().calls).toEqual([]);
    window().emit('ready-to-show');
    expect(window().calls).toEqual(['show']);
  });

  test('quitting closes the core, once, and only then ends the program', async () => {
    await start();
    const first = event();
    const again = event();
    standIn.app.emit('before-quit', first);
    standIn.app.emit('before-quit', again);
    expect([first.prevented, again.prevented]).toEqual([true, true]);
    expect(standIn.app.calls).not.toContain('exit 0');
    await expect.poll(() => standIn.app.calls.filter((call) => call === 'exit 0')).toEqual(['exit 0']);
    expect(coreCalls).toEqual(['close']);
  });

  test.each([['linux', true], ['win32', true], ['darwin', false]] as const)('on %s the last window ends the program: %s', async (platform, quits) => {
    await start({ platform });
    window().emit('closed');
    standIn.app.emit('window-all-closed');
    expect(standIn.app.calls.includes('quit')).toBe(quits);
    standIn.app.emit('activate');
    await expect.poll(() => standIn.windows.length).toBe(2);
  });

  test('a page that dies is shown again, three times', async () => {
    await start();
    for (let i = 0; i < 5; i += 1) window().webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
    expect(window().webContents.reloads).toBe(3);
    expect(standIn.errors[0]![0]).toBe('The page stopped');
    expect(log.lines.filter((line) => line.event === 'page-gone')).toHaveLength(5);
  });

  test('what keeps it from starting is said in words', async () => {
    await start({ createCore: () => Promise.reject(new ScanloomError('library/locked', 'Another Scanloom has this library.', { hint: 'Close it first.' })) });
    expect(standIn.errors).toEqual([['Scanloom cannot start', 'Another Scanloom has this library.\nClose it first.']]);
    expect(standIn.app.calls).toContain('exit 1');
    expect(standIn.windows).toEqual([]);
  });

  test('a page that is not built is said in words', async () => {
    await start({ page: null });
    expect(standIn.errors[0]![1]).toContain('The page is not built.');
  });
});
