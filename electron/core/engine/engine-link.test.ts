import { afterEach, expect, test, vi } from 'vitest';
import { createMemoryLog, systemClock } from '#base';
import type { EngineMessage, EngineOutput, EngineWork, HostMessage } from '#contract';
import { createEngineLink, type EngineLink, type EngineLinkOptions, type EngineProcess } from './index.ts';

const work: EngineWork = { kind: 'upscale', graph: { path: 'g.onnx', sha256: 'a'.repeat(64) }, device: 'auto', image: new Float32Array(4), rows: 2, columns: 2, factor: 2, modality: 'CT', tile: { size: 16, overlap: 0 }, threads: 1 };
const output = (facts: Partial<EngineOutput> = {}): EngineOutput => ({ tensors: [], device: { device: 'cpu', reason: 'CPU works' }, runtimeMs: 1, totalMs: 2, peakMemoryBytes: 1000, ...facts });

/** A process that does what a test tells it; `answer` is called with every message. */
class FakeProcess implements EngineProcess {
  readonly pid = 1;
  killed = false;
  readonly received: HostMessage[] = [];
  private say: (message: unknown) => void = () => undefined;
  private exit: (exit: { code: number | null; signal: string | null }) => void = () => undefined;
  private readonly answer: (message: HostMessage, self: FakeProcess) => void;
  private readonly ready: boolean;
  constructor(answer: (message: HostMessage, self: FakeProcess) => void, ready = true) {
    this.answer = answer;
    this.ready = ready;
  }
  post(message: HostMessage): void {
    this.received.push(message);
    this.answer(message, this);
  }
  onMessage(callback: (message: unknown) => void): void {
    this.say = callback;
    if (this.ready) setTimeout(() => this.tell({ type: 'ready', protocol: 1, onnxruntime: '1.27.0', pid: 1 }), 0);
  }
  onExit(callback: (exit: { code: number | null; signal: string | null }) => void): void {
    this.exit = callback;
  }
  kill(): void {
    this.killed = true;
    this.die('SIGKILL');
  }
  tell(message: EngineMessage | Record<string, unknown>): void {
    if (!this.killed) this.say(message);
  }
  die(signal = 'SIGSEGV'): void {
    setTimeout(() => this.exit({ code: null, signal }), 0);
  }
}

const answers = (made: EngineOutput = output()) => ({ requestId }: HostMessage, self: FakeProcess): void => self.tell({ type: 'result', requestId, output: made });
const dies = (_: HostMessage, self: FakeProcess): void => self.die();

const links: EngineLink[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const link of links.splice(0)) await link.close();
});

function linkTo(processes: FakeProcess[], options: Partial<EngineLinkOptions> = {}): { link: EngineLink; started: () => number; log: ReturnType<typeof createMemoryLog> } {
  let started = 0;
  const log = createMemoryLog();
  const link = createEngineLink({
    launch: () => {
      const next = processes[started];
      if (next === undefined) throw new Error('no more processes');
      started += 1;
      return next;
    },
    log,
    clock: systemClock,
    memoryBudgetBytes: 10_000,
    ...options,
  });
  links.push(link);
  return { link, started: () => started, log };
}

test('one process serves run after run, and says its version', async () => {
  const { link, started } = linkTo([new FakeProcess(answers())]);
  expect(link.version()).toBe('unknown');
  expect(await link.run(work)).toEqual(output());
  expect(await link.run(work)).toEqual(output());
  expect(link.version()).toBe('1.27.0');
  expect(started()).toBe(1);
});

test('runs wait for each other', async () => {
  const held: (() => void)[] = [];
  const fake = new FakeProcess(({ requestId }, self) => void held.push(() => self.tell({ type: 'result', requestId, output: output() })));
  const { link } = linkTo([fake]);
  const both = [link.run(work), link.run(work)];
  await vi.waitFor(() => expect(held).toHaveLength(1));
  held[0]!();
  await both[0];
  await vi.waitFor(() => expect(held).toHaveLength(2));
  held[1]!();
  await both[1];
});

