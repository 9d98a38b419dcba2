import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ScanloomError } from '#contract';
import { sha256File, sha256Hex } from './hashing.ts';
import { invariant } from './invariant.ts';
import { createFileLog } from './log.ts';
import { defaultLibraryDir, freeDiskBytes, isFolder } from './system-places.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'scanloom-places-'));
});
afterEach(() => rm(dir, { recursive: true }));

describe('defaultLibraryDir', () => {
  it('is where each system keeps application data', () => {
    expect(defaultLibraryDir({}, 'linux', '/home/ada')).toBe('/home/ada/.local/share/scanloom/library');
    expect(defaultLibraryDir({ XDG_DATA_HOME: '/data' }, 'linux', '/home/ada')).toBe('/data/scanloom/library');
    expect(defaultLibraryDir({ XDG_DATA_HOME: 'relative' }, 'linux', '/home/ada')).toBe('/home/ada/.local/share/scanloom/library');
    expect(defaultLibraryDir({}, 'darwin', '/Users/ada')).toBe('/Users/ada/Library/Application Support/Scanloom/Library');
    expect(defaultLibraryDir({ LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local' }, 'win32', 'C:\\Users\\ada')).toBe('C:\\Users\\ada\\AppData\\Local\\Scanloom\\Library');
    expect(defaultLibraryDir({}, 'win32', 'C:\\Users\\ada')).toBe('C:\\Users\\ada\\AppData\\Local\\Scanloom\\Library');
  });
  it('gives way to the environment', () => {
    expect(defaultLibraryDir({ SCANLOOM_LIBRARY: dir }, 'linux', '/home/ada')).toBe(dir);
  });
});

describe('the disk', () => {
  it('has free bytes, also below a folder that is not there yet', async () => {
    expect(await freeDiskBytes(path.join(dir, 'not', 'yet'))).toBeGreaterThan(0);
  });
  it('tells folders from files and from nothing', async () => {
    await writeFile(path.join(dir, 'file'), '');
    expect([isFolder(dir), isFolder(path.join(dir, 'file')), isFolder(path.join(dir, 'none'))]).toEqual([true, false, false]);
  });
  it('hashes files and bytes alike (FIPS 180-4 example "abc")', async () => {
    await writeFile(path.join(dir, 'abc'), 'abc');
    const known = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(sha256Hex('abc')).toBe(known);
    expect(await sha256File(path.join(dir, 'abc'))).toBe(known);
  });
});

describe('createFileLog', () => {
  it('appends JSON lines and survives a folder that cannot be made', async () => {
    const clock = { now: () => new Date(0) };
    const log = createFileLog(path.join(dir, 'logs'), clock);
    log.info('started', { n: 1 });
    log.error('ended');
    expect((await readFile(path.join(dir, 'logs', 'scanloom.log'), 'utf8')).split('\n')).toEqual([
      '{"n":1,"at":"1970-01-01T00:00:00.000Z","level":"info","event":"started"}',
      '{"at":"1970-01-01T00:00:00.000Z","level":"error","event":"ended"}',
      '',
    ]);
    await writeFile(path.join(dir, 'file'), '');
    expect(() => createFileLog(path.join(dir, 'file', 'logs'), clock).info('lost')).not.toThrow();
  });
});

describe('invariant', () => {
  it('passes what is true and hides the sentence from people', () => {
    expect(() => invariant(1 === 1, 'one is one')).not.toThrow();
    try {
      invariant(false, 'the moon is round');
      expect.unreachable();
    } catch (thrown) {
      expect((thrown as ScanloomError).code).toBe('internal');
      expect((thrown as ScanloomError).message).not.toContain('moon');
      expect(String((thrown as ScanloomError).cause)).toContain('moon');
    }
  });
});
