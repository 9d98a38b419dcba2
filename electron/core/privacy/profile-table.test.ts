/**
 * The table tests itself: for every row of PS3.15 Table E.1-1, every option column and several IODs, an object with that attribute, at the top and
 * nested, goes through; what comes out must be what the code says. Rows are read from the published table where it is at hand, so that a fault of
 * the generator is found, too; types are looked up again from the module tables, not through the code under test.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DeidentifyOption } from '#contract';
import { DataSet, isValidUid, keywordOf, parseDicom, vrOf, writeDicom, type DataElement } from '#dicom';
import { deidentifyObject } from './deidentify-object.ts';
import { profileText } from './profile-data.ts';
import { createProject } from './project.ts';

const folder = path.resolve(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data', 'standard');
const hasTables = existsSync(path.join(folder, 'ps315_table_E1-1.tsv'));
if (!hasTables && process.env['CI'] !== undefined) throw new Error('The tables of the standard are missing: ../shared/data/standard.');

const columns: Readonly<Record<string, DeidentifyOption>> = {
  retain_uids: 'retain-uids', retain_device: 'retain-device-identity', retain_institution: 'retain-institution-identity', retain_patient_chars: 'retain-patient-characteristics', retain_full_dates: 'retain-full-dates',
  retain_modified_dates: 'retain-modified-dates', clean_descriptors: 'clean-descriptors', clean_structured: 'clean-structured-content', clean_graphics: 'clean-graphics', retain_safe_private: 'retain-safe-private',
};
const letters: Readonly<Record<string, string>> = { u: 'retain_uids', d: 'retain_device', i: 'retain_institution', c: 'retain_patient_chars', f: 'retain_full_dates', m: 'retain_modified_dates', t: 'clean_descriptors', s: 'clean_structured', g: 'clean_graphics', p: 'retain_safe_private' };

interface Row {
  readonly tag: string;
  readonly basic: string;
  readonly options: Readonly<Record<string, string>>;
}

function publishedRows(): Row[] {
  const [head, ...lines] = readFileSync(path.join(folder, 'ps315_table_E1-1.tsv'), 'utf8').trimEnd().split('\n').map((line) => line.split('\t'));
  const at = (cells: readonly string[], name: string): string => cells[head!.indexOf(name)] ?? '';
  return lines.map((cells) => ({
    tag: at(cells, 'tag').replace(/[(),]/g, '').toLowerCase(),
    basic: at(cells, 'basic'),
    options: Object.fromEntries(Object.keys(columns).map((name) => [name, at(cells, name)]).filter(([, code]) => code !== '')),
  }));
}

function ownRows(): Row[] {
  return profileText.trim().split('\n').map((line) => {
    const [tag, basic, ...words] = line.split(' ');
    return { tag: tag!, basic: basic!, options: Object.fromEntries(words.map((word) => [letters[word[0]!]!, word.slice(1)])) };
  });
}

const rows = hasTables ? publishedRows() : ownRows();
/** Rows that stand for many tags get one of them. */
const standsFor = (tag: string): string => (tag === '50xxxxxx' ? '50023000' : tag.startsWith('60xx') ? `6004${tag.slice(4)}` : tag);

const iods: readonly (readonly [string, string])[] = [
  ['ct-image', '1.2.840.10008.5.1.4.1.1.2'], ['enhanced-mr-image', '1.2.840.10008.5.1.4.1.1.4.1'], ['segmentation', '1.2.840.10008.5.1.4.1.1.66.4'], ['rt-structure-set', '1.2.840.10008.5.1.4.1.1.481.3'],
];

/** Strictest type of an attribute at the top of an IOD, over its mandatory modules first, as PS3.3 A.1.3 has it; by hand from the module tables. */
function typesOf(iod: string): ReadonlyMap<string, string> {
  const modules = (JSON.parse(readFileSync(path.join(folder, 'iod_modules.json'), 'utf8')) as Record<string, { modules: { module: string; usage: string }[] }>)[iod]!.modules;
  const attributes = JSON.parse(readFileSync(path.join(folder, 'module_attributes.json'), 'utf8')) as Record<string, [string, string][]>;
  const types = new Map<string, { rank: number; type: string }>();
  for (const { module, usage } of modules) {
    for (const [type, place] of attributes[module]!) {
      const keyword = place.replace(/\*$/, '');
      if (keyword.includes('/')) continue;
      const rank = 'MCU'.indexOf(usage) * 10 + ['1', '2', '1C', '2C', '3'].indexOf(type);
      if (rank < (types.get(keyword)?.rank ?? 99)) types.set(keyword, { rank, type });
    }
  }
  return new Map([...types].map(([keyword, { type }]) => [keyword, type[0]!]));
}

