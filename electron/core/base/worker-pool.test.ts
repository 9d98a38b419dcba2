import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryLog } from './log.ts';
import { createWorkerPool, type WorkerPool } from './worker-pool.ts';

let dir = '';
let entry = '';
let pool: WorkerPool;
beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'scanloom-pool-'));
  entry = path.join(dir, 'worker.mjs');
  await writeFile(entry, `
    import { parentPort, threadId } from 'node:worker_threads';
    parentPort.on('message', (task) => {
      if (task.op === 'exit') process.exit(7);
      if (task.op === 'throw') setTimeout(() => { throw new Error('a name of a patient'); }, 0);
      else if (task.op === 'hang') while (true);
      else if (task.op === 'refuse') parentPort.postMessage({ id: task.id, ok: false, error: { code: 'dicom/truncated', message: 'Cut off.', hint: 'Again.', details: { at: 3 } } });
      else if (task.op === 'garbage') { parentPort.postMessage('what?'); parentPort.postMessage({ id: task.id, ok: true, result: 'after garbage' }); }
      else if (task.op === 'bytes') { const bytes = new Uint16Array([1, 2, 3]); parentPort.postMessage({ id: task.id, ok: true, result: bytes }, [bytes.buffer]); }
      else parentPort.postMessage({ id: task.id, ok: true, result: { echo: task.value, thread: threadId } });
    });`);
});
afterEach(() => pool.close());
afterAll(() => rm(dir, { recursive: true }));

const make = (size: number, timeoutMs?: number) => {
  const log = createMemoryLog();
  pool = createWorkerPool({ entry, size, log, timeoutMs });
  return log;
};

describe('createWorkerPool', () => {
  it('answers each task with its own result, on several threads', async () => {
    make(2);
    const answers = (await Promise.all(Array.from({ length: 30 }, (_, value) => pool.run({ op: 'echo', value })))) as { echo: number; thread: number }[];
    expect(answers.map((answer) => answer.echo)).toEqual(Array.from({ length: 30 }, (_, value) => value));
    expect(new Set(answers.map((answer) => answer.thread)).size).toBe(2);
    expect(pool.pending()).toBe(0);
  });

  it('brings typed arrays and errors across whole', async () => {
    make(1);
    expect(await pool.run({ op: 'bytes' })).toEqual(new Uint16Array([1, 2, 3]));
    await expect(pool.run({ op: 'refuse' })).rejects.toMatchObject({ name: 'ScanloomError', code: 'dicom/truncated', hint: 'Again.', details: { at: 3 } });
    expect(await pool.run({ op: 'garbage' })).toBe('after garbage');
  });

  it.each(['exit', 'throw'])('loses only the task whose worker dies (%s)', async (op) => {
    const log = make(1);
    const results = await Promise.allSettled([pool.run({ op: 'echo', value: 1 }), pool.run({ op }), pool.run({ op: 'echo', value: 2 }), pool.run({ op: 'echo', value: 3 })]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect((results[1] as PromiseRejectedResult).reason).toMatchObject({ code: 'worker/crashed' });
    expect(log.lines.filter((line) => line.event === 'worker-lost')).toHaveLength(1);
    expect(JSON.stringify(log.lines)).not.toContain('patient');
  });

  it('stops a worker that hangs and goes on', async () => {
    make(1, 300);
    const hung = pool.run({ op: 'hang' });
    const next = pool.run({ op: 'echo', value: 5 }, { timeoutMs: 30_000 });
    await expect(hung).rejects.toMatchObject({ code: 'worker/crashed', message: expect.stringContaining('too long') as string });
    expect(await next).toMatchObject({ echo: 5 });
  });

  it('takes urgent tasks first', async () => {
    make(1);
    const order: string[] = [];
    const done = (name: string) => () => void order.push(name);
    await Promise.all([
      pool.run({ op: 'echo' }).then(done('first')),
      pool.run({ op: 'echo' }).then(done('second')),
      pool.run({ op: 'echo' }, { priority: 'urgent' }).then(done('urgent')),
    ]);
    expect(order).toEqual(['first', 'urgent', 'second']);
  });

  it('ends what waits and runs when it is closed, and takes nothing more', async () => {
    make(1);
    const waiting = Promise.allSettled([pool.run({ op: 'hang' }), pool.run({ op: 'echo' })]);
    await pool.close();
    for (const result of await waiting) expect((result as PromiseRejectedResult).reason).toMatchObject({ code: 'job/cancelled' });
    await expect(pool.run({ op: 'echo' })).rejects.toMatchObject({ code: 'job/cancelled' });
  });

  it('says so when the entry cannot be started', async () => {
    pool = createWorkerPool({ entry: path.join(dir, 'absent.mjs'), size: 1, log: createMemoryLog() });
    await expect(pool.run({ op: 'echo' })).rejects.toMatchObject({ code: 'worker/crashed' });
  });
});
