/**
 * Ingest of the 140-slice head CT beside pydicom reading the same files: rate, time to the first image, peak memory. Prints a table and
 * asserts only that the same images were read. pydicom is looked for in the Python named by SCANLOOM_PYTHON, else in `python3`.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { routes } from '#contract';
import { openRealCore, realDicom } from '../support/real-core.ts';

const headCt = path.join(realDicom, 'head-ct');
const python = process.env['SCANLOOM_PYTHON'] ?? 'python3';

const pydicomScript = `
import sys, time, json, resource, pathlib
import pydicom
files = sorted(p for p in pathlib.Path(sys.argv[1]).rglob('*') if p.is_file())
pixels = sys.argv[2] == 'pixels'
start = time.perf_counter(); first = None; count = 0
for f in files:
    try:
        ds = pydicom.dcmread(f, stop_before_pixels=not pixels)
        if pixels: ds.pixel_array
        else: ds.get('ImagePositionPatient')
    except pydicom.errors.InvalidDicomError:
        continue
    count += 1
    if first is None: first = time.perf_counter() - start
print(json.dumps({'count': count, 'seconds': time.perf_counter() - start, 'first': first, 'peakMb': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
`;

interface PydicomResult { count: number; seconds: number; first: number; peakMb: number }

function pydicom(mode: 'headers' | 'pixels'): PydicomResult | null {
  const run = spawnSync(python, ['-c', pydicomScript, headCt, mode], { encoding: 'utf8' });
  return run.status === 0 ? (JSON.parse(run.stdout) as PydicomResult) : null;
}

test('ingest and first image', { timeout: 600_000 }, async () => {
  const files = readdirSync(headCt, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
  const real = await openRealCore();
  try {
    const startedAt = performance.now();
    let firstImageMs = 0;
    const firstImage = new Promise<void>((resolve) => {
      const stop = real.core.services.library.events.subscribe((event) => {
        if (event.body.type !== 'series-added') return;
        stop();
        const { seriesInstanceUid } = event.body;
        // The first image shows when its pixels have been answered to the page, not when the database knows of it.
        void real.call(routes.getSeries, { params: { seriesUid: seriesInstanceUid } }).then(async (detail) => {
          await real.core.fetch(new Request(`http://core.invalid/api/images/${detail.stacks[0]!.images[0]!.imageId}/pixels`)).then((response) => response.arrayBuffer());
          firstImageMs = performance.now() - startedAt;
          resolve();
        });
      });
    });
    const ingest = await real.ingest(headCt);
    const ingestMs = performance.now() - startedAt;
    await firstImage;
    expect(ingest.imagesAdded).toBe(140);
    const peakMb = process.resourceUsage().maxRSS / 1024;
    const headers = pydicom('headers');
    const pixels = pydicom('pixels');
    const row = (name: string, result: PydicomResult | null): Record<string, string> =>
      result === null ? { what: name, images: '-', 'per second': 'pydicom is not installed', 'first image, ms': '-', 'peak, MB': '-' } : { what: name, images: String(result.count), 'per second': (result.count / result.seconds).toFixed(0), 'first image, ms': (result.first * 1000).toFixed(0), 'peak, MB': result.peakMb.toFixed(0) };
    console.table([
      { what: `Scanloom ingest (headers, digests, series, database; ${files} files)`, images: '140', 'per second': (140 / (ingestMs / 1000)).toFixed(0), 'first image, ms': firstImageMs.toFixed(0), 'peak, MB': `${peakMb.toFixed(0)} (with the test runner)` },
      row('pydicom, headers only', headers),
      row('pydicom, with pixels', pixels),
    ]);
    if (headers !== null) console.log(`ingest ÷ pydicom headers: ${(ingestMs / 1000 / headers.seconds).toFixed(2)} (time)`);
  } finally {
    await real.close();
  }
});
