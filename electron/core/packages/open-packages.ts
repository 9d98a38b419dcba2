/** Reads and checks model packages: folders with `manifest.json`, graphs, card and samples. Nothing in a package is believed before it is checked. */
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { sha256File, sha256Hex } from '#base';
import { Manifest, PackageId, ScanloomError, type PackageSummary } from '#contract';
import type { Packages, UnreadablePackage, VerifiedPackage } from './types.ts';

const bounds = {
  manifestBytes: 2 ** 20,
  cardBytes: 2 ** 20,
  samplesBytes: 64 * 2 ** 20,
  /** Package folders looked at in one place; what comes after them by name is not listed. */
  foldersListed: 1000,
};

/**
 * @param folders Places whose subfolders are packages, searched in order: of two packages with one id the first wins. With more than one
 * place the last is the library's own; the others came with the program (`bundled`). A place that does not exist is empty.
 */
export function openPackages(folders: readonly string[]): Packages {
  /** Digests by path, size and times: a file that did not change is not read again. */
  const digests = new Map<string, { readonly stamp: string; readonly sha256: Promise<string> }>();

  async function digestOf(file: string, stamp: string): Promise<string> {
    const known = digests.get(file);
    if (known?.stamp === stamp) return known.sha256;
    const sha256 = sha256File(file);
    digests.set(file, { stamp, sha256 });
    sha256.catch(() => digests.delete(file));
    return sha256;
  }

  /** Every folder that could be a package, by its name; of two with one name the first. */
  async function findFolders(): Promise<Map<string, { dir: string; bundled: boolean }>> {
    const found = new Map<string, { dir: string; bundled: boolean }>();
    for (const [index, folder] of folders.entries()) {
      const names = await readdir(folder).catch(() => []);
      for (const name of names.sort().slice(0, bounds.foldersListed)) {
        if (!PackageId.safeParse(name).success || found.has(name)) continue;
        const dir = path.resolve(folder, name);
        // The training recipes lie beside the bundled packages: a folder without a manifest is not a package.
        if ((await lstat(path.join(dir, 'manifest.json')).catch(() => null)) === null) continue;
        found.set(name, { dir, bundled: folders.length === 1 || index < folders.length - 1 });
      }
    }
    return found;
  }

  async function verifyGraphs(dir: string, manifest: Manifest): Promise<void> {
    for (const [role, graph] of Object.entries(manifest.graphs)) {
      const file = await plainFile(dir, graph.file, `the graph "${role}"`);
      if (file.size !== graph.sizeBytes) {
        throw new ScanloomError('package/hash-mismatch', `The package ${manifest.id} is damaged: ${graph.file} has ${file.size} bytes instead of ${graph.sizeBytes}.`, { hint: reinstall });
      }
      if ((await digestOf(file.path, file.stamp)) !== graph.sha256) {
        throw new ScanloomError('package/hash-mismatch', `The package ${manifest.id} is damaged: ${graph.file} is not the file that the manifest names.`, { hint: reinstall });
      }
    }
  }

  async function located(id: string): Promise<{ dir: string; bundled: boolean }> {
    const found = PackageId.safeParse(id).success ? (await findFolders()).get(id) : undefined;
    if (found === undefined) throw new ScanloomError('package/not-found', 'There is no package of that name.', { hint: '"scanloom models list" shows the packages that are installed.' });
    return found;
  }

  async function get(id: string): Promise<VerifiedPackage> {
    const { dir } = await located(id);
    const { manifest, manifestSha256 } = await readManifest(dir, id);
    await verifyGraphs(dir, manifest);
    return { manifest, manifestSha256, dir };
  }

  return {
    get,
    async list() {
      const summaries: PackageSummary[] = [];
      for (const [name, { dir, bundled }] of [...(await findFolders())].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const read = await readManifest(dir, name).catch(() => null);
        if (read === null) continue;
        const state = await verifyGraphs(dir, read.manifest).then(
          () => ({ status: 'verified' as const }),
          (thrown: unknown) => ({ status: 'damaged' as const, message: ScanloomError.from(thrown).message }),
        );
        summaries.push({ ...read, bundled, state });
      }
      return summaries;
    },
    async unreadable() {
      const refused: UnreadablePackage[] = [];
      for (const [name, { dir }] of await findFolders()) {
        await readManifest(dir, name).catch((thrown: unknown) => {
          const { message, hint } = ScanloomError.from(thrown);
          refused.push({ folder: name, message, hint });
        });
      }
      return refused;
    },
    async card(id) {
      const { dir } = await located(id);
      return new TextDecoder('utf-8').decode(await readBounded(dir, 'CARD.md', bounds.cardBytes, 'the card'));
    },
    async samples(id) {
      const { dir } = await located(id);
      return readBounded(dir, 'samples.png', bounds.samplesBytes, 'the picture of samples');
    },
  };
}

