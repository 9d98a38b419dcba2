/** The real Electron, as the preload script sees it. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { PreloadApi } from './electron-api.ts';

export const preload: PreloadApi = { contextBridge, ipcRenderer, webUtils };
