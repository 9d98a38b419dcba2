/**
 * What must never make a wrong data set: a held key, a decision nobody saw recorded, a page that outlived its host, images made twice, an export
 * that is out of date. Steps follow each other in one page.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leftOut, openPage } from './page-host.ts';
import type { PageHost } from './page-host.ts';
import { decided, decisions, hold, seen } from './reviewing.ts';
import { viewport } from './viewport.ts';

const workMs = 300_000;

describe.skipIf(leftOut !== undefined)('reviewing, exporting and coming back', () => {
  let host: PageHost;
  beforeAll(async () => {
    host = await openPage();
  });
  afterAll(async () => {
    await host?.close();
  });

  async function make(count: number): Promise<void> {
    const { page } = host;
    const before = await page.getByTestId('made-item').count();
    await page.locator('input[name=count]').fill(String(count));
    await page.locator('input[name=steps]').fill('4');
    await page.getByTestId('start-synthesize').click();
    if (before > 0) await page.waitForFunction((n) => document.querySelectorAll('[data-testid="made-item"]').length < n, before, { timeout: workMs });
    await page.waitForFunction((n) => document.querySelectorAll('[data-testid="made-item"]').length === n, count, { timeout: workMs });
  }

  test('the next free seed is offered, also after a reload; a used one is named', async () => {
    const { page, picture } = host;
    await page.getByRole('link', { name: 'Synthesize' }).click();
    await page.getByRole('button', { name: 'glioma' }).click();
    // The focus stays where the hand is: Tab goes on from the condition.
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).name)).toBe('count');
    await make(4);
    expect(await page.locator('input[name=seed]').inputValue()).toBe('2');
    await page.reload();
    await page.getByTestId('made-item').first().waitFor();
    expect(await page.locator('input[name=seed]').inputValue()).toBe('2');
    await page.locator('input[name=seed]').fill('1');
    await page.locator('input[name=steps]').fill('4');
    await page.locator('input[name=count]').fill('2');
    expect(await page.getByTestId('same-again').innerText()).toContain('These 2 images exist already.');
    await picture('30-same-seed');
    // Made again on purpose, for what the export says of it.
    await page.getByTestId('start-synthesize').click();
    await page.getByRole('button', { name: 'Make them again' }).click();
    await page.waitForFunction(() => document.querySelectorAll('[data-testid="made-item"]').length === 2, null, { timeout: workMs });
  });

  test('Review opens the oldest run with open images and says what is left in the others', async () => {
    const { page } = host;
    await page.getByRole('link', { name: 'Review' }).click();
    await seen(page);
    expect(await page.getByTestId('queue-entry').count()).toBe(4);
    expect(await page.getByTestId('left-elsewhere').innerText()).toContain('2 images left in 1 other run');
  });

  test('a held key decides once', async () => {
    const { page } = host;
    await hold(page, 'Enter', 10);
    await decided(page, 1);
    await page.waitForTimeout(400);
    expect(await decisions(page)).toEqual(['accepted', '', '', '']);
    await seen(page);
    await hold(page, 'Backspace', 8);
    await page.getByTestId('reject-ask').waitFor();
    expect(await decisions(page)).toEqual(['accepted', '', '', '']);
  });

  test('Enter in the question for a reason decides nothing', async () => {
    const { page, picture } = host;
    await page.keyboard.press('Enter');
    await page.getByText('Choose a reason by its number').waitFor();
    await picture('31-reject');
    expect(await decisions(page)).toEqual(['accepted', '', '', '']);
    await page.keyboard.press('2');
    await decided(page, 2);
    expect(await decisions(page)).toEqual(['accepted', 'rejected', '', '']);
  });

  test('the window is set by number keys and kept for the run', async () => {
    const { page } = host;
    const place = '[data-testid="pane-single"] .corner.bottom.left';
    const windowText = async (): Promise<string> => /W \S+\s+L \S+/.exec(await viewport(page, 'single').locator('.corner.bottom.left').innerText())?.[0] ?? '';
    await seen(page);
    const before = await windowText();
    expect(before).not.toBe('');
    await page.keyboard.press('4');
    await page.waitForFunction(([selector, text]) => !(document.querySelector(selector ?? '')?.textContent ?? '').includes(text ?? ''), [place, before]);
    const chosen = await windowText();
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => document.querySelector('.queue-entry.current')?.getAttribute('title')?.startsWith('Image 4'));
    await seen(page);
    // Found anew for this image, so its figures may differ; it is not the images' own window again.
    expect(chosen).not.toBe('');
    expect(await windowText()).not.toBe(before);
    await page.keyboard.press('ArrowLeft');
    await seen(page);
  });

  test('Tab never gives Enter to a thumbnail', async () => {
    const { page } = host;
    for (let i = 0; i < 30; i += 1) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.closest('.queue, .decisions') === null)).toBe(true);
    }
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
  });

  test('a decision that is not recorded stops the queue on its image; the page says what happened after a new start and goes on by itself', async () => {
    const { page, picture } = host;
    await host.kill();
    const current = await page.locator('.queue-entry.current').getAttribute('title');
    await page.keyboard.press('u');
    await page.getByTestId('not-recorded').waitFor();
    expect(await page.getByTestId('not-recorded').innerText()).toContain('Scanloom does not answer');
    expect(await page.locator('.queue-entry.current').getAttribute('title')).toBe(current);
    await picture('32-not-recorded');
    const link = await host.startAgain();
    await page.waitForFunction(() => (document.querySelector('[data-testid="connection-note"]')?.textContent ?? '').includes('was started again'), null, { timeout: 30_000 });
    await picture('33-started-again');
    // Another tab brings the new key to this browser.
    const other = await page.context().newPage();
    await other.goto(link);
    await other.close();
    await page.waitForSelector('[data-testid="connection-note"]', { state: 'detached', timeout: 30_000 });
    await page.keyboard.press('u');
    await decided(page, 3);
  });

  test('after the last image no key decides, and the unsure ones can be walked through', async () => {
    const { page, picture } = host;
    await seen(page);
    await page.keyboard.press('Enter');
    await page.getByTestId('queue-end').waitFor();
    await picture('34-end');
    await page.keyboard.press('u');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Backspace');
    await page.waitForTimeout(300);
    expect(await decisions(page)).toEqual(['accepted', 'rejected', 'unsure', 'accepted']);
    await page.keyboard.press('Shift+U');
    await page.waitForFunction(() => document.querySelectorAll('[data-testid="queue-entry"]').length === 1);
    await seen(page);
    await page.keyboard.press('Enter');
    await page.getByTestId('queue-end').waitFor();
    await page.keyboard.press('Control+z');
    await page.waitForSelector('[data-testid="queue-end"]', { state: 'detached' });
    expect(await page.getByTestId('review-strip').innerText()).toContain('unsure');
    await page.keyboard.press('Control+Shift+Z');
    await page.getByTestId('queue-end').waitFor();
    await page.keyboard.press('PageDown');
    await page.waitForFunction(() => document.querySelectorAll('[data-testid="queue-entry"]').length === 2);
    for (let n = 1; n <= 2; n += 1) {
      await seen(page);
      await page.keyboard.press('Enter');
      await decided(page, n);
    }
  });

  test('an export takes one of images with the same pixels, and says so; it says which were rejected since', async () => {
    const { page, picture } = host;
    await page.getByRole('link', { name: 'Export' }).click();
    await page.getByTestId('export-run').nth(1).waitFor();
    for (const box of await page.getByTestId('export-run').all()) await box.check();
    await page.getByTestId('identical').waitFor();
    await picture('35-identical');
    await page.getByTestId('start-export').click();
    await page.waitForSelector('[data-testid="export-report"][data-state="done"]', { timeout: workMs });
    await page.getByRole('link', { name: 'Review' }).click();
    await page.getByTestId('queue-entry').first().waitFor();
    const run = page.locator('select[aria-label=Run]');
    const jobId = await run.locator('option').nth(1).getAttribute('value');
    await run.selectOption({ index: 1 });
    // The queue of the run before must be gone, and this one, which is decided, must have come to its end, before a key can mean one of its images.
    await page.waitForFunction((id) => window.location.hash.includes(id ?? '-'), jobId);
    await page.getByTestId('queue-end').waitFor();
    await page.waitForFunction(() => document.querySelectorAll('[data-testid="queue-entry"]').length === 4);
    await page.keyboard.press('Home');
    await page.waitForSelector('[data-testid="queue-end"]', { state: 'detached' });
    // What was seen before was another image: first the queue stands on this one.
    await page.locator('[data-testid="queue-entry"]').first().and(page.locator('[aria-current="true"]')).waitFor();
    await seen(page);
    await page.keyboard.press('Backspace');
    await page.getByTestId('reject-ask').waitFor();
    await page.keyboard.press('3');
    await page.waitForSelector('[data-testid="queue-entry"][data-decision="rejected"] >> nth=1');
    await page.getByRole('link', { name: 'Export' }).click();
    await page.getByTestId('decided-since').waitFor();
    expect(await page.getByTestId('decided-since').innerText()).toContain('1 image in it was rejected since');
    await page.getByTestId('export-row').click();
    await page.getByTestId('verify-export').click();
    await page.waitForSelector('[data-testid="verify-result"]', { timeout: workMs });
    expect(await page.getByTestId('verify-result').innerText()).toMatch(/with 1 warning[\s\S]*rejected since/);
    await picture('36-out-of-date');
  });

  test('the page complained of nothing but the time without a host', () => {
    expect(host.complaints.filter((line) => !/Failed to load resource|ERR_CONNECTION|401/.test(line))).toEqual([]);
  });
});
