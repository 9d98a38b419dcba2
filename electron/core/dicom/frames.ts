/** Which fragments belong to which frame: PS3.5 A.4 (Basic Offset Table), PS3.3 C.7.6.3.1.8 (Extended Offset Table). */
import { ScanloomError } from '#contract/errors';
import type { DataSet } from './data-set.ts';
import type { CodecName } from './transfer-syntaxes.ts';
import type { EncapsulatedPixels } from './types.ts';

/** The code stream of one frame, its fragments joined. */
export function encapsulatedFrame(dataset: DataSet, pixels: EncapsulatedPixels, frames: number, frame: number, codec: CodecName): Uint8Array {
  const [first, end] = fragmentsOfFrame(dataset, pixels, frames, frame, codec);
  return joined(pixels.fragments.slice(first, end));
}

/** Fragments, or what is known of those that were left out: of each its length and first bytes. */
interface Fragments {
  readonly offsetTable: Uint8Array;
  readonly fragments: readonly ArrayLike<number>[];
}

/**
 * Index of the first fragment of a frame, and of the one behind its last.
 *
 * @throws {ScanloomError} `dicom/truncated` without fragments, `dicom/invalid` when they make another number of frames.
 */
export function fragmentsOfFrame(dataset: DataSet, pixels: Fragments, frames: number, frame: number, codec: CodecName): readonly [number, number] {
  const { fragments } = pixels;
  if (fragments.length === 0) throw new ScanloomError('dicom/truncated', 'The pixel data has no fragments.');
  if (frames === 1) return [0, fragments.length];
  if (fragments.length === frames) return [frame, frame + 1];
  const firsts = firstFragments(dataset, pixels, frames, codec);
  return [firsts[frame]!, firsts[frame + 1] ?? fragments.length];
}

/**
 * Index of each frame's first fragment, in order.
 *
 * @throws as fragmentsOfFrame
 */
export function firstFragments(dataset: DataSet, pixels: Fragments, frames: number, codec: CodecName): readonly number[] {
  const { fragments } = pixels;
  if (fragments.length === 0) throw new ScanloomError('dicom/truncated', 'The pixel data has no fragments.');
  if (frames === 1) return [0];
  if (fragments.length === frames) return fragments.map((_, index) => index);
  const starts = extendedOffsets(dataset, frames) ?? basicOffsets(pixels.offsetTable, frames);
  const firsts = (starts === null ? null : fragmentsAt(fragments, starts)) ?? fragmentsByMarker(fragments, codec);
  if (firsts.length !== frames) {
    throw new ScanloomError('dicom/invalid', `The pixel data has ${firsts.length} frames where the header says ${frames}.`, { details: { fragments: fragments.length } });
  }
  return firsts;
}

function joined(fragments: readonly Uint8Array[]): Uint8Array {
  if (fragments.length === 1) return fragments[0]!;
  const out = new Uint8Array(fragments.reduce((sum, fragment) => sum + fragment.length, 0));
  let at = 0;
  for (const fragment of fragments) {
    out.set(fragment, at);
    at += fragment.length;
  }
  return out;
}

function extendedOffsets(dataset: DataSet, frames: number): number[] | null {
  const offsets = dataset.numbers('ExtendedOffsetTable');
  return offsets.length === frames ? offsets : null;
}

function basicOffsets(table: Uint8Array, frames: number): number[] | null {
  if (table.length !== frames * 4) return null;
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  return Array.from({ length: frames }, (_, index) => view.getUint32(index * 4, true));
}

/** Index of the fragment at each offset (from the first byte of the first fragment's item); null when an offset hits none. */
function fragmentsAt(fragments: readonly ArrayLike<number>[], offsets: readonly number[]): number[] | null {
  const positions = new Map<number, number>();
  let at = 0;
  fragments.forEach((fragment, index) => {
    positions.set(at, index);
    at += 8 + fragment.length;
  });
  const found = offsets.map((offset) => positions.get(offset));
  const isAscending = found.every((index, i) => index !== undefined && (i === 0 || index > (found[i - 1] ?? -1)));
  return isAscending && found[0] === 0 ? (found as number[]) : null;
}

/** First bytes of a code stream: SOI of the JPEG family; SOC or a JP2 signature of JPEG 2000; a bare or boxed JPEG XL. `null` is any byte. */
const jpegStarts = [[0xff, 0xd8]];
const jpeg2000Starts = [[0xff, 0x4f, 0xff, 0x51], [null, null, null, null, 0x6a, 0x50, 0x20, 0x20]];
const jpegXlStarts = [[0xff, 0x0a], [null, null, null, null, 0x4a, 0x58, 0x4c, 0x20]];
const starts: Readonly<Partial<Record<CodecName, readonly (readonly (number | null)[])[]>>> = {
  jpeg: jpegStarts, 'jpeg-ls': jpegStarts, 'jpeg-2000': jpeg2000Starts, 'ht-jpeg-2000': jpeg2000Starts, 'jpeg-xl': jpegXlStarts,
};

/** Without a table: a code stream begins where its first marker stands. None in codecs whose streams have no mark: there a fragment is a frame. */
function fragmentsByMarker(fragments: readonly ArrayLike<number>[], codec: CodecName): number[] {
  const known = starts[codec] ?? [];
  return fragments.flatMap((fragment, index) => (known.some((start) => start.every((byte, i) => byte === null || fragment[i] === byte)) ? [index] : []));
}
