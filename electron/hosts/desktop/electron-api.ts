/**
 * The part of Electron that this program uses, and no more. Everything in this folder takes it as a parameter, so that a test can drive
 * the whole host with a stand-in; `real-electron.ts` hands in the real one.
 */

export interface PreventableEvent {
  preventDefault(): void;
}

export interface AppApi {
  readonly isPackaged: boolean;
  whenReady(): Promise<void>;
  quit(): void;
  exit(code?: number): void;
  enableSandbox(): void;
  requestSingleInstanceLock(): boolean;
  readonly commandLine: { appendSwitch(name: string, value?: string): void };
  on(event: 'before-quit', listener: (event: PreventableEvent) => void): unknown;
  on(event: 'window-all-closed', listener: () => void): unknown;
  on(event: 'activate', listener: () => void): unknown;
  on(event: 'second-instance', listener: () => void): unknown;
  on(event: 'web-contents-created', listener: (event: unknown, contents: WebContentsApi) => void): unknown;
  on(event: 'session-created', listener: (session: SessionApi) => void): unknown;
}

export interface WebContentsApi {
  setWindowOpenHandler(handler: () => { action: 'deny' }): void;
  on(event: 'will-navigate', listener: (event: PreventableEvent) => void): unknown;
  on(event: 'will-frame-navigate', listener: (event: PreventableEvent & { readonly url: string; readonly isMainFrame: boolean }) => void): unknown;
  on(event: 'will-redirect', listener: (event: PreventableEvent) => void): unknown;
  on(event: 'will-attach-webview', listener: (event: PreventableEvent) => void): unknown;
  on(event: 'render-process-gone', listener: (event: unknown, details: { readonly reason: string; readonly exitCode: number }) => void): unknown;
  reload(): void;
}

export interface WindowApi {
  readonly webContents: WebContentsApi;
  loadURL(url: string): Promise<void>;
  once(event: 'ready-to-show', listener: () => void): unknown;
  on(event: 'closed', listener: () => void): unknown;
  show(): void;
  focus(): void;
  restore(): void;
  isMinimized(): boolean;
}

export interface WindowOptions {
  readonly width: number;
  readonly height: number;
  readonly minWidth: number;
  readonly minHeight: number;
  readonly show: boolean;
  readonly title: string;
  readonly backgroundColor: string;
  readonly autoHideMenuBar: boolean;
  readonly webPreferences: {
    readonly preload: string;
    readonly partition: string;
    readonly contextIsolation: boolean;
    readonly sandbox: boolean;
    readonly nodeIntegration: boolean;
    readonly nodeIntegrationInWorker: boolean;
    readonly nodeIntegrationInSubFrames: boolean;
    readonly webSecurity: boolean;
    readonly allowRunningInsecureContent: boolean;
    readonly experimentalFeatures: boolean;
    readonly webviewTag: boolean;
    readonly navigateOnDragDrop: boolean;
    readonly spellcheck: boolean;
    readonly safeDialogs: boolean;
    readonly devTools: boolean;
  };
}

export interface SessionApi {
  readonly protocol: { handle(scheme: string, handler: (request: Request) => Response | Promise<Response>): void };
  readonly webRequest: { onBeforeRequest(listener: (details: { readonly url: string }, answer: (response: { cancel?: boolean }) => void) => void): void };
  setPermissionRequestHandler(handler: (contents: unknown, permission: string, answer: (granted: boolean) => void) => void): void;
  setPermissionCheckHandler(handler: () => boolean): void;
  setDevicePermissionHandler(handler: () => boolean): void;
  setSpellCheckerEnabled(enabled: boolean): void;
  on(event: 'will-download', listener: (event: PreventableEvent) => void): unknown;
}

export interface UtilityProcessApi {
  readonly pid: number | undefined;
  readonly stderr: { on(event: 'data', listener: (chunk: Uint8Array) => void): unknown } | null;
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'exit', listener: (code: number) => void): unknown;
  kill(): boolean;
}

export interface IpcSender {
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null;
}

/** What this program asks of a menu: only roles, which Electron itself knows how to do. */
export interface MenuItem {
  readonly role?: 'appMenu' | 'editMenu' | 'windowMenu' | 'quit' | 'togglefullscreen' | 'resetZoom' | 'zoomIn' | 'zoomOut' | 'toggleDevTools';
  readonly label?: string;
  readonly submenu?: MenuItem[];
}

export interface ElectronApi {
  readonly app: AppApi;
  readonly protocol: { registerSchemesAsPrivileged(schemes: { scheme: string; privileges: Readonly<Record<string, boolean>> }[]): void };
  readonly session: { fromPartition(partition: string, options?: { cache: boolean }): SessionApi; readonly defaultSession: SessionApi };
  readonly dialog: {
    showOpenDialog(window: WindowApi, options: { title: string; properties: ('openDirectory' | 'createDirectory')[] }): Promise<{ canceled: boolean; filePaths: string[] }>;
    showErrorBox(title: string, content: string): void;
  };
  readonly ipcMain: { handle(channel: string, listener: (event: IpcSender, ...args: unknown[]) => unknown): void };
  readonly utilityProcess: { fork(entry: string, args: string[], options: { serviceName: string; stdio: 'pipe'; env: Record<string, string> }): UtilityProcessApi };
  openWindow(options: WindowOptions): WindowApi;
  setMenu(items: MenuItem[] | null): void;
}

/** What the preload script uses. */
export interface PreloadApi {
  readonly contextBridge: { exposeInMainWorld(name: string, api: object): void };
  readonly ipcRenderer: { invoke(channel: string, ...args: unknown[]): Promise<unknown> };
  readonly webUtils: { getPathForFile(file: File): string };
}
