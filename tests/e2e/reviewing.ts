/** The Review screen as a reviewer meets it. */
import type { Page } from 'playwright-core';

/** Waits until the image has been on the screen long enough to be decided on. */
export async function seen(page: Page): Promise<void> {
  await page.waitForSelector('[data-testid="review-image"][data-seen="true"]', { timeout: 30_000 });
}

/** Waits until the queue shows `count` decisions. */
export async function decided(page: Page, count: number): Promise<void> {
  await page.waitForFunction((n) => document.querySelectorAll('[data-testid="queue-entry"]:not([data-decision=""])').length === n, count, { timeout: 30_000 });
}

/** The decisions of the queue, '' for none. */
export async function decisions(page: Page): Promise<string[]> {
  return page.getByTestId('queue-entry').evaluateAll((entries) => entries.map((entry) => (entry as HTMLElement).dataset['decision'] ?? ''));
}

/** A key that is held: pressed once, repeated by the system. */
export async function hold(page: Page, key: string, repeats: number): Promise<void> {
  await page.keyboard.down(key);
  // A second `down` of a key that is down is a repeat.
  for (let i = 0; i < repeats; i += 1) {
    await page.keyboard.down(key);
    await page.waitForTimeout(30);
  }
  await page.keyboard.up(key);
}
