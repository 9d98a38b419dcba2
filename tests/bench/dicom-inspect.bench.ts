/**
 * The program's own headers per second: `scanloom inspect FOLDER --json` from its start to its last line, over the real collection and over a folder of
 * several copies of it, beside a pydicom script that reads headers and groups them by series, the same with the values that the program lists, and dcmdump.
 * The processor's time of each process, threads included, in turns; what a start costs is the difference that the number of files does not explain. Prints a
 * table and asserts only that the same files were read.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { realDicom } from '../support/real-core.ts';
import { filesBelow, python } from './dicom-files.ts';
import { usualAttributes } from './usual-attributes.ts';

const copies = 12;
const rounds = 3;

const groupScript = `
import sys, os, json, logging, warnings, collections, pydicom
warnings.simplefilter('ignore'); logging.disable(50)
names = json.loads(sys.argv[2])
groups, read = collections.defaultdict(list), 0
for folder, _, files in os.walk(sys.argv[1]):
    for file in files:
        try: ds = pydicom.dcmread(os.path.join(folder, file), stop_before_pixels=True)
        except Exception: continue
        read += 1
        groups[str(ds.get('SeriesInstanceUID', ''))].append([ds.get(name) for name in names])
print(json.dumps({'read': read, 'series': len(groups)}))
`;

/** Runs each command in turns and tells its least processor's time and its last output. */
const measureScript = `
import sys, json, subprocess, resource, time
commands, rounds = json.load(sys.stdin)
best = [None] * len(commands)
for _ in range(rounds):
    for i, command in enumerate(commands):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.time()
        done = subprocess.run(command, capture_output=True, text=True, errors='replace')
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        if best[i] is None or used < best[i]['cpu']: best[i] = {'cpu': used, 'wall': time.time() - start, 'out': done.stdout if len(done.stdout) < 2000 else done.stdout[-400:]}
print(json.dumps(best))
`;

interface Used {
  readonly cpu: number;
  readonly wall: number;
  readonly out: string;
}

function copied(target: string): void {
  for (let copy = 0; copy < copies; copy += 1) {
    for (const file of filesBelow(realDicom)) {
      const place = path.join(target, String(copy), path.relative(realDicom, file));
      mkdirSync(path.dirname(place), { recursive: true });
      try {
        linkSync(file, place);
      } catch {
        copyFileSync(file, place);
      }
    }
  }
}

test('headers per second, the whole program', { timeout: 600_000 }, () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'scanloom-inspect-'));
  try {
    const many = path.join(folder, 'many');
    copied(many);
    const script = path.join(folder, 'group.py');
    writeFileSync(script, groupScript);
    const program = path.join(import.meta.dirname, '..', '..', 'dist', 'node', 'cli.js');
    const programs = [
      { name: 'scanloom inspect --json', command: (where: string) => [process.execPath, program, 'inspect', where, '--json'] },
      { name: 'pydicom, grouped by series', command: (where: string) => [python, script, where, '[]'] },
      { name: `pydicom, the same with ${usualAttributes.length} values`, command: (where: string) => [python, script, where, JSON.stringify(usualAttributes)] },
      { name: 'dcmdump', command: (where: string) => ['dcmdump', '-q', '-M', '+sd', '+r', where] },
    ];
    const run = spawnSync(python, ['-c', measureScript], { input: JSON.stringify([programs.flatMap(({ command }) => [command(realDicom), command(many)]), rounds]), encoding: 'utf8', maxBuffer: 2 ** 26 });
    if (run.status !== 0) {
      console.warn(`The processor's time of other programs is measured by Python, which did not run (SCANLOOM_PYTHON names another one): ${run.stderr.slice(-300)}`);
      return;
    }
    const used = JSON.parse(run.stdout) as Used[];
    const files = filesBelow(realDicom).length;
    const rows = programs.map(({ name }, index) => {
      const [few, all] = [used[index * 2]!, used[index * 2 + 1]!];
      const each = (all.cpu - few.cpu) / (files * (copies - 1));
      return { name, few, all, each };
    });
    const own = rows[0]!;
    const said = /"files": (\d+),\s+"ok": (\d+),\s+"noPixels": (\d+)/.exec(own.all.out)!;
    const grouped = JSON.parse(rows[1]!.all.out) as { read: number };
    expect(Number(said[1])).toBe(files * copies);
    expect(Number(said[2]) + Number(said[3])).toBeGreaterThan(grouped.read * 0.97);
    console.table(rows.map(({ name, few, all, each }) => ({
      program: name,
      [`${files} files, s`]: few.cpu.toFixed(2),
      [`${files * copies} files, s`]: all.cpu.toFixed(2),
      'all, per s': ((files * copies) / all.cpu).toFixed(0),
      'in bulk, per s': (1 / each).toFixed(0),
      'start, s': Math.max(0, few.cpu - each * files).toFixed(2),
      'Scanloom in bulk ÷': (each / own.each).toFixed(1),
      'Scanloom with start ÷': (all.cpu / own.all.cpu).toFixed(1),
    })));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
