/** What the page sees of its host. Part of the sandboxed preload script, which has no Node: imports nothing but types. */
import type { PreloadApi } from './electron-api.ts';

export const dropChannel = 'scanloom:dropped';

/** `window.scanloomHost` of the page. */
export interface HostBridge {
  readonly host: 'desktop';
  readonly platform: string;
  /** Handles of what was dropped; files without a path (made by the page itself) are left out. */
  pathsForDrop(files: readonly File[]): Promise<readonly string[]>;
}

export function exposeHost({ contextBridge, ipcRenderer, webUtils }: PreloadApi, platform: string): void {
  const bridge: HostBridge = {
    host: 'desktop',
    platform,
    pathsForDrop: (files) => ipcRenderer.invoke(dropChannel, files.map((file) => webUtils.getPathForFile(file)).filter((place) => place !== '')) as Promise<readonly string[]>,
  };
  contextBridge.exposeInMainWorld('scanloomHost', bridge);
}