const reinstall = 'A file changed or was copied badly: install the package again.';

/** The manifest, believed in its form; its hashes are not checked here. */
async function readManifest(dir: string, folderName: string): Promise<{ manifest: Manifest; manifestSha256: string }> {
  const invalid = (sentence: string, cause?: unknown): ScanloomError =>
    new ScanloomError('package/invalid', `The folder "${folderName}" is not a package that Scanloom can use: ${sentence}.`, { hint: 'The form of a manifest is published in docs/schemas/package-manifest.schema.json; ask whoever made the package.', cause });
  const bytes = await readBounded(dir, 'manifest.json', bounds.manifestBytes, 'the manifest');
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw invalid('manifest.json is not JSON', cause);
  }
  const parsed = Manifest.safeParse(json);
  if (!parsed.success) {
    const issues = parsed.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.') || 'manifest'}: ${issue.message}`).join('; ');
    throw invalid(`manifest.json: ${issues.slice(0, 600)}`);
  }
  const manifest = parsed.data;
  if (manifest.id !== folderName) throw invalid(`its manifest is that of "${manifest.id}"`);
  if (manifest.task === 'synthesize') {
    const { classes, nullClass, defaults, limits } = manifest.synthesize;
    if (nullClass < classes.length) throw invalid('synthesize.nullClass is also a class');
    if (defaults.steps < limits.steps[0] || defaults.steps > limits.steps[1]) throw invalid('synthesize.defaults.steps lies outside its limits');
    if (defaults.guidance < limits.guidance[0] || defaults.guidance > limits.guidance[1]) throw invalid('synthesize.defaults.guidance lies outside its limits');
  }
  return { manifest, manifestSha256: sha256Hex(bytes) };
}

/** A regular file that lies in the package's own folder: links are refused, since they could lead anywhere. */
async function plainFile(dir: string, name: string, what: string): Promise<{ path: string; size: number; stamp: string }> {
  const file = path.join(dir, name);
  const found = await lstat(file, { bigint: true }).catch(() => null);
  if (found === null) throw new ScanloomError('package/invalid', `The package "${path.basename(dir)}" has no ${name} (${what}).`, { hint: reinstall });
  if (!found.isFile() || path.dirname(await realpath(file)) !== (await realpath(dir))) {
    throw new ScanloomError('package/invalid', `In the package "${path.basename(dir)}" ${name} is not a plain file.`, { hint: 'Links and folders are refused, because a package may come from anywhere.' });
  }
  return { path: file, size: Number(found.size), stamp: `${found.size} ${found.mtimeNs} ${found.ctimeNs} ${found.ino}` };
}

async function readBounded(dir: string, name: string, maxBytes: number, what: string): Promise<Uint8Array> {
  const { path: file, size } = await plainFile(dir, name, what);
  if (size > maxBytes) throw new ScanloomError('package/invalid', `In the package "${path.basename(dir)}" ${what} is larger than ${maxBytes} bytes.`, { hint: 'Ask whoever made the package.' });
  const handle = await open(file, 'r');
  try {
    return new Uint8Array(await handle.readFile());
  } finally {
    await handle.close();
  }
}
