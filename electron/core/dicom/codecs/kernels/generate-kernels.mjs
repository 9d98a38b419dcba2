/**
 * Makes kernels-data.ts: the WebAssembly of the .as files beside this one, which are AssemblyScript.
 * To be run after a change of one of them: `node electron/core/dicom/codecs/kernels/generate-kernels.mjs`. kernels.test.ts holds the two together.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';

const folder = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
export const names = ['jpeg-ls', 'rle'];

/** The WebAssembly of one kernel. It has its memory to itself and no runtime: nothing is allocated in it. */
export async function compiled(name) {
  const source = readFileSync(path.join(folder, `${name}.as`), 'utf8');
  let binary = null;
  const { error, stderr } = await asc.main([`${name}.ts`, '-O3', '--runtime', 'stub', '--noAssert', '--enable', 'simd', '--use', 'abort=', '--outFile', 'out.wasm'], {
    readFile: (file) => (file === `${name}.ts` ? source : null),
    writeFile: (file, content) => { if (file === 'out.wasm') binary = content; },
    listFiles: () => [],
  });
  if (error !== null || binary === null) throw new Error(`${name}: ${error?.message ?? 'no output'}\n${stderr.toString()}`);
  return Buffer.from(binary);
}

export async function kernelsData() {
  const lines = [];
  for (const name of names) lines.push(`  '${name}': '${(await compiled(name)).toString('base64')}',`);
  return `/** WebAssembly of the inner loops, base64. Made by generate-kernels.mjs from the .as files; do not edit. */\nexport const kernelsData = {\n${lines.join('\n')}\n} as const;\n`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) writeFileSync(path.join(folder, 'kernels-data.ts'), await kernelsData());
