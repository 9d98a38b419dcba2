/** The window. */
import type { Log } from '#base';
import type { ElectronApi, MenuItem, WindowApi, WindowOptions } from './electron-api.ts';
import { pageUrl } from './scheme.ts';

/** Kept in memory only: no cookie, cache or storage of the page reaches the disk. */
export const partition = 'scanloom';

/** A page that dies more often than this gets no further try. */
const reloadsAtMost = 3;

export function windowOptions(preload: string, devTools: boolean): WindowOptions {
  return {
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: 'Scanloom',
    backgroundColor: '#111417',
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      partition,
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
      devTools,
    },
  };
}

export async function openWindow(electron: ElectronApi, options: { readonly preload: string; readonly log: Log; readonly onClosed: () => void }): Promise<WindowApi> {
  const window = electron.openWindow(windowOptions(options.preload, !electron.app.isPackaged));
  window.once('ready-to-show', () => window.show());
  window.on('closed', options.onClosed);
  let reloads = 0;
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    options.log.error('page-gone', { reason, exitCode });
    if (reason === 'clean-exit') return;
    if (reloads < reloadsAtMost) {
      // Everything that was accepted is in the database; the page only has to be shown again.
      reloads += 1;
      window.webContents.reload();
    } else {
      electron.dialog.showErrorBox('The page stopped', 'Scanloom\'s page stopped several times. Your work is kept; close the window and start Scanloom again.');
    }
  });
  await window.loadURL(pageUrl);
  return window;
}

/** Roles only. On macOS the menu is what makes copy, paste and quit work; elsewhere it is hidden until Alt is pressed. */
export function menu(platform: NodeJS.Platform, devTools: boolean): MenuItem[] {
  return [
    ...(platform === 'darwin' ? [{ role: 'appMenu' as const }] : [{ label: 'Scanloom', submenu: [{ role: 'quit' as const }] }]),
    { role: 'editMenu' },
    { label: 'View', submenu: [{ role: 'togglefullscreen' }, { role: 'zoomIn' }, { role: 'zoomOut' }, { role: 'resetZoom' }, ...(devTools ? [{ role: 'toggleDevTools' as const }] : [])] },
    { role: 'windowMenu' },
  ];
}