const canary = 'Qvcanary';
const project = createProject(new Uint8Array(32).fill(3));
const valueOf: Readonly<Record<string, string>> = { DA: '20200229', TM: '131415', DT: '20200229131415', UI: '1.2.826.0.1.3680043.8.498.77', AS: '042Y', DS: '1.5', IS: '7', UR: 'http://qvcanary.example', CS: 'QVCANARY', AE: 'QVCANARY', PN: `${canary}^Ada` };

function elementOf(tag: string): DataElement {
  const vr = vrOf(tag);
  if (vr === 'SQ') return { tag, vr, value: [new DataSet().setString('TextValue', canary, 'UT').setString('PatientBirthName', canary).setString('ReferencedSOPClassUID', '1.2.840.10008.5.1.4.1.1.2').setString('ReferencedSOPInstanceUID', '1.2.826.0.1.3680043.8.498.99')] };
  if (['US', 'SS', 'UL', 'SL', 'FL', 'FD', 'OW', 'AT'].includes(vr)) return { tag, vr: tag === '60043000' ? 'OW' : vr, value: new Uint8Array(8).fill(9) };
  const text = tag === '00080201' ? '+0100' : (valueOf[vr] ?? `${canary} head`);
  return { tag, vr: vr === 'UN' ? 'UN' : vr, value: Buffer.from(text.length % 2 === 0 ? text : `${text}${vr === 'UI' ? '\0' : ' '}`) };
}

function objectWith(sopClass: string, element: DataElement, nested: boolean): DataSet {
  const set = new DataSet().setString('SOPClassUID', sopClass).setString('SOPInstanceUID', '1.2.826.0.1.3680043.8.498.1').setString('StudyInstanceUID', '1.2.826.0.1.3680043.8.498.2');
  // A sequence that the profile keeps, in a sequence that it keeps.
  const inner = nested ? new DataSet() : set;
  if (element.tag.startsWith('60')) inner.setString(`${element.tag.slice(0, 4)}0040`, 'R', 'CS').setBytes(`${element.tag.slice(0, 4)}3000`, 'OW', new Uint8Array(8).fill(9));
  inner.set(element);
  return nested ? set.setSequence('ReferencedSeriesSequence', [new DataSet().setSequence('AnatomicRegionSequence', [inner])]) : set;
}

/** The element after the profile, as it is read back from a file. */
function after(sopClass: string, element: DataElement, nested: boolean, options: readonly DeidentifyOption[]): DataElement | undefined {
  const dataset = objectWith(sopClass, element, nested);
  const made = deidentifyObject({ meta: new DataSet(), dataset, transferSyntaxUid: '1.2.840.10008.1.2.1', notices: [], pixelDataSkipped: false }, { options: new Set(options), scanloom: 'test' }, project);
  const read = parseDicom(writeDicom(made)).dataset;
  return (nested ? read.sequence('ReferencedSeriesSequence')[0]!.sequence('AnatomicRegionSequence')[0]! : read).get(element.tag);
}

/** What a code says of an attribute of this type (PS3.15 Table E.1-1a). */
function meant(code: string, type: string): string {
  const level = type === '1' || type === '2' ? type : '3';
  switch (code) {
    case 'Z/D': return level === '1' ? 'D' : 'Z';
    case 'X/Z': return level === '3' ? 'X' : level === '2' ? 'Z' : 'D';
    case 'X/D': return level === '3' ? 'X' : 'D';
    case 'X/Z/D': return level === '3' ? 'X' : level === '2' ? 'Z' : 'D';
    case 'X/Z/U*': return level === '3' ? 'X' : 'U';
    case 'Z': return level === '1' ? 'D' : 'Z';
    default: return code;
  }
}

const bytesOf = (element: DataElement): string => (element.value instanceof Uint8Array ? Buffer.from(element.value).toString('latin1').replace(/[\s\0]+$/, '') : JSON.stringify('kind' in element.value ? null : element.value.map((item) => [...item.elements()].map((inner) => [inner.tag, bytesOf(inner)]))));

