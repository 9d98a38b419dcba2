/** What every format promises. A new one joins by its line in the table. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile, mkdir, symlink, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sha256Hex } from '#base';
import { ExportFormat, ScanloomError, type ExportFile, type ExportManifest, type VerifyReport } from '#contract';
import { verifyFolder, writeExport, type ExportSource } from '#exports';
import { checksumsFile, parseChecksums } from './checksums.ts';
import { formats } from './formats.ts';
import { label, type MadeBy } from './marks.ts';
import { axialCt, fakeSources, unevenCt, type Fakes } from './testing/fake-sources.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'scanloom-exports-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(root, { recursive: true, force: true });
});

async function exported(format: ExportFormat, fakes: Fakes = fakeSources(), name = 'out') {
  const target = path.join(root, name);
  const written = await writeExport({ exportId: 'e0e0e0e0-0000-4000-8000-000000000000', format, target, createdAt: new Date('2026-01-02T03:04:05Z'), scanloom: '0.1.0', ...fakes });
  return { target, ...written };
}

async function filesBelow(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)).split(path.sep).join('/')).sort();
}

const codes = (report: VerifyReport): string[] => [...new Set(report.findings.map((finding) => finding.code))].sort();
const firstImage = (manifest: ExportManifest, provenance: 'enhanced' | 'synthetic' = 'enhanced'): string => {
  const ids = new Set(manifest.items.filter((item) => item.provenance === provenance).map((item) => item.itemId));
  return manifest.files.find((file) => file.role === 'image' && ids.has(file.itemId!))!.path;
};

/** Writes a file anew and makes every digest that names it true again, as someone who wants to hide a change would. */
async function forge(target: string, relative: string, bytes: Uint8Array | string): Promise<void> {
  await writeFile(path.join(target, relative), bytes);
  const sums = parseChecksums(await readFile(path.join(target, 'checksums.sha256'), 'utf8'))!;
  if (relative !== 'manifest.json') {
    const manifest = JSON.parse(await readFile(path.join(target, 'manifest.json'), 'utf8')) as ExportManifest;
    const file = manifest.files.find((entry) => entry.path === relative)!;
    Object.assign(file, { sha256: sha256Hex(bytes), sizeBytes: Buffer.byteLength(bytes) });
    const text = JSON.stringify(manifest);
    await writeFile(path.join(target, 'manifest.json'), text);
    sums.set('manifest.json', sha256Hex(text));
  }
  sums.set(relative, sha256Hex(bytes));
  await writeFile(path.join(target, 'checksums.sha256'), checksumsFile(sums));
}

/** Images of one item, in order. */
const imagesOf = (manifest: ExportManifest, itemId: string): ExportFile[] => manifest.files.filter((file) => file.role === 'image' && file.itemId === itemId);

/** What a file says in plain letters, also when it is packed. */
const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;
const unpacked = (bytes: Buffer): Buffer => (isGzip(bytes) ? gunzipSync(bytes) : bytes);
const packedAs = (like: Buffer, bytes: Buffer): Buffer => (isGzip(like) ? gzipSync(bytes) : bytes);
const provenances = ['enhanced', 'synthetic'] as const satisfies readonly MadeBy[];

/** The same export with the first item's frames changed, under the same marks, sidecars and ledger. */
function fakesWith(change: (source: ExportSource) => ExportSource['frame']): Fakes {
  const fakes = fakeSources();
  const [source] = fakes.sources;
  fakes.sources[0] = { ...source!, frame: change(source!) };
  return fakes;
}

/** Puts the first item's images of one export into another, digests made true. */
async function forgeImages(target: string, manifest: ExportManifest, from: string): Promise<void> {
  for (const file of imagesOf(manifest, manifest.items[0]!.itemId)) await forge(target, file.path, await readFile(path.join(from, file.path)));
}

