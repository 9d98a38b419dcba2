/**
 * What the page can never do, whatever it asks: leave its address, open windows, embed other pages, reach a network, use a device, be
 * granted a permission, download a file. Follows Electron's security checklist (docs/tutorial/security.md).
 */
import type { AppApi, SessionApi, WebContentsApi } from './electron-api.ts';
import { origin, pageUrl } from './scheme.ts';

/** Services of Chromium that would call home, or find their way to a network past the session. Must be called before the app is ready. */
export function lockApp(app: AppApi): void {
  app.enableSandbox();
  const switches: readonly (readonly [string, string?])[] = [
    ['disable-background-networking'],
    ['disable-component-update'],
    ['disable-domain-reliability'],
    ['disable-sync'],
    ['no-pings'],
    ['no-first-run'],
    // No name is looked up, not even by a service that this list forgot.
    ['host-resolver-rules', 'MAP * ~NOTFOUND'],
  ];
  for (const [name, value] of switches) app.commandLine.appendSwitch(name, value);
  app.on('session-created', lockSession);
  app.on('web-contents-created', (_event, contents) => lockContents(contents));
}

/** Whether a request may leave the page. Developer tools load their own pages. */
export function isOwn(url: string): boolean {
  return url.startsWith(pageUrl) || url.startsWith(`blob:${origin}/`) || url.startsWith('data:') || url.startsWith('devtools://');
}

export function lockSession(session: SessionApi): void {
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !isOwn(details.url) }));
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  // The spelling checker fetches its dictionaries from a network.
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event) => event.preventDefault());
}

export function lockContents(contents: WebContentsApi): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => {
    // A frame of the page may show an export's report, which lies at the page's own address.
    if (event.isMainFrame || !event.url.startsWith(`${origin}/api/exports/`)) event.preventDefault();
  });
}
