/** Names and VRs of attributes: PS3.6. Keywords (`PatientName`) and tags (`00100010`) are both addresses of an element. */
import { ScanloomError } from '#contract/errors';
import { dictionaryText } from './dictionary-data.ts';

interface Entry {
  readonly vr: string;
  readonly keyword: string;
}

const byTag = new Map<string, Entry>();
const byKeyword = new Map<string, string>();
/** Repeating groups and elements, e.g. `60xx3000`. */
const patterns: { readonly pattern: RegExp; readonly entry: Entry }[] = [];

for (const line of dictionaryText.trim().split('\n')) {
  const [tag, vr, keyword] = line.split(' ') as [string, string, string];
  const entry = { vr, keyword };
  if (tag.includes('x')) patterns.push({ pattern: new RegExp(`^${tag.replaceAll('x', '[0-9a-f]')}$`), entry });
  else {
    byTag.set(tag, entry);
    byKeyword.set(keyword, tag);
  }
}

/** Keywords that the program asked for: a few hundred, found much faster than among all. */
const askedFor = new Map<string, string>();
const tagShape = /^[0-9a-f]{8}$/;

/** Tags that were looked for among the patterns, found or not; files bring the same ones again and again. */
const lookedFor = new Map<string, Entry | null>();
/** Untrusted input may bring any number of tags: no more than these are remembered. */
const mostRemembered = 20_000;

function entryOf(tag: string): Entry | undefined {
  const exact = byTag.get(tag);
  if (exact !== undefined) return exact;
  const known = lookedFor.get(tag);
  if (known !== undefined) return known ?? undefined;
  const found = patterns.find(({ pattern }) => pattern.test(tag))?.entry;
  if (lookedFor.size < mostRemembered) lookedFor.set(tag, found ?? null);
  return found;
}

const tagTexts = new Map<number, string>();

/** `ggggeeee` of group and element numbers. The same text is given again, so that a million elements do not need a million texts. */
export function tagText(group: number, element: number): string {
  const value = group * 0x10000 + element;
  const known = tagTexts.get(value);
  if (known !== undefined) return known;
  const text = value.toString(16).padStart(8, '0');
  if (tagTexts.size < mostRemembered) tagTexts.set(value, text);
  return text;
}

/**
 * The tag `ggggeeee` of a keyword; a tag is given back as it is.
 *
 * @throws {ScanloomError} `internal` for a name that is neither: a spelling mistake in our own code.
 */
export function tagOf(keywordOrTag: string): string {
  const asked = askedFor.get(keywordOrTag);
  if (asked !== undefined) return asked;
  const tag = byKeyword.get(keywordOrTag);
  if (tag !== undefined) {
    askedFor.set(keywordOrTag, tag);
    return tag;
  }
  if (byTag.has(keywordOrTag) || tagShape.test(keywordOrTag)) return keywordOrTag;
  throw new ScanloomError('internal', `No attribute is called ${keywordOrTag}.`);
}

/** The keyword of a tag, `''` when the dictionary does not have it (private, or newer than the edition). */
export function keywordOf(tag: string): string {
  return entryOf(tag)?.keyword ?? '';
}

export function isPrivateTag(tag: string): boolean {
  return (Number.parseInt(tag[3]!, 16) & 1) === 1;
}

/**
 * The VR the dictionary gives; where it gives several, the one that context decides (PS3.5 Annex A.1 note, PS3.6).
 *
 * @param pixelRepresentation Decides US or SS; 0 when not known.
 * @returns `UN` for tags that are not in the dictionary; group lengths are `UL`, private creators `LO` (PS3.5 7.8.1).
 */
export function vrOf(tag: string, pixelRepresentation: number = 0): string {
  if (tag.endsWith('0000')) return 'UL';
  if (isPrivateTag(tag)) return /^....00[1-9a-f][0-9a-f]$/.test(tag) ? 'LO' : 'UN';
  const vr = entryOf(tag)?.vr;
  if (vr === undefined) return 'UN';
  if (vr === 'US/SS') return pixelRepresentation === 1 ? 'SS' : 'US';
  if (vr.includes('OW')) return 'OW';
  return vr.slice(0, 2);
}

/** Every VR the dictionary allows for a tag, e.g. `US/SS`; `''` when unknown. */
export function allowedVrs(tag: string): readonly string[] {
  return entryOf(tag)?.vr.split('/') ?? [];
}
