/**
 * A whole upscale job of the chest CT (20 slices of 512²: decode, normalise, tiles, blend, measure, blobs, records, item, ledger) beside raw
 * ONNX Runtime on the same tiles. Raw runs before and after the job, so that whatever else the machine does shows in both.
 */
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { routes } from '#contract';
import { openRealCore, realDicom } from '../support/real-core.ts';
import { median, megabytes, raw, tileSteps } from './raw-onnxruntime.ts';

test('a whole upscale job beside raw ONNX Runtime', { timeout: 1_800_000 }, async () => {
  const real = await openRealCore();
  try {
    const { seriesUids } = await real.ingest(path.join(realDicom, 'chest-ct'));
    const { manifest, dir } = await real.core.services.packages.get('sr-gan-x2');
    if (manifest.task !== 'upscale') throw new Error('sr-gan-x2 does not upscale');
    const image = Float32Array.from({ length: 512 ** 2 }, (_, i) => Math.sin(i / 37));
    const steps = tileSteps(path.join(dir, manifest.graphs.generator.file), image, 512, 512, { size: 256, overlap: manifest.upscale.receptiveFieldRadius });
    const threads = os.availableParallelism();
    const before = await raw(steps, { threads, repeats: 10 });
    const started = performance.now();
    const job = await real.settled(await real.call(routes.startJob, { body: { task: 'upscale', packageId: 'sr-gan-x2', device: 'cpu', seriesUids } }));
    const jobMs = performance.now() - started;
    const after = await raw(steps, { threads, repeats: 10 });
    expect(job).toMatchObject({ state: 'done', unitsDone: 20 });
    const rawMs = median([...before.ms, ...after.ms]);
    console.table([{
      'raw, ms a slice': rawMs.toFixed(0), 'job, ms a slice': (jobMs / 20).toFixed(0), 'job ÷ raw': (jobMs / 20 / rawMs).toFixed(2),
      'raw peak': megabytes(Math.max(before.peakMemoryBytes, after.peakMemoryBytes)), 'host peak (with the test runner)': megabytes(process.resourceUsage().maxRSS * 1024),
    }]);
  } finally {
    await real.close();
  }
});
