/** The tables of PS3.15 Annex E, ready to be asked. */
import type { DeidentifyOption } from '#contract';
import { profileText, retiredTextTags, safePrivateText, srConceptText, standardUidText } from './profile-data.ts';

/** PS3.15 Table E.1-1a. `K` and `C` come from options only. */
export type ActionCode = 'D' | 'Z' | 'X' | 'K' | 'C' | 'U' | 'Z/D' | 'X/Z' | 'X/D' | 'X/Z/D' | 'X/Z/U*';

/** What one row says: the Basic Profile's code, and the code of each option that has one. */
export interface ProfileRow {
  readonly basic: ActionCode;
  readonly options: Readonly<Partial<Record<DeidentifyOption, 'K' | 'C'>>>;
}

const columnOptions: Readonly<Record<string, DeidentifyOption>> = {
  p: 'retain-safe-private', u: 'retain-uids', d: 'retain-device-identity', i: 'retain-institution-identity', c: 'retain-patient-characteristics',
  f: 'retain-full-dates', m: 'retain-modified-dates', t: 'clean-descriptors', s: 'clean-structured-content', g: 'clean-graphics',
};

function lines(text: string): string[] {
  return text.trim().split('\n');
}

function rowOfWords(basic: string, words: readonly string[]): ProfileRow {
  return { basic: basic as ActionCode, options: Object.fromEntries(words.filter((word) => word !== '').map((word) => [columnOptions[word[0]!]!, word.slice(1) as 'K' | 'C'])) };
}

/** Every row of Table E.1-1 by tag; `50xxxxxx` and `60xx….` stand for repeating groups, `private` for all odd groups. */
export const profileRows: ReadonlyMap<string, ProfileRow> = new Map(lines(profileText).map((line) => {
  const [tag, basic, ...words] = line.split(' ');
  return [tag!, rowOfWords(basic!, words)];
}));

/** The row of a standard attribute, undefined when the table does not have it. Curves and overlays are in even groups only (PS3.5 7.6). */
export function profileRow(tag: string): ProfileRow | undefined {
  return profileRows.get(tag) ?? (tag.startsWith('50') ? profileRows.get('50xxxxxx') : tag.startsWith('60') ? profileRows.get(`60xx${tag.slice(4)}`) : undefined);
}

const concepts = new Map(lines(srConceptText).map((line) => {
  const [scheme, code, valueType, basic, options] = line.split('|');
  return [`${scheme}|${code}|${valueType}`, rowOfWords(basic!, options!.split(' '))];
}));

/** The row of Table E.3.4-1 for a content item; undefined for concepts that it does not have. */
export function conceptRow(scheme: string, code: string, valueType: string): ProfileRow | undefined {
  return concepts.get(`${scheme}|${code}|${valueType}`);
}

export function conceptRows(): ReadonlyMap<string, ProfileRow> {
  return concepts;
}

const safePrivate = new Map(lines(safePrivateText).map((line) => {
  const [group, low, creator, vr] = line.split('|');
  return [`${group}|${low}|${creator}`, vr!];
}));

/** VR of a private attribute of Table E.3.10-1 (`''` where the table gives none), undefined for all others. @param low Low byte of the element, two hex digits. */
export function safePrivateVr(group: string, low: string, creator: string): string | undefined {
  return safePrivate.get(`${group}|${low}|${creator}`);
}

export function safePrivateRows(): ReadonlyMap<string, string> {
  return safePrivate;
}

const standardPrefix = '1.2.840.10008.';
const standardUids = new Set(lines(standardUidText));

/** True for UIDs that PS3.6 registers and for context groups: they name things of the standard and are never replaced (PS3.15 E.3.9). */
export function isStandardUid(uid: string): boolean {
  if (!uid.startsWith(standardPrefix)) return false;
  const rest = uid.slice(standardPrefix.length);
  return standardUids.has(rest) || /^6\.1\.[1-9][0-9]{0,3}$/.test(rest);
}

const retiredText = new Set(lines(retiredTextTags));

/** Retired attributes that hold text and that the table does not judge: nothing needs them. */
export function isRetiredText(tag: string): boolean {
  return retiredText.has(tag);
}
