import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryLog, sha256Hex, systemClock } from '#base';
import { openLibrary } from './open-library.ts';
import { addJob, newItem, openForTest, repository, workerEntry, type TestLibrary } from './testing/open-for-test.ts';

let test: TestLibrary;
beforeEach(async () => {
  test = await openForTest();
});
afterEach(() => test.remove());

const open = (dir: string, readOnly = false) => openLibrary({ dir, clock: systemClock, log: createMemoryLog(), workers: { entry: workerEntry, size: 1 }, readOnly });

describe('who owns a library', () => {
  it('refuses a second owner and says who has it; readers work beside', async () => {
    const { dir } = test.library;
    await expect(open(dir)).rejects.toMatchObject({ code: 'library/locked', message: expect.stringContaining(`process ${process.pid}`) as string });
    const reader = await open(dir, true);
    test.library.ledger.append(test.library.db, 'item', { n: 1 });
    expect(reader.ledger.verify()).toEqual({ ok: true, entries: 1 });
    expect(() => reader.ledger.append(reader.db, 'item', { n: 2 })).toThrow(expect.objectContaining({ code: 'disk/failed' }) as Error);
    expect(() => reader.ingest.start([dir])).toThrow(expect.objectContaining({ code: 'library/locked' }) as Error);
    await reader.close();
  });

  it('is free again after closing, twice if need be', async () => {
    const { dir } = test.library;
    await test.library.close();
    await test.library.close();
    expect(existsSync(path.join(dir, 'lock.json'))).toBe(false);
    await (await open(dir)).close();
  });

  it('loses its owner with the process, however that ends', async () => {
    const { dir } = test.library;
    await test.library.close();
    const script = `
      const { DatabaseSync } = await import(${JSON.stringify(path.join(repository, 'node_modules/@photostructure/sqlite/dist/index.mjs'))});
      const lock = new DatabaseSync(${JSON.stringify(path.join(dir, 'lock.db'))});
      lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
      console.log('mine');
      setInterval(() => lock.isOpen, 1000);`;
    await writeFile(path.join(dir, 'lock.json'), JSON.stringify({ pid: 4242, host: 'elsewhere', since: '2026-01-01T00:00:00.000Z' }));
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await expect(open(dir)).rejects.toMatchObject({ code: 'library/locked', message: expect.stringContaining('process 4242 on elsewhere') as string });
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    await (await open(dir)).close();
  });

  it('reads nothing where nothing is, and makes nothing', async () => {
    const dir = path.join(test.library.dir, 'none');
    await expect(open(dir, true)).rejects.toMatchObject({ code: 'input/not-found' });
    expect(existsSync(dir)).toBe(false);
  });
});

describe('shapes of a library', () => {
  it.skipIf(process.platform === 'win32')('is made so that only its user can look in', async () => {
    const dir = path.join(test.library.dir, '..', `own-${process.pid}`, 'library');
    const library = await open(dir);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    await library.close();
    await rm(path.dirname(dir), { recursive: true });
  });

  it('refuses one that a newer program made, and leaves it alone', async () => {
    const { dir } = test.library;
    test.library.db.run('PRAGMA user_version = 999');
    await test.library.close();
    await expect(open(dir)).rejects.toMatchObject({ code: 'library/newer', message: expect.stringContaining('999') as string });
    await expect(open(dir, true)).rejects.toMatchObject({ code: 'library/newer' });
    const db = new DatabaseSync(path.join(dir, 'scanloom.db'));
    expect(db.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: 999 });
    db.close();
  });

  it('refuses another program’s database and a file that is none', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'scanloom-strange-'));
    const file = path.join(folder, 'scanloom.db');
    const db = new DatabaseSync(file);
    db.exec('CREATE TABLE other (a); PRAGMA user_version = 1');
    db.close();
    await expect(open(folder)).rejects.toMatchObject({ code: 'library/corrupt' });
    await writeFile(file, 'This is a shopping list, and long enough not to be taken for an empty database. '.repeat(20));
    await expect(open(folder)).rejects.toMatchObject({ code: 'library/corrupt', hint: expect.stringContaining('backup') as string });
    await expect(open(folder)).rejects.toMatchObject({ code: 'library/corrupt' });
    await rm(folder, { recursive: true });
  });
});

