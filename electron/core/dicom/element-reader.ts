/**
 * Bytes → elements: the walk over one data set, explicit or implicit, little or big endian (PS3.5 section 7).
 *
 * dicom-parser reads the bytes (stream, tags, numbers, deflated and byte-swapped streams alike); the walk is our own, because dicom-parser's reads
 * the length of OV, SV and UV wrongly, does not bound depth or count, and drops private sequences of undefined length.
 */
import * as dicomParserModule from 'dicom-parser';
import { ScanloomError } from '#contract/errors';
import { DataSet } from './data-set.ts';
import { inMemory, type ByteSource } from './byte-source.ts';
import { invalid, parseLimits, truncated } from './damage.ts';
import { allowedVrs, tagText, vrOf } from './dictionary.ts';
import { readFragments, skipFragments } from './fragment-items.ts';
import type { SkippedPixels } from './skipped-pixels.ts';
import type { DataElement, EncapsulatedPixels } from './types.ts';
import { swapUnit } from './values.ts';

// dicom-parser is CommonJS: in Node its functions are on the default export, in a bundle they may be on the module.
const dicomParser = (dicomParserModule as { default?: typeof dicomParserModule }).default ?? dicomParserModule;

const undefinedLength = 0xffffffff;
const itemTag = 'fffee000';
const itemEndTag = 'fffee00d';
const sequenceEndTag = 'fffee0dd';
export const pixelDataTags: ReadonlySet<string> = new Set(['7fe00010', '7fe00008', '7fe00009']);

interface VrHead {
  readonly vr: string;
  readonly isShort: boolean;
  readonly isKnown: boolean;
}

/** VRs with a 16-bit length in explicit encoding; all others, future ones too, have 32 bits (PS3.5 7.1.2). */
const shortLengthVrs = ['AE', 'AS', 'AT', 'CS', 'DA', 'DS', 'DT', 'FL', 'FD', 'IS', 'LO', 'LT', 'PN', 'SH', 'SL', 'SS', 'ST', 'TM', 'UI', 'UL', 'US'];
const longLengthVrs = ['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV'];

/** By the two letters, A to Z each. */
const vrHeads: readonly VrHead[] = Array.from({ length: 26 * 26 }, (_, index) => {
  const vr = String.fromCharCode(0x41 + Math.floor(index / 26), 0x41 + (index % 26));
  const isShort = shortLengthVrs.includes(vr);
  return { vr, isShort, isKnown: isShort || longLengthVrs.includes(vr) };
});

export interface Encoding {
  readonly explicit: boolean;
  readonly bigEndian: boolean;
}

export interface ReadRequest extends Encoding {
  readonly bytes: Uint8Array;
  readonly start: number;
  /** Set to leave the values of pixel data out: the file of which `bytes` is the beginning, or all. */
  readonly source: ByteSource | null;
}

export interface ReadResult {
  readonly dataset: DataSet;
  readonly notices: readonly string[];
  /** Pixel data that was left out. */
  readonly skipped: readonly SkippedPixels[];
  /** False where more of the file may follow than was walked over: `bytes` ended. */
  readonly complete: boolean;
  /** Where the walk stopped. */
  readonly end: number;
}

class Walk {
  readonly notices: string[] = [];
  readonly skipped = new Map<string, SkippedPixels>();
  /** Where the file goes on behind pixel data that was left out and reaches beyond `bytes`; null when the walk came to an end. */
  resumeAt: number | null = null;
  #endsWithPixels = false;
  readonly #bytes: Uint8Array;
  readonly #stream: dicomParserModule.ByteStream;
  #count = 0;
  #last: number | null = null;
  #previous = '';
  readonly #request: ReadRequest;
  /** Where `bytes` begins in the file. */
  readonly #base: number;
  readonly #fileBytes: number;

  constructor(request: ReadRequest, before?: Walk) {
    this.#request = request;
    this.#base = before?.resumeAt ?? 0;
    this.#fileBytes = request.source?.size ?? request.bytes.length;
    if (before !== undefined) {
      this.#count = before.#count;
      this.#previous = before.#previous;
      this.notices.push(...before.notices);
      for (const [tag, skipped] of before.skipped) this.skipped.set(tag, skipped);
    }
    this.#bytes = request.bytes;
    const parser = request.bigEndian ? dicomParser.bigEndianByteArrayParser : dicomParser.littleEndianByteArrayParser;
    this.#stream = new dicomParser.ByteStream(parser, request.bytes, request.start);
  }

