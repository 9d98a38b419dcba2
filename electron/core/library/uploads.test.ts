import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createUploads, safeParts } from './uploads.ts';

let incoming: string;
beforeEach(async () => {
  incoming = await mkdtemp(path.join(os.tmpdir(), 'scanloom-uploads-'));
});
afterEach(() => rm(incoming, { recursive: true, force: true }));

const bodyOf = (text: string): ReadableStream => new Response(text).body!;

test('what is sent lies under the upload with its own folders', async () => {
  const uploads = createUploads(incoming);
  const id = await uploads.open();
  await uploads.receive(id, 'study/series/1.dcm', bodyOf('abc'));
  const folder = await uploads.finish(id);
  expect(await readFile(path.join(folder, 'study', 'series', '1.dcm'), 'utf8')).toBe('abc');
});

test('the same file twice is refused and the first stays', async () => {
  const uploads = createUploads(incoming);
  const id = await uploads.open();
  await uploads.receive(id, 'a.dcm', bodyOf('first'));
  await expect(uploads.receive(id, 'a.dcm', bodyOf('second'))).rejects.toMatchObject({ code: 'request/conflict' });
  expect(await readFile(path.join(incoming, id, 'a.dcm'), 'utf8')).toBe('first');
});

test.each(['../out.dcm', 'a/../../out', '', '/', 'CON', 'nul.dcm', 'a\\b', 'a\u0000b', 'c:evil', 'trailing.', `${'d/'.repeat(40)}x`])('the path %j is refused', (name) => {
  expect(() => safeParts(name)).toThrowError(expect.objectContaining({ code: 'request/invalid' }));
});

test('an unknown upload is refused and nothing is written', async () => {
  await expect(createUploads(incoming).receive('00000000-0000-4000-8000-000000000000', 'a', bodyOf('x'))).rejects.toMatchObject({ code: 'request/not-found' });
  expect(await readdir(incoming)).toEqual([]);
});
