/**
 * Makes iod-data.ts from tables of PS3.3 (module_attributes.json, iod_modules.json) and the dictionary, as kept beside the project:
 *
 *     node electron/core/dicom/iod/generate-iod-data.mjs ../shared/data/standard
 *
 * Attributes become trees: one line a list of attributes, each `TYPE` and `ggggeeee`, `*` where the Code Sequence Macro (PS3.3 Table 8.8-1)
 * follows, `:N` where the items have the attributes of line N. Equal lists, such as macros, are kept once.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const folder = process.argv[2];
const json = (name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
const tags = new Map(readFileSync(path.join(folder, 'data_dictionary.tsv'), 'utf8').trim().split('\n').slice(1).map((line) => line.split('\t')).map(([tag, keyword]) => [keyword, tag.toLowerCase()]));
const iods = json('iod_modules.json');
const modules = json('module_attributes.json');

const trees = [];
const places = new Map();

function placeOf(node) {
  const line = [...node].sort(([a], [b]) => (a < b ? -1 : 1)).map(([tag, { type, coded, children }]) => `${type}${tag}${coded ? '*' : ''}${children.size === 0 ? '' : `:${placeOf(children)}`}`).join(' ');
  if (!places.has(line)) {
    places.set(line, trees.length);
    trees.push(line);
  }
  return places.get(line);
}

function treeOf(rows) {
  const root = new Map();
  for (const [type, where] of rows) {
    const names = where.split('/');
    let level = root;
    names.forEach((name, depth) => {
      const coded = name.endsWith('*');
      const tag = tags.get(coded ? name.slice(0, -1) : name);
      if (tag === undefined || tag === '') throw new Error(`no tag for ${name}`);
      if (!level.has(tag)) level.set(tag, { type: '3', coded: false, children: new Map() });
      const node = level.get(tag);
      if (depth === names.length - 1) Object.assign(node, { type, coded });
      level = node.children;
    });
  }
  return root;
}

const used = [...new Set(Object.values(iods).flatMap((iod) => iod.modules.map(({ module }) => module)))].sort();
const moduleLines = used.map((name) => `${name} ${placeOf(treeOf(modules[name]))}`);
const iodLines = Object.entries(iods).map(([name, iod]) => `${name} ${iod.sop_classes.join(',')} ${iod.modules.map(({ module, usage }) => `${usage}:${module}`).join(' ')}`);

const text = (name, lines) => `export const ${name} = \`\n${lines.join('\n')}\n\`;\n`;
writeFileSync(
  new URL('./iod-data.ts', import.meta.url),
  `/** Modules of the image, segmentation, parametric map, structure set and presentation state IODs of DICOM PS3.3 (edition 2026b) with the types of their attributes. Made by generate-iod-data.mjs; do not edit. */\n${text('iodText', iodLines)}${text('moduleText', moduleLines)}${text('treeText', trees)}`,
);
process.stdout.write(`${iodLines.length} IODs, ${moduleLines.length} modules, ${trees.length} lists of attributes\n`);
