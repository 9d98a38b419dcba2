import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256Hex } from '#base';
import { openPackages } from './index.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'scanloom-packages-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const graph = new TextEncoder().encode('a graph');

function manifestOf(id: string): Record<string, unknown> {
  return {
    schema: 1, id, version: '1.2.3', title: 'A test', task: 'upscale', licence: 'Apache-2.0', summary: 'For tests.', researchOnly: true,
    graphs: { generator: { file: 'generator.onnx', sha256: sha256Hex(graph), sizeBytes: graph.length } },
    parameters: 1, figures: [], training: { data: [], recipe: 'none', seed: 1, torch: 'none', steps: 0, date: '2026-11-21' },
    card: 'CARD.md', samples: 'samples.png',
    inputDomain: { ct: { unit: 'HU', offset: 0, scale: 1000, clip: [-1024, 3071] }, mr: { method: 'percentile-of-volume', percentile: 99.5 } },
    upscale: { factor: 2, modalities: ['CT', 'MR'], receptiveFieldRadius: 3, border: 'zeros' },
  };
}

/** Writes a whole package; `change` may damage the manifest. */
function write(id: string, change: (manifest: Record<string, unknown>) => unknown = (manifest) => manifest, place = root): string {
  const dir = path.join(place, id);
  mkdirSync(dir, { recursive: true });
  const changed = change(manifestOf(id));
  writeFileSync(path.join(dir, 'manifest.json'), typeof changed === 'string' ? changed : JSON.stringify(changed));
  writeFileSync(path.join(dir, 'generator.onnx'), graph);
  writeFileSync(path.join(dir, 'CARD.md'), `# ${id}\n`);
  writeFileSync(path.join(dir, 'samples.png'), Uint8Array.of(0x89, 0x50));
  return dir;
}

test('a whole package is listed, verified and named by the hash of its manifest file', async () => {
  const dir = write('whole');
  const packages = openPackages([root]);
  const [summary] = await packages.list();
  expect(summary).toMatchObject({ state: { status: 'verified' }, bundled: true, manifestSha256: sha256Hex(readFileSync(path.join(dir, 'manifest.json'))) });
  expect(await packages.get('whole')).toMatchObject({ dir, manifest: { id: 'whole', version: '1.2.3' } });
  expect(await packages.card('whole')).toBe('# whole\n');
  expect([...(await packages.samples('whole'))]).toEqual([0x89, 0x50]);
});

test('one changed byte makes the package damaged, in words, and leaves the others working', async () => {
  write('alpha');
  const damaged = write('beta');
  const packages = openPackages([root]);
  expect(await packages.get('beta')).toBeDefined();
  const bytes = Uint8Array.from(graph);
  bytes[3]! ^= 1;
  writeFileSync(path.join(damaged, 'generator.onnx'), bytes);
  const list = await packages.list();
  expect(list.map(({ manifest, state }) => [manifest.id, state.status])).toEqual([['alpha', 'verified'], ['beta', 'damaged']]);
  await expect(packages.get('beta')).rejects.toMatchObject({ code: 'package/hash-mismatch', message: expect.stringContaining('generator.onnx'), hint: expect.any(String) });
  await expect(packages.get('alpha')).resolves.toBeDefined();
});

test('a graph of another size is damaged without being read', async () => {
  writeFileSync(path.join(write('short'), 'generator.onnx'), graph.slice(1));
  await expect(openPackages([root]).get('short')).rejects.toMatchObject({ code: 'package/hash-mismatch', message: expect.stringContaining('6 bytes instead of 7') });
});

test.each([
  { name: 'an unknown key', change: (m: Record<string, unknown>) => ({ ...m, extra: 1 }), says: 'extra' },
  { name: 'no JSON', change: () => '{', says: 'not JSON' },
  { name: 'a graph outside of the folder', change: (m: Record<string, unknown>) => ({ ...m, graphs: { generator: { file: '../other/generator.onnx', sha256: 'a'.repeat(64), sizeBytes: 7 } } }), says: 'graphs.generator.file' },
  { name: 'an absolute path', change: (m: Record<string, unknown>) => ({ ...m, graphs: { generator: { file: '/etc/x.onnx', sha256: 'a'.repeat(64), sizeBytes: 7 } } }), says: 'graphs.generator.file' },
  { name: 'another schema', change: (m: Record<string, unknown>) => ({ ...m, schema: 2 }), says: 'schema' },
  { name: 'a size that no graph has', change: (m: Record<string, unknown>) => ({ ...m, graphs: { generator: { file: 'generator.onnx', sha256: 'a'.repeat(64), sizeBytes: 2 ** 40 } } }), says: 'sizeBytes' },
  { name: "another package's name", change: (m: Record<string, unknown>) => ({ ...m, id: 'alpha' }), says: '"alpha"' },
  { name: 'a manifest of more than a mebibyte', change: (m: Record<string, unknown>) => ' '.repeat(2 ** 20) + JSON.stringify(m), says: 'larger than' },
])('a manifest with $name is refused in words, and the others stay', async ({ change, says }) => {
  write('alpha');
  write('odd', change);
  const packages = openPackages([root]);
  await expect(packages.get('odd')).rejects.toMatchObject({ code: 'package/invalid', message: expect.stringContaining(says), hint: expect.any(String) });
  expect((await packages.list()).map(({ manifest }) => manifest.id)).toEqual(['alpha']);
  expect(await packages.unreadable()).toEqual([{ folder: 'odd', message: expect.stringContaining(says), hint: expect.any(String) }]);
});

test.skipIf(process.platform === 'win32')('a graph that is a link is refused: it could lead anywhere', async () => {
  const dir = write('linked');
  writeFileSync(path.join(root, 'elsewhere.onnx'), graph);
  rmSync(path.join(dir, 'generator.onnx'));
  symlinkSync(path.join(root, 'elsewhere.onnx'), path.join(dir, 'generator.onnx'));
  await expect(openPackages([root]).get('linked')).rejects.toMatchObject({ code: 'package/invalid', message: expect.stringContaining('not a plain file') });
});

test.each(['absent', '../whole', 'whole/..', '', 'WHOLE', 'a'.repeat(65)])('a package named "%s" is not found', async (id) => {
  write('whole');
  await expect(openPackages([root]).get(id)).rejects.toMatchObject({ code: 'package/not-found' });
});

test('of two places the first wins, and only the last is not bundled; a place that does not exist is empty', async () => {
  const own = path.join(root, 'own');
  const bundled = path.join(root, 'bundled');
  write('both', undefined, bundled);
  write('both', (m) => ({ ...m, version: '9.9.9' }), own);
  write('mine', undefined, own);
  const list = await openPackages([bundled, path.join(root, 'missing'), own]).list();
  expect(list.map((summary) => [summary.manifest.id, summary.manifest.version, summary.bundled])).toEqual([['both', '1.2.3', true], ['mine', '1.2.3', false]]);
});
