import { expect, test } from 'vitest';
import { FrameStore, around } from './frame-store.ts';
import { makeFrame } from './frame.ts';

const frame = (n: number) => makeFrame({ rows: 10, columns: 10, samples: 1, values: new Uint8Array(100).fill(n), slope: 1, intercept: 0, photometric: '' });

/** A store whose loads finish when told. */
function setup(limitBytes = 1e6, atOnce = 2) {
  const asked: string[] = [];
  const finish = new Map<string, () => void>();
  const fail = new Map<string, () => void>();
  const store = new FrameStore(
    (id) =>
      new Promise((resolve, reject) => {
        asked.push(id);
        finish.set(id, () => resolve(frame(asked.length)));
        fail.set(id, () => reject(new Error(`no ${id}`)));
      }),
    { limitBytes, atOnce },
  );
  const done = async (id: string): Promise<void> => {
    finish.get(id)?.();
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  return { store, asked, done, fail };
}

test('what a viewport shows comes first, then its neighbours one at a time', async () => {
  const { store, asked, done } = setup();
  store.focus('left', 'a5', ['a6', 'a7', 'a4']);
  expect(asked).toEqual(['a5']);
  await done('a5');
  expect(asked).toEqual(['a5', 'a6']);
  await done('a6');
  expect(asked).toEqual(['a5', 'a6', 'a7']);
});

test('a new wish replaces the old one: slices passed by are not fetched', async () => {
  const { store, asked, done } = setup();
  store.focus('left', 'a1', ['a2', 'a3']);
  store.focus('left', 'a50', ['a51']);
  await done('a1');
  await done('a50');
  expect(asked).toEqual(['a1', 'a50', 'a51']);
});

test('one fetch serves all who wait, and a failure reaches them all', async () => {
  const { store, asked, done, fail } = setup();
  const both = Promise.all([store.get('x'), store.get('x')]);
  await done('x');
  const [first, second] = await both;
  expect(first).toBe(second);
  expect(asked).toEqual(['x']);
  const lost = store.get('y');
  fail.get('y')?.();
  await expect(lost).rejects.toThrow('no y');
});

test('memory is bounded; what is shown stays', async () => {
  const { store, done } = setup(250);
  store.focus('left', 'shown', []);
  await done('shown');
  for (const id of ['b', 'c', 'd']) {
    const got = store.get(id);
    await done(id);
    await got;
  }
  expect(store.bytes).toBeLessThanOrEqual(250);
  expect(store.peek('shown')).toBeDefined();
  expect(store.peek('b')).toBeUndefined();
  expect(store.peek('d')).toBeDefined();
});

test('neighbours: two ahead for one behind, inside the stack', () => {
  expect(around(10, 140, 1, 4)).toEqual([11, 12, 9, 13, 14, 8]);
  expect(around(0, 3, 1, 5)).toEqual([1, 2]);
  expect(around(10, 140, -1, 2)).toEqual([9, 8, 11]);
});

test('frames made from others never keep those from a connection', async () => {
  const store: FrameStore = new FrameStore(async (id) => (id.startsWith('d') ? store.get(`f${id.slice(1)}`) : frame(1)), { limitBytes: 1e6, atOnce: 2, isDerived: (id) => id.startsWith('d') });
  const all = await Promise.all(['d1', 'd2', 'd3', 'd4'].map((id) => store.get(id)));
  expect(all).toHaveLength(4);
});
