/** Opens an address in the default browser, without a shell. */
import { spawn } from 'node:child_process';

/** @returns whether the system took it. */
export function openInBrowser(url: string, platform: NodeJS.Platform = process.platform): Promise<boolean> {
  const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = { win32: ['rundll32.exe', 'url.dll,FileProtocolHandler'], darwin: ['open'] };
  const [program, ...args] = openers[platform] ?? ['xdg-open'];
  return new Promise((resolve) => {
    const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
    child.unref();
  });
}
