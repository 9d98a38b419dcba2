/** The way of a study to a copy without names, by hand: a head with a face, a picture with writing burned in, what stays, the copy, its report; then the copy opened. */
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeFrame, parseDicom, writeDicom } from '#dicom';
import type { DicomFile } from '#dicom';
import { leftOut, openPage, realDicom } from './page-host.ts';
import type { PageHost } from './page-host.ts';
import { shows } from './viewport.ts';

const head = path.join(realDicom, 'head-ct', 'philips-brain-1mm');
/** An ultrasound picture with the hospital, a number and words written into its pixels. */
const written = path.join(realDicom, 'syntaxes', 'pydicom-data', 'US1_J2KI.dcm');
/** Every third slice: still a head of 3 mm, and a third of the work. */
const slices = Array.from({ length: 46 }, (_, i) => `I${(3 * i + 1) * 10}`);

async function filesUnder(folder: string): Promise<DicomFile[]> {
  const found = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile() && entry.name.endsWith('.dcm')).map((entry) => path.join(entry.parentPath, entry.name));
  return Promise.all(found.sort().map(async (file) => parseDicom(await readFile(file))));
}

describe.skipIf(leftOut !== undefined)('de-identification in a browser', () => {
  let host: PageHost;
  let folder: string;
  let copy: string;
  let original: DicomFile;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'scanloom-deid-'));
    const names = await readdir(head);
    for (const name of names.filter((one) => slices.includes(path.parse(one).name))) await cp(path.join(head, name), path.join(folder, name));
    // The written picture as another series of the head's study, as a secondary capture comes.
    const first = parseDicom(await readFile(path.join(head, names[0] as string)));
    original = parseDicom(await readFile(written));
    const dataset = original.dataset.clone();
    for (const key of ['StudyInstanceUID', 'PatientID', 'PatientName', 'StudyID', 'StudyDate', 'StudyTime']) dataset.setString(key, first.dataset.string(key));
    await writeFile(path.join(folder, 'written.dcm'), writeDicom({ dataset, sopClassUid: dataset.string('SOPClassUID'), sopInstanceUid: dataset.string('SOPInstanceUID'), transferSyntaxUid: original.transferSyntaxUid }));
    host = await openPage();
  });
  afterAll(async () => {
    await host?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('the study is searched: a face is warned of, and the writing has boxes', async () => {
    const { page, picture } = host;
    await page.getByTestId('folder-input').setInputFiles(folder);
    await page.waitForSelector('[data-testid="ingest"][data-state="done"]', { timeout: 120_000 });
    await page.getByTestId('study-row').click();
    await page.getByTestId('deidentify-study').click();
    await page.waitForSelector('[data-testid="search-state"][data-state="done"]', { timeout: 180_000 });
    expect(await page.getByTestId('face-warning').innerText()).toContain('A face can be drawn');
    expect(await page.getByTestId('image-at-risk').filter({ hasText: 'likely by its kind' }).count()).toBe(1);
    await page.getByTestId('image-at-risk').filter({ hasText: 'likely by its kind' }).click();
    expect(await page.getByTestId('text-box').count()).toBeGreaterThan(2);
    // The picture itself is on the screen.
    await page.waitForFunction(() => document.querySelector('[data-testid="boxed-image"] image') !== null);
    await page.waitForTimeout(500);
    await picture('60-deid-search');
  });

  test('the face is taken off to be looked at, and only a look confirms it', async () => {
    const { page, picture } = host;
    await page.getByTestId('deface').getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Look at the result' }).click();
    await page.getByTestId('face-picture').waitFor({ timeout: 120_000 });
    await page.waitForFunction(() => (document.querySelector<HTMLImageElement>('[data-testid="face-picture"]')?.naturalWidth ?? 0) > 100);
    // At the panel's width nobody could say whom it shows: it comes large.
    const large = page.getByTestId('face-large');
    await large.waitFor();
    expect((await large.boundingBox())?.width).toBeGreaterThan(600);
    await page.waitForTimeout(300);
    await picture('61-deid-face');
    expect(await page.getByTestId('face-confirmed').isChecked()).toBe(false);
    await page.getByTestId('face-confirmed').check();
    // Another cut was not looked at.
    const before = await page.getByTestId('face-picture').getAttribute('src');
    await page.getByRole('button', { name: 'Another cut' }).click();
    await page.waitForFunction((src) => document.querySelector('[data-testid="face-picture"]')?.getAttribute('src') !== src, before, { timeout: 120_000 });
    expect(await page.getByTestId('face-confirmed').isChecked()).toBe(false);
    await page.getByTestId('face-confirmed').check();
    expect(await page.getByTestId('face-confirmed').isChecked()).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByTestId('boxed-image').waitFor();
  });

  test('a person drops a box, takes it back, draws one and confirms', async () => {
    const { page, picture } = host;
    const boxes = page.getByTestId('text-box');
    const found = await boxes.count();
    const image = page.getByTestId('boxed-image');
    const at = await image.boundingBox();
    if (!at) throw new Error('no image');
    // A click chooses the box under it, wherever it lies.
    const second = await boxes.nth(1).boundingBox();
    if (!second) throw new Error('no box');
    await page.mouse.click(second.x + second.width / 2, second.y + second.height / 2);
    expect(await boxes.nth(1).getAttribute('class')).toContain('chosen');
    await page.getByRole('button', { name: 'Drop the box, or take it back' }).click();
    expect(await boxes.nth(1).getAttribute('data-kept')).toBe('false');
    await page.keyboard.press('Control+z');
    expect(await boxes.nth(1).getAttribute('data-kept')).toBe('true');
    await page.mouse.move(at.x + at.width * 0.42, at.y + at.height * 0.42);
    await page.mouse.down();
    await page.mouse.move(at.x + at.width * 0.5, at.y + at.height * 0.5, { steps: 4 });
    await page.mouse.up();
    expect(await boxes.count()).toBe(found + 1);
    // Words of another length do not move the image under the hand.
    expect(await image.boundingBox()).toEqual(at);
    await page.keyboard.press('b');
    await page.waitForTimeout(200);
    await picture('62-deid-boxes');
    const plan = page.getByTestId('deid-plan');
    const confirmed = async (): Promise<number> => Number(/Confirmed by you\s*(\d+)/.exec(await plan.innerText())?.[1]);
    expect(await confirmed()).toBe(0);
    await page.getByTestId('confirm-image').click();
    expect(await confirmed()).toBe(1);
  });

  test('what stays is chosen; the copy is made, read back, and its report says what it did', async () => {
    const { page, picture } = host;
    // What the copy would hold, and what somebody should know, follows what is ticked.
    const contents = page.getByTestId('copy-contents');
    await contents.waitFor({ timeout: 120_000 });
    expect(await contents.innerText()).toContain('1 patient, 2 series, 47 objects with images');
    const without = await contents.innerText();
    await page.getByText('Keep the institution').click();
    await page.waitForFunction((before) => ![before, undefined].includes(document.querySelector<HTMLElement>('[data-testid="copy-contents"]')?.innerText), without, { timeout: 120_000 });
    expect(await contents.innerText()).toMatch(/! .*(institution|hospital|place)/i);
    await page.getByText('Keep the institution').click();
    await page.getByText('Keep age, sex, size and weight').click();
    await page.getByRole('button', { name: 'Shift', exact: true }).or(page.getByRole('radio', { name: 'Shift', exact: true })).first().click();
    await page.locator('input[name="deid-project"]').fill('heads');
    await page.locator('input[name="deid-name"]').fill('bad name');
    expect(await page.getByTestId('start-copy').getAttribute('aria-disabled')).toBe('true');
    await page.locator('input[name="deid-name"]').fill('head-copy');
    await page.getByTestId('start-copy').click();
    await page.getByTestId('copy-state').waitFor();
    await page.waitForFunction(() => ['done', 'failed'].includes(document.querySelector<HTMLElement>('[data-testid="copy-state"]')?.dataset['state'] ?? ''), null, { timeout: 180_000 });
    const state = page.getByTestId('copy-state');
    await state.scrollIntoViewIfNeeded();
    await picture('63-deid-copied');
    expect(await state.getAttribute('data-state'), await state.innerText()).toBe('done');
    expect(await state.innerText()).toMatch(/Written\s*47/);
    expect(await state.innerText()).toContain('was set to air');
    copy = (await page.locator('.deid-folder').innerText()).trim();
    // The same name is not taken twice.
    expect(await page.locator('input[name="deid-name"]').inputValue()).toBe('head-copy.2');
    const [report] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('link', { name: /^Report/ }).click()]);
    await report.waitForLoadState();
    expect(await report.locator('h1').innerText()).toBe('De-identified copy');
    await report.close();
  });

  test('the copy names nobody, its box is black, its face is gone; and it opens', async () => {
    const { page, picture } = host;
    const files = await filesUnder(copy);
    expect(files).toHaveLength(47);
    expect(new Set(files.map((file) => file.dataset.string('PatientName'))).size).toBe(1);
    for (const file of files) expect(`${file.dataset.string('PatientName')} ${file.dataset.string('PatientID')}`).not.toMatch(/HEAD|PLASTIC/);
    const cts = files.filter((file) => file.dataset.string('Modality') === 'CT');
    expect(new Set(cts.map((file) => file.dataset.string('RecognizableVisualFeatures')))).toEqual(new Set(['NO']));
    const capture = files.find((file) => file.dataset.string('Modality') !== 'CT');
    if (!capture) throw new Error('The written picture is not in the copy.');
    const [before, after] = [await decodeFrame(original, 0), await decodeFrame(capture, 0)];
    const black = (frame: typeof before, share: number): boolean => {
      const at = (Math.floor(frame.rows * share) * frame.columns + Math.floor(frame.columns * share)) * frame.samples;
      return frame.stored.slice(at, at + frame.samples).every((value) => value === frame.stored[at]) && (frame.stored[at] as number) <= 16;
    };
    // The middle of the box that was drawn by hand.
    expect(black(after, 0.46)).toBe(true);
    let changed = 0;
    for (let i = 0; i < before.stored.length; i += 1) if (before.stored[i] !== after.stored[i]) changed += 1;
    expect(changed / before.stored.length).toBeGreaterThan(0.01);
    await page.evaluate(() => { window.location.hash = '#/studies'; });
    await page.getByTestId('folder-input').setInputFiles(copy);
    await page.waitForFunction(() => document.querySelectorAll('[data-testid="study-row"]').length === 2, null, { timeout: 120_000 });
    await page.waitForFunction(() => [...document.querySelectorAll<HTMLElement>('[data-testid="ingest"]')].every((note) => note.dataset['state'] === 'done'), null, { timeout: 120_000 });
    const row = page.getByTestId('study-row').filter({ hasNotText: 'PLASTIC' });
    expect(await row.count()).toBe(1);
    await row.getByTestId('open-study').click();
    // The head, not the picture beside it.
    await shows(page, 'a', 23);
    await page.waitForTimeout(500);
    await picture('64-deid-opened');
  });

  test('the page complained of nothing', () => expect(host.complaints).toEqual([]));
});
