/** Each layer is type-checked with only the globals that it may see, and a planted use of another one's is caught. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const layers = [
  { name: 'contract', files: 10, globals: { document: false, process: false } },
  { name: 'node', files: 100, globals: { document: false, process: true } },
  { name: 'page', files: 30, globals: { document: true, process: false } },
] as const;

test.each(layers)('$name sees its own globals only', { timeout: 300_000 }, ({ name, files, globals }) => {
  const config = path.join(import.meta.dirname, 'layers', `${name}.json`);
  const parsed = ts.getParsedCommandLineOfConfigFile(config, {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (fault) => { throw new Error(ts.flattenDiagnosticMessageText(fault.messageText, '\n')); } })!;
  expect(parsed.fileNames.length).toBeGreaterThan(files);
  const folder = mkdtempSync(path.join(tmpdir(), 'scanloom-layer-'));
  try {
    const planted = path.join(folder, 'planted.ts');
    writeFileSync(planted, 'export const page = document.title;\nexport const node = process.pid;\n');
    const program = ts.createProgram([...parsed.fileNames, planted], parsed.options);
    const found = ts.getPreEmitDiagnostics(program).map((fault) => {
      const where = fault.file === undefined ? '' : `${path.relative(folder, fault.file.fileName)}:${fault.file.getLineAndCharacterOfPosition(fault.start ?? 0).line + 1} `;
      return `${where}${ts.flattenDiagnosticMessageText(fault.messageText, '\n')}`;
    });
    expect(found.filter((line) => !line.startsWith('planted.ts'))).toEqual([]);
    const refused = (word: string): boolean => found.some((line) => line.startsWith('planted.ts') && line.includes(`'${word}'`));
    expect({ document: !refused('document'), process: !refused('process') }).toEqual(globals);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
