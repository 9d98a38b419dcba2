/**
 * Makes dictionary-data.ts from a table of PS3.6 (tab separated: tag, keyword, name, vr, vm, retired), as kept beside the project:
 *
 *     node electron/core/dicom/generate-dictionary.mjs ../shared/data/standard/data_dictionary.tsv
 *
 * One line an attribute, `ggggeeee VR keyword`; repeating groups keep their `x`, a VR of several is written `US/SS`.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const rows = readFileSync(process.argv[2], 'utf8').trim().split('\n').slice(1).map((line) => line.split('\t'));
const lines = rows
  .filter(([tag, keyword, , vr]) => tag && keyword && /^[A-Z]{2}/.test(vr ?? ''))
  .map(([tag, keyword, , vr]) => `${tag.toLowerCase()} ${vr} ${keyword}`);
const header = `/** The data dictionary of DICOM PS3.6 (edition 2026c): tag, VR, keyword. Made by generate-dictionary.mjs; do not edit. */\n`;
writeFileSync(new URL('./dictionary-data.ts', import.meta.url), `${header}export const dictionaryText = \`\n${lines.join('\n')}\n\`;\n`);
process.stdout.write(`${lines.length} attributes\n`);