describe('blobs', () => {
  it('are named by their content, kept once and checked when read', async () => {
    const { blobs, dir } = test.library;
    const bytes = new Uint8Array(new Float32Array([1, 2, 3]).buffer);
    const name = await blobs.put(bytes);
    expect(name).toBe(sha256Hex(bytes));
    expect(await blobs.put(bytes.slice())).toBe(name);
    expect(await blobs.get(name)).toEqual(bytes);
    const file = path.join(dir, 'blobs', name.slice(0, 2), name.slice(2));
    await writeFile(file, 'x');
    await expect(blobs.get(name)).rejects.toMatchObject({ code: 'library/corrupt' });
    expect(await blobs.put(bytes)).toBe(name);
    expect(await blobs.get(name)).toEqual(bytes);
    await rm(file);
    await expect(blobs.get(name)).rejects.toMatchObject({ code: 'library/corrupt' });
    await expect(blobs.get('../../scanloom.db')).rejects.toMatchObject({ code: 'request/invalid' });
  });

  it('that nothing refers to are swept, those of items, units and of this session are not', async () => {
    const named = async (text: string): Promise<string> => test.library.blobs.put(new TextEncoder().encode(text));
    const [ofItem, ofUnit, asked, nobodys] = [await named('item'), await named('unit'), await named('asked'), await named('nobody')];
    addJob(test.library, 'job-1');
    test.library.items.insert(newItem('00000000-0000-4000-8000-000000000001', 'job-1', 0, { blobs: [ofItem] }));
    test.library.db.run(`INSERT INTO units (job_id, unit_index, item_index, plan, state, blob) VALUES ('job-1', 0, 0, '{}', 'done', ?)`, [ofUnit]);
    expect(await test.library.blobs.sweep()).toEqual({ removed: 0, bytes: 0 });
    test = await test.reopen();
    const folder = path.join(test.library.dir, 'blobs', nobodys.slice(0, 2));
    await writeFile(path.join(folder, '.left-by-a-kill.part'), 'half');
    const longAgo = new Date(0);
    await utimes(path.join(folder, '.left-by-a-kill.part'), longAgo, longAgo);
    expect(await test.library.blobs.sweep([asked])).toEqual({ removed: 2, bytes: 'nobody'.length + 'half'.length });
    for (const kept of [ofItem, ofUnit, asked]) await expect(test.library.blobs.get(kept)).resolves.toBeInstanceOf(Uint8Array);
    await expect(test.library.blobs.get(nobodys)).rejects.toMatchObject({ code: 'library/corrupt' });
  });
});

describe('events', () => {
  const body = { type: 'series-added', seriesInstanceUid: '1', studyInstanceUid: '2' } as const;

  it('reach listeners in order and can be asked for again', () => {
    const seen: number[] = [];
    const stop = test.library.events.subscribe((event) => void seen.push(event.id));
    const start = test.library.events.last();
    const ids = [1, 2, 3].map(() => test.library.events.publish(body).id);
    stop();
    test.library.events.publish(body);
    expect(seen).toEqual(ids);
    expect(ids).toEqual([start + 1, start + 2, start + 3]);
    expect(test.library.events.after(ids[0]!).map((event) => event.id)).toEqual([ids[1], ids[2], ids[2]! + 1]);
    expect(test.library.events.after(test.library.events.last())).toEqual([]);
  });

  it('a listener that fails does not keep the others from hearing', () => {
    let heard = 0;
    test.library.events.subscribe(() => {
      throw new Error('deaf');
    });
    test.library.events.subscribe(() => void (heard += 1));
    expect(() => test.library.events.publish(body)).not.toThrow();
    expect(heard).toBe(1);
  });

  it('tell a reader who was away too long, or comes from before a restart, to load again', async () => {
    const first = test.library.events.publish(body).id;
    for (let n = 0; n < 6000; n += 1) test.library.events.publish(body);
    const answer = test.library.events.after(first);
    expect(answer.map((event) => event.body.type)).toEqual(['reload']);
    expect(answer[0]?.id).toBe(test.library.events.last());
    const last = test.library.events.last();
    test = await test.reopen();
    const next = test.library.events.publish(body).id;
    expect(next).toBeGreaterThan(last);
    expect(test.library.events.after(last).map((event) => event.body.type)).toEqual(['reload']);
    expect(test.library.events.after(next + 5).map((event) => event.body.type)).toEqual(['reload']);
    expect(test.library.events.after(next - 1).map((event) => event.id)).toEqual([next]);
  });
});

