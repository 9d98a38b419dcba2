/** What the main job does not meet: unequal pixels, colour, inverted greys, a long stack, the light theme, keys between viewports. */
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leftOut, openPage, realDicom } from './page-host.ts';
import type { PageHost } from './page-host.ts';
import { coloursAt, corner, greyAt, shows, viewport } from './viewport.ts';

describe.skipIf(leftOut !== undefined)('the viewer in a browser', () => {
  let host: PageHost;
  beforeAll(async () => {
    host = await openPage({ colorScheme: 'light' });
  });
  afterAll(async () => {
    await host?.close();
  });

  /** Sends a folder and opens the study that a search finds. */
  async function open(folder: string, search: string, images: number): Promise<void> {
    const { page } = host;
    await page.getByRole('link', { name: 'Studies' }).click();
    await page.getByTestId('folder-input').setInputFiles(path.join(realDicom, folder));
    await page.waitForFunction((n) => {
      const notes = [...document.querySelectorAll('[data-testid="ingest"]')];
      return (notes.at(-1)?.textContent ?? '').includes(`✓ Read${n} new image`);
    }, images, { timeout: 120_000 });
    await page.getByLabel('Search studies').fill(search);
    await page.waitForFunction(() => document.querySelectorAll('[data-testid="study-row"]').length === 1, null, { timeout: 30_000 });
    await page.getByTestId('open-study').click();
    await page.waitForSelector('[data-testid="pane-a"][data-shown^="scanloom:image"]', { timeout: 60_000 });
  }

  test('an MR with unequal pixel spacing keeps its shape, and its oblique plane has its letters', async () => {
    const { page, picture } = host;
    await open(path.join('mr-t1', 'anat-T1w'), 'Jane', 16);
    expect(await corner(page, 'a', 'bottom.right')).toContain('0.70 × 0.67 mm');
    // 384 rows of 0.667 mm fill the height; 274 columns of 0.700 mm must then be 274·0.7/(384·0.667) of it wide. Outside there is nothing drawn but black.
    const box = await viewport(page, 'a').boundingBox();
    if (!box) throw new Error('no viewport');
    await page.keyboard.press('i');
    await page.waitForTimeout(200);
    const height = box.height - 2;
    const halfWidth = (height * ((274 * 0.7) / (384 * 0.667))) / 2;
    const y = box.height - 12;
    const [outside, inside] = await greyAt(page, 'a', [[box.width / 2 - halfWidth - 6, y], [box.width / 2 - halfWidth + 8, y]]);
    expect(outside).toBe(0);
    expect(inside).toBeGreaterThan(150);
    await page.keyboard.press('i');
    expect(await viewport(page, 'a').locator('.letter').allInnerTexts()).toHaveLength(4);
    await picture('20-mr-light');
  });

  test('a long stack scrolls by keys, plays, and stays inside its ends', async () => {
    const { page, picture } = host;
    await open(path.join('head-ct', 'philips-brain-1mm'), 'PLASTIC', 140);
    expect(await corner(page, 'a', 'top.left')).toContain('/140');
    await page.keyboard.press('Home');
    await shows(page, 'a', 0);
    await page.keyboard.press('ArrowUp');
    await shows(page, 'a', 0);
    for (let i = 0; i < 12; i += 1) await page.keyboard.press('Shift+ArrowDown');
    await shows(page, 'a', 120);
    await page.keyboard.press('c');
    await page.waitForFunction(() => Number(document.querySelector<HTMLElement>('[data-testid="pane-a"]')?.dataset['index']) > 123, null, { timeout: 60_000 });
    await page.keyboard.press('c');
    expect(await corner(page, 'a', 'bottom.left')).not.toContain('cine');
    await picture('21-head');
  });

  test('a volume is seen in its other planes, in the same window, and what is marked there is kept', async () => {
    const { page, picture } = host;
    await page.keyboard.press('3');
    await page.keyboard.press('Shift+C');
    await page.waitForSelector('[data-testid="pane-a"][data-shown^="scanloom:plane/"]', { timeout: 120_000 });
    const letters = async (): Promise<string[]> => viewport(page, 'a').locator('.letter').allInnerTexts();
    expect(await letters()).toEqual(['H', 'L', 'F', 'R']);
    expect(await corner(page, 'a', 'top.left')).toContain('coronal, across the slices');
    expect(await corner(page, 'a', 'top.left')).toContain('Im 257/512');
    expect(await corner(page, 'a', 'bottom.right')).toContain('0.45 × 1.00 mm');
    expect(await corner(page, 'a', 'bottom.left')).toContain('W 2500  L 480');
    // The list still says which stack it is, and a plane is no slice to try a model on.
    expect(await page.locator('.series-entry[aria-pressed="true"]').count()).toBe(1);
    expect(await page.getByTestId('try-slice').getAttribute('aria-disabled')).toBe('true');
    await page.keyboard.press('k');
    await viewport(page, 'a').getByTestId('key-image').waitFor();
    await page.waitForTimeout(1000);
    await picture('23-coronal');
    await page.reload();
    await viewport(page, 'a').getByTestId('key-image').waitFor({ timeout: 120_000 });
    await page.getByTestId('planes').getByText('Sagittal').click();
    await page.waitForFunction(() => /\/0\/256$/.test(document.querySelector<HTMLElement>('[data-testid="pane-a"]')?.dataset['shown'] ?? ''), null, { timeout: 120_000 });
    expect(await letters()).toEqual(['H', 'P', 'F', 'A']);
    await picture('24-sagittal');
    await page.keyboard.press('Shift+A');
    await page.waitForSelector('[data-testid="pane-a"][data-shown^="scanloom:image"]', { timeout: 60_000 });
    expect(await letters()).toEqual(['A', 'L', 'P', 'R']);
  });

  test('a second viewport takes the keys by Tab, and says why it cannot follow', async () => {
    const { page } = host;
    await page.keyboard.press('v');
    await viewport(page, 'b').waitFor();
    await viewport(page, 'a').click();
    await page.keyboard.press('Tab');
    await page.waitForFunction(() => document.querySelector('[data-testid="pane-b"]')?.classList.contains('active'));
    await page.keyboard.press('Tab');
    await page.waitForFunction(() => document.querySelector('[data-testid="pane-a"]')?.classList.contains('active'));
    await page.keyboard.press('v');
  });

  test('colour is shown in colour, with its samples under the probe', async () => {
    const { page, picture } = host;
    await open(path.join('oddities', 'mr-rgb-secondary-capture'), 'demo', 4);
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    const box = await viewport(page, 'a').boundingBox();
    if (!box) throw new Error('no viewport');
    const colours = new Set<string>();
    for (const [x, y] of [0.38, 0.44, 0.5, 0.56, 0.62].flatMap((across) => [0.35, 0.45, 0.55, 0.65].map((down) => [across, down] as const))) {
      const at: [number, number] = [Math.round(box.width * x), Math.round(box.height * y)];
      await page.mouse.move(box.x + at[0], box.y + at[1]);
      await page.waitForTimeout(60);
      const words = /\(\d+, \d+\)\s+(\d+ \d+ \d+)/.exec(await corner(page, 'a', 'bottom.left'))?.[1];
      expect(words).toBe((await coloursAt(page, 'a', [at]))[0]?.join(' '));
      colours.add(words ?? '');
    }
    expect(await page.getByTestId('start-upscale').getAttribute('aria-disabled')).toBe('true');
    // At least one of them is no grey.
    expect([...colours].some((words) => new Set(words.split(' ')).size > 1)).toBe(true);
    await page.keyboard.press('w');
    await picture('22-colour');
  });

  test('MONOCHROME1 is drawn with its lowest value white', async () => {
    const { page } = host;
    await open(path.join('oddities', 'dicomdir', '77654033', 'CR1'), '77654033', 1);
    await page.keyboard.press('p');
    await page.keyboard.press('g');
    const box = await viewport(page, 'a').boundingBox();
    if (!box) throw new Error('no viewport');
    const seen: { value: number; grey: number }[] = [];
    for (const x of [0.3, 0.4, 0.5, 0.6, 0.7]) {
      const at: [number, number] = [Math.round(box.width * x), Math.round(box.height / 2)];
      await page.mouse.move(box.x + at[0], box.y + at[1]);
      await page.waitForTimeout(80);
      const value = /\(\d+, \d+\)\s+(\d+)/.exec(await corner(page, 'a', 'bottom.left'))?.[1];
      if (value !== undefined) seen.push({ value: Number(value), grey: (await greyAt(page, 'a', [at]))[0] ?? -1 });
    }
    seen.sort((a, b) => a.value - b.value);
    expect(seen.length).toBeGreaterThan(2);
    for (let i = 1; i < seen.length; i += 1) expect(seen[i]?.grey).toBeLessThanOrEqual(seen[i - 1]?.grey ?? 0);
    expect(seen[0]?.grey).toBeGreaterThan(seen.at(-1)?.grey ?? 255);
  });

  test('the page complained of nothing', () => expect(host.complaints).toEqual([]));
});
