import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { GraphRef } from '#contract/engine';
import type { OnnxRuntime } from './onnx-runtime.ts';
import { runtimeError } from './runtime-errors.ts';
import { createSessions, sessionOptions } from './sessions.ts';

const dir = mkdtempSync(path.join(os.tmpdir(), 'scanloom-sessions-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function graphNamed(text: string): GraphRef {
  const file = path.join(dir, `${text}.onnx`);
  writeFileSync(file, text);
  return { path: file, sha256: createHash('sha256').update(text).digest('hex') };
}

/** A runtime that remembers which graphs it holds. */
function countingRuntime(): { ort: OnnxRuntime; created: string[]; released: string[] } {
  const created: string[] = [];
  const released: string[] = [];
  const create = async (bytes: Uint8Array): Promise<unknown> => {
    const text = new TextDecoder().decode(bytes);
    created.push(text);
    return { inputNames: [], outputNames: [], run: async () => ({}), release: async () => void released.push(text) };
  };
  return { ort: { InferenceSession: { create } } as unknown as OnnxRuntime, created, released };
}

test('a graph is loaded once for the same options, and again for others', async () => {
  const { ort, created } = countingRuntime();
  const sessions = createSessions(ort);
  const graph = graphNamed('a');
  await sessions.open(graph, { device: 'cpu', threads: 1, arena: true });
  await sessions.open(graph, { device: 'cpu', threads: 1, arena: true });
  expect(created).toEqual(['a']);
  await sessions.open(graph, { device: 'cpu', threads: 2, arena: true });
  expect(created).toEqual(['a', 'a']);
});

test('four are kept; the longest unused is released', async () => {
  const { ort, created, released } = countingRuntime();
  const sessions = createSessions(ort);
  const open = (text: string): Promise<unknown> => sessions.open(graphNamed(text), { device: 'cpu', threads: 1, arena: true });
  for (const text of ['a', 'b', 'c', 'd', 'a', 'e']) await open(text);
  expect(released).toEqual(['b']);
  await open('a');
  expect(created).toEqual(['a', 'b', 'c', 'd', 'e']);
  await open('b');
  expect(released).toEqual(['b', 'c']);
});

test('every session: idle threads sleep, one operator at a time, no plan of memory per shape', () => {
  expect(sessionOptions({ device: 'webgpu', threads: 3, arena: false })).toMatchObject({
    executionProviders: ['webgpu'], intraOpNumThreads: 3, interOpNumThreads: 1, enableCpuMemArena: false, enableMemPattern: false, extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
});

test.each([
  'std::bad_alloc',
  'Failed to allocate memory for requested buffer of size 281474976710656',
  'CUDA failure 2: out of memory',
  'Array buffer allocation failed',
])('"%s" is out of memory', (message) => expect(runtimeError(new Error(message), 'a test').code).toBe('engine/out-of-memory'));

test("any other failure keeps the runtime's words, without paths", () => {
  const error = runtimeError(new Error('[ONNXRuntimeError] : 2 : INVALID_ARGUMENT : /home/someone/models/x.onnx: got 3 rows'), 'a test');
  expect(error.code).toBe('engine/failed');
  expect(error.message).toContain('x.onnx: got 3 rows');
  expect(error.message).not.toContain('someone');
});