describe.each(ExportFormat.options)('%s', (format) => {
  test('stands in a folder of its name and says what it is', () => {
    expect(formats[format].format).toBe(format);
    expect(existsSync(path.join(import.meta.dirname, format, `${format}-format.ts`))).toBe(true);
    expect(formats[format].label).toMatch(/\S/);
    expect(formats[format].description).toMatch(/\.$/);
  });

  test('each image file says in itself what a model did, and the report names the format', async () => {
    const { target, manifest } = await exported(format);
    for (const { itemId, provenance } of manifest.items) {
      for (const { path: where } of imagesOf(manifest, itemId)) {
        const text = unpacked(await readFile(path.join(target, where))).toString('latin1');
        expect(text, where).toContain(label[provenance]);
        expect(text, where).not.toContain(label[provenance === 'enhanced' ? 'synthetic' : 'enhanced']);
      }
    }
    expect(await readFile(path.join(target, 'report.html'), 'utf8')).toContain(` as ${formats[format].label}.`);
  });

  test('an export verifies, and nothing lies beside it', async () => {
    const { target, manifest } = await exported(format);
    expect(await verifyFolder(target)).toMatchObject({ ok: true, findings: [], filesChecked: manifest.files.length });
    expect(await readdir(root)).toEqual(['out']);
    expect(manifest.counts).toEqual({ enhanced: 2, synthetic: 2, undecided: 3, files: manifest.files.length });
  });

  test('manifest and checksums name every file but themselves', async () => {
    const { target, manifest } = await exported(format);
    const files = await filesBelow(target);
    expect([...manifest.files.map((file) => file.path), 'manifest.json', 'checksums.sha256'].sort()).toEqual(files);
    const sums = parseChecksums(await readFile(path.join(target, 'checksums.sha256'), 'utf8'))!;
    expect([...sums.keys(), 'checksums.sha256'].sort()).toEqual(files);
    for (const [name, hash] of sums) expect(sha256Hex(await readFile(path.join(target, name)))).toBe(hash);
  });

  test('names of image files say what a model did, and nothing of the patient', async () => {
    const { manifest } = await exported(format);
    const provenance = new Map(manifest.items.map((item) => [item.itemId, item.provenance]));
    for (const file of manifest.files.filter((entry) => entry.role === 'image')) {
      expect(path.posix.basename(file.path)).toMatch(provenance.get(file.itemId!) === 'enhanced' ? /^ai-enhanced-/ : /^synthetic-/);
      expect(file.path).not.toMatch(/phantom|one/i);
    }
  });

  test('the same items again give the same image files', async () => {
    const first = await exported(format);
    const second = await exported(format, fakeSources(), 'again');
    const images = (manifest: ExportManifest) => manifest.files.filter((file) => file.role === 'image').map((file) => [file.path, file.sha256]);
    expect(images(second.manifest)).toEqual(images(first.manifest));
  });

  test('the ledger travels with whole entries for what is exported and bare links between', async () => {
    const { target } = await exported(format);
    const lines = (await readFile(path.join(target, 'ledger.jsonl'), 'utf8')).trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map((line) => line['kind'] ?? 'link')).toEqual(['item', 'item', 'link', 'link', 'item', 'decision', 'item']);
    expect(JSON.stringify(lines)).not.toContain('pituitary');
  });

  test('an existing target is refused and left alone', async () => {
    await mkdir(path.join(root, 'out'));
    await expect(exported(format)).rejects.toMatchObject({ code: 'export/exists' });
    expect(await readdir(root)).toEqual(['out']);
    expect(await readdir(path.join(root, 'out'))).toEqual([]);
  });

  test.each<{ name: string; broken: (source: ExportSource) => ExportSource; code: string }>([
    { name: 'a full disk', code: 'disk/full', broken: (source) => ({ ...source, frame: () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' })) }) },
    { name: 'values that are no numbers', code: 'export/invalid', broken: (source) => ({ ...source, frame: async (n) => (await source.frame(n)).map((value, i) => (i === 5 ? NaN : value)) }) },
    { name: 'an image of the wrong size', code: 'export/invalid', broken: (source) => ({ ...source, frame: async (n) => (await source.frame(n)).subarray(1) }) },
  ])('$name leaves nothing behind', async ({ broken, code }) => {
    const fakes = fakeSources();
    fakes.sources[1] = broken(fakes.sources[1]!);
    await expect(exported(format, fakes)).rejects.toSatisfy((thrown: unknown) => (code === 'disk/full' ? (thrown as { code: string }).code === 'ENOSPC' || (thrown as { code: string }).code === code : (thrown as { code: string }).code === code));
    expect(await readdir(root)).toEqual([]);
  });

  test('pixels that change between writing and reading back are noticed', async () => {
    const { readBack } = formats[format];
    vi.spyOn(formats[format], 'readBack').mockImplementation((source, written, stage) =>
      readBack({ ...source, frame: async (n) => (await source.frame(n)).map((value, i) => (i === 77 && n === 0 ? value + 90 : value)) }, written, stage));
    await expect(exported(format)).rejects.toMatchObject({ code: 'export/verification-failed' });
    expect(await readdir(root)).toEqual([]);
  });

  test('what could not be committed is taken away again', async () => {
    const target = path.join(root, 'out');
    const commit = (_written: unknown, publish: () => void): void => {
      publish();
      throw new Error('the database said no');
    };
    await expect(writeExport({ exportId: 'e0e0e0e0-0000-4000-8000-000000000000', format, target, createdAt: new Date(), scanloom: '0.1.0', ...fakeSources(), commit })).rejects.toThrow('the database said no');
    expect(await readdir(root)).toEqual([]);
  });

  test('a stop ends it before the next image and leaves nothing; until then each image is told once', async () => {
    const stop = new AbortController();
    const told: number[][] = [];
    const order = { exportId: 'e0e0e0e0-0000-4000-8000-000000000000', format, target: path.join(root, 'out'), createdAt: new Date(), scanloom: '0.1.0', ...fakeSources() };
    const onProgress = (done: number, total: number): void => {
      told.push([done, total]);
      if (done === 2) stop.abort(new ScanloomError('job/cancelled', 'Enough.'));
    };
    await expect(writeExport({ ...order, signal: stop.signal, onProgress })).rejects.toMatchObject({ code: 'job/cancelled' });
    const total = order.sources.reduce((sum, source) => sum + source.images.length, 0);
    expect(total).toBeGreaterThan(2);
    expect(told).toEqual([[1, total], [2, total]]);
    expect(await readdir(root)).toEqual([]);
    await writeExport({ ...order, onProgress: (...now) => void told.push(now) });
    expect(told.at(-1)).toEqual([total, total]);
  });

  describe('verify finds', () => {
    test('a flipped byte in an image', async () => {
      const { target, manifest } = await exported(format);
      const where = path.join(target, firstImage(manifest));
      const bytes = await readFile(where);
      bytes[bytes.length - 9] = bytes[bytes.length - 9]! ^ 1;
      await writeFile(where, bytes);
      const report = await verifyFolder(target);
      expect(report.ok).toBe(false);
      expect(report.findings).toContainEqual(expect.objectContaining({ code: 'hash-differs', path: firstImage(manifest) }));
    });

    test('a missing file', async () => {
      const { target, manifest } = await exported(format);
      await rm(path.join(target, firstImage(manifest)));
      expect((await verifyFolder(target)).findings).toContainEqual(expect.objectContaining({ code: 'file-missing', path: firstImage(manifest) }));
    });

    test.runIf(formats[format].hasSidecar)('a sidecar that was taken out everywhere', async () => {
      const { target, manifest } = await exported(format);
      const sidecar = manifest.files.find((file) => file.role === 'sidecar')!;
      await rm(path.join(target, sidecar.path));
      const files = manifest.files.filter((file) => file !== sidecar);
      await forge(target, 'manifest.json', JSON.stringify({ ...manifest, files, counts: { ...manifest.counts, files: files.length } }));
      expect(codes(await verifyFolder(target))).toContain('sidecar-missing');
    });

    test('an added file, and a link', async () => {
      const { target } = await exported(format);
      await writeFile(path.join(target, 'notes.txt'), 'hello');
      await symlink('/etc', path.join(target, 'link'));
      expect(codes(await verifyFolder(target))).toEqual(['file-extra', 'file-kind']);
    });

    test('two images that changed places, digests made true', async () => {
      const { target, manifest } = await exported(format);
      const enhanced = path.join(target, firstImage(manifest));
      const synthetic = firstImage(manifest, 'synthetic');
      const bytes = await readFile(enhanced);
      await forge(target, synthetic, bytes);
      expect((await verifyFolder(target)).ok).toBe(false);
    });

    test('two frames of one item that changed places, digests made true', async () => {
      const { target, manifest } = await exported(format, fakeSources([unevenCt]));
      const [first, second] = imagesOf(manifest, manifest.items[0]!.itemId);
      if (first === undefined || second === undefined) {
        // All images are in one file, so that only their values can tell; that they do is tested below.
        expect(formats[format].values).toBe('float32');
        return;
      }
      const [bytes, others] = [await readFile(path.join(target, first.path)), await readFile(path.join(target, second.path))];
      await forge(target, first.path, others);
      await forge(target, second.path, bytes);
      const report = await verifyFolder(target);
      expect(report.findings).toContainEqual(expect.objectContaining({ level: 'error', path: first.path }));
      expect(report.findings).toContainEqual(expect.objectContaining({ level: 'error', path: second.path }));
    });

    test('an image that was left out everywhere', async () => {
      const { target, manifest } = await exported(format, fakeSources([unevenCt]));
      const left = imagesOf(manifest, manifest.items[0]!.itemId).at(-1)!;
      await rm(path.join(target, left.path));
      const files = manifest.files.filter((file) => file !== left);
      await forge(target, 'manifest.json', JSON.stringify({ ...manifest, files, counts: { ...manifest.counts, files: files.length } }));
      const sums = parseChecksums(await readFile(path.join(target, 'checksums.sha256'), 'utf8'))!;
      sums.delete(left.path);
      await writeFile(path.join(target, 'checksums.sha256'), checksumsFile(sums));
      expect(codes(await verifyFolder(target))).toContain('frames-differ');
    });

    // With integers the ledger's digests cannot be made again: what is not found there is said here, so that nobody promises it.
    test.each<{ name: string; change: (source: ExportSource) => ExportSource['frame'] }>([
      { name: 'pixels that changed', change: (source) => async (n) => (await source.frame(n)).map((value, i) => (n === 1 && i === 77 ? value * 0.5 : value)) },
      { name: 'the values of two frames that changed places', change: (source) => (n) => source.frame(n === 0 ? 1 : n === 1 ? 0 : n) },
    ])('$name under true marks, digests made true: where the file holds float32', async ({ change }) => {
      const { target, manifest } = await exported(format);
      const { target: other } = await exported(format, fakesWith(change), 'other');
      await forgeImages(target, manifest, other);
      expect(codes(await verifyFolder(target))).toEqual(formats[format].values === 'float32' ? ['pixels-differ'] : []);
    });

    test.each(provenances)('the mark of an %s image that was taken out of its file, digests made true', async (provenance) => {
      const { target, manifest } = await exported(format);
      const where = firstImage(manifest, provenance);
      const bytes = await readFile(path.join(target, where));
      const without = Buffer.from(unpacked(bytes).toString('latin1').replaceAll(label[provenance], 'x'.repeat(label[provenance].length)), 'latin1');
      await forge(target, where, packedAs(bytes, without));
      expect((await verifyFolder(target)).findings).toContainEqual(expect.objectContaining({ level: 'error', path: where }));
    });

    test('a ledger entry that was edited, digests made true', async () => {
      const { target } = await exported(format);
      const text = await readFile(path.join(target, 'ledger.jsonl'), 'utf8');
      await forge(target, 'ledger.jsonl', text.replace('"seed":7', '"seed":8'));
      expect(codes(await verifyFolder(target))).toEqual(['ledger-broken']);
    });

    test('a ledger entry that was left out', async () => {
      const { target } = await exported(format);
      const lines = (await readFile(path.join(target, 'ledger.jsonl'), 'utf8')).split('\n');
      await forge(target, 'ledger.jsonl', [...lines.slice(0, 2), ...lines.slice(3)].join('\n'));
      expect(codes(await verifyFolder(target))).toContain('ledger-broken');
    });

    test('an undecided image that the manifest calls accepted', async () => {
      const { target, manifest } = await exported(format);
      const changed = { ...manifest, counts: { ...manifest.counts, undecided: 2 }, items: manifest.items.map((item, n) => (n === 3 ? { ...item, decision: 'accepted' } : item)) };
      await forge(target, 'manifest.json', JSON.stringify(changed));
      expect(codes(await verifyFolder(target))).toContain('decision-differs');
    });

    test.each(['../outside.txt', '/etc/passwd', 'png/../../x', 'a\\..\\b', 'C:/x', 'nul.txt'])('the path %s in the manifest, without reading it', async (trick) => {
      const { target, manifest } = await exported(format);
      const changed = { ...manifest, files: manifest.files.map((file, n) => (n === 0 ? { ...file, path: trick } : file)) };
      await forge(target, 'manifest.json', JSON.stringify(changed));
      expect((await verifyFolder(target)).findings).toContainEqual(expect.objectContaining({ code: 'path-unsafe', path: trick }));
    });
  });

  test('verify of a folder that is no export says so', async () => {
    expect(codes(await verifyFolder(path.join(root, 'nowhere')))).toEqual(['folder-unreadable']);
    await mkdir(path.join(root, 'empty'));
    expect(codes(await verifyFolder(path.join(root, 'empty')))).toEqual(['manifest-missing']);
    await writeFile(path.join(root, 'empty', 'manifest.json'), '{"schema":1}');
    expect(codes(await verifyFolder(path.join(root, 'empty')))).toEqual(['manifest-invalid']);
  });

  test('an export may be moved', async () => {
    const { target } = await exported(format);
    await rename(target, path.join(root, 'elsewhere'));
    expect((await verifyFolder(path.join(root, 'elsewhere'))).ok).toBe(true);
  });
});

test('NIfTI: one volume where the slices make one, one file an image where they do not', async () => {
  const even = await exported('nifti', fakeSources([axialCt]));
  const uneven = await exported('nifti', fakeSources([unevenCt]), 'uneven');
  const volumes = (manifest: ExportManifest) => manifest.files.filter((file) => file.role === 'image' && file.path.includes('ai-enhanced'));
  expect(volumes(even.manifest)).toHaveLength(1);
  expect(volumes(uneven.manifest).map((file) => file.frame)).toEqual([0, 1, 2, 3]);
  expect(await verifyFolder(uneven.target)).toMatchObject({ ok: true, findings: [] });
});
