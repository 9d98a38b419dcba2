/**
 * Which devices can be used, found out by using them: each is given a tiny graph, and its answer is compared with the CPU's before it is
 * trusted. Every verdict comes with a reason in words.
 */
import type { DeviceChoice, DeviceName, DeviceReport, DeviceUsed } from '#contract/engine';
import { ScanloomError } from '#contract/errors';
import type { OnnxRuntime } from './onnx-runtime.ts';
import { probeGraph } from './probe-graph.ts';
import { briefMessage } from './runtime-errors.ts';
import type { Sessions } from './sessions.ts';

export const deviceTitles: Readonly<Record<DeviceName, string>> = { cpu: 'CPU', webgpu: 'WebGPU', dml: 'DirectML', coreml: 'Core ML', cuda: 'CUDA' };

/** Fastest first; the CPU is always last. */
const autoOrder: Partial<Record<NodeJS.Platform, readonly DeviceName[]>> = { win32: ['cuda', 'dml', 'webgpu'], darwin: ['coreml', 'webgpu'], linux: ['cuda', 'webgpu'] };
const allDevices: readonly DeviceName[] = ['cpu', 'cuda', 'dml', 'coreml', 'webgpu'];

/** Sides of the test images: a small one for the answer, then one that is large enough to tell the pace. */
const probeSides = [64, 256] as const;
/** A device that needs longer for the small one is a software renderer; the large one would take it a minute. */
const hopelessMs = 250;
/** Largest difference from the CPU's answer, relative to the largest value. Float32 kernels that add in another order stay far below. */
const tolerance = 1e-3;
/** A device that needs longer than this many times the CPU is not chosen unasked: software renderers pass for GPUs. */
const slowest = 2;

interface Verdict extends DeviceReport {
  /** Good enough to be chosen unasked. */
  readonly preferable: boolean;
}

/** A device's answer to the test image and the milliseconds of its better run. */
interface Probe {
  readonly values: Float32Array;
  readonly ms: number;
}

export interface Devices {
  reports(): Promise<DeviceReport[]>;
  /**
   * The devices to try for a choice, best first.
   *
   * @throws {ScanloomError} `engine/unavailable` when the one asked for cannot be used.
   */
  candidates(choice: DeviceChoice): Promise<DeviceUsed[]>;
}

export function createDevices(ort: OnnxRuntime, sessions: Sessions, platform: NodeJS.Platform = process.platform): Devices {
  const verdicts = new Map<DeviceName, Promise<Verdict>>();
  const references = new Map<number, Promise<Probe>>();

  const runProbe = async (device: DeviceName, side: number): Promise<Probe> => {
    const session = await sessions.create(probeGraph, { device, threads: 0, arena: true });
    try {
      const input = new ort.Tensor('float32', Float32Array.from({ length: side ** 2 }, (_, i) => Math.sin(i * 0.37) + Math.cos(i * 0.011)), [1, 1, side, side]);
      let ms = Infinity;
      let values = new Float32Array(0);
      // The first run compiles shaders; the second tells the pace.
      for (let run = 0; run < 2; run += 1) {
        const started = performance.now();
        const { y } = await session.run({ x: input });
        values = (y?.data as Float32Array | undefined)?.slice() ?? values;
        ms = Math.min(ms, performance.now() - started);
      }
      return { values, ms };
    } finally {
      await session.release();
    }
  };

  const referenceOf = (side: number): Promise<Probe> => {
    const known = references.get(side) ?? runProbe('cpu', side);
    references.set(side, known);
    return known;
  };

  const judge = async (device: DeviceName): Promise<Verdict> => {
    const verdict = (usable: boolean, reason: string, preferable = usable): Verdict => ({ device, usable, preferable, reason: `${deviceTitles[device]} ${reason}` });
    if (!ort.listSupportedBackends().some((backend) => backend.name === device)) return verdict(false, 'is not part of ONNX Runtime on this system');
    try {
      for (const [index, side] of probeSides.entries()) {
        const expected = await referenceOf(side);
        if (device === 'cpu') return verdict(true, 'works');
        const found = await runProbe(device, side);
        const error = largestRelativeDifference(found.values, expected.values);
        if (!(error < tolerance)) return verdict(false, `answers a small test differently than the CPU, by ${(100 * error).toPrecision(2)} %`);
        const isLast = index === probeSides.length - 1;
        if (found.ms > (isLast ? slowest * expected.ms : hopelessMs)) return verdict(true, `works, but took ${Math.round(found.ms)} ms for a small test that took the CPU ${expected.ms.toPrecision(2)} ms`, false);
      }
      return verdict(true, 'works, and agrees with the CPU on a small test');
    } catch (thrown) {
      return verdict(false, whyNot(thrown));
    }
  };

  const verdictOf = (device: DeviceName): Promise<Verdict> => {
    const known = verdicts.get(device) ?? judge(device);
    verdicts.set(device, known);
    return known;
  };

  return {
    async reports() {
      const out: DeviceReport[] = [];
      // One after the other: two devices that share a driver would disturb each other's timing.
      for (const device of allDevices) {
        const { usable, reason } = await verdictOf(device);
        out.push({ device, usable, reason });
      }
      return out;
    },

    async candidates(choice) {
      if (choice === 'cpu') return [{ device: 'cpu', reason: 'CPU: asked for' }];
      if (choice !== 'auto') {
        const { usable, reason } = await verdictOf(choice);
        if (!usable) throw new ScanloomError('engine/unavailable', `The device that was asked for cannot be used. ${reason}.`, { hint: 'Choose "auto" or "cpu"; "scanloom doctor" lists the devices.' });
        return [{ device: choice, reason: `${deviceTitles[choice]}: asked for` }];
      }
      const found: DeviceUsed[] = [];
      const refused: string[] = [];
      for (const device of autoOrder[platform] ?? []) {
        const { preferable, reason } = await verdictOf(device);
        if (preferable) found.push({ device, reason });
        else refused.push(reason);
      }
      return [...found, { device: 'cpu', reason: refused.length === 0 ? 'CPU works' : `CPU: ${refused.join('; ')}` }];
    },
  };
}

function largestRelativeDifference(found: Float32Array, expected: Float32Array): number {
  if (found.length !== expected.length || expected.length === 0) return Infinity;
  let scale = 0;
  let worst = 0;
  for (let i = 0; i < expected.length; i += 1) {
    scale = Math.max(scale, Math.abs(expected[i]!));
    const difference = Math.abs(found[i]! - expected[i]!);
    // NaN compares false with everything, so it is asked for by name.
    if (Number.isNaN(difference)) return Infinity;
    worst = Math.max(worst, difference);
  }
  return worst / scale;
}

function whyNot(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (/no supported adapters|webgpu adapter/i.test(message)) return 'found no adapter';
  if (/failed to load (shared )?library|cannot open shared object|LoadLibrary/i.test(message)) return 'has no libraries installed';
  if (/backend not found|no available backend/i.test(message)) return 'is not part of ONNX Runtime on this system';
  return `failed at a small test: ${briefMessage(thrown)}`;
}
