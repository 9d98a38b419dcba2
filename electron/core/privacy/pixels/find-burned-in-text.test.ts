import { describe, expect, test } from 'vitest';
import { decodeFrame, describeImage, type DicomFile } from '#dicom';
import { coveredShare, overlapPixels } from './boxes.ts';
import { cleanPixels } from './clean-pixels.ts';
import { findBurnedInText } from './find-burned-in-text.ts';
import { findTextInObject, sampledFrames } from './find-in-object.ts';
import { writeWord } from './testing/bitmap-font.ts';
import { makeObject } from './testing/make-object.ts';

const rows = 160;
const columns = 240;

/** Smooth hills with grain, the same for one seed: what anatomy is to a detector of writing. */
function hills(seed: number): Float32Array {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const phase = [random() * 6, random() * 6, random() * 6];
  return Float32Array.from({ length: rows * columns }, (_, at) => {
    const x = (at % columns) / columns;
    const y = Math.floor(at / columns) / rows;
    return 110 + 40 * Math.sin(9 * x + phase[0]!) + 30 * Math.sin(7 * y + 5 * x + phase[1]!) + 20 * Math.sin(21 * y + phase[2]!) + 8 * (random() + random() - 1);
  });
}

function draw(values: Float32Array, text: string, at: { row: number; column: number }, heightPx: number, value: number, how: { smooth?: boolean; turned?: boolean } = {}): { row: number; column: number; width: number; height: number } {
  const writing = writeWord(text, heightPx, how.smooth ?? false, how.turned ?? false);
  for (let row = 0; row < writing.rows; row += 1) {
    for (let column = 0; column < writing.columns; column += 1) {
      const index = (at.row + row) * columns + at.column + column;
      const cover = writing.cover[row * writing.columns + column]!;
      values[index] = values[index]! * (1 - cover) + value * cover;
    }
  }
  return { ...at, width: writing.columns, height: writing.rows };
}

const grey = (values: Float32Array, frames?: number): DicomFile => makeObject({ rows, columns, photometric: 'MONOCHROME2', ...(frames === undefined ? {} : { frames }) }, Uint8Array.from(values, (value) => Math.round(Math.min(255, Math.max(0, value)))));

async function boxesOf(file: DicomFile): Promise<readonly ReturnType<typeof findBurnedInText>[number][]> {
  return findBurnedInText(await decodeFrame(file, 0), describeImage(file), { dataset: file.dataset });
}

describe('findBurnedInText', () => {
  test.each([
    { name: 'white, 7 px', height: 7, value: 255 },
    { name: 'white, smoothed, 9 px', height: 9, value: 255, smooth: true },
    { name: 'black, 12 px', height: 12, value: 0 },
    { name: 'white, turned by a quarter, 12 px', height: 12, value: 255, turned: true },
    { name: 'white, 24 px, smoothed', height: 24, value: 255, smooth: true },
  ])('$name, over hills', async ({ height, value, ...how }) => {
    const values = hills(7);
    const place = draw(values, 'DOE^JANE', { row: 12, column: 20 }, height, value, how);
    const boxes = await boxesOf(grey(values));
    expect(coveredShare(place, boxes)).toBeGreaterThan(0.97);
    expect(boxes[0]!.reasons.length).toBeGreaterThan(1);
    // And nothing else: what is boxed lies on the word, with its margin.
    for (const box of boxes) expect(overlapPixels(box, place)).toBeGreaterThan(0.2 * box.width * box.height);
  });

  test('hills alone, noise alone, a grid and a ruler are no text', async () => {
    expect(await boxesOf(grey(hills(3)))).toEqual([]);
    let state = 5;
    expect(await boxesOf(grey(Float32Array.from({ length: rows * columns }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return (state >>> 16) / 256;
    })))).toEqual([]);
    expect(await boxesOf(grey(Float32Array.from({ length: rows * columns }, (_, at) => (at % 20 === 0 || Math.floor(at / columns) % 20 === 0 ? 255 : 30))))).toEqual([]);
    const ruler = hills(9);
    for (let tick = 0; tick < 12; tick += 1) for (let row = 100; row < 108; row += 1) ruler.fill(255, row * columns + 20 + tick * 10, row * columns + 22 + tick * 10);
    expect(await boxesOf(grey(ruler))).toEqual([]);
  });

  test('coloured writing on a ground of the same brightness', async () => {
    const cover = new Float32Array(rows * columns);
    const place = draw(cover, 'ROOM 12', { row: 60, column: 40 }, 14, 1);
    const bytes = new Uint8Array(rows * columns * 3);
    for (let at = 0; at < cover.length; at += 1) bytes.set(cover[at]! > 0 ? [240, 60, 60] : [90, 130, 90], at * 3);
    const boxes = await boxesOf(makeObject({ rows, columns, photometric: 'RGB', samples: 3 }, bytes));
    expect(coveredShare(place, boxes)).toBeGreaterThan(0.97);
  });

  test('a text that is there in one frame of many is found, blackened in all, and not found again', async () => {
    const frames = 5;
    const all = new Float32Array(rows * columns * frames);
    const place = { row: 30, column: 50 };
    for (let frame = 0; frame < frames; frame += 1) {
      const one = hills(frame + 20);
      if (frame === 3) draw(one, 'ID 4711-08', place, 16, 255);
      all.set(one, frame * rows * columns);
    }
    const file = grey(all, frames);
    const found = await findTextInObject(file, { risk: 'high' });
    expect(found.framesLooked).toEqual([0, 1, 2, 3, 4]);
    expect(found.boxes.length).toBeGreaterThan(0);
    const cleaned = await cleanPixels(file, { boxes: found.boxes, confirmed: false, risk: 'high' });
    expect(cleaned.remaining).toEqual([]);
    expect(cleaned.burnedInAnnotation).toBe('NO');
    expect(cleaned.file.dataset.string('BurnedInAnnotation')).toBe('NO');
    for (let frame = 0; frame < frames; frame += 1) {
      const { stored } = await decodeFrame(cleaned.file, frame);
      const range = new Set(Array.from({ length: 60 }, (_, step) => stored[(place.row + 5) * columns + place.column + step]));
      expect(range.size).toBe(1);
    }
  });

  test('what is left and nobody has confirmed stays marked', async () => {
    const values = hills(4);
    draw(values, 'DOE^JANE', { row: 40, column: 40 }, 14, 255);
    const left = await cleanPixels(grey(values), { boxes: [], confirmed: false, risk: 'high' });
    expect(left.remaining.length).toBeGreaterThan(0);
    expect(left.burnedInAnnotation).toBe('YES');
    expect((await cleanPixels(grey(values), { boxes: [], confirmed: true })).burnedInAnnotation).toBe('NO');
  });
});

test('many frames are sampled, and the second look takes others', () => {
  const first = sampledFrames(100, 12);
  expect(first).toHaveLength(12);
  expect(first[0]).toBe(0);
  expect(first.at(-1)).toBe(99);
  const second = sampledFrames(100, 12, first);
  expect(second.some((frame) => first.includes(frame))).toBe(false);
  expect(sampledFrames(3, 12, [0, 1, 2])).toEqual([0, 1, 2]);
});
