import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createMemoryLog } from '#base';
import { openLibrary } from './open-library.ts';
import { repository, tickingClock, workerEntry } from './testing/open-for-test.ts';
import { tinyDicom } from './testing/tiny-dicom.ts';

const bundles = path.join(repository, 'dist', 'test', `kill-${process.pid}`);
afterAll(() => rm(bundles, { recursive: true, force: true }));

/** Bundles a child into the repository's dist, where it finds its dependencies. */
async function bundleChild(name: string): Promise<string> {
  const { build } = await import('vite');
  await build({
    configFile: false, root: repository, logLevel: 'error', ssr: { target: 'node' },
    build: { ssr: true, target: 'node20', outDir: bundles, emptyOutDir: false, minify: false, rollupOptions: { input: path.join(import.meta.dirname, 'testing', `${name}.ts`), output: { entryFileNames: `${name}.js` } } },
  });
  return path.join(bundles, `${name}.js`);
}

/** Kills the child when it has said `lines` lines or has ended; answers all that it said. */
async function killedAfter(child: ChildProcess, lines: number): Promise<string[]> {
  let text = '';
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (text.split('\n').length > lines) child.kill('SIGKILL');
  });
  await closed;
  return text.split('\n').slice(0, -1);
}

describe('SIGKILL', () => {
  it('loses nothing that was answered: entries, items and blobs', { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'scanloom-killed-'));
    const entry = await bundleChild('insert-until-killed');
    const dir = path.join(folder, 'library');
    let answered: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      // Different lengths of work, so that the kill falls into different steps.
      answered = [...answered, ...(await killedAfter(spawn(process.execPath, [entry, dir, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] }), 10 + round * 13))];
      const library = await openLibrary({ dir, clock: tickingClock(), log: createMemoryLog(), workers: { entry: workerEntry, size: 1 } });
      expect(library.ledger.verify().ok).toBe(true);
      expect(library.db.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
      for (const line of answered) {
        const [itemId, hash, blob] = line.split(' ') as [string, string, string];
        expect(library.items.get(itemId).item.ledgerHash).toBe(hash);
        expect((await library.blobs.get(blob)).length).toBeGreaterThan(0);
      }
      await library.close();
    }
    expect(answered.length).toBeGreaterThan(60);
    await rm(folder, { recursive: true });
  });

  it('during an ingest loses no image that was counted, and the next ingest adds only the rest', { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'scanloom-killed-'));
    const sources = path.join(folder, 'sources');
    await mkdir(sources);
    for (let n = 0; n < 400; n += 1) await writeFile(path.join(sources, `${n}.dcm`), tinyDicom({ sop: `2.25.1.1.${n}`, z: n }));
    const entry = await bundleChild('ingest-until-killed');
    const dir = path.join(folder, 'library');
    let counted = 0;
    for (const lines of [1, 2, 3, 4]) {
      const said = await killedAfter(spawn(process.execPath, [entry, dir, sources, workerEntry], { stdio: ['ignore', 'pipe', 'inherit'] }), lines);
      counted = Math.max(counted, ...said.filter((line) => line !== 'end').map(Number));
      const library = await openLibrary({ dir, clock: tickingClock(), log: createMemoryLog(), workers: { entry: workerEntry, size: 2 } });
      expect(library.db.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
      const { n } = library.db.get('SELECT count(*) AS n FROM images') as { n: number };
      expect(n).toBeGreaterThanOrEqual(counted);
      if (n > 0) {
        // Stacks agree with images, although the kill may have come between the two.
        const { series, stacks } = library.studies.series('2.25.1.1');
        expect(series.images).toBe(n);
        expect(stacks.reduce((sum, { images }) => sum + images.length, 0)).toBe(n);
      }
      if (lines === 4) {
        expect(await library.ingest.start([sources]).done).toMatchObject({ state: 'done', imagesAdded: 400 - n, imagesKnown: n, refusedTotal: 0 });
        expect(library.studies.series('2.25.1.1').stacks[0]?.stack).toMatchObject({ images: 400, volume: true });
      }
      await library.close();
    }
    expect(counted).toBeGreaterThan(0);
    await rm(folder, { recursive: true });
  });
});
