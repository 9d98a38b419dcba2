import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonicalJson } from '#base';
import { ledgerHash, verifyLedgerEntries } from './ledger.ts';
import { openForTest, type TestLibrary } from './testing/open-for-test.ts';

let test: TestLibrary;
beforeEach(async () => {
  test = await openForTest();
});
afterEach(() => test.remove());

const fill = (count: number): void => {
  const { library } = test;
  for (let n = 0; n < count; n += 1) library.ledger.append(library.db, n % 2 === 0 ? 'item' : 'decision', { itemId: `item-${Math.floor(n / 2)}`, n, text: 'Größe' });
};

describe('the ledger', () => {
  it('chains entries by the published definition', () => {
    fill(3);
    const [first, second, third] = [...test.library.ledger.all()];
    expect(first?.previousHash).toBe('0'.repeat(64));
    expect(second?.previousHash).toBe(first?.hash);
    const text = `${second!.hash}\n{"at":"${third!.at}","body":{"itemId":"item-1","n":2,"text":"Größe"},"index":2,"kind":"item"}`;
    expect(third?.hash).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
    expect(test.library.ledger.verify()).toEqual({ ok: true, entries: 3 });
  });

  it('finds entries by number and by item', () => {
    fill(4);
    expect(test.library.ledger.get(2).body['n']).toBe(2);
    expect(test.library.ledger.forItem('item-1').index).toBe(2);
    expect([...test.library.ledger.all(2)].map((entry) => entry.index)).toEqual([2, 3]);
    expect(() => test.library.ledger.get(9)).toThrow(expect.objectContaining({ code: 'request/not-found' }) as Error);
  });

  it.each([
    ['a changed body', `UPDATE ledger SET body = '{"n":99}' WHERE entry_index = 4`, 4],
    ['a changed time', `UPDATE ledger SET at = '2026-01-02T03:04:05.000Z' WHERE entry_index = 4`, 4],
    ['a changed kind', `UPDATE ledger SET kind = 'export' WHERE entry_index = 4`, 4],
    ['an entry left out', 'DELETE FROM ledger WHERE entry_index = 4', 4],
    ['an entry moved out of sight', 'UPDATE ledger SET entry_index = -1 WHERE entry_index = 4', 4],
    ['text that is no JSON', `UPDATE ledger SET body = '{' WHERE entry_index = 6`, 6],
  ])('notices %s', (_, sql, brokenAt) => {
    fill(10);
    test.library.db.run(sql);
    expect(test.library.ledger.verify()).toMatchObject({ ok: false, brokenAt });
  });

  it('notices an entry that was forged with a hash of its own', () => {
    fill(5);
    const entry = test.library.ledger.get(2);
    const forged = { ...entry, body: { n: 99 } };
    test.library.db.run('UPDATE ledger SET body = ?, hash = ? WHERE entry_index = 2', [canonicalJson(forged.body), ledgerHash(forged)]);
    expect(test.library.ledger.verify()).toEqual({ ok: false, entries: 3, brokenAt: 3 });
  });

  it('is verified without a library, too', () => {
    fill(3);
    const entries = [...test.library.ledger.all()];
    expect(verifyLedgerEntries(entries)).toEqual({ ok: true, entries: 3 });
    expect(verifyLedgerEntries(entries.slice(1))).toMatchObject({ ok: false, brokenAt: 0 });
    expect(verifyLedgerEntries([])).toEqual({ ok: true, entries: 0 });
  });

  it('belongs to the transaction of its caller', () => {
    fill(1);
    const { library } = test;
    expect(() =>
      library.db.transaction((tx) => {
        library.ledger.append(tx, 'item', { n: 1 });
        throw new Error('changed my mind');
      }),
    ).toThrow('changed my mind');
    expect(library.ledger.verify()).toEqual({ ok: true, entries: 1 });
    expect(library.ledger.append(library.db, 'export', { n: 2 }).index).toBe(1);
  });

  it('keeps the outer part of a transaction whose inner part was given up', () => {
    const { library } = test;
    library.db.transaction((tx) => {
      library.ledger.append(tx, 'item', { n: 0 });
      expect(() =>
        tx.transaction((inner) => {
          library.ledger.append(inner, 'item', { n: 1 });
          throw new Error('only this');
        }),
      ).toThrow('only this');
      library.ledger.append(tx, 'item', { n: 2 });
    });
    expect([...library.ledger.all()].map((entry) => entry.body['n'])).toEqual([0, 2]);
    expect(library.ledger.verify()).toEqual({ ok: true, entries: 2 });
    expect(() => library.db.transaction(async () => 1)).toThrow(expect.objectContaining({ code: 'internal' }) as Error);
  });

  it('refuses what JSON cannot hold and stays whole', () => {
    expect(() => test.library.ledger.append(test.library.db, 'item', { n: NaN })).toThrow(TypeError);
    expect(test.library.ledger.verify()).toEqual({ ok: true, entries: 0 });
  });
});
