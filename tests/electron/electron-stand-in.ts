/**
 * The handful of Electron objects that the desktop host uses, as recorders: what the host sets can be read, what Electron would call can be
 * called. It follows Electron's own behaviour only as far as the host relies on it.
 */
import type { ElectronApi, MenuItem, PreventableEvent, SessionApi, UtilityProcessApi, WebContentsApi, WindowApi, WindowOptions } from '../../electron/hosts/desktop/electron-api.ts';

type Listener = (...args: never[]) => unknown;

/** `on` and `once` of anything, and `emit` for the test. */
export class Emitter {
  readonly listeners = new Map<string, Listener[]>();
  on(event: string, listener: Listener): this {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
    return this;
  }
  once(event: string, listener: Listener): this {
    return this.on(event, listener);
  }
  emit(event: string, ...args: unknown[]): void {
    for (const listener of this.listeners.get(event) ?? []) (listener as (...all: unknown[]) => unknown)(...args);
  }
}

/** An event whose default the host may prevent. */
export function event(more: Record<string, unknown> = {}): PreventableEvent & { prevented: boolean } & Record<string, unknown> {
  const made = { prevented: false, preventDefault: () => { made.prevented = true; }, ...more };
  return made;
}

export class StandInContents extends Emitter {
  openHandler: (() => { action: string }) | null = null;
  reloads = 0;
  setWindowOpenHandler(handler: () => { action: 'deny' }): void {
    this.openHandler = handler;
  }
  reload(): void {
    this.reloads += 1;
  }
}

export class StandInWindow extends Emitter {
  readonly webContents = new StandInContents();
  readonly calls: string[] = [];
  url = '';
  minimized = false;
  readonly options: WindowOptions;
  constructor(options: WindowOptions) {
    super();
    this.options = options;
  }
  async loadURL(url: string): Promise<void> {
    this.url = url;
  }
  show(): void { this.calls.push('show'); }
  focus(): void { this.calls.push('focus'); }
  restore(): void { this.calls.push('restore'); }
  isMinimized(): boolean { return this.minimized; }
}

export class StandInSession extends Emitter {
  readonly handlers = new Map<string, (request: Request) => Response | Promise<Response>>();
  beforeRequest: ((details: { url: string }, answer: (response: { cancel?: boolean }) => void) => void) | null = null;
  permissionRequest: ((contents: unknown, permission: string, answer: (granted: boolean) => void) => void) | null = null;
  permissionCheck: (() => boolean) | null = null;
  devicePermission: (() => boolean) | null = null;
  spellChecker = true;
  readonly protocol = { handle: (scheme: string, handler: (request: Request) => Response | Promise<Response>): void => void this.handlers.set(scheme, handler) };
  readonly webRequest = { onBeforeRequest: (listener: NonNullable<StandInSession['beforeRequest']>): void => { this.beforeRequest = listener; } };
  setPermissionRequestHandler(handler: NonNullable<StandInSession['permissionRequest']>): void { this.permissionRequest = handler; }
  setPermissionCheckHandler(handler: () => boolean): void { this.permissionCheck = handler; }
  setDevicePermissionHandler(handler: () => boolean): void { this.devicePermission = handler; }
  setSpellCheckerEnabled(enabled: boolean): void { this.spellChecker = enabled; }
}

export class StandInUtilityProcess extends Emitter {
  pid: number | undefined = 4711;
  readonly stderr = new Emitter();
  readonly posted: unknown[] = [];
  kills = 0;
  postMessage(message: unknown): void { this.posted.push(message); }
  kill(): boolean {
    this.kills += 1;
    return true;
  }
}

export interface Fork {
  readonly entry: string;
  readonly args: string[];
  readonly options: { serviceName: string; stdio: string; env: Record<string, string> };
  readonly process: StandInUtilityProcess;
}

export class StandIn {
  readonly app = new (class extends Emitter {
    isPackaged = true;
    firstInstance = true;
    readonly calls: string[] = [];
    readonly switches: [string, string | undefined][] = [];
    readonly commandLine = { appendSwitch: (name: string, value?: string): void => void this.switches.push([name, value]) };
    async whenReady(): Promise<void> { this.calls.push('ready'); }
    quit(): void { this.calls.push('quit'); }
    exit(code?: number): void { this.calls.push(`exit ${code ?? 0}`); }
    enableSandbox(): void { this.calls.push('sandbox'); }
    requestSingleInstanceLock(): boolean { return this.firstInstance; }
  })();
  readonly schemes: { scheme: string; privileges: Readonly<Record<string, boolean>> }[] = [];
  readonly sessions = new Map<string, { session: StandInSession; cache: boolean | undefined }>();
  readonly defaultSession = new StandInSession();
  readonly windows: StandInWindow[] = [];
  readonly forks: Fork[] = [];
  readonly errors: [string, string][] = [];
  readonly ipc = new Map<string, (sender: { senderFrame: { url: string; parent: unknown } | null }, ...args: unknown[]) => unknown>();
  readonly dialogs: { title: string; properties: string[] }[] = [];
  chosen: { canceled: boolean; filePaths: string[] } = { canceled: true, filePaths: [] };
  menu: MenuItem[] | null = null;

  /** Typed as the host wants it; the recorders have a wider `on`. */
  readonly electron: ElectronApi = {
    app: this.app as unknown as ElectronApi['app'],
    protocol: { registerSchemesAsPrivileged: (schemes) => void this.schemes.push(...schemes) },
    session: {
      fromPartition: (partition, options) => {
        const session = new StandInSession();
        this.sessions.set(partition, { session, cache: options?.cache });
        this.app.emit('session-created', session);
        return session as unknown as SessionApi;
      },
      defaultSession: this.defaultSession as unknown as SessionApi,
    },
    dialog: {
      showOpenDialog: async (_window, options) => {
        this.dialogs.push(options);
        return this.chosen;
      },
      showErrorBox: (title, content) => void this.errors.push([title, content]),
    },
    ipcMain: { handle: (channel, listener) => void this.ipc.set(channel, listener) },
    utilityProcess: {
      fork: (entry, args, options) => {
        const process = new StandInUtilityProcess();
        this.forks.push({ entry, args, options, process });
        return process as unknown as UtilityProcessApi;
      },
    },
    openWindow: (options) => {
      const window = new StandInWindow(options);
      this.windows.push(window);
      this.app.emit('web-contents-created', {}, window.webContents as unknown as WebContentsApi);
      return window as unknown as WindowApi;
    },
    setMenu: (items) => { this.menu = items; },
  };
}
