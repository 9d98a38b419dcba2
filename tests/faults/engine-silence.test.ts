/**
 * The engine talks to nobody: a session is made and run in a process whose home is an empty folder, and, where strace is installed, every
 * system call of it and its threads that opens a socket or creates a file is looked at.
 *
 * What this proves: with the program's own launcher environment, loading ONNX Runtime, probing the devices, making sessions and running them
 * opens no internet socket, looks up no name and leaves no file in the home, cache or temporary folder. Without strace only the files are proven.
 */
import { fork, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { EngineWork } from '#contract';
import { writeTinyGraph } from '#engine';

const entry = path.resolve('dist/node/engine-process.js');
const root = mkdtempSync(path.join(os.tmpdir(), 'scanloom-silence-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const hasStrace = process.platform === 'linux' && spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;
/** Telemetry of the versions that have it starts its first look-up within seconds of a session. */
const lingerMs = 6000;

/** Runs the work in an engine whose world is `home`, lingers, kills it, and returns the trace (empty without strace). */
async function runIn(home: string, work: readonly EngineWork[], trace: string): Promise<string> {
  const places = Object.fromEntries(['HOME', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA', 'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'TMPDIR', 'TMP', 'TEMP'].map((name) => [name, home]));
  const child = fork(entry, [], {
    serialization: 'advanced',
    env: { ...process.env, ...places, ORT_DISABLE_TELEMETRY: '1' },
    ...(hasStrace ? { execPath: 'strace', execArgv: ['-f', '-o', trace, '-e', 'trace=network,openat,open,creat,mkdir,mkdirat', process.execPath] } : { execArgv: [] }),
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    await new Promise<void>((resolve, reject) => {
      let next = 0;
      child.once('exit', () => reject(new Error('the engine ended early')));
      child.on('message', (message: { type: string; error?: unknown }) => {
        if (message.type === 'progress') return;
        if (message.type === 'error') reject(new Error(JSON.stringify(message.error)));
        else if (next === work.length) resolve();
        else child.send({ type: 'run', requestId: next + 1, work: work[next++] });
      });
    });
    await new Promise((resolve) => setTimeout(resolve, lingerMs));
  } finally {
    // The engine ends when its channel closes; strace ends with it.
    if (child.connected) child.disconnect();
    await ended;
  }
  return hasStrace ? readFileSync(trace, 'utf8') : '';
}

test('sessions are made and run without an internet socket and without a file left behind', async ({ annotate }) => {
  const home = path.join(root, 'home');
  mkdirSync(home);
  const graph = writeTinyGraph(root, 'upscaler');
  const work: EngineWork[] = [
    { kind: 'probe' },
    { kind: 'upscale', graph, device: 'auto', image: new Float32Array(1024), rows: 32, columns: 32, factor: 2, modality: 'MR', tile: { size: 16, overlap: 3 }, threads: 1 },
  ];
  const trace = await runIn(home, work, path.join(root, 'trace.txt'));
  expect(readdirSync(home)).toEqual([]);
  if (!hasStrace) {
    await annotate('strace is not installed: sockets were not watched');
    return;
  }
  const lines = trace.split('\n');
  // The trace is of the right process: it loaded ONNX Runtime and read the graph.
  expect(lines.some((line) => line.includes('libonnxruntime'))).toBe(true);
  expect(lines.some((line) => line.includes('upscaler.onnx'))).toBe(true);
  expect(lines.filter(isOffence)).toEqual([]);
}, 60_000);

/** A line of strace that opens a socket to other machines, looks up a name or makes a file or folder. */
function isOffence(line: string): boolean {
  if (/\b(AF_INET6?|AF_PACKET)\b/.test(line)) return true;
  if (/resolv\.conf|nscd\/socket|\/etc\/hosts/.test(line)) return true;
  return /\b(O_CREAT|creat\(|mkdir)/.test(line) && !/= -1 E|\/dev\/shm\//.test(line);
}

// As strace printed them for a library that does send telemetry.
test.each([
  '4242 socket(AF_INET6, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_IP) = 23',
  '4242 connect(23, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("10.0.0.2")}, 16) = 0',
  '4242 openat(AT_FDCWD, "/etc/resolv.conf", O_RDONLY|O_CLOEXEC) = 20',
  '4242 openat(AT_FDCWD, "/home/x/.cache/Microsoft/DeveloperTools/.onnxruntime/deviceid", O_RDWR|O_CREAT, 0644) = 21',
  '4242 mkdir("/home/x/.cache/Microsoft", 0777) = 0',
])('would be noticed: %s', (line) => expect(isOffence(line)).toBe(true));

test('would not be taken for an offence: reading the graph', () => {
  expect(isOffence('4242 openat(AT_FDCWD, "/models/upscaler.onnx", O_RDONLY|O_CLOEXEC) = 20')).toBe(false);
});
