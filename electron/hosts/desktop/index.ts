/** The window: Electron around the core. The only room that imports Electron. See README.md. */
export { startDesktop, type DesktopOptions } from './start-desktop.ts';
export { electron } from './real-electron.ts';
