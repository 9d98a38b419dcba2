/**
 * It stays here: the demo runs to its end in a network namespace that has nothing but loopback, and writes nowhere but into its library,
 * its output folder and the temporary folder. Where strace is installed, every file opened for writing and every socket is looked at;
 * otherwise the home folder and the program's own folder must come out unchanged.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..', '..');
const cli = path.join(root, 'dist', 'node', 'cli.js');
const answers = (command: string, args: readonly string[]): boolean => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const canUnshare = process.platform === 'linux' && answers('unshare', ['-n', 'ip', 'link', 'set', 'lo', 'up']);
const canTrace = answers('strace', ['-o', os.devNull, 'true']);

/** Paths that `strace` saw opened for writing, made, renamed to or removed. */
function writtenPaths(trace: string): string[] {
  const paths = new Set<string>();
  for (const line of trace.split('\n')) {
    if (/= -1 E/.test(line)) continue;
    const opened = /openat\([^,]+, "([^"]+)", ([A-Z_|0-9]+)/.exec(line);
    if (opened !== null && /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC/.test(opened[2]!)) paths.add(opened[1]!);
    for (const match of line.matchAll(/(?:mkdir|mkdirat|rename|renameat|renameat2|unlink|unlinkat|link|symlink)\(.*?"([^"]+)"(?:.*?"([^"]+)")?/g)) {
      paths.add(match[1]!);
      if (match[2] !== undefined) paths.add(match[2]);
    }
  }
  return [...paths];
}

test.skipIf(!canUnshare)('the demo needs no network and writes nowhere else', { timeout: 20 * 60_000 }, async () => {
  const base = await mkdtemp(path.join(os.tmpdir(), 'scanloom-offline-'));
  try {
    const home = path.join(base, 'home');
    const temp = path.join(base, 'temp');
    const out = path.join(base, 'out');
    const trace = path.join(base, 'trace.txt');
    await mkdir(home);
    await mkdir(temp);
    const traced = canTrace ? `strace -f -qq -e trace=openat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,link,symlink,connect,bind -o "${trace}"` : '';
    const run = spawnSync('unshare', ['-n', 'sh', '-c', `ip link set lo up && exec ${traced} "${process.execPath}" "${cli}" demo --out "${out}" --json`], {
      cwd: base,
      env: { PATH: process.env['PATH'] ?? '', HOME: home, TMPDIR: temp, LANG: 'C.UTF-8' },
      encoding: 'utf8',
      maxBuffer: 64e6,
    });
    expect(run.status, run.stderr.slice(-2000)).toBe(0);
    const names = await readdir(out, { recursive: true });
    expect(names.some((name) => name.endsWith('manifest.json'))).toBe(true);
    expect(names.some((name) => name.endsWith('.html'))).toBe(true);
    expect(await readdir(home)).toEqual([]);
    if (existsSync(trace)) {
      const text = await readFile(trace, 'utf8');
      const written = writtenPaths(text);
      expect(written.length).toBeGreaterThan(10);
      // /dev and /proc are not disks; a relative path is relative to the working folder, which is inside `base`.
      const elsewhere = written.filter((name) => path.isAbsolute(name) && !name.startsWith(base) && !/^\/(dev|proc)\//.test(name));
      expect(elsewhere).toEqual([]);
      const outside = text.split('\n').filter((line) => /(connect|bind)\(.*AF_INET/.test(line) && !/127\.0\.0\.1|"::1"/.test(line));
      expect(outside).toEqual([]);
    }
  } finally {
    await rm(base, { recursive: true, force: true });
  }
});