  get position(): number {
    return this.#stream.position;
  }

  /** Where the last byte stands that is not zero; looked for once, because a file may be full of zeros and have something after them. */
  #lastByte(): number {
    if (this.#last === null) {
      let at = this.#bytes.length - 1;
      while (at >= 0 && this.#bytes[at] === 0) at -= 1;
      this.#last = at;
    }
    return this.#last;
  }

  /** True when nothing of the file comes behind `bytes`. */
  get #reachesEnd(): boolean {
    return this.#base + this.#bytes.length >= this.#fileBytes;
  }

  get isComplete(): boolean {
    return this.#reachesEnd || this.#endsWithPixels;
  }

  #need(length: number, tag: string): void {
    if (this.#stream.position + length > this.#bytes.length) throw truncated(tag);
  }

  #tag(): string {
    this.#need(4, '');
    const group = this.#stream.readUint16();
    const element = this.#stream.readUint16();
    return tagText(group, element);
  }

  /**
   * Reads elements until `end`, or until the item or sequence that they are in is closed.
   *
   * @param options.groupOnly The meta group ends where another group begins.
   * @param options.into The data set to go on with, behind pixel data that was left out.
   */
  dataSet(options: { end: number; depth: number; explicit: boolean; parent: DataSet | null; topLevel: boolean; groupOnly?: string; into?: DataSet }): DataSet {
    if (options.depth > parseLimits.depth) throw invalid(`sequences are nested deeper than ${parseLimits.depth}`, '');
    const set = options.into ?? new DataSet([], options.parent?.characterSets ?? []);
    let previous = options.into === undefined ? '' : this.#previous;
    let disordered = false;
    while (this.#stream.position < options.end) {
      const start = this.#stream.position;
      if (options.end - start < 8) {
        if (options.topLevel) {
          // Some writers leave a few bytes at the end; nothing can be in them.
          if (this.#reachesEnd) this.notices.push('A few bytes at the end of the file belong to no element.');
          this.#stream.position = options.end;
          break;
        }
        throw truncated(previous);
      }
      const tag = this.#tag();
      if (options.groupOnly !== undefined && !tag.startsWith(options.groupOnly)) {
        this.#stream.position = start;
        break;
      }
      if (tag === itemEndTag) {
        this.#stream.readUint32();
        break;
      }
      if (tag === sequenceEndTag || tag === itemTag) {
        if (!options.topLevel) {
          // The item was not closed; the sequence around it is.
          this.#stream.position = start;
          this.notices.push('A sequence item is not closed.');
          break;
        }
        this.#stream.readUint32();
        continue;
      }
      this.#count += 1;
      if (this.#count > parseLimits.elements) throw new ScanloomError('dicom/too-large', `The file has more than ${parseLimits.elements} elements.`);
      if (options.topLevel && tag === '00000000') {
        // Zero padding to a block size at the end of the file.
        if (start > this.#lastByte()) {
          this.#stream.position = options.end;
          break;
        }
      }
      if (tag <= previous) disordered = true;
      previous = tag;
      const element = this.#element(tag, options, set);
      if (element !== null) set.set(element);
      else if (this.resumeAt !== null) break;
    }
    if (options.topLevel) this.#previous = previous;
    if (disordered) this.notices.push('Elements are not in ascending order.');
    return set;
  }

  /** The element whose tag has been read; null for pixel data that is left out. */
  #element(tag: string, options: { end: number; depth: number; explicit: boolean; parent: DataSet | null; topLevel: boolean }, set: DataSet): DataElement | null {
    const { vr: declaredVr, length } = this.#head(tag, options.explicit);
    let vr = declaredVr;
    // Implicit encoding, and UN for a standard attribute (PS3.5 6.2.2 note 2): the dictionary knows.
    let valueExplicit = options.explicit;
    if (vr === '' || vr === 'UN') {
      const usual = vrOf(tag);
      // Only US depends on Pixel Representation, which is looked up for nothing else.
      const fromDictionary = usual === 'US' ? vrOf(tag, set.number('00280103') ?? options.parent?.number('00280103') ?? 0) : usual;
      if (vr === 'UN') valueExplicit = false;
      vr = fromDictionary;
      // A UN longer than a short VR can say is kept as it is.
      if (declaredVr === 'UN' && vr !== 'SQ' && length !== undefinedLength && length > 0xfffe) vr = 'UN';
      if (pixelDataTags.has(tag)) vr = tag === '7fe00010' ? 'OW' : vr;
    }
    const isTopLevelPixelData = options.topLevel && pixelDataTags.has(tag);
    if (length === undefinedLength) {
      if (isTopLevelPixelData || (tag === '7fe00010' && vr !== 'SQ')) {
        if (isTopLevelPixelData && this.#request.source !== null) return this.#skipEncapsulated(tag, this.#request.source);
        return { tag, vr: 'OB', value: this.#encapsulated(tag) };
      }
      return { tag, vr: 'SQ', value: this.#items(tag, this.#bytes.length, true, options.depth, valueExplicit, set) };
    }
    const end = this.#stream.position + length;
    if (isTopLevelPixelData && this.#request.source !== null) {
      if (this.#base + end > this.#fileBytes) throw truncated(tag);
      this.skipped.set(tag, { tag, bytes: length, offsetTable: new Uint8Array(0), fragments: [] });
      return this.#goTo(this.#base + end);
    }
    if (end > options.end) {
      if (end > this.#bytes.length) throw truncated(tag);
      throw invalid('an element is longer than the item that it is in', tag);
    }
    if (vr === 'SQ') return { tag, vr, value: this.#items(tag, end, false, options.depth, valueExplicit, set) };
    const raw = this.#bytes.subarray(this.#stream.position, end);
    this.#stream.position = end;
    return { tag, vr, value: this.#request.bigEndian ? this.#swapped(tag, vr, raw, set) : raw };
  }

  /** VR (`''` when implicit) and length of the element at the stream's position. */
  #head(tag: string, explicit: boolean): { vr: string; length: number } {
    const stream = this.#stream;
    this.#need(4, tag);
    if (!explicit) return { vr: '', length: stream.readUint32() };
    const start = stream.position;
    const first = this.#bytes[start]!;
    const second = this.#bytes[start + 1]!;
    const isLetter = (byte: number): boolean => byte >= 0x41 && byte <= 0x5a;
    if (!isLetter(first) || !isLetter(second)) {
      // No VR where one must be: some writers slip into implicit encoding for an element (often within private sequences).
      const length = stream.readUint32();
      if (length !== undefinedLength && stream.position + length > this.#bytes.length) throw invalid('an element has no value representation', tag);
      this.notices.push('An element has no value representation; it was read as implicit.');
      return { vr: '', length };
    }
    const { vr, isShort, isKnown } = vrHeads[(first - 0x41) * 26 + second - 0x41]!;
    if (isShort) {
      stream.position += 2;
      return { vr, length: stream.readUint16() };
    }
    if (!isKnown) this.notices.push(`An element has the unknown value representation ${vr}.`);
    this.#need(8, tag);
    stream.position += 4;
    return { vr, length: stream.readUint32() };
  }

  #items(tag: string, end: number, openEnded: boolean, depth: number, explicit: boolean, parent: DataSet): DataSet[] {
    const items: DataSet[] = [];
    while (this.#stream.position < end) {
      if (end - this.#stream.position < 8) throw truncated(tag);
      const start = this.#stream.position;
      const next = this.#tag();
      const length = this.#stream.readUint32();
      if (next === sequenceEndTag) {
        if (openEnded) return items;
        continue;
      }
      if (next === itemEndTag) continue;
      if (next !== itemTag) {
        this.#stream.position = start;
        if (openEnded) {
          this.notices.push('A sequence is not closed.');
          return items;
        }
        throw invalid('a sequence holds something that is no item', tag);
      }
      this.#count += 1;
      const claimedEnd = length === undefinedLength ? end : this.#stream.position + length;
      // Lengths of items are often wrong where a program took elements out; what is in the item decides whether something is missing.
      const itemEnd = Math.min(claimedEnd, end);
      if (claimedEnd > end) this.notices.push('An item says that it is longer than its sequence.');
      items.push(this.dataSet({ end: itemEnd, depth: depth + 1, explicit, parent, topLevel: false }));
      if (length !== undefinedLength) this.#stream.position = itemEnd;
    }
    if (openEnded && this.#reachesEnd) this.notices.push('The last sequence of the file is not closed.');
    return items;
  }

  /** Of the file, or of an item: a view of each fragment. */
  #encapsulated(tag: string): EncapsulatedPixels {
    const { pixels, end } = readFragments({ ...this.#fragmentPlace(tag), source: inMemory(this.#bytes), at: this.#stream.position });
    this.#stream.position = end;
    return pixels;
  }

  #skipEncapsulated(tag: string, source: ByteSource): null {
    const { pixels, end } = skipFragments({ ...this.#fragmentPlace(tag), source, at: this.#base + this.#stream.position });
    this.skipped.set(tag, pixels);
    return this.#goTo(end);
  }

  #fragmentPlace(tag: string): { tag: string; bigEndian: boolean; onNotice: (words: string) => void } {
    return { tag, bigEndian: this.#request.bigEndian, onNotice: (words) => void this.notices.push(words) };
  }

  /** On to a place in the file; where it is beyond `bytes` and something is there, the walk ends with `resumeAt`. */
  #goTo(place: number): null {
    const here = place - this.#base;
    this.#stream.position = Math.min(here, this.#bytes.length);
    this.#endsWithPixels = place >= this.#fileBytes;
    if (here > this.#bytes.length && !this.#endsWithPixels) this.resumeAt = place;
    return null;
  }

  /** Big endian values turned round, by the unit of the VR; pixels by Bits Allocated (PS3.5 7.3, 8.2). */
  #swapped(tag: string, vr: string, raw: Uint8Array, set: DataSet): Uint8Array {
    let unit = swapUnit(vr);
    if (tag === '7fe00010' && vr === 'OW') unit = Math.max(2, (set.number('00280100') ?? 16) / 8);
    if (unit === 1 || raw.length % unit !== 0) return raw;
    const out = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i += unit) for (let j = 0; j < unit; j += 1) out[i + j] = raw[i + unit - 1 - j]!;
    return out;
  }
}

/** The elements of the meta group, explicit little endian (PS3.10 7.1), or implicit where a writer got that wrong. */
export function readMetaGroup(bytes: Uint8Array, start: number): ReadResult {
  if (bytes.length - start < 8) return { dataset: new DataSet(), notices: [], skipped: [], complete: false, end: start };
  const explicit = /^[A-Z]{2}$/.test(String.fromCharCode(bytes[start + 4]!, bytes[start + 5]!));
  const walk = new Walk({ bytes, start, explicit, bigEndian: false, source: null });
  const dataset = walk.dataSet({ end: bytes.length, depth: 0, explicit, parent: null, topLevel: true, groupOnly: '0002' });
  return { dataset, notices: walk.notices, skipped: [], complete: false, end: walk.position };
}

export function readDataSet(request: ReadRequest): ReadResult {
  if (request.start >= request.bytes.length) return { dataset: new DataSet(), notices: [], skipped: [], complete: request.source === null, end: request.start };
  const options = { depth: 0, explicit: request.explicit, parent: null, topLevel: true } as const;
  let walk = new Walk(request);
  const dataset = walk.dataSet({ ...options, end: request.bytes.length });
  while (walk.resumeAt !== null && request.source !== null) {
    // What stands behind the pixel data is read as a whole: nearly always padding, or nothing.
    const bytes = request.source.read(walk.resumeAt, request.source.size - walk.resumeAt);
    walk = new Walk({ ...request, bytes, start: 0 }, walk);
    walk.dataSet({ ...options, end: bytes.length, into: dataset });
  }
  return { dataset, notices: [...new Set(walk.notices)], skipped: [...walk.skipped.values()], complete: walk.isComplete, end: walk.position };
}

/** True when the dictionary gives a tag the VR that these two letters say: a sign of explicit encoding. */
export function looksExplicit(tag: string, letters: string): boolean {
  const allowed = allowedVrs(tag);
  return allowed.includes(letters) || (/^[A-Z]{2}$/.test(letters) && (shortLengthVrs.includes(letters) || longLengthVrs.includes(letters)));
}
