/**
 * One data set: elements by tag, in tag order, raw bytes kept (little endian). Values are read and written through the VR.
 *
 * Attributes are addressed by keyword (`'PatientName'`) or tag (`'00100010'`). What is not set is written back byte for byte.
 */
import { decodeText, encodeText, hasOnlyAscii, latin1 } from './character-sets.ts';
import { tagOf, vrOf } from './dictionary.ts';
import type { DataElement, EncapsulatedPixels } from './types.ts';
import { decodeNumbers, encodeNumbers, formatDecimalString, isBinaryNumberVr } from './values.ts';

/** VRs whose text follows Specific Character Set (PS3.5 6.1.2.2). */
const localisedVrs = new Set(['SH', 'LO', 'PN', 'UC', 'ST', 'LT', 'UT']);
/** One value however many backslashes. */
const singleValueVrs = new Set(['ST', 'LT', 'UT', 'UR']);
const specificCharacterSet = '00080005';

const nothing: readonly DataElement[] = [];
const noSets: readonly string[] = [];

export class DataSet {
  readonly #elements = new Map<string, DataElement>();
  #order: readonly string[] | null = null;
  #characterSets: readonly string[] | null = null;
  /** Character sets of the data set around this item; an item may have its own. */
  readonly #inherited: readonly string[];

  constructor(elements: Iterable<DataElement> = nothing, inheritedCharacterSets: readonly string[] = noSets) {
    this.#inherited = inheritedCharacterSets;
    if (elements !== nothing) for (const element of elements) this.#elements.set(element.tag, element);
  }

  /** Values of Specific Character Set that hold here. */
  get characterSets(): readonly string[] {
    // Asked for by each item of a sequence, and there may be thousands.
    return (this.#characterSets ??= this.#ownCharacterSets());
  }

  #ownCharacterSets(): readonly string[] {
    const own = this.#elements.get(specificCharacterSet)?.value;
    if (!(own instanceof Uint8Array) || own.length === 0) return this.#inherited;
    return Buffer.from(own).toString('latin1').split('\\').map((term) => term.replace(/[\s\0]+$/, '').trim());
  }

  get size(): number {
    return this.#elements.size;
  }

  get(key: string): DataElement | undefined {
    return this.#elements.get(tagOf(key));
  }

  has(key: string): boolean {
    return this.#elements.has(tagOf(key));
  }

  /** True when the element is there and has a value: bytes, an item or a fragment. */
  hasValue(key: string): boolean {
    const value = this.get(key)?.value;
    if (value === undefined) return false;
    if (value instanceof Uint8Array) return value.length > 0;
    return 'kind' in value ? value.fragments.length > 0 : value.length > 0;
  }

