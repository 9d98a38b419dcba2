/**
 * Builds everything that runs: the page (Vite) and the Node-side entries (bundled to dist/, dependencies stay in node_modules).
 * Quick the second time: a target is left alone when every source file is what it was.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

const nodeEntries = {
  'node/cli': 'electron/hosts/cli/main.ts',
  'node/dicom-worker': 'electron/core/library/workers/dicom-worker.ts',
  'node/engine-process': 'electron/engine/main.ts',
  'electron/main': 'electron/main.ts',
};
const preloadEntry = 'electron/preload.ts';

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

/** Builds what is out of date. `targets` is any of "node" and "page". */
export async function build({ targets = ['node', 'page'], quiet = false } = {}) {
  const common = { configFile: false, root, logLevel: quiet ? 'error' : 'warn' };
  if (targets.includes('node')) {
    await once('node', ['electron'], async () => {
      const vite = await import('vite');
      const input = Object.fromEntries(Object.entries(nodeEntries).filter(([, file]) => existsSync(path.join(root, file))).map(([name, file]) => [name, path.join(root, file)]));
      if (Object.keys(input).length > 0) await vite.build({
        ...common,
        ssr: { target: 'node' },
        build: { ssr: true, target: 'node20', outDir: 'dist', emptyOutDir: false, sourcemap: true, minify: false, rollupOptions: { input, external: ['electron'], output: { entryFileNames: '[name].js', chunkFileNames: 'node/chunks/[name]-[hash].js' } } },
      });
      if (existsSync(path.join(root, preloadEntry))) {
        // A sandboxed preload script must be one CommonJS file.
        await vite.build({
          ...common,
          build: { ssr: true, target: 'node20', outDir: 'dist/electron', emptyOutDir: false, rollupOptions: { input: { preload: path.join(root, preloadEntry) }, external: ['electron'], output: { format: 'cjs', entryFileNames: '[name].cjs' } } },
        });
      }
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
