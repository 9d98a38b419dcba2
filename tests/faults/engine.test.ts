/** The built engine process as it really is: killed, cancelled, fed with rubbish, left alone. */
import { fork, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createMemoryLog, systemClock } from '#base';
import type { EngineOutput, SynthesizeWork, UpscaleWork } from '#contract';
import { writeTinyGraph } from '#engine';
import { createEngineLink, launchNodeEngine, type EngineLink, type EngineProcess } from '#engine-link';

const entry = path.resolve('dist/node/engine-process.js');
const dir = mkdtempSync(path.join(os.tmpdir(), 'scanloom-engine-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let upscale: UpscaleWork;
let synthesize: SynthesizeWork;
beforeAll(() => {
  upscale = { kind: 'upscale', graph: writeTinyGraph(dir, 'upscaler'), device: 'cpu', image: Float32Array.from({ length: 900 }, (_, i) => Math.sin(i)), rows: 30, columns: 30, factor: 2, modality: 'CT', tile: { size: 16, overlap: 3 }, threads: 1 };
  synthesize = {
    kind: 'synthesize', denoiser: writeTinyGraph(dir, 'denoiser'), decoder: writeTinyGraph(dir, 'decoder'), device: 'cpu', latent: { channels: 2, rows: 8, columns: 8 },
    schedule: { type: 'cosine', trainSteps: 1000, s: 0.008, betaMax: 0.999 }, prediction: 'v', classIndex: 0, nullClass: 3, seed: 1, item: 0, steps: 1000, guidance: 2, threads: 1,
  };
});

const links: EngineLink[] = [];
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const link of links.splice(0)) await link.close();
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A link to real processes, which are remembered. */
function realLink(): { link: EngineLink; processes: EngineProcess[] } {
  const processes: EngineProcess[] = [];
  const launch = launchNodeEngine(entry);
  const link = createEngineLink({
    launch: () => {
      const started = launch();
      processes.push(started);
      return started;
    },
    log: createMemoryLog(),
    clock: systemClock,
  });
  links.push(link);
  return { link, processes };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Starts work and resolves once the engine is in the middle of it. */
async function startedRun(link: EngineLink, signal?: AbortSignal): Promise<{ running: Promise<EngineOutput> }> {
  let begun = false;
  const running = link.run(synthesize, { signal, onProgress: (done) => (begun ||= done > 0) });
  running.catch(() => undefined);
  await vi.waitFor(() => expect(begun).toBe(true), { timeout: 20_000, interval: 5 });
  return { running };
}

test('an image crosses to the engine and back; two processes make the same synthetic image to the bit', async () => {
  const { link, processes } = realLink();
  const { tensors, device, peakMemoryBytes } = await link.run(upscale);
  expect(tensors[0]).toMatchObject({ name: 'upscaled', shape: [1, 1, 60, 60] });
  expect(tensors[0]!.data.length).toBe(3600);
  expect(device).toEqual({ device: 'cpu', reason: 'CPU: asked for' });
  expect(peakMemoryBytes).toBeGreaterThan(2 ** 20);
  expect(link.version()).toMatch(/^\d+\.\d+\.\d+$/);
  const first = await link.run({ ...synthesize, steps: 20 });
  const other = realLink();
  const second = await other.link.run({ ...synthesize, steps: 20 });
  expect(second.tensors).toEqual(first.tensors);
  expect(processes).toHaveLength(1);
});

test('cancel: the caller hears at once, the process is gone, the next run has a new one', async () => {
  const { link, processes } = realLink();
  const abort = new AbortController();
  const { running } = await startedRun(link, abort.signal);
  abort.abort();
  await expect(running).rejects.toMatchObject({ code: 'job/cancelled' });
  await expect(link.run(upscale)).resolves.toBeDefined();
  expect(processes).toHaveLength(2);
  expect(isRunning(processes[0]!.pid!)).toBe(false);
});

test('SIGKILL in the middle of a run: the run is done again, and its result is that of an undisturbed one', async () => {
  const { link, processes } = realLink();
  const undisturbed = await link.run(synthesize);
  const { running } = await startedRun(link);
  process.kill(processes[0]!.pid!, 'SIGKILL');
  expect((await running).tensors).toEqual(undisturbed.tensors);
  expect(processes).toHaveLength(2);
});

test('killed twice over the same work: engine/crashed in words, and the engine works again', async () => {
  const { link, processes } = realLink();
  const { running } = await startedRun(link);
  process.kill(processes[0]!.pid!, 'SIGKILL');
  await vi.waitFor(() => expect(processes).toHaveLength(2), { timeout: 20_000 });
  processes[1]!.onMessage((message) => {
    if ((message as { type: string }).type === 'progress') process.kill(processes[1]!.pid!, 'SIGKILL');
  });
  await expect(running).rejects.toMatchObject({ code: 'engine/crashed', hint: expect.any(String) });
  await expect(link.run(upscale)).resolves.toBeDefined();
});

test('what is wrong with a graph is said in words, and the process goes on', async () => {
  const { link, processes } = realLink();
  const rubbish = path.join(dir, 'rubbish.onnx');
  writeFileSync(rubbish, 'not a graph');
  const named = { path: rubbish, sha256: createHash('sha256').update('not a graph').digest('hex') };
  await expect(link.run({ ...upscale, graph: named })).rejects.toMatchObject({ code: 'engine/failed', message: expect.stringContaining('loading a graph') });
  await expect(link.run({ ...upscale, graph: { ...named, sha256: 'a'.repeat(64) } })).rejects.toMatchObject({ code: 'package/hash-mismatch' });
  await expect(link.run({ ...upscale, graph: { ...named, path: path.join(dir, 'absent.onnx') } })).rejects.toMatchObject({ code: 'package/invalid' });
  await expect(link.run(upscale)).resolves.toBeDefined();
  expect(processes).toHaveLength(1);
});

test('a graph that wants more memory than there is: engine/out-of-memory, then a fresh process', async () => {
  const { link, processes } = realLink();
  const greedy = { ...upscale, graph: writeTinyGraph(dir, 'greedy'), image: new Float32Array(16), rows: 16, columns: 1 };
  await expect(link.run(greedy)).rejects.toMatchObject({ code: 'engine/out-of-memory', hint: expect.any(String) });
  await expect(link.run(upscale)).resolves.toBeDefined();
  expect(processes).toHaveLength(2);
});

test('every device has a verdict in words, and the CPU can be used', async () => {
  const { link } = realLink();
  const reports = await link.devices();
  expect(reports.map(({ device }) => device).sort()).toEqual(['coreml', 'cpu', 'cuda', 'dml', 'webgpu']);
  expect(reports.find(({ device }) => device === 'cpu')).toMatchObject({ usable: true });
  for (const { reason } of reports) expect(reason).toMatch(/^(CPU|CUDA|DirectML|Core ML|WebGPU) \w+/);
  const { device } = await link.run({ ...upscale, device: 'auto' });
  expect(device.reason).toMatch(/\w+/);
  const absent = reports.find(({ usable }) => !usable);
  if (absent !== undefined) await expect(link.run({ ...upscale, device: absent.device })).rejects.toMatchObject({ code: 'engine/unavailable', message: expect.stringContaining(absent.reason) });
});

/** A bare process, without the link. Its messages wait in order until they are asked for: several may arrive at once. */
function bare(environment: NodeJS.ProcessEnv): { child: ChildProcess; stderr: () => string; next: () => Promise<unknown> } {
  const child = fork(entry, [], { serialization: 'advanced', execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'], env: environment });
  children.push(child);
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const arrived: unknown[] = [];
  child.on('message', (message) => arrived.push(message));
  const next = async (): Promise<unknown> => {
    await vi.waitFor(() => expect(arrived.length).toBeGreaterThan(0), { timeout: 40_000, interval: 5 });
    return arrived.shift();
  };
  return { child, stderr: () => text, next };
}
const exitOf = (child: ChildProcess, event: 'exit' | 'close'): Promise<number | string | null> => new Promise((resolve) => child.once(event, (code, signal) => resolve(code ?? signal)));

test('without the telemetry variable it loads nothing and does not start', async () => {
  const { ORT_DISABLE_TELEMETRY: _, ...without } = process.env;
  const { child, stderr } = bare(without);
  let said = false;
  child.once('message', () => (said = true));
  expect(await exitOf(child, 'close')).toBe(64);
  expect(stderr()).toContain('ORT_DISABLE_TELEMETRY=1');
  expect(said).toBe(false);
});

test('a message that is not one is answered with an error and harms nobody', async () => {
  const { child, next } = bare({ ...process.env, ORT_DISABLE_TELEMETRY: '1' });
  expect(await next()).toMatchObject({ type: 'ready', protocol: 1 });
  for (const message of [{ type: 'run', requestId: 4, work: { ...upscale, surprise: 1 } }, { type: 'run', requestId: 4, work: { ...upscale, image: [1, 2] } }, { type: 'run', requestId: 4, work: { ...upscale, rows: -1 } }]) {
    child.send(message);
    expect(await next()).toMatchObject({ type: 'error', requestId: 4, error: { code: 'request/invalid' } });
  }
  child.send('hello');
  expect(await next()).toMatchObject({ type: 'error', requestId: -1 });
  child.send({ type: 'run', requestId: 5, work: { kind: 'probe' } });
  expect(await next()).toMatchObject({ type: 'result', requestId: 5 });
});

test('when the host is gone the engine ends', async () => {
  const { child, next } = bare({ ...process.env, ORT_DISABLE_TELEMETRY: '1' });
  await next();
  const ended = exitOf(child, 'exit');
  child.disconnect();
  expect(await ended).toBe('SIGKILL');
});

test.skipIf(process.platform === 'win32')('Ctrl-C in a terminal does not end it: that is for the host to say', async () => {
  const { child, next } = bare({ ...process.env, ORT_DISABLE_TELEMETRY: '1' });
  await next();
  child.kill('SIGINT');
  child.send({ type: 'run', requestId: 1, work: upscale });
  let message = (await next()) as { type: string };
  while (message.type === 'progress') message = (await next()) as { type: string };
  expect(message.type).toBe('result');
});
