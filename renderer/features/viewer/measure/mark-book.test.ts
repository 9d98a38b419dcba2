import { beforeEach, expect, test, vi } from 'vitest';
import type { Marks } from '#contract';
import { MarkBook } from './mark-book.ts';
import type { Mark } from './mark.ts';

const kept = new Map<string, Marks>();
const failed = vi.fn();
let book: MarkBook;
beforeEach(() => {
  vi.useFakeTimers();
  kept.clear();
  failed.mockClear();
  kept.set('1.2', { measurements: [{ kind: 'length', pixels: 'image/1.2.1', points: [[0, 0], [3, 4]] }], keyImages: ['image/1.2.1'] });
  book = new MarkBook({ load: async (owner) => kept.get(owner) ?? { measurements: [], keyImages: [] }, save: async (owner, marks) => void kept.set(owner, marks), failed });
});

const mark = (pixels: string): Mark => ({ id: book.newId(), owner: '1.2', kind: 'ellipse', pixels, points: [{ x: 1, y: 1 }, { x: 2.00049, y: 2 }] });
const draw = (one: Mark): void => {
  book.begin();
  book.put(one);
  book.end();
};
const settle = () => vi.advanceTimersByTimeAsync(50);

test('what is kept comes back, what is drawn is kept beside it', async () => {
  await book.open('1.2');
  expect(book.state.marks).toMatchObject([{ kind: 'length', pixels: 'scanloom:image/1.2.1', points: [{ x: 0, y: 0 }, { x: 3, y: 4 }] }]);
  draw(mark('scanloom:image/1.2.2'));
  await settle();
  expect(kept.get('1.2')?.measurements).toEqual([{ kind: 'length', pixels: 'image/1.2.1', points: [[0, 0], [3, 4]] }, { kind: 'ellipse', pixels: 'image/1.2.2', points: [[1, 1], [2, 2]] }]);
  expect(kept.get('1.2')?.keyImages).toEqual(['image/1.2.1']);
});

test('a mark drawn before the kept ones arrive replaces none of them', async () => {
  draw(mark('scanloom:image/1.2.2'));
  await settle();
  expect(kept.get('1.2')?.measurements).toHaveLength(2);
});

test('a drag is one step; undo and redo reach the library too', async () => {
  await book.open('1.2');
  const one = mark('scanloom:image/1.2.2');
  book.begin();
  for (let x = 2; x < 9; x += 1) book.put({ ...one, points: [{ x: 1, y: 1 }, { x, y: 5 }] });
  book.end();
  book.toggleKeyImage('1.2', 'scanloom:image/1.2.1');
  expect(book.state.keyImages).toEqual([]);
  expect(book.undo()).toBe(true);
  expect(book.state.keyImages).toHaveLength(1);
  expect(book.undo()).toBe(true);
  expect(book.state.marks).toHaveLength(1);
  expect(book.undo()).toBe(false);
  await settle();
  expect(kept.get('1.2')?.measurements).toHaveLength(1);
  book.redo();
  await settle();
  expect(kept.get('1.2')?.measurements[1]?.points).toEqual([[1, 1], [8, 5]]);
});

test('where the kept marks cannot be had nothing is written over them', async () => {
  const save = vi.fn();
  const broken = new MarkBook({ load: () => Promise.reject(new Error('gone')), save, failed });
  broken.begin();
  broken.put(mark('scanloom:image/1.2.2'));
  broken.end();
  await settle();
  expect(save).not.toHaveBeenCalled();
  expect(failed).toHaveBeenCalled();
});

test('a mark is sent to the library in the turn in which it was drawn; one drawn meanwhile follows, or goes with the page', async () => {
  const sent: number[] = [];
  let answer = (): void => {};
  const slow = new MarkBook({ load: async () => ({ measurements: [], keyImages: [] }), save: (_owner, record) => new Promise((resolve) => { sent.push(record.measurements.length); answer = resolve; }), failed });
  await slow.open('1.2');
  const put = (): void => {
    slow.begin();
    slow.put({ ...mark('scanloom:image/1.2.2'), id: slow.newId() });
    slow.end();
  };
  put();
  expect(sent).toEqual([1]);
  put();
  expect(sent).toEqual([1]);
  answer();
  await settle();
  expect(sent).toEqual([1, 2]);
  put();
  slow.flush();
  expect(sent).toEqual([1, 2, 3]);
  slow.flush();
  expect(sent).toEqual([1, 2, 3]);
});

test('marks that could not be kept are named as such, and kept when the library answers again', async () => {
  let isGone = true;
  const away = new MarkBook({ load: async () => ({ measurements: [], keyImages: [] }), save: async (owner, record) => { if (isGone) throw new Error('gone'); kept.set(owner, record); }, failed });
  await away.open('1.2');
  away.toggleKeyImage('1.2', 'scanloom:image/1.2.2');
  await settle();
  expect(away.state.unkept).toEqual(['1.2']);
  expect(failed).toHaveBeenCalledTimes(1);
  isGone = false;
  away.retry();
  await settle();
  expect(away.state.unkept).toEqual([]);
  expect(kept.get('1.2')?.keyImages).toEqual(['image/1.2.2']);
});
