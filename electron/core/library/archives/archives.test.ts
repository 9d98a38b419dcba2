import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { limits } from '#base';
import type { ScanloomError } from '#contract';
import { tarFile, zipFile } from '../testing/made-archives.ts';
import { readArchive } from './read-archive.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'scanloom-archives-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
interface Read { readonly members: Record<string, string>; readonly refused: string[] }

async function read(name: string, bytes: Uint8Array): Promise<Read> {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  const members: Record<string, string> = {};
  const refused: string[] = [];
  const onRefused = (shown: string, error: ScanloomError): void => void refused.push(`${shown}: ${error.code}: ${error.message}`);
  for await (const member of readArchive({ path: file, shown: name, sizeBytes: bytes.byteLength }, onRefused)) members[member.shown] = new TextDecoder().decode(member.bytes.subarray(0, 100));
  return { members, refused };
}

describe('what an archive holds', () => {
  test('zip: stored, deflated and zip64 members, in folders, with names beyond ASCII', async () => {
    const { members, refused } = await read('a.zip', zipFile([
      { name: 'one', bytes: text('1'), method: 0 }, { name: 'folder/', bytes: text('') }, { name: 'folder/zwei ü.dcm', bytes: text('2') }, { name: 'big', bytes: text('3'), zip64: true },
    ]));
    expect(members).toEqual({ 'a.zip/one': '1', 'a.zip/folder/zwei ü.dcm': '2', 'a.zip/big': '3' });
    expect(refused).toEqual([]);
  });

  test('tar, tar.gz, and a single packed file', async () => {
    const tar = tarFile([{ name: './x/', type: '5' }, { name: './x/one', bytes: text('1') }, { name: 'two', bytes: text('2'.repeat(2000)) }, { name: 'none', bytes: text('') }]);
    expect((await read('a.tar', tar)).members).toEqual({ 'a.tar/x/one': '1', 'a.tar/two': '2'.repeat(100), 'a.tar/none': '' });
    expect((await read('a.tgz', gzipSync(tar))).members).toMatchObject({ 'a.tgz/x/one': '1' });
    expect((await read('a.dcm.gz', gzipSync(text('packed')))).members).toEqual({ 'a.dcm.gz/a.dcm': 'packed' });
  });

  test('archives within archives, to a depth', async () => {
    const nest = (inner: Buffer, depth: number): Buffer => (depth === 0 ? inner : nest(zipFile([{ name: 'inner.zip', bytes: inner }]), depth - 1));
    const leaf = zipFile([{ name: 'leaf', bytes: text('here') }]);
    expect((await read('n.zip', nest(leaf, limits.archiveDepth - 1))).members).toEqual({ 'n.zip/inner.zip/inner.zip/leaf': 'here' });
    const deep = await read('n.zip', nest(leaf, limits.archiveDepth));
    expect(deep.members).toEqual({});
    expect(deep.refused).toEqual([expect.stringMatching(/nested more than 3 deep/)]);
    expect((await read('mixed.zip', zipFile([{ name: 'b.tar.gz', bytes: gzipSync(tarFile([{ name: 'c', bytes: text('c') }])) }]))).members).toEqual({ 'mixed.zip/b.tar.gz/c': 'c' });
  });

  test('what the system adds is passed over, a packed NIfTI stays one', async () => {
    const { members, refused } = await read('m.zip', zipFile([{ name: '__MACOSX/._a.dcm', bytes: text('x') }, { name: '._b.dcm', bytes: text('x') }, { name: 'brain.nii.gz', bytes: gzipSync(text('n')) }]));
    expect(Object.keys(members)).toEqual(['m.zip/brain.nii.gz']);
    expect(refused).toEqual([]);
  });
});

