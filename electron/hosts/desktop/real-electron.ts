/** The real Electron, cut down to what the host uses. */
import { app, BrowserWindow, dialog, ipcMain, Menu, protocol, session, utilityProcess } from 'electron';
import type { ElectronApi, WindowApi } from './electron-api.ts';

export const electron: ElectronApi = {
  app,
  protocol,
  session,
  ipcMain,
  utilityProcess,
  dialog: {
    showOpenDialog: (window: WindowApi, options) => dialog.showOpenDialog(window as BrowserWindow, options),
    showErrorBox: (title, content) => dialog.showErrorBox(title, content),
  },
  openWindow: (options) => new BrowserWindow(options),
  setMenu: (items) => Menu.setApplicationMenu(items === null ? null : Menu.buildFromTemplate(items)),
};
