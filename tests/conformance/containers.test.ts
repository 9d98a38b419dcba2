/** Studies in archives as other programs make them, and in DICOMDIRs: the same images as in the plain folder, and nothing left outside the library. */
import { execFile, execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMemoryLog, systemClock } from '#base';
import type { IngestState, SeriesDetail } from '#contract';
import { openLibrary, type Library } from '#library';
import { cli, entries, hasRealDicom, realDicom } from '../support/real-core.ts';

const run = promisify(execFile);
const python = process.env['SCANLOOM_PYTHON'] ?? 'python3';
const hasPython = ((): boolean => {
  try {
    execFileSync(python, ['-c', 'import zipfile, tarfile'], { stdio: 'ignore' });
    return true;
  } catch {
    console.log('Python is not there (SCANLOOM_PYTHON names one): archives are not made by it, and their test is left out.');
    return false;
  }
})();

/** Archives of a folder as Python's own modules write them. */
const makeArchives = `
import gzip, pathlib, shutil, sys, tarfile, zipfile
source, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
files = sorted(p for p in source.rglob('*') if p.is_file())
for name, method in (('stored.zip', zipfile.ZIP_STORED), ('deflated.zip', zipfile.ZIP_DEFLATED)):
    with zipfile.ZipFile(target / name, 'w', method) as z:
        for f in files: z.write(f, f.relative_to(source.parent))
with zipfile.ZipFile(target / 'zip64.zip', 'w', zipfile.ZIP_DEFLATED) as z:
    for f in files:
        with z.open(zipfile.ZipInfo(str(f.relative_to(source.parent))), 'w', force_zip64=True) as out: out.write(f.read_bytes())
for name, mode, form in (('plain.tar', 'w', tarfile.PAX_FORMAT), ('gnu.tar.gz', 'w:gz', tarfile.GNU_FORMAT), ('old.tgz', 'w:gz', tarfile.USTAR_FORMAT)):
    with tarfile.open(target / name, mode, format=form) as t: t.add(source, 'study')
with zipfile.ZipFile(target / 'nested.zip', 'w') as z: z.write(target / 'gnu.tar.gz', 'inner/gnu.tar.gz')
packed = target / 'packed'
packed.mkdir()
for f in files: (packed / (f.name + '.gz')).write_bytes(gzip.compress(f.read_bytes()))
`;

describe.skipIf(!hasRealDicom)('containers', () => {
  let dir: string;
  let library: Library;
  const ingest = (place: string): Promise<IngestState> => library.ingest.start([place]).done;
  const plain = async (detail: SeriesDetail): Promise<unknown> => ({
    images: detail.stacks.map(({ stack, images }) => ({ stack, images: images.map(({ imageId, position }) => ({ imageId, position })) })),
    pixels: Buffer.from((await library.images.pixels(detail.stacks[0]!.images[3]!.imageId)).stored.buffer).toString('base64').slice(0, 2000),
  });

  beforeEach(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'scanloom-containers-'));
    library = await openLibrary({ dir: path.join(dir, 'library'), clock: systemClock, log: createMemoryLog(), workers: { entry: path.join(entries, 'dicom-worker.js'), size: 2 } });
  });
  afterEach(async () => {
    await library.close();
    await rm(dir, { recursive: true, force: true });
  });

  test.skipIf(!hasPython)('zip, zip64, tar, tar.gz, gz and nested ones hold what the folder holds', async () => {
    const source = path.join(realDicom, 'mr-t1', 'anat-T1w');
    const made = path.join(dir, 'made');
    await mkdir(made);
    await run(python, ['-c', makeArchives, source, made]);
    const uid = (await ingest(source)).seriesUids[0]!;
    const expected = await plain(library.studies.series(uid));
    const study = library.studies.series(uid).study.studyInstanceUid;
    const before = await readdir(dir);
    for (const name of ['stored.zip', 'deflated.zip', 'zip64.zip', 'plain.tar', 'gnu.tar.gz', 'old.tgz', 'nested.zip', 'packed']) {
      library.studies.forget(study);
      expect(await ingest(path.join(made, name)), name).toMatchObject({ state: 'done', imagesAdded: 16, refused: [] });
      expect(await plain(library.studies.series(uid)), name).toEqual(expected);
      // A second look costs nothing and changes nothing.
      expect(await ingest(path.join(made, name)), name).toMatchObject({ imagesAdded: 0, imagesKnown: 16 });
      const inspected = JSON.parse((await run(process.execPath, [cli, 'inspect', path.join(made, name), '--json'])).stdout) as { series: { stacks: { images: number; volume: boolean }[] }[] };
      expect(inspected.series.map((series) => series.stacks.map(({ images, volume }) => ({ images, volume }))), name).toEqual([[{ images: 16, volume: true }]]);
    }
    expect(await readdir(dir)).toEqual(before);
    // With the archive gone the images are still there: they are the library's own.
    await rm(made, { recursive: true });
    expect(await plain(library.studies.series(uid))).toEqual(expected);
    library.studies.forget(study);
    expect(await readdir(path.join(library.dir, 'sources')).catch(() => [])).toEqual([]);
  }, 60_000);

  test('a DICOMDIR opens the files that it names, and says which are missing', async () => {
    const fileSet = path.join(realDicom, 'oddities', 'dicomdir');
    const opened = await ingest(path.join(fileSet, 'DICOMDIR'));
    // 31 images are named (dcmdump: 31 Referenced File IDs), those with pixels become images.
    expect(opened).toMatchObject({ state: 'done', filesFound: 32 });
    expect(opened.imagesAdded).toBeGreaterThan(20);
    expect(opened.refused.filter(({ code }) => code === 'input/not-found')).toEqual([]);
    const part = path.join(dir, 'part');
    await mkdir(part);
    await cp(path.join(fileSet, 'DICOMDIR'), path.join(part, 'DICOMDIR'));
    await cp(path.join(fileSet, '77654033'), path.join(part, '77654033'), { recursive: true });
    const { refused } = await ingest(part);
    expect(refused).toContainEqual(expect.objectContaining({ path: 'DICOMDIR', code: 'input/not-found', message: expect.stringMatching(/^The DICOMDIR names 24 files that are not there \(the first: 98892001\/CT2N\/\d+\)\.$/) }));
  }, 30_000);
});
