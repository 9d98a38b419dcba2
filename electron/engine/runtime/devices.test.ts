import { expect, test } from 'vitest';
import { ScanloomError } from '#contract/errors';
import { onDevice, type PipelineContext } from '../pipelines/pipeline.ts';
import { createDevices, type Devices } from './devices.ts';
import type { OnnxRuntime } from './onnx-runtime.ts';
import type { SessionOptions, Sessions } from './sessions.ts';

/** What a made-up device does with the test image: its values, or an error. */
type Behaviour = (input: Float32Array) => Float32Array;
const right: Behaviour = (input) => input.map((value) => value * 2 + 1);

/** Devices over a made-up runtime: no graphics card is needed to test what is thought of one. */
function devicesWith(behaviours: Partial<Record<string, Behaviour>>, platform: NodeJS.Platform = 'win32'): { devices: Devices; tried: string[] } {
  const tried: string[] = [];
  class Tensor {
    readonly type: string;
    readonly data: Float32Array;
    constructor(type: string, data: Float32Array) {
      this.type = type;
      this.data = data;
    }
  }
  const ort = { listSupportedBackends: () => Object.keys(behaviours).map((name) => ({ name, bundled: true })), Tensor } as unknown as OnnxRuntime;
  const sessions = {
    create: async (_: Uint8Array, { device }: SessionOptions) => {
      tried.push(device);
      return { run: async ({ x }: { x: Tensor }) => ({ y: { data: behaviours[device]!(x.data) } }), release: async () => undefined };
    },
  } as unknown as Sessions;
  return { devices: createDevices(ort, sessions, platform), tried };
}

const slow = (ms: number): Behaviour => (input) => {
  const until = performance.now() + ms;
  while (performance.now() < until);
  return right(input);
};
const throws = (message: string): Behaviour => () => {
  throw new Error(message);
};

test('a device that agrees with the CPU comes first, the CPU last', async () => {
  // The CPU is slowed down, so that the pace of a busy machine has no say.
  const { devices } = devicesWith({ cpu: slow(5), dml: right });
  const found = await devices.candidates('auto');
  expect(found.map(({ device }) => device)).toEqual(['dml', 'cpu']);
  expect(found[0]!.reason).toBe('DirectML works, and agrees with the CPU on a small test');
});

test.each<{ name: string; behaviour: Behaviour; reason: RegExp }>([
  { name: 'another answer', behaviour: (input) => right(input).map((value) => value * 1.01), reason: /^DirectML answers a small test differently than the CPU, by 1\.0 %$/ },
  { name: 'one wrong value', behaviour: (input) => right(input).fill(0, 77, 78), reason: /differently/ },
  { name: 'a value that is no number', behaviour: (input) => right(input).fill(NaN, 77, 78), reason: /differently/ },
  { name: 'an answer of another size', behaviour: (input) => right(input).slice(1), reason: /differently/ },
  { name: 'a missing library', behaviour: throws('Failed to load shared library'), reason: /^DirectML has no libraries installed$/ },
  { name: 'no adapter', behaviour: throws('x.cc:65 status was false. Failed to get a WebGPU adapter: No supported adapters'), reason: /^DirectML found no adapter$/ },
  { name: 'an unknown failure', behaviour: throws('/onnxruntime_src/a/b.cc:12 it\nbroke'), reason: /^DirectML failed at a small test: b\.cc:12 it broke$/ },
])('a device with $name is not usable, and the reason says so', async ({ behaviour, reason }) => {
  const { devices } = devicesWith({ cpu: right, dml: behaviour });
  const report = (await devices.reports()).find(({ device }) => device === 'dml')!;
  expect(report.usable).toBe(false);
  expect(report.reason).toMatch(reason);
  const [chosen] = await devices.candidates('auto');
  expect(chosen!.device).toBe('cpu');
  expect(chosen!.reason).toContain(report.reason);
  await expect(devices.candidates('dml')).rejects.toMatchObject({ code: 'engine/unavailable', message: expect.stringContaining(report.reason) });
});

test('a device that is much slower than the CPU is not chosen unasked, but can be asked for', async () => {
  const { devices } = devicesWith({ cpu: right, dml: slow(260) });
  expect((await devices.candidates('auto')).map(({ device }) => device)).toEqual(['cpu']);
  expect(await devices.candidates('dml')).toEqual([{ device: 'dml', reason: 'DirectML: asked for' }]);
});

test('what the runtime does not have is not tried, and the CPU that was asked for needs no test', async () => {
  const { devices, tried } = devicesWith({ cpu: right }, 'darwin');
  expect(await devices.candidates('cpu')).toEqual([{ device: 'cpu', reason: 'CPU: asked for' }]);
  expect(tried).toEqual([]);
  expect((await devices.candidates('auto'))[0]!.reason).toBe('CPU: Core ML is not part of ONNX Runtime on this system; WebGPU is not part of ONNX Runtime on this system');
  await devices.reports();
  expect(new Set(tried)).toEqual(new Set(['cpu']));
});

test('each device is tried once, however often it is asked for', async () => {
  const { devices, tried } = devicesWith({ cpu: slow(5), dml: right });
  await devices.reports();
  const afterFirst = tried.length;
  await devices.reports();
  await devices.candidates('auto');
  expect(tried).toHaveLength(afterFirst);
});

/** A context whose "auto" offers DirectML, then the CPU. */
const twoDevices = { devices: { candidates: async () => [{ device: 'dml', reason: 'DirectML works' }, { device: 'cpu', reason: 'CPU works' }] } } as unknown as PipelineContext;

test('work that the first device cannot do goes on to the next, with the reason', async () => {
  const tried: string[] = [];
  const result = await onDevice('auto', twoDevices, async (device) => {
    tried.push(device);
    if (device === 'dml') throw new ScanloomError('engine/failed', 'No such operator.');
    return [];
  });
  expect(tried).toEqual(['dml', 'cpu']);
  expect(result.device).toEqual({ device: 'cpu', reason: 'CPU: DirectML could not do this work (No such operator.)' });
});

test("a damaged package is no device's fault: no other device is tried", async () => {
  const tried: string[] = [];
  const failing = onDevice('auto', twoDevices, async (device) => {
    tried.push(device);
    throw new ScanloomError('package/hash-mismatch', 'Not the file.');
  });
  await expect(failing).rejects.toMatchObject({ code: 'package/hash-mismatch' });
  expect(tried).toEqual(['dml']);
});
