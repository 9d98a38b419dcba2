/** `npm run fuzz -- --count 20000 --seed 7`: damaged inputs through parser and decoders, more than the tests take. What it finds lies in tests/output/fuzz. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { prepare, root } from './prepare.mjs';

const { values } = parseArgs({ options: { count: { type: 'string', default: '20000' }, seed: { type: 'string', default: String(Math.floor(Date.now() / 86_400_000)) } } });
await prepare();
const { runNode } = await import('./run-node.mjs');
process.exitCode = await runNode([path.join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', path.join('tests', 'fuzz', 'fuzz.test.ts'), '--disable-console-intercept'], { cwd: root, env: { SCANLOOM_FUZZ_COUNT: values.count, SCANLOOM_FUZZ_SEED: values.seed } });
