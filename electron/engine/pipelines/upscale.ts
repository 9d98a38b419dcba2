/**
 * Upscale: one slice in model units → the same slice with `factor` times the rows and columns, tile by tile.
 *
 * Graph: `image` float32 [1, 1, rows, columns] and `modality` float32 [1] (0 = CT, 1 = MR) → `upscaled` float32 [1, 1, factor × rows, factor × columns].
 *
 * Peak memory, bytes: 90 MB for Node and the runtime, 4 · (2 + 2f²) · R · C for the slice and its result, each once in use and once in the
 * message that carries it, 4 · (1 + f²) · T² for one tile, and what the network holds for one tile, A · T², with
 * T = min(size + 2 · (overlap + blendRadius), R or C). A is about five feature maps in float32 (for 48 channels 1000 bytes a pixel). Measured
 * beside it: 775 MB for 4096² ×2 with a tiny network (formula 762), 200 MB for 512² ×2 in tiles of 256 with 48 channels (formula 194).
 * The network's part does not grow with the slice.
 */
import type { EngineTensor, UpscaleWork } from '#contract/engine';
import { ScanloomError } from '#contract/errors';
import { blendTile } from '../tensor/blend.ts';
import { allFinite } from '../tensor/finite.ts';
import { planTiles } from '../tensor/tile-plan.ts';
import { breathe, expectNames, onDevice, takeOutput, type PipelineContext, type PipelineResult } from './pipeline.ts';

/** 1 GiB of float32: a message between processes holds no more than twice of it. */
const maxOutputValues = 2 ** 28;
/** Tiles above this share no shape often enough to be worth keeping their memory. */
const maxArenaPixels = 1024 ** 2;

export async function upscale(work: UpscaleWork, context: PipelineContext): Promise<PipelineResult> {
  const { image, rows, columns, factor } = work;
  if (image.length !== rows * columns) throw new ScanloomError('request/invalid', `The image has ${image.length} values instead of ${rows} × ${columns}.`);
  if (rows * columns * factor ** 2 > maxOutputValues) {
    throw new ScanloomError('request/too-large', `An image of ${rows} × ${columns} pixels is too large to be upscaled by ${factor}.`, { hint: `The result may have at most ${maxOutputValues} pixels.` });
  }
  if (!allFinite(image)) throw new ScanloomError('request/invalid', 'The image holds values that are not finite.');
  return onDevice(work.device, context, (device) => upscaleOn(device, work, context));
}

async function upscaleOn(device: PipelineResult['device']['device'], work: UpscaleWork, { ort, sessions, onProgress }: PipelineContext): Promise<EngineTensor[]> {
  const { image, rows, columns, factor } = work;
  const tiles = planTiles(rows, columns, work.tile);
  const largestTile = Math.max(...tiles.map(({ row, column }) => (row.end - row.start) * (column.end - column.start)));
  const session = await sessions.open(work.graph, { device, threads: work.threads, arena: largestTile <= maxArenaPixels });
  expectNames(session, ['image', 'modality'], ['upscaled']);
  const modality = new ort.Tensor('float32', Float32Array.of(work.modality === 'CT' ? 0 : 1), [1]);
  const result = new Float32Array(rows * factor * columns * factor);
  for (const [done, tile] of tiles.entries()) {
    onProgress(done, tiles.length);
    await breathe();
    const height = tile.row.end - tile.row.start;
    const width = tile.column.end - tile.column.start;
    const cut = new Float32Array(height * width);
    for (let r = 0; r < height; r += 1) {
      const from = (tile.row.start + r) * columns + tile.column.start;
      cut.set(image.subarray(from, from + width), r * width);
    }
    const outputs = await session.run({ image: new ort.Tensor('float32', cut, [1, 1, height, width]), modality });
    blendTile(result, rows, columns, factor, tile, takeOutput(outputs, 'upscaled', [1, 1, height * factor, width * factor]));
  }
  onProgress(tiles.length, tiles.length);
  return [{ name: 'upscaled', shape: [1, 1, rows * factor, columns * factor], data: result }];
}