describe('what an archive tries', () => {
  test.each([
    ['/etc/passwd', /absolute path/], ['C:\\x', /absolute path/], ['..\\..\\x', /leads out/], ['a/../../x', /leads out/], ['a\0b', /zero byte/], ['n'.repeat(2000), /longer than/], [`${'d/'.repeat(80)}x`, /nested more than/],
  ])('a name like %s is refused, the rest is read', async (name, words) => {
    const { members, refused } = await read('evil.zip', zipFile([{ name, bytes: text('bad') }, { name: 'good', bytes: text('good') }]));
    expect(members).toEqual({ 'evil.zip/good': 'good' });
    expect(refused).toEqual([expect.stringMatching(words)]);
  });

  test('the same in tar', async () => {
    const { members, refused } = await read('evil.tar', tarFile([{ name: '../out', bytes: text('bad') }, { name: '/abs', bytes: text('bad') }, { name: 'good', bytes: text('good') }]));
    expect(members).toEqual({ 'evil.tar/good': 'good' });
    expect(refused).toHaveLength(2);
  });

  test('links and devices are left out and said', async () => {
    const tar = await read('l.tar', tarFile([{ name: 'hard', type: '1', linkTo: '/etc/passwd' }, { name: 'soft', type: '2', linkTo: '/etc/passwd' }, { name: 'null', type: '3' }, { name: 'good', bytes: text('good') }]));
    expect(tar).toEqual({ members: { 'l.tar/good': 'good' }, refused: [expect.stringMatching(/3 links or devices/)] });
    const zip = await read('l.zip', zipFile([{ name: 'soft', bytes: text('/etc/passwd'), mode: 0o120777 }]));
    expect(zip).toEqual({ members: {}, refused: [expect.stringMatching(/1 link or device/)] });
  });

  test('encrypted members and unknown methods are refused in words', async () => {
    const { members, refused } = await read('e.zip', zipFile([{ name: 'secret', bytes: text('x'), encrypted: true }, { name: 'lzma', bytes: text('x'), method: 14 }, { name: 'plain', bytes: text('p') }]));
    expect(members).toEqual({ 'e.zip/plain': 'p' });
    expect(refused).toEqual([expect.stringMatching(/e\.zip\/secret: dicom\/unsupported: .*encrypted/), expect.stringMatching(/method \(number 14\)/)]);
  });

  test('two files of one name: the first counts', async () => {
    const { members, refused } = await read('d.zip', zipFile([{ name: 'a', bytes: text('first') }, { name: './a', bytes: text('second') }]));
    expect(members).toEqual({ 'd.zip/a': 'first' });
    expect(refused).toEqual([expect.stringMatching(/two files of this name/)]);
  });

  test('a bomb is stopped by what it unpacks to, whatever its headers say', async () => {
    const zeros = gzipSync(new Uint8Array(limits.archiveFreeBytes / 4));
    const { refused } = await read('bomb.gz', Buffer.concat(Array.from({ length: 5 }, () => zeros)));
    expect(refused).toEqual([expect.stringMatching(/dicom\/too-large/)]);
    const lies = await read('lies.zip', zipFile([{ name: 'a.dcm', bytes: new Uint8Array(1_000_000), saysBytes: 10 }, { name: 'good', bytes: text('good') }]));
    expect(lies.members).toEqual({ 'lies.zip/good': 'good' });
    expect(lies.refused).toEqual([expect.stringMatching(/lies\.zip\/a\.dcm: input\/unreadable/)]);
  });

  test('what was cut off or damaged is said; what came before is kept', async () => {
    const tar = tarFile([{ name: 'one', bytes: text('1') }, { name: 'two', bytes: text('2'.repeat(5000)) }]);
    const cut = await read('cut.tgz', gzipSync(tar).subarray(0, -20));
    expect(cut.refused).toEqual([expect.stringMatching(/damaged or was cut off/)]);
    const short = await read('cut.tar', tar.subarray(0, 2000));
    expect(short.members).toEqual({ 'cut.tar/one': '1' });
    expect(short.refused).toEqual([expect.stringMatching(/damaged or was cut off/)]);
    expect((await read('cut.zip', zipFile([{ name: 'one', bytes: text('1') }]).subarray(0, -10))).refused).toEqual([expect.stringMatching(/cut\.zip: input\/unreadable/)]);
    const flipped = zipFile([{ name: 'one', bytes: text('1'.repeat(1000)) }, { name: 'good', bytes: text('good') }]);
    flipped[36] = 0xff;
    const damaged = await read('flip.zip', flipped);
    expect(damaged.members).toEqual({ 'flip.zip/good': 'good' });
    expect(damaged.refused).toHaveLength(1);
  });

  test('an extended header of a gigabyte is not gathered', async () => {
    const { members } = await read('meta.tar', tarFile([{ name: 'PaxHeader', type: 'x', saysBytes: 2 ** 30 }, { name: 'good', bytes: text('good') }]));
    expect(members).toEqual({});
  });

  test('archives of other kinds are named, not passed over', async () => {
    expect((await read('o.zip', zipFile([{ name: 'study.7z', bytes: text('x') }]))).refused).toEqual([expect.stringMatching(/kind \.7z/)]);
  });
});
