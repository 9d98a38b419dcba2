/** What a study opens with, how its stacks are named, and what is not offered to a model. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leftOut, openPage, realDicom } from './page-host.ts';
import type { PageHost } from './page-host.ts';
import { corner } from './viewport.ts';

describe.skipIf(leftOut !== undefined)('opening studies in a browser', () => {
  let host: PageHost;
  let report: string;
  beforeAll(async () => {
    report = await mkdtemp(path.join(os.tmpdir(), 'scanloom-report-'));
    await cp(path.join(realDicom, 'syntaxes', 'pydicom', 'test-SR.dcm'), path.join(report, 'report.dcm'));
    host = await openPage();
  });
  afterAll(async () => {
    await host?.close();
    await rm(report, { recursive: true, force: true });
  });

  /** Reads a folder and answers the UIDs of the studies that came with it. */
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
  /** Opens the study that came last, as a person does: newest on top. */
  async function openNewest(): Promise<void> {
    const { page } = host;
    await page.getByTestId('study-row').first().getByTestId('open-study').click();
  }
  async function drawn(): Promise<void> {
    await host.page.waitForSelector('[data-testid="pane-a"][data-shown^="scanloom:image"]', { timeout: 60_000 });
  }

  test('a study of images and masks opens with its images, however many masks there are', async () => {
    const { page, picture } = host;
    await read(path.join(realDicom, 'oddities', 'pet-with-seg'));
    await openNewest();
    await drawn();
    expect(await corner(page, 'a', 'top.right')).toContain('PT');
    const entries = await page.locator('.series-list .series-entry').allInnerTexts();
    expect(entries.at(-1)).toContain('SEG');
    await picture('70-masks-last');
  });

  test('a study of a report alone opens the report', async () => {
    const { page, picture } = host;
    await read(report);
    await openNewest();
    await page.getByTestId('objects-only').waitFor();
    await page.locator('.object-line').first().waitFor();
    expect(await page.locator('.object-line').count()).toBeGreaterThan(3);
    await picture('71-report-only');
  });

  test('two echoes have two names and two pictures; the model is given the one on the screen', async () => {
    const { page, picture } = host;
    await read(path.join(realDicom, 'oddities', 'mr-multi-echo'));
    await openNewest();
    await drawn();
    const labels = await page.getByTestId('stack-label').allInnerTexts();
    expect(labels).toHaveLength(2);
    expect(new Set(labels).size).toBe(2);
    for (const label of labels) expect(label).toMatch(/TE \d/);
    const thumbnails = page.locator('.series-list .series-entry img.thumbnail');
    await page.waitForFunction(() => [...document.querySelectorAll<HTMLImageElement>('.series-list .series-entry img.thumbnail')].filter((image) => image.naturalWidth > 0).length === 2);
    const pixels = await thumbnails.evaluateAll((images) => images.map((image) => {
      const canvas = document.createElement('canvas');
      const { naturalWidth, naturalHeight } = image as HTMLImageElement;
      canvas.width = naturalWidth;
      canvas.height = naturalHeight;
      canvas.getContext('2d')?.drawImage(image as HTMLImageElement, 0, 0);
      return canvas.toDataURL();
    }));
    expect(pixels[0]).not.toBe(pixels[1]);
    expect(await corner(page, 'a', 'top.left')).toContain(labels[0]);
    await page.locator('.series-entry').nth(1).click();
    await page.waitForFunction((label) => document.querySelector('[data-testid="pane-a"] .corner.top.left')?.textContent?.includes(label) === true, labels[1] ?? '');
    await page.getByText('Upscale 4 slices').waitFor();
    expect(await page.locator('aside[aria-label="Task"]').innerText()).toContain(labels[1]);
    await page.getByRole('button', { name: 'All 2 stacks' }).or(page.getByRole('radio', { name: 'All 2 stacks' })).first().click();
    await page.getByText('Upscale all stacks').waitFor();
    await picture('72-two-echoes');
  });

  test('mosaics and pages of figures are not offered to the model, with the reason', async () => {
    const { page, picture } = host;
    await read(path.join(realDicom, 'oddities', 'mr-mosaic'));
    await openNewest();
    await drawn();
    await page.waitForFunction(() => /mosaic/.test(document.querySelector('[data-testid="start-upscale"]')?.getAttribute('title') ?? ''));
    expect(await page.getByTestId('start-upscale').getAttribute('aria-disabled')).toBe('true');
    await picture('73-mosaic');
  });

  test('a series over time is gone through at one place', async () => {
    const { page, picture } = host;
    await read(path.join(realDicom, 'oddities', '4d-ge-fmri'));
    await openNewest();
    await drawn();
    await page.keyboard.press('Home');
    const says = (words: string) => page.waitForFunction((wanted) => document.querySelector('[data-testid="pane-a"] .corner.top.left')?.textContent?.includes(wanted) === true, words);
    await says('point 1/2');
    const place = (await corner(page, 'a', 'bottom.right')).split('\n')[0];
    await page.keyboard.press('Shift+PageDown');
    await says('point 2/2');
    expect(await corner(page, 'a', 'top.left')).toContain('Im 5/8');
    expect((await corner(page, 'a', 'bottom.right')).split('\n')[0]).toBe(place);
    await page.keyboard.press('Shift+PageDown');
    await page.getByText('This is the last time point.').waitFor();
    await page.keyboard.press('Shift+PageUp');
    await says('point 1/2');
    await picture('74-time');
  });

  test('the page complained of nothing', () => expect(host.complaints).toEqual([]));
});
