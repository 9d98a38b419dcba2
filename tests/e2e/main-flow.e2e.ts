/**
 * The main job by hand, on real data: open, look, upscale, compare, synthesize, review, export, verify.
 * Steps follow each other in one page; pictures stay in tests/output/e2e/.
 */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ExportManifest } from '#contract';
import { parseDicom } from '#dicom';
import { leftOut, openPage, realDicom } from './page-host.ts';
import type { PageHost } from './page-host.ts';
import { decided, seen } from './reviewing.ts';
import { corner, drag, greyAt, shows, viewport, windowShown } from './viewport.ts';

/** A bound for runs of models on a busy machine, not a promise. */
const workMs = 900_000;

describe.skipIf(leftOut !== undefined)('the main job in a browser', () => {
  let host: PageHost;
  beforeAll(async () => {
    host = await openPage();
  });
  afterAll(async () => {
    await host?.close();
  });

  test('an empty library says what to do first', async () => {
    const { page, picture } = host;
    await page.getByText('Open your first study').waitFor();
    await picture('01-empty');
  });

  test('a folder of a real chest CT is opened through the folder input', async () => {
    const { page, picture } = host;
    await page.getByTestId('folder-input').setInputFiles(path.join(realDicom, 'chest-ct', 'LIDC-IDRI-0314'));
    await page.waitForSelector('[data-testid="ingest"][data-state="done"]', { timeout: 60_000 });
    const row = page.getByTestId('study-row');
    await row.waitFor();
    expect(await row.innerText()).toContain('LIDC-IDRI-0314');
    expect(await row.locator('td.figure').allInnerTexts()).toEqual(['1', '20']);
    await picture('02-studies');
  });

  test('a text file named .dcm is refused in words', async () => {
    const { page } = host;
    await page.getByTestId('folder-input').evaluate((input) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['this is no image'], 'note.dcm'));
      (input as HTMLInputElement).files = transfer.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await page.getByText('1 file refused').waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Show refused files' }).click();
    expect(await page.locator('.refused').innerText()).toMatch(/note\.dcm/);
    await host.picture('03-refused');
  });

  test('it opens at its middle slice and scrolls by wheel, keys and ends', async () => {
    const { page, picture } = host;
    await page.getByTestId('study-row').first().click();
    await page.keyboard.press('Enter');
    await shows(page, 'a', 10);
    await viewport(page, 'a').hover();
    await page.mouse.wheel(0, 120);
    await shows(page, 'a', 11);
    await page.keyboard.press('ArrowUp');
    await shows(page, 'a', 10);
    await page.keyboard.press('Home');
    await shows(page, 'a', 0);
    await page.keyboard.press('Shift+ArrowDown');
    await shows(page, 'a', 10);
    await page.keyboard.press('End');
    await shows(page, 'a', 19);
    await page.keyboard.press('Shift+ArrowUp');
    await shows(page, 'a', 9);
    expect(await corner(page, 'a', 'top.left')).toContain('Im 10/20');
    expect(await corner(page, 'a', 'top.right')).toContain('120 kV');
    await picture('04-view');
  });

  test('window by preset and drag: right is wider, up is brighter; Space brings it back', async () => {
    const { page } = host;
    const before = await windowShown(page, 'a');
    await page.keyboard.press('1');
    expect(await windowShown(page, 'a')).toEqual({ width: 1500, level: -600 });
    await drag(page, viewport(page, 'a'), [300, 300], [400, 250]);
    const after = await windowShown(page, 'a');
    expect(after.width).toBeGreaterThan(1500);
    expect(after.level).toBeLessThan(-600);
    await page.keyboard.press('Space');
    expect(await windowShown(page, 'a')).toEqual(before);
  });

  test('what is drawn is the standard’s window of the stored values', async () => {
    const { page } = host;
    await page.keyboard.press('2');
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    const pane = viewport(page, 'a');
    const box = await pane.boundingBox();
    if (!box) throw new Error('no viewport');
    const seen: { hu: number; grey: number }[] = [];
    for (const [x, y] of [[0.5, 0.45], [0.4, 0.6], [0.55, 0.7], [0.62, 0.3], [0.35, 0.35]] as const) {
      const at: [number, number] = [Math.round(box.width * x), Math.round(box.height * y)];
      await page.mouse.move(box.x + at[0], box.y + at[1]);
      await page.waitForTimeout(60);
      const words = /\(\d+, \d+\)\s+(\S+) HU/.exec(await corner(page, 'a', 'bottom.left'));
      if (!words) throw new Error('The probe says nothing.');
      seen.push({ hu: Number((words[1] as string).replace('−', '-')), grey: (await greyAt(page, 'a', [at]))[0] ?? -1 });
    }
    for (const { hu, grey } of seen) {
      // PS3.3 C.11.2.1.2.1, W 400 L 40.
      const expected = Math.min(255, Math.max(0, ((hu - 39.5) / 399 + 0.5) * 255));
      expect(Math.abs(grey - expected), `${hu} HU is drawn as ${grey}`).toBeLessThanOrEqual(1.5);
    }
    expect(new Set(seen.map((one) => one.hu)).size).toBeGreaterThan(2);
    await page.keyboard.press('g');
  });

  test('length, ellipse and letters that follow the image', async () => {
    const { page, picture } = host;
    await page.keyboard.press('d');
    await drag(page, viewport(page, 'a'), [250, 300], [450, 300]);
    await page.keyboard.press('e');
    await drag(page, viewport(page, 'a'), [330, 380], [400, 440]);
    const words = await viewport(page, 'a').locator('.mark-text').allTextContents();
    expect(words.some((line) => /^\d+\.\d mm$/.test(line))).toBe(true);
    expect(words.some((line) => /^mean −?\d+\.\d HU\s+SD \d+\.\d$/.test(line))).toBe(true);
    const letters = async (): Promise<string[]> => viewport(page, 'a').locator('.letter').allInnerTexts();
    expect(await letters()).toEqual(['A', 'L', 'P', 'R']);
    await page.keyboard.press('r');
    expect(await letters()).toEqual(['R', 'A', 'L', 'P']);
    await page.keyboard.press('Shift+H');
    expect(await letters()).toEqual(['R', 'P', 'L', 'A']);
    await picture('05-marks');
    await page.keyboard.press('Space');
    expect(await letters()).toEqual(['A', 'L', 'P', 'R']);
    await page.keyboard.press('w');
    await page.keyboard.press('1');
  });

  test('names are hidden by one key and shown by the same', async () => {
    const { page } = host;
    expect(await page.locator('.view').innerText()).toContain('LIDC-IDRI-0314');
    await page.keyboard.press('n');
    expect(await page.locator('.view').innerText()).not.toContain('LIDC-IDRI-0314');
    await page.keyboard.press('n');
  });

  test('one slice is upscaled to try, and shows beside its source with a badge that no key hides', async () => {
    const { page, picture } = host;
    await page.getByTestId('try-slice').click();
    await page.waitForSelector('[data-testid="pane-b"][data-shown^="scanloom:item"]', { timeout: workMs });
    expect(await corner(page, 'b', 'bottom.left')).toContain('1024 × 1024');
    expect(await corner(page, 'b', 'top.right')).toContain('linked');
    const badge = viewport(page, 'b').locator('.model-badge');
    expect(await badge.innerText()).toContain('AI-ENHANCED ×2');
    await page.keyboard.press('Backquote');
    expect(await viewport(page, 'b').locator('.corner').count()).toBe(0);
    expect(await badge.isVisible()).toBe(true);
    await page.keyboard.press('Backquote');
    await page.waitForTimeout(300);
    await picture('06-upscaled');
  });

  test('before and after by a slider, the signed difference with its own scale', async () => {
    const { page, picture } = host;
    await page.keyboard.press('x');
    const handle = viewport(page, 'b').locator('.swipe-handle');
    await handle.waitFor();
    const box = await handle.boundingBox();
    if (!box) throw new Error('no handle');
    await page.mouse.move(box.x + 12, box.y + 200);
    await page.mouse.down();
    await page.mouse.move(box.x - 60, box.y + 200, { steps: 4 });
    await page.mouse.up();
    expect(Number(await handle.getAttribute('aria-valuenow'))).toBeLessThan(45);
    await picture('07-swipe');
    await page.keyboard.press('y');
    await page.waitForSelector('[data-testid="pane-b"][data-shown^="scanloom:difference"]', { timeout: 30_000 });
    expect(await viewport(page, 'b').locator('.difference-scale').innerText()).toMatch(/AI − bicubic of the original[\s\S]*−\d+[\s\S]*\+\d+ HU/);
    await picture('08-difference');
    await page.keyboard.press('y');
  });

  test('the whole series is upscaled with one chord; it can be paused and goes on', async () => {
    const { page, picture } = host;
    await page.keyboard.press('Control+Enter');
    const line = page.getByTestId('job-line').first();
    await line.getByRole('button', { name: 'Pause' }).click({ timeout: 60_000 });
    await line.getByRole('button', { name: 'Resume' }).waitFor({ timeout: workMs });
    await line.getByRole('button', { name: 'Resume' }).click();
    await picture('09-running');
    await page.waitForFunction(() => ['done', 'failed', 'cancelled'].includes(document.querySelector<HTMLElement>('[data-testid="job-line"]')?.dataset['state'] ?? ''), null, { timeout: workMs });
    expect(await line.innerText()).toContain('✓ done');
    await page.getByTestId('enhanced-entry').filter({ hasText: '20 images' }).waitFor();
    expect(await page.getByTestId('enhanced-entry').count()).toBe(2);
  });

  test('linked viewports scroll together by position', async () => {
    const { page, picture } = host;
    await viewport(page, 'b').click();
    await page.getByTestId('enhanced-entry').filter({ hasText: '20 images' }).click();
    await page.waitForFunction(() => (document.querySelector('[data-testid="pane-b"]')?.textContent ?? '').includes('/20'), null, { timeout: 30_000 });
    await viewport(page, 'a').click();
    await page.keyboard.press('Home');
    await shows(page, 'b', 0);
    await page.keyboard.press('ArrowDown');
    await shows(page, 'a', 1);
    await shows(page, 'b', 1);
    const position = async (name: 'a' | 'b'): Promise<string> => /z \S+ mm/.exec(await corner(page, name, 'bottom.right'))?.[0] ?? name;
    expect(await position('b')).toBe(await position('a'));
    await picture('10-linked');
  });

  test('images of a condition are made and arrive one by one', async () => {
    const { page, picture } = host;
    await page.getByRole('link', { name: 'Synthesize' }).click();
    await page.getByRole('button', { name: 'meningioma' }).click();
    await page.locator('input[name=count]').fill('4');
    await page.locator('input[name=steps]').fill('0');
    expect(await page.getByTestId('start-synthesize').getAttribute('aria-disabled')).toBe('true');
    await page.locator('input[name=steps]').fill('10');
    await page.getByTestId('start-synthesize').click();
    await page.waitForFunction(() => document.querySelectorAll('[data-testid="made-item"]').length === 4, null, { timeout: workMs });
    await page.waitForTimeout(400);
    await picture('11-synthesized');
  });

  test('review by keyboard alone: accept, reject with a reason, unsure, undo', async () => {
    const { page, picture } = host;
    await page.getByTestId('review-run').click();
    await page.waitForSelector('[data-testid="pane-single"][data-shown^="scanloom:item"]', { timeout: 30_000 });
    expect(await viewport(page, 'single').locator('.model-badge').innerText()).toContain('SYNTHETIC · meningioma');
    const decisions = async (): Promise<(string | null)[]> => Promise.all((await page.getByTestId('queue-entry').all()).map((entry) => entry.getAttribute('data-decision')));
    await seen(page);
    await page.keyboard.press('Enter');
    await decided(page, 1);
    await seen(page);
    await page.keyboard.press('Backspace');
    await page.getByTestId('reject-ask').waitFor();
    await picture('12-review');
    await page.keyboard.press('1');
    await decided(page, 2);
    await seen(page);
    await page.keyboard.press('u');
    await decided(page, 3);
    await seen(page);
    await page.keyboard.press('Enter');
    await page.getByTestId('queue-end').waitFor();
    expect(await decisions()).toEqual(['accepted', 'rejected', 'unsure', 'accepted']);
    await page.keyboard.press('Control+z');
    await page.waitForFunction(() => document.querySelectorAll('[data-testid="queue-entry"][data-decision=""]').length === 1);
    expect(await decisions()).toEqual(['accepted', 'rejected', 'unsure', '']);
    expect(await page.getByTestId('ledger-index').innerText()).toMatch(/^entry \d+ ✓$/);
    // What the host has is what the screen says, after a fresh start of the page.
    await page.reload();
    await page.getByTestId('queue-entry').nth(3).waitFor();
    expect(await decisions()).toEqual(['accepted', 'rejected', 'unsure', '']);
    await picture('13-reviewed');
  });

  test('export takes what was accepted, reads it back, and verify agrees', async () => {
    const { page, picture } = host;
    await page.getByRole('button', { name: 'Export this run' }).click();
    await page.getByTestId('export-run').nth(2).waitFor();
    const runs = page.getByTestId('export-run');
    const all = await runs.count();
    // The filter leaves what was asked for, and nothing behind its back.
    await page.getByTestId('export-filter').locator('summary').click();
    await page.locator('select[name="filter-provenance"]').selectOption('enhanced');
    await page.waitForFunction((n) => document.querySelectorAll('[data-testid="export-run"]').length < n, all);
    expect(await page.getByTestId('export-plan').innerText()).toMatch(/Synthetic, accepted\s*0/);
    await page.locator('input[name="filter-to"]').fill('2020-01-01');
    await page.getByText('No run fits this filter.').waitFor();
    expect(await page.getByTestId('start-export').getAttribute('aria-disabled')).toBe('true');
    await page.getByRole('button', { name: 'Show everything' }).click();
    await page.getByRole('button', { name: `Choose all ${all} runs` }).click();
    expect(await runs.evaluateAll((boxes) => boxes.every((box) => (box as HTMLInputElement).checked))).toBe(true);
    await page.getByText('Synthetic, accepted').waitFor();
    await page.locator('select[name="transfer-syntax"]').selectOption('jpeg-ls');
    await page.locator('input[name="file-set"]').check();
    await page.locator('input[name="difference-maps"]').check();
    await page.waitForFunction(() => (document.querySelector('[data-testid="export-plan"]')?.textContent ?? '').includes('Images to write22'), null, { timeout: 30_000 });
    await picture('14-export');
    await page.getByTestId('start-export').click();
    await page.waitForSelector('[data-testid="export-report"][data-state="done"]', { timeout: workMs });
    await page.getByTestId('verify-export').click();
    await page.waitForSelector('[data-testid="verify-result"][data-ok="true"]', { timeout: workMs });
    await picture('15-exported');
    // What was asked for on the screen is what lies in the folder.
    const [name] = await readdir(path.join(host.library, 'exports'));
    const folder = path.join(host.library, 'exports', name ?? '');
    const { files } = ExportManifest.parse(JSON.parse(await readFile(path.join(folder, 'manifest.json'), 'utf8')));
    expect(files.filter((file) => file.role === 'index').map((file) => file.path)).toEqual(['DICOMDIR']);
    expect(files.some((file) => file.role === 'map')).toBe(true);
    const image = files.find((file) => file.role === 'image');
    expect(parseDicom(await readFile(path.join(folder, image?.path ?? ''))).transferSyntaxUid).toBe('1.2.840.10008.1.2.4.80');
  });

  test('every other screen stands', async () => {
    const { page, picture } = host;
    for (const [name, words] of [['Packages', 'sr-gan-x2'], ['Jobs', 'done'], ['Settings', 'ONNX Runtime']] as const) {
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByText(words).first().waitFor();
      await page.waitForTimeout(300);
      await picture(`16-${name.toLowerCase()}`);
    }
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await picture('17-keys');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('LIDC');
    await page.getByRole('option').filter({ hasText: 'LIDC-IDRI-0314' }).waitFor();
    await page.keyboard.press('Enter');
    await shows(page, 'a', 10);
  });

  test('nothing was asked of any other place, and the page complained of nothing', () => {
    expect(host.complaints).toEqual([]);
  });
});
