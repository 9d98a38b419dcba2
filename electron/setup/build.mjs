/**
 * Builds everything that runs: the page (Vite) and the Node-side entries (bundled to dist/, dependencies stay in node_modules).
 * Quick the second time: a target is left alone when every source file is what it was.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

const nodeEntries = {
  'node/cli': 'electron/hosts/cli/main.ts',
  'node/dicom-worker': 'electron/core/library/workers/dicom-worker.ts',
  'node/deidentify-worker': 'electron/core/exports/deidentify/deidentify-worker.ts',
  'node/engine-process': 'electron/engine/main.ts',
  'electron/main': 'electron/main.ts',
  'electron/preload': 'electron/preload.ts',
};

/** Path, size and time of every source file: a change of any of them makes a new fingerprint. */
function fingerprint(folders) {
  const lines = [];
  const visit = (entry) => {
    if (!existsSync(entry)) return;
    const stat = statSync(entry);
    if (stat.isDirectory()) {
      for (const name of readdirSync(entry).sort()) visit(path.join(entry, name));
    } else if (!/\.test\.tsx?$/.test(entry)) lines.push(`${path.relative(root, entry)} ${stat.size} ${stat.mtimeMs}`);
  };
  for (const folder of folders) visit(path.join(root, folder));
  return lines.join('\n');
}

async function once(name, sources, make, quiet) {
  const stamp = path.join(root, 'dist', `.${name}.stamp`);
  const now = fingerprint([...sources, 'package.json', 'package-lock.json', 'vite.config.ts', 'electron/setup/build.mjs']);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return;
  if (!quiet) process.stderr.write(`Building ${name} …\n`);
  await make();
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, now);
}

/**
 * Dependencies of many small files, which go into each entry: a thread that starts opens one file instead of two hundred, and has read its first
 * image in a third of the time.
 */
const small = ['zod', 'fast-png', 'fflate', 'iobuffer', 'nifti-reader-js', 'dicom-parser'];

/**
 * Bundles one entry, apart from all others: a fault in one leaves the others usable, and none shares code with another at run time.
 * Made beside and moved into place, so that a process that starts meanwhile never reads half a file.
 */
async function bundle(vite, name, file, quiet) {
  const staged = path.join(root, 'dist', `.staged-${process.pid}`);
  const [folder, base] = name.split('/');
  // A sandboxed preload script must be one CommonJS file.
  const format = base === 'preload' ? { format: 'cjs', entryFileNames: '[name].cjs' } : { entryFileNames: '[name].js', chunkFileNames: `chunks/${base}-[hash].js` };
  try {
    await vite.build({
      configFile: false,
      root,
      logLevel: quiet ? 'error' : 'warn',
      ssr: { target: 'node', noExternal: small },
      build: {
        ssr: true, target: 'node20', outDir: staged, emptyOutDir: true, sourcemap: true, minify: false,
        rollupOptions: { input: { [base]: path.join(root, file) }, external: ['electron'], output: format },
      },
    });
    for (const made of readdirSync(staged, { recursive: true, withFileTypes: true })) {
      if (!made.isFile()) continue;
      const from = path.join(made.parentPath, made.name);
      const to = path.join(root, 'dist', folder, path.relative(staged, from));
      mkdirSync(path.dirname(to), { recursive: true });
      renameSync(from, to);
    }
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

/**
 * Builds what is out of date. `targets` is any of "node" and "page".
 * @throws the first fault, after every entry that has none was built.
 */
export async function build({ targets = ['node', 'page'], quiet = false } = {}) {
  if (targets.includes('node')) {
    await once('node', ['electron'], async () => {
      const vite = await import('vite');
      const faults = [];
      for (const [name, file] of Object.entries(nodeEntries)) {
        if (existsSync(path.join(root, file))) await bundle(vite, name, file, quiet).catch((fault) => faults.push(fault));
      }
      if (faults.length > 0) throw faults[0];
    }, quiet);
  }
  if (targets.includes('page') && existsSync(path.join(root, 'renderer', 'index.html'))) {
    await once('page', ['renderer', 'electron/contract'], async () => {
      const vite = await import('vite');
      await vite.build({ configFile: path.join(root, 'vite.config.ts'), logLevel: quiet ? 'error' : 'warn' });
    }, quiet);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await build();
