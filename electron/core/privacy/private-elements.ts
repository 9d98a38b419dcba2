/**
 * Private attributes under the Retain Safe Private Option, PS3.15 E.3.10: kept when Table E.3.10-1 has them, or when the object itself says that
 * their block, or they in their block, identify nobody (0008,0300). They are known by group, creator and low byte, never by their whole number.
 */
import { DataSet, type DataElement } from '#dicom';
import { safePrivateVr } from './profile.ts';

export interface PrivateBlock {
  readonly creatorTag: string;
  readonly creator: string;
}

/** What the object says of its own private blocks. */
export interface Declarations {
  isSafe(group: string, creator: string, low: string): boolean;
}

const declaredSequence = '00080300';

/** Reads Private Data Element Characteristics Sequence (PS3.3 C.12.1.1.7). */
export function declarationsOf(dataset: DataSet): Declarations {
  const whole = new Set<string>();
  const single = new Set<string>();
  for (const item of dataset.sequence(declaredSequence)) {
    const group = (item.number('PrivateGroupReference') ?? 0).toString(16).padStart(4, '0');
    const creator = item.string('PrivateCreatorReference');
    if (creator === '') continue;
    if (item.string('BlockIdentifyingInformationStatus') === 'SAFE') whole.add(`${group}|${creator}`);
    for (const element of item.numbers('NonidentifyingPrivateElements')) single.add(`${group}|${creator}|${(element & 0xff).toString(16).padStart(2, '0')}`);
  }
  return { isSafe: (group, creator, low) => whole.has(`${group}|${creator}`) || single.has(`${group}|${creator}|${low}`) };
}

/** The block a private attribute lies in; null for creators themselves and for attributes without an owner (PS3.5 7.8.1). */
export function blockOf(tag: string, dataset: DataSet): PrivateBlock | null {
  const block = tag.slice(4, 6);
  if (block === '00') return null;
  const creatorTag = `${tag.slice(0, 4)}00${block}`;
  const creator = dataset.string(creatorTag);
  return creator === '' ? null : { creatorTag, creator };
}

/** VRs that a declaration alone does not make safe: bytes that nobody can read, and names. */
const neverDeclared = new Set(['UN', 'OB', 'OW', 'OF', 'OD', 'OL', 'OV', 'PN']);

/**
 * The VR under which a private attribute may be looked at further, null when it must go.
 *
 * Bytes are kept for what the table lists alone; a sequence of the table whose items were not parsed is not kept whole.
 */
export function keptPrivateVr(element: DataElement, block: PrivateBlock, declarations: Declarations): string | null {
  const [group, low] = [element.tag.slice(0, 4), element.tag.slice(6)];
  const listed = safePrivateVr(group, low, block.creator);
  if (listed !== undefined) {
    const vr = listed === '' || listed.includes('/') ? element.vr : listed;
    if (vr === 'SQ') return element.vr === 'SQ' ? 'SQ' : null;
    return element.vr === 'SQ' || vr === 'UN' ? null : vr;
  }
  return declarations.isSafe(group, block.creator, low) && !neverDeclared.has(element.vr) ? element.vr : null;
}

/** The declarations that are still about something: of blocks whose creator is kept. */
export function keptDeclarations(dataset: DataSet, kept: DataSet): DataSet[] {
  const creators = new Set<string>();
  const visit = (set: DataSet): void => {
    for (const { tag, vr } of set.elements()) {
      if (vr === 'SQ') for (const item of set.sequence(tag)) visit(item);
      else if (/^...[13579bdf]00[1-9a-f][0-9a-f]$/.test(tag)) creators.add(`${Number.parseInt(tag.slice(0, 4), 16)}|${set.string(tag)}`);
    }
  };
  visit(kept);
  return dataset.sequence(declaredSequence).flatMap((item) => {
    if (!creators.has(`${item.number('PrivateGroupReference') ?? 0}|${item.string('PrivateCreatorReference')}`)) return [];
    const keys = ['PrivateGroupReference', 'PrivateCreatorReference', 'NonidentifyingPrivateElements', 'BlockIdentifyingInformationStatus'];
    return [new DataSet(keys.flatMap((key) => item.get(key) ?? []), item.characterSets)];
  });
}
