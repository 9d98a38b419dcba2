/** Look-up tables: modality and VOI (PS3.3 C.11.1, C.11.2), palettes plain and segmented (C.7.6.3.1.5, C.7.6.3.1.6, C.7.9). */
import { ScanloomError } from '#contract/errors';
import type { Rgb } from './cielab.ts';
import type { DataSet } from './data-set.ts';
import type { StoredArray } from './types.ts';

export interface LookupTable {
  readonly explanation: string;
  /** Modality LUT Type (`HU`, `OD`, `US` unspecified …) of a modality table, else ''. */
  readonly type: string;
  /** Input that the first entry is for. */
  readonly first: number;
  /** Width of the outputs: 8…16. */
  readonly bits: number;
  readonly values: Uint16Array;
}

/** Three tables of one size: what a stored value looks like. */
export interface Palette {
  readonly first: number;
  readonly entries: number;
  /** Entries as 8-bit R, G, B, one after the other. */
  readonly rgb: Uint8Array;
  colourOf(value: number): Rgb;
}

interface Descriptor {
  readonly entries: number;
  readonly first: number;
  readonly bits: number;
}

/**
 * Number of entries (0 stands for 65536), first value mapped, bits an entry. The second number is signed or not as the input is, whatever VR the writer chose:
 * the three share one VR, which can be right for at most one of them.
 */
function descriptorOf(dataset: DataSet, key: string, signedInput: boolean): Descriptor | null {
  const bytes = dataset.bytes(key);
  if (bytes === null || bytes.length < 6) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { entries: view.getUint16(0, true) || 65_536, first: signedInput ? view.getInt16(2, true) : view.getUint16(2, true), bits: view.getUint16(4, true) };
}

/** 16-bit entries; 8-bit ones may be packed two to a word (then there are too few bytes for words). */
function entriesOf(bytes: Uint8Array, { entries, bits }: Descriptor): Uint16Array | null {
  const isPacked = bits <= 8 && bytes.length < entries * 2;
  const there = isPacked ? bytes.length : Math.floor(bytes.length / 2);
  if (there === 0) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Uint16Array(entries);
  // A table that ends early goes on with its last entry.
  for (let i = 0; i < entries; i += 1) {
    const at = Math.min(i, there - 1);
    values[i] = isPacked ? bytes[at]! : view.getUint16(at * 2, true);
  }
  return values;
}

/**
 * The table of one item of a Modality, VOI or Presentation LUT Sequence.
 *
 * @param signedInput Whether what goes into the table can be negative: decides how First Value Mapped is read (C.11.1.1.1, C.11.2.1.1).
 * @returns null for an item without a usable table; a table's own errors must not keep the image from being seen
 */
export function readLookupTable(item: DataSet, signedInput: boolean): LookupTable | null {
  const descriptor = descriptorOf(item, 'LUTDescriptor', signedInput);
  const bytes = item.bytes('LUTData');
  if (descriptor === null || bytes === null || descriptor.bits < 1 || descriptor.bits > 16) return null;
  const values = entriesOf(bytes, descriptor);
  if (values === null) return null;
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  // Some writers count the bits of the container or of nothing at all: the outputs themselves say how wide they are at least.
  const bits = Math.max(8, descriptor.bits, Math.ceil(Math.log2(largest + 1)));
  return { explanation: item.string('LUTExplanation'), type: item.string('ModalityLUTType'), first: descriptor.first, bits, values };
}

/** Output for an input: the first entry below the table, the last one above it. */
export function lookUp(table: Pick<LookupTable, 'first' | 'values'>, input: number): number {
  const index = Math.round(input) - table.first;
  return table.values[index <= 0 ? 0 : Math.min(index, table.values.length - 1)]!;
}

/** A whole frame through a modality table; outputs are whole numbers of at most 16 bits. */
export function applyLookupTable(stored: StoredArray, table: LookupTable): Uint16Array {
  const out = new Uint16Array(stored.length);
  for (let i = 0; i < stored.length; i += 1) out[i] = lookUp(table, stored[i]!);
  return out;
}

/** The Modality LUT Sequence's table, null when there is none (or a rescale, which excludes it: C.11.1). */
export function modalityTableOf(dataset: DataSet): LookupTable | null {
  const item = dataset.sequence('ModalityLUTSequence')[0];
  if (item === undefined || (dataset.hasValue('RescaleSlope') && dataset.hasValue('RescaleIntercept'))) return null;
  return readLookupTable(item, dataset.number('PixelRepresentation') === 1);
}

/** More than this many views of one image nobody chooses from. */
const largestTableCount = 64;

