#!/usr/bin/env node
/** `scanloom COMMAND …` from a checkout: installs and builds what is missing, then runs the command line. */
import { callersFolder, prepare, root } from './prepare.mjs';

await prepare();
const { build } = await import('./build.mjs');
await build({ targets: process.argv[2] === 'serve' ? ['node', 'page'] : ['node'] });
const { runNode } = await import('./run-node.mjs');
const path = await import('node:path');
process.exitCode = await runNode([path.join(root, 'dist', 'node', 'cli.js'), ...process.argv.slice(2)], { cwd: callersFolder() });