describe('items', () => {
  const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

  it('come back as they went in, with their ledger entry', () => {
    addJob(test.library, 'job-1');
    const item = test.library.items.insert(newItem(id(1), 'job-1', 0));
    const record = test.library.items.get(id(1));
    expect(record.item).toEqual(item);
    expect(record).toMatchObject({ packageSha256: 'a'.repeat(64), blobs: ['b'.repeat(64)], sourceImageIds: [null] });
    expect(record.images[0]?.window).toEqual({ center: 0.5, width: 1 });
    const entry = test.library.ledger.forItem(id(1));
    expect(entry).toMatchObject({ kind: 'item', index: item.ledgerIndex, hash: item.ledgerHash });
    expect(entry.body).toMatchObject({ itemId: id(1), jobId: 'job-1', package: { id: 'model', version: '1.0.0', manifestSha256: 'a'.repeat(64) }, settings: { seed: 1, steps: 5 }, recipe: { precision: 'float32' }, blobs: ['b'.repeat(64)] });
  });

  it('are refused whole: neither item nor ledger entry stays', () => {
    addJob(test.library, 'job-1');
    test.library.items.insert(newItem(id(1), 'job-1', 0));
    expect(() => test.library.items.insert(newItem(id(2), 'job-1', 0))).toThrow();
    expect(() => test.library.items.insert(newItem(id(3), 'job-none', 0))).toThrow();
    expect(() => test.library.items.insert(newItem(id(4), 'job-1', 1, { blobs: [] }))).toThrow();
    expect(test.library.ledger.verify()).toEqual({ ok: true, entries: 1 });
  });

  it('are listed by job, source and kind, page by page', () => {
    addJob(test.library, 'job-1');
    addJob(test.library, 'job-2');
    for (let n = 0; n < 5; n += 1) test.library.items.insert(newItem(id(n), 'job-1', n));
    test.library.items.insert(newItem(id(9), 'job-2', 0, { provenance: 'enhanced', sourceSeriesUid: '1.2.3' }));
    const page = { limit: 100, offset: 0 };
    expect(test.library.items.list(page)).toHaveLength(6);
    expect(test.library.items.list({ ...page, sourceSeriesUid: '1.2.3' }).map((item) => item.itemId)).toEqual([id(9)]);
    expect(test.library.items.list({ ...page, provenance: 'synthetic' })).toHaveLength(5);
    expect(test.library.items.list({ limit: 2, offset: 1 }).map((item) => item.index)).toEqual([1, 2]);
    expect(() => test.library.items.get(id(77))).toThrow(expect.objectContaining({ code: 'request/not-found' }) as Error);
  });

  it('give back their pixels as numbers', async () => {
    addJob(test.library, 'job-1');
    const values = new Float32Array([0, 0.25, -1024, 3071]);
    const blob = await test.library.blobs.put(new Uint8Array(values.buffer));
    test.library.items.insert(newItem(id(1), 'job-1', 0, { blobs: [blob] }));
    expect(await test.library.items.frame(id(1), 0)).toEqual(values);
    await expect(test.library.items.frame(id(1), 1)).rejects.toMatchObject({ code: 'request/not-found' });
  });
});

describe('a full disk', () => {
  it('is said in words, loses nothing that was accepted, and is over when there is room', async () => {
    const { library } = test;
    library.ledger.append(library.db, 'item', { n: 0 });
    const pages = (library.db.get('PRAGMA page_count') as { page_count: number }).page_count;
    library.db.get(`PRAGMA max_page_count = ${pages + 4}`);
    let accepted = 1;
    const fill = (): void => {
      for (let n = 0; n < 1000; n += 1) {
        library.ledger.append(library.db, 'item', { n, text: 'x'.repeat(1000) });
        accepted += 1;
      }
    };
    expect(fill).toThrow(expect.objectContaining({ code: 'disk/full', hint: expect.stringContaining('Free some space') as string }) as Error);
    expect(library.ledger.verify()).toEqual({ ok: true, entries: accepted });
    library.db.get('PRAGMA max_page_count = 1000000');
    expect(library.ledger.append(library.db, 'item', { n: 1 }).index).toBe(accepted);
    expect(library.ledger.verify()).toEqual({ ok: true, entries: accepted + 1 });
  });
});
