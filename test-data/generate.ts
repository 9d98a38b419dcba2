/** Writes the phantoms into test-data, in place: `node electron/setup/generate-test-data.mjs`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { phantomFiles } from './generator/phantom-files.ts';

export async function generate(folder: string): Promise<number> {
  let count = 0;
  for await (const { path: relative, bytes } of phantomFiles()) {
    const target = path.join(folder, relative);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, bytes);
    count += 1;
  }
  return count;
}
