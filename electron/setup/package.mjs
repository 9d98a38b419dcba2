/** `npm run package`: the installers of this system, from a clean build. Arguments go to electron-builder (`-- --dir` leaves the unpacked program). */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { prepare, root } from './prepare.mjs';

await prepare();
rmSync(path.join(root, 'dist'), { recursive: true, force: true });
const { build } = await import('./build.mjs');
await build();
const { runNode } = await import('./run-node.mjs');
process.exitCode = await runNode([path.join(root, 'node_modules', 'electron-builder', 'cli.js'), '--config', 'electron-builder.yml', '--publish', 'never', ...process.argv.slice(2)], { cwd: root });
