/**
 * Makes profile-data.ts from tables of the standard (tab separated), as kept beside the project:
 *
 *     node electron/core/privacy/generate-profile.mjs ../shared/data/standard
 *
 * What goes in: PS3.15 tables E.1-1, E.3.4-1 and E.3.10-1 (2026c), the UIDs of PS3.6 (2026c), and retired attributes that hold text.
 * The types of attributes, on which codes such as X/Z/D depend, are those of the DICOM room (`dicom/iod/`).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const folder = process.argv[2];
const text = (name) => readFileSync(path.join(folder, name), 'utf8').trim();
const table = (name) => {
  const [head, ...lines] = text(name).split('\n').map((line) => line.split('\t'));
  return lines.map((cells) => Object.fromEntries(head.map((column, at) => [column, (cells[at] ?? '').trim()])));
};

/** One letter an option column; profile.ts names them. */
const columns = {
  retain_safe_private: 'p', retain_uids: 'u', retain_device: 'd', retain_institution: 'i', retain_patient_chars: 'c',
  retain_full_dates: 'f', retain_modified_dates: 'm', clean_descriptors: 't', clean_structured: 's', clean_graphics: 'g',
};
const options = (row) => Object.entries(columns).filter(([name]) => row[name]).map(([name, letter]) => letter + row[name]).join(' ');
const bare = (tag) => tag.replace(/[(),]/g, '').toLowerCase();

const dictionary = table('data_dictionary.tsv');

const rows = table('ps315_table_E1-1.tsv').map((row) => ({ ...row, key: /^\([0-9A-Fa-fx]{4},[0-9A-Fa-fx]{4}\)$/.test(row.tag) ? bare(row.tag) : 'private' }));
const profile = rows.map((row) => [row.key, row.basic, options(row)].join(' ').trim());
const concepts = table('ps315_table_E3.4-1_sr_concepts.tsv').map((row) => [row.scheme, row.code, row.value_type, row.basic, options(row)].join('|'));
const safePrivate = table('ps315_table_E3.10-1_safe_private.tsv').map((row) => {
  const [, group, low] = /^\(([0-9A-Fa-f]{4}),xx([0-9A-Fa-f]{2})\)$/.exec(row.tag);
  return [group.toLowerCase(), low.toLowerCase(), row.private_creator, row.vr].join('|');
});

const prefix = '1.2.840.10008.';
const uids = table('uids.tsv').map((row) => Object.values(row)[0]).filter((uid) => uid.startsWith(prefix)).map((uid) => uid.slice(prefix.length));
const inTable = new Set(rows.map((row) => row.key));
const retiredText = dictionary.filter((row) => row.retired === 'Y' && /^(LO|SH|LT|ST|UT|PN|AE|UC|UR|DA|DT|TM)$/.test(row.vr) && !row.tag.includes('x') && !inTable.has(row.tag.toLowerCase())).map((row) => row.tag.toLowerCase());

const block = (name, about, lines) => `\n/** ${about} */\nexport const ${name} = \`\n${lines.join('\n')}\n\`;\n`;
writeFileSync(new URL('./profile-data.ts', import.meta.url), `/**
 * Tables of de-identification. Source: DICOM PS3.15 2026c Annex E (E.1-1, E.3.4-1, E.3.10-1), PS3.6 2026c Annex A.
 * Made by generate-profile.mjs; do not edit.
 */
${block('profileText', `Table E.1-1: tag, code of the Basic Profile, codes of options (${Object.entries(columns).map(([name, letter]) => `${letter} ${name}`).join(', ')}).`, profile)}${block('srConceptText', 'Table E.3.4-1: coding scheme, code, value type, code of the Basic Profile, codes of options.', concepts)}${block('safePrivateText', 'Table E.3.10-1: group, low byte of the element, private creator, VR.', safePrivate)}${block('standardUidText', 'UIDs that PS3.6 registers, without 1.2.840.10008.', uids)}${block('retiredTextTags', 'Retired attributes that hold text, names or dates and are not in Table E.1-1.', retiredText)}`);
process.stdout.write(`${profile.length} attributes, ${concepts.length} concepts, ${safePrivate.length} private, ${uids.length} UIDs, ${retiredText.length} retired\n`);
