/** The loopback host on a library of its own, a browser with its page, and pictures of what it showed. */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';

export const root = path.resolve(import.meta.dirname, '..', '..');
const pictures = path.join(root, 'tests', 'output', 'e2e');
/** Real DICOM objects beside the project. */
export const realDicom = path.resolve(root, '..', 'shared', 'data', 'dicom');

const { findChromium } = (await import('../../electron/setup/chromium.mjs' as string)) as { findChromium(): string | undefined };
const browserPath = findChromium();

/** Why these tests cannot run here; undefined when they can. In CI they must. */
export const leftOut = browserPath === undefined
  ? 'Left out: there is no Chromium on this machine (on Debian: apt-get install chromium).'
  : existsSync(realDicom) ? undefined : `Left out: the real DICOM objects are not at ${realDicom}.`;
if (leftOut !== undefined) {
  if (process.env['CI']) throw new Error(leftOut);
  console.warn(leftOut);
}

/** No call home of the browser's own may disturb what is watched. */
const browserArguments = ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--no-first-run', '--disable-sync', '--disable-default-apps', '--metrics-recording-only'];

export interface PageHost {
  readonly page: Page;
  readonly origin: string;
  /** The library's folder. */
  readonly library: string;
  /** Ends the host at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again on the same library and port; answers the link with the key of the new run. */
  startAgain(): Promise<string>;
  /** What went wrong in the page: uncaught errors, policy violations, requests elsewhere. */
  readonly complaints: string[];
  /** Keeps a picture under tests/output/e2e/. */
  picture(name: string): Promise<void>;
  close(): Promise<void>;
}

async function startHost(library: string, port: number): Promise<{ host: ChildProcessByStdio<null, Readable, null>; url: string }> {
  const host = spawn(process.execPath, [path.join(root, 'dist', 'node', 'cli.js'), 'serve', '--port', String(port), '--library', library, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: host.stdout }).once('line', (line) => {
      const { url: address } = JSON.parse(line) as { url: string };
      resolve(address);
    });
    host.once('exit', (code) => reject(new Error(`The host ended with ${code} before it was ready.`)));
  });
  return { host, url };
}

export async function openPage(options: { colorScheme?: 'dark' | 'light' } = {}): Promise<PageHost> {
  if (browserPath === undefined) throw new Error('There is no Chromium.');
  const library = await mkdtemp(path.join(os.tmpdir(), 'scanloom-page-'));
  await mkdir(pictures, { recursive: true });
  let running = await startHost(library, 0);
  const { url } = running;
  let browser: Browser | undefined;
  try {
    browser = await chromium.launch({ executablePath: browserPath, args: browserArguments });
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: options.colorScheme ?? 'dark', locale: 'en-GB' });
    const page = await context.newPage();
    const { origin } = new URL(url);
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
    });
    page.on('request', (request) => {
      const target = new URL(request.url());
      if (target.origin !== origin && target.protocol !== 'blob:' && target.protocol !== 'data:') complaints.push(`request elsewhere: ${request.url()}`);
    });
    await page.goto(url);
    const opened = browser;
    return {
      page,
      origin,
      library,
      complaints,
      kill: async () => {
        const ended = new Promise<void>((resolve) => running.host.once('exit', () => resolve()));
        running.host.kill('SIGKILL');
        await ended;
      },
      startAgain: async () => {
        running = await startHost(library, Number(new URL(url).port));
        return running.url;
      },
      picture: async (name) => {
        await page.screenshot({ path: path.join(pictures, `${name}.png`) });
      },
      close: async () => {
        await opened.close();
        await stop(running.host);
        await rm(library, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await browser?.close();
    await stop(running.host);
    throw error;
  }
}

async function stop(host: ReturnType<typeof spawn>): Promise<void> {
  if (host.exitCode !== null || host.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => host.once('exit', () => resolve()));
  host.kill('SIGTERM');
  const timer = setTimeout(() => host.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(timer);
}
