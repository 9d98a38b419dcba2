/** The desktop host from start to quit. */
import path from 'node:path';
import type { Clock, Log } from '#base';
import { ScanloomError } from '#contract';
import type { Core, CoreOptions } from '#core';
import { createPageFiles } from '../page-files/index.ts';
import type { Places } from '../places/index.ts';
import { acceptDrops } from './dropped-files.ts';
import type { ElectronApi, WindowApi } from './electron-api.ts';
import { lockApp, lockSession } from './lock-down.ts';
import { handleScheme, registerScheme } from './scheme.ts';
import { launchUtilityEngine } from './utility-engine.ts';
import { menu, openWindow, partition } from './window.ts';

export interface DesktopOptions {
  readonly places: Places;
  /** The library's folder. */
  readonly library: string;
  readonly preload: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** `createCore`, but for tests. */
  readonly createCore: (options: CoreOptions) => Promise<Core>;
}

/** Call it at once: the scheme and the switches must be known before Electron is ready. Resolves when the window shows the page. */
export async function startDesktop(electron: ElectronApi, options: DesktopOptions): Promise<void> {
  const { app } = electron;
  const { log, places } = options;
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  registerScheme(electron);
  lockApp(app);

  let core: Core | null = null;
  let window: WindowApi | null = null;
  let closing: Promise<void> | null = null;

  const show = async (): Promise<void> => {
    window = await openWindow(electron, { preload: options.preload, log, onClosed: () => { window = null; } });
  };
  app.on('second-instance', () => {
    if (window?.isMinimized() === true) window.restore();
    window?.focus();
  });
  app.on('window-all-closed', () => {
    if (options.platform !== 'darwin') app.quit();
  });
  app.on('activate', () => {
    if (window === null && core !== null && closing === null) void show();
  });
  // Window, then jobs and engine, then library; only then does the program end. Jobs that run go on at the next start.
  app.on('before-quit', (event) => {
    if (core === null) return;
    event.preventDefault();
    closing ??= core.close().catch((thrown: unknown) => log.error('close-failed', { code: ScanloomError.from(thrown).code })).finally(() => app.exit(0));
  });

  await app.whenReady();
  try {
    if (places.page === null) throw new ScanloomError('input/not-found', 'The page is not built.', { hint: 'npm run build makes it.' });
    electron.setMenu(menu(options.platform, !app.isPackaged));
    lockSession(electron.session.defaultSession);
    const session = electron.session.fromPartition(partition, { cache: false });
    lockSession(session);
    core = await options.createCore({
      paths: { library: options.library, packages: [places.models], entries: places.entries, page: places.page },
      clock: options.clock,
      log,
      launchEngine: launchUtilityEngine(electron, path.join(places.entries, 'engine-process.js'), options.env),
      host: {
        kind: 'desktop',
        async chooseFolder(purpose) {
          if (window === null) return null;
          const chosen = await electron.dialog.showOpenDialog(window, purpose === 'open' ? { title: 'Open a folder of studies', properties: ['openDirectory'] } : { title: 'Choose where the export goes', properties: ['openDirectory', 'createDirectory'] });
          return chosen.canceled ? null : (chosen.filePaths[0] ?? null);
        },
      },
      version: places.version,
    });
    handleScheme(session, createPageFiles(places.page), core);
    const { registerFolder } = core.services;
    acceptDrops(electron, registerFolder);
    await show();
  } catch (thrown) {
    const error = ScanloomError.from(thrown);
    log.error('start-failed', { code: error.code });
    electron.dialog.showErrorBox('Scanloom cannot start', [error.message, error.hint ?? ''].join('\n').trim());
    await core?.close();
    app.exit(1);
  }
}
