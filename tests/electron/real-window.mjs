/**
 * The main flow in the real window: `npm run test:electron`, wherever Electron's program is there. Opens the phantoms by a (stubbed) folder
 * dialog, upscales a slice, synthesizes, reviews, exports, verifies; and asks the page to do what it must not be able to.
 * Ends with `N passed, N failed`.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from 'playwright-core';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const program = process.argv[2];
const folder = mkdtempSync(path.join(os.tmpdir(), 'scanloom-window-'));
const pictures = path.join(root, 'tests', 'output', 'electron');
mkdirSync(pictures, { recursive: true });
/** A bound for runs of models on a busy machine, not a promise. */
const workMs = 600_000;

// Chromium's own sandbox cannot start as root on Linux; a person does not run it so.
const asRoot = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const electron = await _electron.launch({ executablePath: program, args: [...asRoot, root, '--library', path.join(folder, 'library')], timeout: 60_000 });
const page = await electron.firstWindow();
let passed = 0;
let failed = 0;

async function step(name, run) {
  try {
    await run();
    passed += 1;
    console.log(`✓ ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`× ${name}\n${error instanceof Error ? error.stack : error}`);
  }
  await page.screenshot({ path: path.join(pictures, `${String(passed + failed).padStart(2, '0')}.png`) }).catch(() => undefined);
}

await step('the page is there, at its own address', async () => {
  await page.getByText('Open your first study').waitFor({ timeout: 60_000 });
  assert.equal(new URL(page.url()).protocol, 'scanloom:');
});

await step('the page has no Node, and the host gives it three things', async () => {
  assert.deepEqual(await page.evaluate(() => [typeof window.require, typeof window.process, typeof window.module, Object.keys(window.scanloomHost).sort()]), ['undefined', 'undefined', 'undefined', ['host', 'pathsForDrop', 'platform']]);
});

await step('the page reaches no network, no file, and cannot evaluate text', async () => {
  const reached = await page.evaluate(async () => {
    const tries = await Promise.all(['https://example.org/', 'http://127.0.0.1:9/', 'file:///etc/hostname'].map((url) => fetch(url, { mode: 'no-cors' }).then(() => url, () => null)));
    let evaluated = null;
    try {
      evaluated = new Function('return 1')();
    } catch {
      // As it must be.
    }
    return [...tries.filter((url) => url !== null), ...(evaluated === null ? [] : ['Function'])];
  });
  assert.deepEqual(reached, []);
});

await step('the page cannot leave, open a window, or be granted a permission', async () => {
  assert.equal(await page.evaluate(() => window.open('https://example.org/')), null);
  await page.evaluate(() => { location.href = 'https://example.org/'; });
  await page.waitForTimeout(500);
  assert.equal(new URL(page.url()).protocol, 'scanloom:');
  assert.equal(electron.windows().length, 1);
  assert.notEqual(await page.evaluate(() => navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => state)), 'granted');
});

await step('a folder is opened by the dialog', async () => {
  await electron.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, path.join(root, 'test-data'));
  await page.getByRole('button', { name: 'Open folder' }).first().click();
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="study-row"]').length === 2, null, { timeout: 60_000 });
});

await step('a slice is upscaled by the engine in its utility process', async () => {
  await page.getByTestId('study-row').filter({ hasText: 'CT' }).first().dblclick();
  await page.waitForSelector('[data-testid="pane-a"]', { timeout: 30_000 });
  await page.getByTestId('try-slice').click();
  await page.waitForSelector('[data-testid="pane-b"][data-shown^="scanloom:item"]', { timeout: workMs });
});

await step('images of a condition are made', async () => {
  await page.getByRole('link', { name: 'Synthesize' }).click();
  await page.getByRole('button', { name: 'glioma' }).click();
  await page.locator('input[name=count]').fill('2');
  await page.locator('input[name=steps]').fill('5');
  await page.getByTestId('start-synthesize').click();
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="made-item"]').length === 2, null, { timeout: workMs });
});

await step('they are reviewed by keyboard', async () => {
  await page.getByTestId('review-run').click();
  await page.waitForSelector('[data-testid="pane-single"][data-shown^="scanloom:item"]', { timeout: 30_000 });
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="queue-entry"][data-decision="accepted"]').length === 2, null, { timeout: 30_000 });
});

await step('they are exported and verified', async () => {
  await page.getByRole('button', { name: 'Export this run' }).click();
  await page.getByTestId('start-export').click();
  await page.waitForSelector('[data-testid="export-report"][data-state="done"]', { timeout: workMs });
  await page.getByTestId('verify-export').click();
  await page.waitForSelector('[data-testid="verify-result"][data-ok="true"]', { timeout: workMs });
});

await step('the program ends when its window is closed, and lets the library go', async () => {
  const ended = new Promise((resolve) => electron.process().once('exit', resolve));
  await electron.evaluate(({ app }) => app.quit());
  assert.equal(await ended, 0);
});

await electron.close().catch(() => undefined);
rmSync(folder, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