/** Whether an outcome is what the action says; a sentence when not. */
function judge(action: string, before: DataElement, now: DataElement | undefined, basic: string): string | null {
  const text = now === undefined ? '' : bytesOf(now);
  const isSequence = before.vr === 'SQ';
  if (action !== 'K' && text.toLowerCase().includes(canary.toLowerCase())) return 'the value is still there';
  switch (action) {
    case 'X':
      return now === undefined ? null : 'it is still there';
    case 'Z':
      return now === undefined ? 'it is gone' : text === '' || text !== bytesOf(before) ? null : 'its value is still there';
    case 'D':
      if (now === undefined) return 'it is gone';
      return (now.value instanceof Uint8Array ? now.value.length > 0 : text !== '[]') && text !== bytesOf(before) ? null : 'it has no dummy';
    case 'U':
      if (now === undefined) return 'it is gone';
      if (isSequence) return text.includes('2.25.') && !text.includes('498.99') ? null : 'its UIDs were not replaced';
      return text !== bytesOf(before) && isValidUid(text) && text.startsWith('2.25.') ? null : 'it is no other UID';
    case 'K':
      if (now === undefined) return 'it is gone';
      // A kept sequence has the profile applied inside (a name goes); a kept value is the same.
      return isSequence ? (text.includes(canary) ? 'its items were not cleaned' : null) : text === bytesOf(before) ? null : 'it was changed';
    case 'C':
      if (before.vr === 'DA' || before.vr === 'DT') {
        const shift = project.shiftDays('study 1.2.826.0.1.3680043.8.498.2');
        const day = new Date(Date.UTC(2020, 1, 29) + shift * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
        return text === bytesOf(before).replace('20200229', day) ? null : `it is ${text}, not ${day}`;
      }
      if (before.vr === 'TM' || before.tag === '00080201') return text === bytesOf(before) ? null : 'a time of day was changed';
      // Cleaned, or what the Basic Profile does where nothing can be cleaned.
      return ['LO', 'SH', 'ST', 'LT', 'UT', 'UC'].includes(before.vr) ? (text === 'head' ? null : `only “head” could stay, not “${text}”`) : now === undefined && !basic.startsWith('X') ? 'it is gone' : null;
    default:
      return `no such action: ${action}`;
  }
}

describe('Table E.1-1', () => {
  test('has the rows that were published', () => {
    expect(rows).toHaveLength(656);
    expect(ownRows().filter(({ tag }) => tag !== 'private').length).toBe(655);
    if (hasTables) expect(ownRows().map((row) => (row.tag === 'private' ? 'private' : row))).toEqual(publishedRows().map((row) => (row.tag.startsWith('gggg') ? 'private' : row)));
  });

  /** Commands, file meta and directories are no part of an object (PS3.10 7): they go whatever the table says of them elsewhere. */
  const isOutside = (tag: string): boolean => tag < '00080000';
  const choices: readonly (string | null)[] = [null, ...Object.keys(columns)];

  test.each(iods)('in %s: each row under the Basic Profile and under each option is what its code says', (iod, sopClass) => {
    const types = hasTables ? typesOf(iod) : null;
    const wrong: string[] = [];
    let checked = 0;
    for (const row of rows) {
      if (row.tag === 'private' || row.tag.startsWith('gggg')) continue;
      const tag = standsFor(row.tag);
      const element = elementOf(tag);
      for (const option of choices) {
        for (const nested of [false, true]) {
          if (types === null && row.basic.includes('/')) continue;
          const code = option === null ? undefined : row.options[option];
          let action = code ?? meant(row.basic, nested ? '3' : (types?.get(keywordOf(tag)) ?? '3'));
          if (isOutside(tag)) action = 'X';
          // Curves cannot be cleaned, drawn overlays neither: they go, which a cleaned attribute may.
          if (code === 'C' && tag.startsWith('50')) action = 'X';
          // A moved date that is published gives the distance away: these two get a dummy.
          if (code === 'C' && (tag === '00080106' || tag === '00080107')) action = 'D';
          const problem = judge(action, element, after(sopClass, element, nested, option === null ? [] : [columns[option]!]), row.basic);
          checked += 1;
          if (problem !== null) wrong.push(`${tag} ${keywordOf(tag)} (${row.basic}, ${option ?? 'basic'}${nested ? ', nested' : ''}): ${action}, but ${problem}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    if (types !== null) expect(checked).toBe(655 * 11 * 2);
  });

  test('private attributes go without the option; repeating groups are even ones only', () => {
    const set = new DataSet().setString('SOPClassUID', iods[0]![1]).setString('SOPInstanceUID', '1.2.3')
      .setString('60010010', canary, 'LO').setString('60011000', canary, 'LO').setBytes('50013000', 'OB', new Uint8Array(4)).setBytes('60203000', 'OW', new Uint8Array(4)).setString('60200040', 'R', 'CS').setNumber('60200010', 4, 'US');
    const made = (options: DeidentifyOption[]): string[] => [...deidentifyObject({ meta: new DataSet(), dataset: set, transferSyntaxUid: '1.2.840.10008.1.2.1', notices: [], pixelDataSkipped: false }, { options: new Set(options), scanloom: 'test' }, project).dataset.elements()].map(({ tag }) => tag).filter((tag) => tag.startsWith('5') || tag.startsWith('6'));
    expect(made([])).toEqual([]);
    expect(made(['clean-graphics'])).toEqual(['60200010', '60200040', '60203000']);
  });
});
