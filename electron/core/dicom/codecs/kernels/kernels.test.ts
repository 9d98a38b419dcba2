import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

test('the WebAssembly is what the .as files compile to', async () => {
  const { kernelsData } = (await import('./generate-kernels.mjs' as string)) as { kernelsData(): Promise<string> };
  const made = readFileSync(path.join(import.meta.dirname, 'kernels-data.ts'), 'utf8');
  expect(made === (await kernelsData()), 'run node electron/core/dicom/codecs/kernels/generate-kernels.mjs').toBe(true);
});
