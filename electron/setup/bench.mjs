/** `npm run bench`: the measurements of tests/bench, printed as tables. They assert nothing about time. */
import { prepare, root } from './prepare.mjs';

await prepare();
const { build } = await import('./build.mjs');
await build({ targets: ['node'] });
const { runNode } = await import('./run-node.mjs');
const path = await import('node:path');
process.exitCode = await runNode([path.join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--config', path.join('tests', 'bench', 'vitest.config.ts'), ...process.argv.slice(2)], { cwd: root });
