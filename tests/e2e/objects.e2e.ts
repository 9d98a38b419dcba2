/** What lies over and beside images: segmentations, structure sets, presentation states, overlays, tables, reports, SUV; marks that stay; viewports that cut each other. */
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leftOut, openPage, realDicom } from './page-host.ts';
import type { PageHost } from './page-host.ts';
import { coloursAt, corner, drag, greyAt, shows, viewport, windowShown } from './viewport.ts';

const petSeries = '1.3.6.1.4.1.14519.5.2.1.2744.7002.117357550898198415937979788256';
const structureSeries = '2.16.840.1.114362.1.11940992.23790159890.563423471.893.88';
const reportSeries = '1.3.6.1.4.1.5962.1.3.1.1.20040119072730.12322';
const tableSeries = '1.2.276.0.7230010.3.200.2.4';

describe.skipIf(leftOut !== undefined)('objects beside images in a browser', () => {
  let host: PageHost;
  beforeAll(async () => {
    host = await openPage();
  });
  afterAll(async () => {
    await host?.close();
  });

  async function read(folder: string): Promise<void> {
    const { page } = host;
    await page.evaluate(() => { window.location.hash = '#/studies'; });
    const before = await page.getByTestId('ingest').count();
    await page.getByTestId('folder-input').setInputFiles(folder);
    await page.waitForFunction((n) => {
      const notes = [...document.querySelectorAll<HTMLElement>('[data-testid="ingest"]')];
      return notes.length > Math.min(n, 2) && notes.at(-1)?.dataset['state'] === 'done';
    }, before, { timeout: 120_000 });
    await page.getByRole('button', { name: 'Close' }).last().click();
  }
  async function view(series: string): Promise<void> {
    const { page } = host;
    await page.evaluate((uid) => { window.location.hash = `#/view/${uid}`; }, series);
    await page.waitForFunction((uid) => window.location.hash.includes(uid) && document.querySelector<HTMLElement>('[data-testid="pane-a"]')?.dataset['shown']?.startsWith('scanloom:image'), series, { timeout: 60_000 });
    await page.waitForTimeout(400);
  }
  /** Layers over the image, once they are there. */
  async function layers(n: number): Promise<void> {
    await host.page.waitForFunction((wanted) => document.querySelector<HTMLElement>('[data-testid="pane-a"] [data-testid="overlay-canvas"]')?.dataset['layers'] === String(wanted), n, { timeout: 30_000 });
  }

  test('a segmentation lies on its PET in its colours; one key hides it; the probe names it and gives SUV', async () => {
    const { page, picture } = host;
    await read(path.join(realDicom, 'oddities', 'pet-with-seg'));
    await view(petSeries);
    await page.getByTestId('area-object').getByRole('checkbox').first().check();
    await page.getByRole('button', { name: 'Go to Neoplasm, Primary' }).click();
    await layers(2);
    expect(await page.getByTestId('suv-note').innerText()).toContain('84 min of decay');
    expect(await corner(page, 'a', 'bottom.left')).toMatch(/SUVbw 0\.2 … 4\.7/);
    // Where the probe names a segment the picture has its colour over it, elsewhere it has none.
    await page.keyboard.press('p');
    const box = await viewport(page, 'a').boundingBox();
    if (!box) throw new Error('no viewport');
    // The middle of the second segment on this slice.
    const spot: [number, number] = [Math.round(box.width * 0.4216), Math.round(box.height * 0.4496)];
    await page.mouse.move(box.x + spot[0], box.y + spot[1]);
    await page.waitForTimeout(100);
    expect(await viewport(page, 'a').locator('.under').innerText()).toMatch(/Neoplasm/);
    expect(await corner(page, 'a', 'bottom.left')).toMatch(/Bq\/ml {2}SUV \d+\.\d\d/);
    const isColoured = async (): Promise<boolean> => new Set((await coloursAt(page, 'a', [spot]))[0]).size > 1;
    expect(await isColoured()).toBe(true);
    await picture('30-segmentation');
    await page.keyboard.press('o');
    await layers(0);
    expect(await isColoured()).toBe(false);
    await page.keyboard.press('o');
    await layers(2);
    await page.getByTestId('area-object').getByRole('checkbox').nth(1).uncheck();
    await layers(1);
  });

  test('PET in colours has a scale with its unit; SUV windows on the number keys', async () => {
    const { page, picture } = host;
    await page.keyboard.press('2');
    expect(await corner(page, 'a', 'bottom.left')).toContain('SUVbw 0.0 … 5.0');
    await page.getByRole('button', { name: 'Hot iron' }).click();
    expect(await page.getByTestId('colour-scale').innerText()).toMatch(/Hot iron[\s\S]*Bq\/ml/);
    expect(await page.getByTestId('suv-scale').innerText()).toMatch(/0\.0\s*2\.5\s*5\.0 SUVbw/);
    await page.waitForTimeout(300);
    await picture('31-pet-colours');
    await page.keyboard.press('Space');
    expect(await page.getByTestId('colour-scale').count()).toBe(0);
  });

  test('structures of a structure set lie on the CT, and one that points nowhere says so', async () => {
    const { page, picture } = host;
    await read(path.join(realDicom, 'oddities', 'rt-utils'));
    await view(structureSeries);
    const objects = page.getByTestId('area-object');
    expect(await objects.count()).toBe(2);
    for (const object of await objects.all()) await object.getByRole('checkbox').first().check();
    await layers(4);
    expect(await page.getByTestId('overlays').innerText()).toContain('None of its contours lies on an image of this series.');
    await page.getByRole('button', { name: 'Outline' }).click();
    await page.waitForTimeout(200);
    await picture('32-structures');
  });

  test('a report is read beside the images as indented text, and hides with the names', async () => {
    const { page, picture } = host;
    await read(path.join(realDicom, 'oddities', 'highdicom-seg-sr-sm'));
    await view(reportSeries);
    await page.getByTestId('study-objects').getByRole('button').filter({ hasText: 'Report' }).first().click();
    const content = page.getByTestId('object-content');
    await content.getByText('Imaging Measurements').waitFor();
    expect(await content.locator('.object-line').count()).toBeGreaterThan(10);
    await picture('33-report');
    await page.keyboard.press('n');
    expect(await content.locator('.object-line').count()).toBe(0);
    await page.keyboard.press('n');
  });

  test('a presentation state turns, windows, cuts out and labels the image it speaks of, and goes again', async () => {
    const { page, picture } = host;
    await read(path.join(realDicom, 'chest-ct', 'LIDC-IDRI-0314'));
    await read(path.join(import.meta.dirname, 'fixtures'));
    await page.getByLabel('Search studies').fill('LIDC');
    await page.waitForFunction(() => document.querySelectorAll('[data-testid="study-row"]').length === 1);
    await page.getByTestId('open-study').click();
    await shows(page, 'a', 10);
    await page.getByTestId('presentations').getByRole('radio').nth(1).click();
    await page.waitForFunction(() => /turned 90/.test(document.querySelector('[data-testid="pane-a"]')?.textContent ?? ''));
    expect(await windowShown(page, 'a')).toEqual({ width: 400, level: 40 });
    await layers(2);
    const box = await viewport(page, 'a').boundingBox();
    if (!box) throw new Error('no viewport');
    await page.waitForTimeout(300);
    // Outside the round shutter it is black, inside there is the patient.
    expect((await greyAt(page, 'a', [[box.width / 2 - box.height * 0.47, box.height * 0.05]]))[0]).toBe(0);
    await picture('34-presentation');
    // It has a step of its own from stored values to HU, 24 lower than the image's: probe and picture go by it.
    expect(await corner(page, 'a', 'bottom.left')).toContain('values of the presentation state');
    await page.keyboard.press('p');
    await page.keyboard.press('g');
    const seen: { value: number; grey: number }[] = [];
    for (const [x, y] of [[0.5, 0.5], [0.46, 0.62], [0.55, 0.38], [0.44, 0.42]] as const) {
      const at: [number, number] = [Math.round(box.width * x), Math.round(box.height * y)];
      await page.mouse.move(box.x + at[0], box.y + at[1]);
      await page.waitForTimeout(80);
      const words = /\(\d+, \d+\)\s+(\S+) HU/.exec(await corner(page, 'a', 'bottom.left'));
      seen.push({ value: Number(words?.[1]?.replace('−', '-')), grey: (await greyAt(page, 'a', [at]))[0] ?? -1 });
    }
    for (const { value, grey } of seen) {
      const expected = Math.min(255, Math.max(0, ((value - 39.5) / 399 + 0.5) * 255));
      expect(Math.abs(grey - expected), `${value} HU is drawn as ${grey}`).toBeLessThanOrEqual(1.5);
    }
    expect(seen.some(({ grey }) => grey > 25 && grey < 230)).toBe(true);
    await page.keyboard.press('g');
    await page.keyboard.press('w');
    await page.getByTestId('presentations').getByRole('radio').first().click();
    await layers(0);
    expect(await corner(page, 'a', 'bottom.left')).not.toContain('turned');
  });

  test('an angle is drawn, moved, removed and brought back; marks and key images outlive the page', async () => {
    const { page, picture } = host;
    const pane = viewport(page, 'a');
    const angle = async (): Promise<string[]> => (await pane.locator('[data-kind="angle"] .mark-text').allTextContents()).filter((text) => text.endsWith('°'));
    await page.keyboard.press('a');
    await drag(page, pane, [250, 300], [400, 350]);
    const box = await pane.boundingBox();
    if (!box) throw new Error('no viewport');
    await page.mouse.move(box.x + 350, box.y + 500, { steps: 3 });
    await page.mouse.down();
    await page.mouse.up();
    expect(await angle()).toEqual(['90.0°']);
    await page.keyboard.press('w');
    const before = await windowShown(page, 'a');
    // By its line it moves as a whole, by its end it bends; the window stays.
    await drag(page, pane, [325, 325], [345, 405]);
    expect(await angle()).toEqual(['90.0°']);
    await drag(page, pane, [370, 580], [520, 480]);
    expect(await angle()).not.toEqual(['90.0°']);
    expect(await windowShown(page, 'a')).toEqual(before);
    await page.keyboard.press('Delete');
    expect(await angle()).toEqual([]);
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    expect(await angle()).toEqual(['90.0°']);
    await page.keyboard.press('k');
    await pane.getByTestId('key-image').waitFor();
    await page.waitForTimeout(1000);
    await picture('35-angle');
    await page.reload();
    await pane.getByTestId('key-image').waitFor({ timeout: 60_000 });
    expect(await angle()).toEqual(['90.0°']);
  });

  test('what is upscaled is what is on the screen; other series open at the same place; planes cut each other', async () => {
    const { page, picture } = host;
    await read(path.join(realDicom, 'head-ct', 'philips-brain-1mm'));
    await read(path.join(realDicom, 'oddities', 'ct-localizer'));
    await page.getByLabel('Search studies').fill('PLASTIC');
    await page.waitForFunction(() => document.querySelectorAll('[data-testid="study-row"]').length === 1);
    await page.getByTestId('open-study').click();
    await page.waitForSelector('[data-testid="pane-a"][data-shown^="scanloom:image"]', { timeout: 60_000 });
    const entry = (words: string) => page.locator('.series-entry').filter({ hasText: words });
    await entry('140 images').click();
    await page.getByText('Upscale 140 slices').waitFor();
    await entry('localizer').click();
    // A localizer is no input of its own.
    await page.waitForFunction(() => document.querySelector('[data-testid="start-upscale"]')?.getAttribute('title')?.includes('localizer') === true);
    await entry('140 images').click();
    await page.getByText('Upscale 140 slices').waitFor();
    await page.keyboard.press('v');
    await entry('localizer').click();
    await viewport(page, 'b').locator('.cross-line').waitFor({ state: 'attached' });
    const y = async (): Promise<number> => Number(await viewport(page, 'b').locator('.cross-line').getAttribute('y1'));
    await viewport(page, 'a').click();
    const first = await y();
    await page.keyboard.press('Shift+ArrowUp');
    await page.waitForFunction((old) => Number(document.querySelector('[data-testid="pane-b"] .cross-line')?.getAttribute('y1')) !== old, first);
    await picture('36-cross-reference');
    // Another study of the library beside it.
    await page.getByLabel('Another study').selectOption({ label: (await page.getByLabel('Another study').locator('option').filter({ hasText: 'LIDC' }).first().innerText()) });
    await viewport(page, 'b').click();
    await page.getByTestId('beside-entry').first().click();
    await page.waitForFunction(() => /another patient/.test(document.querySelector('[data-testid="pane-b"]')?.textContent ?? ''));
    await picture('37-two-studies');
  });

  test('a table of the file is offered and drawn by; overlays that the image brings can be switched off', async () => {
    const { page, picture } = host;
    await read(path.join(realDicom, 'syntaxes', 'pydicom-data'));
    await view(tableSeries);
    await page.locator('.choice').filter({ hasText: /lut|table/i }).first().click();
    expect(await corner(page, 'a', 'bottom.left')).toContain('table:');
    await page.waitForTimeout(300);
    await picture('38-table');
    await read(path.join(realDicom, 'oddities', 'ct-dose-report-sc'));
    await page.getByLabel('Search studies').fill('');
    await view('1.3.46.670589.33.1.22100348011750129999.30936184503286111321');
    await page.getByTestId('overlays').getByRole('checkbox').uncheck();
    await layers(0);
    await page.getByTestId('overlays').getByRole('checkbox').check();
    await page.waitForFunction(() => Number(document.querySelector<HTMLElement>('[data-testid="overlay-canvas"]')?.dataset['layers']) > 0);
    await picture('39-overlays');
  });

  test('from the list to the image, the keys and the export by keyboard alone; a grey button says why', async () => {
    const { page } = host;
    await page.keyboard.press('Control+k');
    await page.keyboard.type('Studies');
    await page.keyboard.press('Enter');
    await page.getByLabel('Search studies').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('QIN');
    await page.waitForFunction(() => document.querySelectorAll('[data-testid="study-row"]').length === 1);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => /PET WB_0/.test(document.querySelector('[data-testid="pane-a"] .corner')?.textContent ?? ''));
    // The keyboard is with the image, and the eye can see it.
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('pane-a');
    await page.keyboard.press('Home');
    await shows(page, 'a', 0);
    expect(await page.getByTestId('start-upscale').getAttribute('title')).toContain('is for CT and MR');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('Export');
    await page.keyboard.press('Enter');
    await page.getByTestId('start-export').waitFor();
    expect(await page.getByTestId('start-export').getAttribute('aria-disabled')).toBe('true');
    expect(await page.getByTestId('start-export').getAttribute('title')).not.toBe('');
  });

  test('the page complained of nothing', () => expect(host.complaints).toEqual([]));
});
