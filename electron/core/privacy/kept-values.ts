/** Values that stay: looked through for what their VR cannot hold and for the words of the person's identity. */
import { tagOf, type DataElement, type DataSet } from '#dicom';
import { isTemporal } from './dates.ts';
import { namesSomebody, withoutIdentity, type IdentityWords } from './identity-words.ts';

/** Code values are figures often enough; only a word in them can be a name. */
const codeValues = new Set(['CodeValue', 'LongCodeValue', 'URNCodeValue', 'CodingSchemeDesignator', 'CodingSchemeVersion'].map(tagOf));
/** Versions of coding schemes are dates of their own. */
const schemeVersion = tagOf('CodingSchemeVersion');
const textVrs = new Set(['LO', 'SH', 'ST', 'LT', 'UT', 'UC']);

/** Longer text is no description, and is not looked through word by word. */
export const longestTextBytes = 2 ** 20;
/** Bytes are looked through in pieces; a word may lie across two. */
const chunkBytes = 2 ** 22;
const overlapBytes = 256;
const byteVrs = new Set(['OB', 'OW', 'OF', 'OD', 'OL', 'OV']);
const iccProfile = tagOf('ICCProfile');

/** The signature of a colour profile, ICC.1:2022 7.2. */
function isIccProfile(bytes: Uint8Array): boolean {
  return bytes.length >= 128 && Buffer.from(bytes.subarray(36, 40)).toString('latin1') === 'acsp';
}

/** Bytes are figures; what reads like words in them is looked through all the same. Without zero bytes, UTF-16 reads like plain text. */
function bytesNameSomebody(bytes: Uint8Array, identity: IdentityWords): boolean {
  if (identity.size === 0) return false;
  for (let start = 0; start < bytes.length; start += chunkBytes) if (chunkNamesSomebody(bytes.subarray(Math.max(0, start - overlapBytes), start + chunkBytes), identity)) return true;
  return false;
}

function chunkNamesSomebody(bytes: Uint8Array, identity: IdentityWords): boolean {
  const text = Buffer.from(bytes.filter((byte) => byte !== 0)).toString('latin1');
  return (text.match(/[\x20-\x7e\xc0-\xff]{4,}/g) ?? []).some((run) => namesSomebody(run.replace(/(?<![A-Za-z0-9])[A-Za-z0-9]{1,3}(?![A-Za-z0-9])/g, ' '), identity));
}

/** What becomes of a value that stays: itself, a new text, or nothing that may stay. */
export type Kept = { readonly kind: 'same' } | { readonly kind: 'text'; readonly values: readonly string[] } | { readonly kind: 'none' };

/** A decimal string, padded; some writers take a comma. */
const number = /^[\s\0]*([+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?)?[\s\0]*$/;

const same: Kept = { kind: 'same' };
const none: Kept = { kind: 'none' };

export function keptValue(element: DataElement, dataset: DataSet, identity: IdentityWords): Kept {
  const { tag, vr, value } = element;
  if (!(value instanceof Uint8Array) || value.length === 0) return same;
  if (vr === 'DS' || vr === 'IS') return Buffer.from(value).toString('latin1').split('\\').every((text) => number.test(text)) ? same : none;
  if (vr === 'UI') return /^[\d.\\\s\0]*$/.test(Buffer.from(value).toString('latin1')) ? same : none;
  if (vr === 'AS') return /^\s*(\d{1,3}[DWMYdwmy]?)?[\s\0]*$/.test(Buffer.from(value).toString('latin1')) ? same : none;
  if (vr === 'DA' || vr === 'DT' || vr === 'TM') return dataset.strings(tag).every((text) => isTemporal(vr, text)) ? same : none;
  if (vr === 'CS' || vr === 'AE' || vr === 'UR' || vr === 'PN') return dataset.strings(tag).some((text) => namesSomebody(text, identity)) ? none : same;
  if (byteVrs.has(vr) && !tag.startsWith('7fe0')) return bytesNameSomebody(value, identity) || (tag === iccProfile && !isIccProfile(value)) ? none : same;
  if (!textVrs.has(vr)) return same;
  if (value.length > longestTextBytes) return none;
  const texts = dataset.strings(tag);
  if (codeValues.has(tag)) return texts.some((text) => (/\p{L}{3}/u.test(text) && namesSomebody(text.replace(/\d+/g, ' '), identity)) || (tag !== schemeVersion && identity.isIdentifier(text))) ? none : same;
  // Behind a zero byte, readers stop reading and text goes on.
  const cut = texts.map((text) => text.replace(/\0[\s\S]*$/, ''));
  const isCut = cut.some((text, at) => text !== texts[at]);
  if (!isCut && !texts.some((text) => namesSomebody(text, identity))) return same;
  const values = cut.map((text) => withoutIdentity(text, identity));
  return values.every((text) => text === '') ? none : { kind: 'text', values };
}

/** Sets text under the data set's character set; letters that it does not have are left out. */
export function setText(into: DataSet, tag: string, values: readonly string[], vr: string): void {
  try {
    into.setString(tag, values, vr);
  } catch {
    into.setString(tag, values.map((text) => text.replace(/[^\x20-\x7e]+/g, ' ').trim()), vr);
  }
}
