/** Makes the phantoms of test-data again. They come out byte for byte the same; test-data/generate.test.ts holds that. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const { module } = await runnerImport(path.join(root, 'test-data', 'generate.ts'), { root, configFile: false, logLevel: 'error' });
const count = await module.generate(path.join(root, 'test-data'));
console.log(`${count} files written`);