test('progress reaches the caller; what belongs to another request does not', async () => {
  const { link } = linkTo([
    new FakeProcess(({ requestId }, self) => {
      self.tell({ type: 'progress', requestId: requestId + 7, done: 9, total: 9 });
      self.tell({ type: 'progress', requestId, done: 1, total: 4 });
      self.tell({ type: 'result', requestId, output: output() });
    }),
  ]);
  const seen: number[][] = [];
  await link.run(work, { onProgress: (done, total) => seen.push([done, total]) });
  expect(seen).toEqual([[1, 4]]);
});

test('a crash is tried once more on a fresh process, with "auto" on the CPU, and the reason says so', async () => {
  const second = new FakeProcess(answers());
  const { link, log } = linkTo([new FakeProcess(dies), second]);
  const { device } = await link.run(work);
  expect(device.reason).toContain('crashed');
  expect(second.received[0]).toMatchObject({ work: { device: 'cpu' } });
  expect(log.lines.map(({ event }) => event)).toContain('engine-crashed');
});

test('an explicit device is not changed by a crash', async () => {
  const second = new FakeProcess(answers());
  const { link } = linkTo([new FakeProcess(dies), second]);
  expect(await link.run({ ...work, device: 'webgpu' })).toEqual(output());
  expect(second.received[0]).toMatchObject({ work: { device: 'webgpu' } });
});

test('a second crash is engine/crashed, and the next run starts again', async () => {
  const { link } = linkTo([new FakeProcess(dies), new FakeProcess(dies), new FakeProcess(answers())]);
  await expect(link.run(work)).rejects.toMatchObject({ code: 'engine/crashed', details: { signal: 'SIGSEGV' } });
  await expect(link.run(work)).resolves.toMatchObject({ tensors: [] });
});

test('an abort kills the process and is answered without waiting for it; the next run has a new one', async () => {
  const first = new FakeProcess(() => undefined);
  const { link, started } = linkTo([first, new FakeProcess(answers())]);
  const abort = new AbortController();
  const running = link.run(work, { signal: abort.signal });
  await vi.waitFor(() => expect(first.received).toHaveLength(1));
  abort.abort();
  await expect(running).rejects.toMatchObject({ code: 'job/cancelled' });
  expect(first.killed).toBe(true);
  await link.run(work);
  expect(started()).toBe(2);
});

test('an abort of what still waits for its turn is answered at once and disturbs nobody', async () => {
  const held: (() => void)[] = [];
  const fake = new FakeProcess(({ requestId }, self) => void held.push(() => self.tell({ type: 'result', requestId, output: output() })));
  const { link } = linkTo([fake]);
  const abort = new AbortController();
  const first = link.run(work);
  const second = link.run(work, { signal: abort.signal });
  await vi.waitFor(() => expect(held).toHaveLength(1));
  abort.abort();
  await expect(second).rejects.toMatchObject({ code: 'job/cancelled' });
  held[0]!();
  await first;
  expect(fake.killed).toBe(false);
  expect(fake.received).toHaveLength(1);
});

test('a signal that is aborted already starts nothing', async () => {
  const { link, started } = linkTo([]);
  await expect(link.run(work, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'job/cancelled' });
  expect(started()).toBe(0);
});

test('errors of the engine arrive as they are and do not end the process', async () => {
  const fake = new FakeProcess(({ requestId }, self) => self.tell({ type: 'error', requestId, error: { code: 'package/hash-mismatch', message: 'Not the file.', hint: 'Install again.' } }));
  const { link } = linkTo([fake]);
  await expect(link.run(work)).rejects.toMatchObject({ code: 'package/hash-mismatch', message: 'Not the file.', hint: 'Install again.' });
  expect(fake.killed).toBe(false);
});

