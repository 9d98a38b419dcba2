/** A viewport as a hand and an eye meet it. */
import type { Locator, Page } from 'playwright-core';

export function viewport(page: Page, name: 'a' | 'b' | 'single'): Locator {
  return page.getByTestId(`pane-${name}`);
}

/** Waits until slice `index` (from 0) is drawn. */
export async function shows(page: Page, name: 'a' | 'b' | 'single', index: number): Promise<void> {
  await page.waitForSelector(`[data-testid="pane-${name}"][data-index="${index}"]`, { timeout: 30_000 });
}

export async function drag(page: Page, target: Locator, from: readonly [number, number], to: readonly [number, number], button: 'left' | 'middle' | 'right' = 'left'): Promise<void> {
  const box = await target.boundingBox();
  if (!box) throw new Error('The viewport is not on the screen.');
  await page.mouse.move(box.x + from[0], box.y + from[1]);
  await page.mouse.down({ button });
  await page.mouse.move(box.x + (from[0] + to[0]) / 2, box.y + (from[1] + to[1]) / 2, { steps: 3 });
  await page.mouse.move(box.x + to[0], box.y + to[1], { steps: 3 });
  await page.mouse.up({ button });
}

/** The words in one corner. */
export async function corner(page: Page, name: 'a' | 'b' | 'single', place: 'top.left' | 'top.right' | 'bottom.left' | 'bottom.right'): Promise<string> {
  return viewport(page, name).locator(`.corner.${place}`).innerText();
}

/** `W 1500  L −600` as numbers. */
export async function windowShown(page: Page, name: 'a' | 'b'): Promise<{ width: number; level: number }> {
  const match = /W (\S+)\s+L (\S+)/.exec(await corner(page, name, 'bottom.left'));
  if (!match) throw new Error('The corner says no window.');
  return { width: Number(match[1]), level: Number((match[2] as string).replace('−', '-')) };
}

/** Red, green and blue of the drawn image, with what lies over it, at points in CSS pixels from the viewport's outer corner. */
export async function coloursAt(page: Page, name: 'a' | 'b', points: readonly (readonly [number, number])[]): Promise<number[][]> {
  return viewport(page, name).evaluate((element, places) => {
    const image = [...element.querySelectorAll<HTMLCanvasElement>('.surface canvas')].at(-1);
    if (!image) return [];
    const over = element.querySelector<HTMLCanvasElement>('.overlay-canvas');
    const at = (canvas: HTMLCanvasElement, x: number, y: number): Uint8ClampedArray => {
      const ratio = canvas.width / element.clientWidth;
      return canvas.getContext('2d')?.getImageData(Math.floor((x - element.clientLeft) * ratio), Math.floor((y - element.clientTop) * ratio), 1, 1).data ?? new Uint8ClampedArray(4);
    };
    return places.map(([x, y]) => {
      const below = at(image, x, y);
      const above = over ? at(over, x, y) : new Uint8ClampedArray(4);
      const share = (above[3] ?? 0) / 255;
      return [0, 1, 2].map((i) => Math.round((below[i] ?? 0) * (1 - share) + (above[i] ?? 0) * share));
    });
  }, points as [number, number][]);
}

/** Grey levels at points, as `coloursAt`. */
export async function greyAt(page: Page, name: 'a' | 'b', points: readonly (readonly [number, number])[]): Promise<number[]> {
  return (await coloursAt(page, name, points)).map((colour) => colour[0] ?? -1);
}
