/**
 * Headers per second: everything before the pixel data parsed and 44 usual attributes read, beside pydicom doing the same and dcmdump (one process)
 * on the same files, which lie in the system's cache. Measured in the processor's time, so that other work on the machine shows least. Prints a table
 * and asserts only that the same files were read.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { withFileBytes } from '#base';
import { parseHeader, type DicomFile } from '#dicom';
import { realDicom } from '../support/real-core.ts';
import { filesBelow, python } from './dicom-files.ts';
import { usualAttributes } from './usual-attributes.ts';

const rounds = 5;

const pydicomScript = `
import sys, time, json, logging, warnings, pydicom, subprocess, resource, shutil
warnings.simplefilter('ignore'); logging.disable(50)
files, attributes, rounds = json.load(sys.stdin)
def read(file):
    ds = pydicom.dcmread(file, stop_before_pixels=True)
    return [ds.get(name) for name in attributes]
good = []
for file in files:
    try: read(file); good.append(file)
    except Exception: pass
best = 1e9
for _ in range(rounds):
    start = time.process_time()
    for file in good: read(file)
    best = min(best, time.process_time() - start)
dcmdump = None
if shutil.which('dcmdump'):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(['dcmdump', '-q', '-M'] + good, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    dcmdump = len(good) / (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
print(json.dumps({'files': good, 'perSecond': len(good) / best, 'dcmdump': dcmdump}))
`;

function readHeader(file: string): DicomFile {
  return withFileBytes(file, (bytes) => parseHeader(bytes));
}

function bestSeconds(run: () => void): number {
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1e6);
  }
  return best;
}

test('headers per second', { timeout: 600_000 }, () => {
  const rows = ['chest-ct', 'head-ct', 'mr-t1', 'oddities', 'syntaxes', '.'].map((folder) => {
    const files = filesBelow(path.join(realDicom, folder));
    const run = spawnSync(python, ['-c', pydicomScript], { input: JSON.stringify([files, usualAttributes, rounds]), encoding: 'utf8', maxBuffer: 2 ** 26 });
    const theirs = run.status === 0 ? (JSON.parse(run.stdout) as { files: string[]; perSecond: number; dcmdump: number | null }) : null;
    // Only files that both can read are timed.
    const timed = (theirs?.files ?? files).filter((file) => {
      try {
        readHeader(file);
        return true;
      } catch {
        return false;
      }
    });
    expect(timed.length).toBeGreaterThan(files.length * 0.9);
    let values = 0;
    // A folder of few files is read several times in a turn: one turn must not end before the compiler has done its work.
    const again = Math.ceil(500 / timed.length);
    const ours = (timed.length * again) / bestSeconds(() => {
      for (let time = 0; time < again; time += 1) for (const file of timed) {
        const { dataset } = readHeader(file);
        for (const name of usualAttributes) values += dataset.strings(name).length;
      }
    });
    expect(values).toBeGreaterThan(0);
    const dcmdump = theirs?.dcmdump ?? null;
    const rate = (value: number | null | undefined): string => value?.toFixed(0) ?? 'not installed';
    return { folder, files: timed.length, 'Scanloom, per s': rate(ours), 'pydicom, per s': rate(theirs?.perSecond), 'dcmdump, per s': rate(dcmdump), 'Scanloom ÷ pydicom': theirs === null ? '-' : (ours / theirs.perSecond).toFixed(1), 'Scanloom ÷ dcmdump': dcmdump === null ? '-' : (ours / dcmdump).toFixed(1) };
  });
  console.table(rows);
});