  set(element: DataElement): this {
    const { size } = this.#elements;
    this.#elements.set(element.tag, element);
    if (this.#elements.size !== size) this.#order = null;
    if (element.tag === specificCharacterSet) this.#characterSets = null;
    return this;
  }

  delete(key: string): boolean {
    this.#order = null;
    this.#characterSets = null;
    return this.#elements.delete(tagOf(key));
  }

  /** Elements in ascending tag order (PS3.5 7.1). */
  *elements(): IterableIterator<DataElement> {
    this.#order ??= [...this.#elements.keys()].sort();
    for (const tag of this.#order) {
      const element = this.#elements.get(tag);
      if (element !== undefined) yield element;
    }
  }

  /** Raw bytes of an element, or null when it is absent, a sequence or encapsulated. */
  bytes(key: string): Uint8Array | null {
    const value = this.get(key)?.value;
    return value instanceof Uint8Array ? value : null;
  }

  encapsulated(key: string): EncapsulatedPixels | null {
    const value = this.get(key)?.value;
    return value !== undefined && 'kind' in value ? value : null;
  }

  /** All values as text; padding removed (PS3.5 6.2). Empty when absent. */
  strings(key: string): string[] {
    const element = this.get(key);
    if (element === undefined || !(element.value instanceof Uint8Array) || element.value.length === 0) return [];
    if (isBinaryNumberVr(element.vr)) return decodeNumbers(element.vr, element.value).map(String);
    const isLocalised = (localisedVrs.has(element.vr) || element.vr === 'UN') && !hasOnlyAscii(element.value);
    const text = isLocalised ? decodeText(element.value, this.characterSets) : latin1(element.value);
    if (singleValueVrs.has(element.vr)) return [text.replace(/[\s\0]+$/, '')];
    const trimmed = (part: string): string => (part.includes('\0') ? part.replace(/\0+$/, '') : part).trim();
    return text.includes('\\') ? text.split('\\').map(trimmed) : [trimmed(text)];
  }

  /** One value as text, `''` when absent. For PN all component groups, as written. */
  string(key: string, index: number = 0): string {
    // Most of what is asked for is not there.
    return this.#elements.has(tagOf(key)) ? (this.strings(key)[index] ?? '') : '';
  }

  /** Values as numbers, of binary VRs and of DS, IS; what is no number is NaN. */
  numbers(key: string): number[] {
    const element = this.get(key);
    if (element === undefined || !(element.value instanceof Uint8Array)) return [];
    if (isBinaryNumberVr(element.vr)) return decodeNumbers(element.vr, element.value);
    return this.strings(key).map((text) => (text === '' ? Number.NaN : Number(text.replace(',', '.'))));
  }

  /** One value as a number, null when absent, empty or not a number. */
  number(key: string, index: number = 0): number | null {
    if (!this.#elements.has(tagOf(key))) return null;
    const value = this.numbers(key)[index];
    return value === undefined || !Number.isFinite(value) ? null : value;
  }

  /** Items of a sequence; none when it is absent. */
  sequence(key: string): readonly DataSet[] {
    const value = this.get(key)?.value;
    return Array.isArray(value) ? (value as readonly DataSet[]) : [];
  }

  /** Sets text values under the dictionary's VR (or the one given), padded to even length (PS3.5 6.2). */
  setString(key: string, value: string | readonly string[], vr?: string): this {
    const tag = tagOf(key);
    const actualVr = vr ?? vrOf(tag);
    const text = typeof value === 'string' ? value : value.join('\\');
    const bytes = localisedVrs.has(actualVr) ? encodeText(text, this.characterSets) : Buffer.from(text, 'latin1');
    return this.set({ tag, vr: actualVr, value: padded(bytes, actualVr === 'UI' ? 0 : 0x20) });
  }

  /** Sets numbers under the dictionary's VR (or the one given); DS at most 16 characters (PS3.5 6.2). */
  setNumber(key: string, value: number | readonly number[], vr?: string): this {
    const tag = tagOf(key);
    const actualVr = vr ?? vrOf(tag);
    const values = typeof value === 'number' ? [value] : value;
    if (isBinaryNumberVr(actualVr)) return this.set({ tag, vr: actualVr, value: padded(encodeNumbers(actualVr, values), 0) });
    return this.setString(tag, values.map((number) => (actualVr === 'IS' ? String(Math.round(number)) : formatDecimalString(number))), actualVr);
  }

  setSequence(key: string, items: readonly DataSet[]): this {
    return this.set({ tag: tagOf(key), vr: 'SQ', value: items });
  }

  setBytes(key: string, vr: string, bytes: Uint8Array): this {
    return this.set({ tag: tagOf(key), vr, value: padded(bytes, 0) });
  }

  /** An empty element (Type 2). */
  setEmpty(key: string, vr?: string): this {
    const tag = tagOf(key);
    const actualVr = vr ?? vrOf(tag);
    return this.set({ tag, vr: actualVr, value: actualVr === 'SQ' ? [] : new Uint8Array(0) });
  }

  /** A copy whose elements can be set without touching this one. Bytes, which nothing changes in place, are shared. */
  clone(): DataSet {
    return new DataSet(
      [...this.elements()].map((element) => (Array.isArray(element.value) ? { ...element, value: (element.value as readonly DataSet[]).map((item) => item.clone()) } : element)),
      this.#inherited,
    );
  }

  /** A copy with all text in UTF-8 and Specific Character Set saying so, at every depth. */
  toUtf8(): DataSet {
    const utf8 = this.#recoded();
    return utf8.set({ tag: specificCharacterSet, vr: 'CS', value: Buffer.from('ISO_IR 192', 'latin1') });
  }

  #recoded(): DataSet {
    const sets = this.characterSets;
    const elements: DataElement[] = [];
    for (const element of this.elements()) {
      if (element.tag === specificCharacterSet) continue;
      if (Array.isArray(element.value)) elements.push({ ...element, value: (element.value as readonly DataSet[]).map((item) => item.#recoded()) });
      else if (localisedVrs.has(element.vr) && element.value instanceof Uint8Array) {
        const text = decodeText(element.value, sets).replace(/[ \0]+$/, '');
        elements.push({ ...element, value: padded(Buffer.from(text, 'utf8'), 0x20) });
      } else elements.push(element);
    }
    return new DataSet(elements, ['ISO_IR 192']);
  }
}

function padded(bytes: Uint8Array, padding: number): Uint8Array {
  if (bytes.length % 2 === 0) return bytes;
  const even = new Uint8Array(bytes.length + 1);
  even.set(bytes);
  even[bytes.length] = padding;
  return even;
}
