import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Manifest, type UpscaleWork } from '#contract';
import { largestDifference, pipelineContext } from '../testing/pipeline-context.ts';
import { writeTinyGraph } from '../testing/tiny-graphs.ts';
import { upscale } from './upscale.ts';

const dir = mkdtempSync(path.join(os.tmpdir(), 'scanloom-upscale-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
let context: Awaited<ReturnType<typeof pipelineContext>>;
let graph: UpscaleWork['graph'];
beforeAll(async () => {
  context = await pipelineContext();
  graph = writeTinyGraph(dir, 'upscaler');
});

/** Nothing smooth or periodic: a tile in the wrong place, turned or shifted by a pixel would show. */
const noisy = (rows: number, columns: number): Float32Array<ArrayBuffer> => Float32Array.from({ length: rows * columns }, (_, i) => ((Math.imul(i + 1, 2654435761) >>> 8) / 2 ** 23 - 1) * 2);

function workOf(rows: number, columns: number, tile: UpscaleWork['tile'], facts: Partial<UpscaleWork> = {}): UpscaleWork {
  return { kind: 'upscale', graph, device: 'cpu', image: noisy(rows, columns), rows, columns, factor: 2, modality: 'MR', tile, threads: 1, ...facts };
}
const valuesOf = async (work: UpscaleWork): Promise<Float32Array> => (await upscale(work, context)).tensors[0]!.data;

// The graph sees 3 pixels to each side.
test.each([
  { rows: 64, columns: 48, size: 16, overlap: 3 },
  { rows: 61, columns: 100, size: 24, overlap: 3 },
  { rows: 33, columns: 33, size: 32, overlap: 7 },
  { rows: 5, columns: 200, size: 16, overlap: 3 },
])('tiled equals untiled within float error: $rows × $columns in tiles of $size with overlap $overlap', async ({ rows, columns, size, overlap }) => {
  const whole = await valuesOf(workOf(rows, columns, { size: 4096, overlap: 0 }));
  const tiled = await valuesOf(workOf(rows, columns, { size, overlap }));
  expect(whole.length).toBe(4 * rows * columns);
  expect(largestDifference(tiled, whole)).toBeLessThan(1e-6);
});

test('an overlap smaller than the receptive field does show: the comparison above can fail', async () => {
  const whole = await valuesOf(workOf(64, 48, { size: 4096, overlap: 0 }));
  expect(largestDifference(await valuesOf(workOf(64, 48, { size: 16, overlap: 0 })), whole)).toBeGreaterThan(1e-3);
});

test('the modality reaches the graph', async () => {
  const tile = { size: 4096, overlap: 3 };
  const ct = await valuesOf(workOf(8, 8, tile, { modality: 'CT' }));
  const mr = await valuesOf(workOf(8, 8, tile, { modality: 'MR' }));
  // The tiny graph adds the modality, 0 for CT and 1 for MR.
  expect(largestDifference(mr, ct.map((value) => value + 1))).toBeLessThan(1e-6);
});

test('progress counts the tiles, and threads change no bit', async () => {
  context.progress.length = 0;
  const one = await valuesOf(workOf(40, 40, { size: 20, overlap: 3 }));
  expect(context.progress).toEqual([[0, 4], [1, 4], [2, 4], [3, 4], [4, 4]]);
  expect(await valuesOf(workOf(40, 40, { size: 20, overlap: 3 }, { threads: 2 }))).toEqual(one);
});

test.each<{ name: string; facts: Partial<UpscaleWork>; code: string }>([
  { name: 'an image of another size', facts: { image: new Float32Array(3) }, code: 'request/invalid' },
  { name: 'a value that is no number', facts: { image: noisy(8, 8).fill(NaN, 3, 4) }, code: 'request/invalid' },
  { name: 'a factor that the graph does not have', facts: { factor: 3 }, code: 'engine/failed' },
  { name: 'a graph that is not there', facts: { graph: { path: path.join(dir, 'absent.onnx'), sha256: 'a'.repeat(64) } }, code: 'package/invalid' },
])('$name is refused in words', async ({ facts, code }) => {
  await expect(upscale(workOf(8, 8, { size: 16, overlap: 3 }, facts), context)).rejects.toMatchObject({ code, message: expect.stringMatching(/\.$/) });
});

test('a graph with other bytes than asked for is not loaded', async () => {
  await expect(upscale(workOf(8, 8, { size: 16, overlap: 3 }, { graph: { ...graph, sha256: 'b'.repeat(64) } }), context)).rejects.toMatchObject({ code: 'package/hash-mismatch' });
});

test("a graph of another task is refused by its tensors' names", async () => {
  await expect(upscale(workOf(8, 8, { size: 16, overlap: 3 }, { graph: writeTinyGraph(dir, 'decoder') }), context)).rejects.toMatchObject({ code: 'engine/failed', message: expect.stringContaining('latent') });
});

test('the bundled network too: tiled equals untiled within float error', async ({ skip }) => {
  const folder = path.resolve('models/sr-gan-x2');
  let manifest: Manifest;
  try {
    manifest = Manifest.parse(JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')));
  } catch (error) {
    if (process.env['CI'] !== undefined) throw error;
    return skip('models/sr-gan-x2 is not there');
  }
  if (manifest.task !== 'upscale') throw new Error('sr-gan-x2 is not an upscaler');
  const { file, sha256 } = manifest.graphs.generator;
  const facts = { graph: { path: path.join(folder, file), sha256 }, modality: 'CT' as const, threads: 2 };
  const whole = await valuesOf(workOf(97, 130, { size: 4096, overlap: 0 }, facts));
  const tiled = await valuesOf(workOf(97, 130, { size: 48, overlap: manifest.upscale.receptiveFieldRadius }, facts));
  expect(largestDifference(tiled, whole)).toBeLessThan(1e-5);
}, 120_000);