/** The tables of a VOI LUT Sequence, in the file's order. */
export function voiTablesOf(dataset: DataSet, signedInput: boolean): LookupTable[] {
  return dataset.sequence('VOILUTSequence').slice(0, largestTableCount).flatMap((item) => readLookupTable(item, signedInput) ?? []);
}

const colours = ['Red', 'Green', 'Blue'] as const;

/** The palette of an image, with colours as 8 bits a channel; null when it has none that can be used. */
export function readPalette(dataset: DataSet): Palette | null {
  const signedInput = dataset.number('PixelRepresentation') === 1;
  const tables = colours.map((colour) => {
    const descriptor = descriptorOf(dataset, `${colour}PaletteColorLookupTableDescriptor`, signedInput);
    if (descriptor === null) return null;
    const segmented = dataset.bytes(`Segmented${colour}PaletteColorLookupTableData`);
    const plain = dataset.bytes(`${colour}PaletteColorLookupTableData`);
    const values = segmented !== null && segmented.length > 0 ? expandSegments(segmented, descriptor.entries, descriptor.bits) : plain === null ? null : entriesOf(plain, descriptor);
    return values === null ? null : { ...descriptor, values };
  });
  const [red, green, blue] = tables;
  if (red == null || green == null || blue == null) return null;
  // 16-bit entries whose high byte is never used hold 8-bit colours; seen in palettes of many devices.
  const isWide = red.bits > 8 && [red, green, blue].some(({ values }) => values.some((value) => value > 255));
  const shift = isWide ? 8 : 0;
  const rgb = new Uint8Array(red.entries * 3);
  for (let i = 0; i < red.entries; i += 1) [red, green, blue].forEach(({ values }, channel) => { rgb[i * 3 + channel] = values[Math.min(i, values.length - 1)]! >> shift; });
  const { first, entries } = red;
  return {
    first,
    entries,
    rgb,
    colourOf(value) {
      const at = Math.min(entries - 1, Math.max(0, value - first)) * 3;
      return [rgb[at]!, rgb[at + 1]!, rgb[at + 2]!];
    },
  };
}

/**
 * Segmented Palette Color Lookup Table Data → entries (C.7.9.2): discrete runs (0), straight lines (1), and references to earlier segments (2).
 *
 * @throws {ScanloomError} `dicom/invalid` for data that say something impossible
 */
export function expandSegments(bytes: Uint8Array, entries: number, bits: number): Uint16Array {
  const size = bits <= 8 ? 1 : 2;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const units = Math.floor(bytes.length / size);
  const unit = (index: number): number => {
    if (index >= units) throw broken();
    return size === 1 ? view.getUint8(index) : view.getUint16(index * 2, true);
  };
  const out = new Uint16Array(entries);
  let count = 0;
  const push = (value: number): void => {
    if (count < entries) out[count] = value;
    count += 1;
  };

  let read = 0;
  /** Reads one segment and answers where the next begins. A segment that is referred to must not refer on (C.7.9.2.3). */
  const segment = (at: number, mayRefer: boolean): number => {
    read += 1;
    // References to empty segments would go on without making entries.
    if (read > 65_536 * 4) throw broken();
    const kind = unit(at);
    const length = unit(at + 1);
    if (kind === 0) {
      for (let i = 0; i < length; i += 1) push(unit(at + 2 + i));
      return at + 2 + length;
    }
    if (kind === 1) {
      if (count === 0) throw broken();
      const from = out[Math.min(count, entries) - 1]!;
      const to = unit(at + 2);
      for (let i = 1; i <= length; i += 1) push(Math.round(from + ((to - from) * i) / length));
      return at + 3;
    }
    if (kind !== 2 || !mayRefer || count === 0) throw broken();
    // The offset is in bytes, of 32 bits, least significant word first.
    const words = size === 1 ? [unit(at + 2) | (unit(at + 3) << 8), unit(at + 4) | (unit(at + 5) << 8)] : [unit(at + 2), unit(at + 3)];
    let from = (words[0]! + words[1]! * 65_536) / size;
    if (!Number.isInteger(from)) throw broken();
    for (let i = 0; i < length && count < entries; i += 1) from = segment(from, false);
    return at + (size === 1 ? 6 : 4);
  };

  let at = 0;
  // One unit that is left over is padding.
  while (count < entries && at + 1 < units) at = segment(at, true);
  if (count === 0) throw broken();
  for (let i = count; i < entries; i += 1) out[i] = out[count - 1]!;
  return out;
}

function broken(): ScanloomError {
  return new ScanloomError('dicom/invalid', 'The image\'s segmented colour table is damaged.', { hint: 'Without it the image can only be shown in grey.' });
}