test('a process that ran out of memory is replaced', async () => {
  const first = new FakeProcess(({ requestId }, self) => self.tell({ type: 'error', requestId, error: { code: 'engine/out-of-memory', message: 'Not enough.' } }));
  const { link, started } = linkTo([first, new FakeProcess(answers())]);
  await expect(link.run(work)).rejects.toMatchObject({ code: 'engine/out-of-memory' });
  expect(first.killed).toBe(true);
  await link.run(work);
  expect(started()).toBe(2);
});

test('a process over the memory budget answers, and is replaced before the next run', async () => {
  const { link, started } = linkTo([new FakeProcess(answers(output({ peakMemoryBytes: 10_001 }))), new FakeProcess(answers())]);
  await link.run(work);
  await link.run(work);
  await link.run(work);
  expect(started()).toBe(2);
});

test('a process that speaks something else is ended, with words', async () => {
  const fake = new FakeProcess((_, self) => self.tell({ type: 'result', surprise: true }));
  const { link } = linkTo([fake]);
  await expect(link.run(work)).rejects.toMatchObject({ code: 'engine/failed' });
  expect(fake.killed).toBe(true);
});

test('a process that never says it is ready is engine/unavailable', async () => {
  const fake = new FakeProcess(answers(), false);
  const { link } = linkTo([fake], { startTimeoutMs: 20 });
  await expect(link.run(work)).rejects.toMatchObject({ code: 'engine/unavailable' });
  expect(fake.killed).toBe(true);
});

test('a process that ends before it is ready is engine/unavailable, not a crash to be tried again', async () => {
  const fake = new FakeProcess(answers(), false);
  const { link, started } = linkTo([fake, new FakeProcess(answers())]);
  const running = link.run(work);
  await vi.waitFor(() => expect(started()).toBe(1));
  fake.die('SIGABRT');
  await expect(running).rejects.toMatchObject({ code: 'engine/unavailable', details: { signal: 'SIGABRT' } });
  expect(started()).toBe(1);
});

test('a process that falls silent counts as crashed', async () => {
  const first = new FakeProcess(() => undefined);
  const { link } = linkTo([first, new FakeProcess(answers())], { stallTimeoutMs: 20 });
  await link.run(work);
  expect(first.killed).toBe(true);
});

test('an idle process is ended, and the next run starts another', async () => {
  const first = new FakeProcess(answers());
  const { link, started } = linkTo([first, new FakeProcess(answers())], { idleTimeoutMs: 5 });
  await link.run(work);
  await vi.waitFor(() => expect(first.killed).toBe(true));
  await link.run(work);
  expect(started()).toBe(2);
});

test('devices are asked for once; a driver that crashes the process is an answer', async () => {
  const devices = [{ device: 'cpu' as const, usable: true, reason: 'CPU works' }];
  const good = linkTo([new FakeProcess(answers(output({ devices })))]);
  expect(await good.link.devices()).toEqual(devices);
  expect(await good.link.devices()).toEqual(devices);

  const after = new FakeProcess(answers());
  const bad = linkTo([new FakeProcess(dies), new FakeProcess(dies), after]);
  expect(await bad.link.devices()).toEqual([{ device: 'cpu', usable: true, reason: expect.stringContaining('crashed') }]);
  await bad.link.run(work);
  expect(after.received[0]).toMatchObject({ work: { device: 'cpu' } });
});

test('close ends the process, refuses what runs and what comes later', async () => {
  const fake = new FakeProcess(() => undefined);
  const { link } = linkTo([fake]);
  const running = link.run(work);
  await vi.waitFor(() => expect(fake.received).toHaveLength(1));
  const refused = expect(running).rejects.toMatchObject({ code: 'engine/unavailable' });
  await link.close();
  await refused;
  expect(fake.killed).toBe(true);
  await expect(link.run(work)).rejects.toMatchObject({ code: 'engine/unavailable' });
});
