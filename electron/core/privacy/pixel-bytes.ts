/**
 * What pixel data can carry beside pixels: comments and application data in compressed code streams, bytes behind the last pixel, offset tables
 * that are none. Streams keep their length (stream-passengers.ts), so that fragments lie where they lay and pixels stay as they were.
 */
import { ScanloomError } from '#contract/errors';
import { firstFragments, pixelLayout, transferSyntaxes, type CodecName, type DataElement, type DataSet, type DicomFile, type EncapsulatedPixels } from '#dicom';
import { streamsWithoutPassengers } from './stream-passengers.ts';

/** What the fragments of a file are; `null` where its transfer syntax has native pixels. */
export function codecOf({ transferSyntaxUid }: Pick<DicomFile, 'transferSyntaxUid'>): CodecName | null {
  const syntax = transferSyntaxes[transferSyntaxUid];
  return syntax === undefined ? 'none' : syntax.codec;
}

/**
 * A copy of the element without such passengers; the element itself when there are none.
 *
 * @param dataset That it is in: it says how large the pixels are.
 * @param codec Of the file's transfer syntax. Fragments without one (in a file that says its pixels are native) are left as they are: such a file cannot be written.
 * @throws {ScanloomError} `dicom/decode-failed` when the fragments are not what the codec says: then nobody can tell what lies beside the pixels;
 *   `dicom/invalid` when they make another number of frames.
 */
export function withoutPassengers(element: DataElement, dataset: DataSet, codec: CodecName | null): DataElement {
  const { value } = element;
  if (value instanceof Uint8Array) {
    if (element.tag === '7fe00010') return trimmed(element, value, dataset);
    return element.tag === '7fe00001' || element.tag === '7fe00002' ? soundExtendedTable(element, value, dataset, codec) : element;
  }
  if (!('kind' in value) || codec === null || value.fragments.length === 0) return element;
  const layout = pixelLayout(dataset);
  const firsts = firstFragments(dataset, value, layout.frames, codec);
  const fragments = firsts.flatMap((first, frame) => cleanFrame(value.fragments.slice(first, firsts[frame + 1]), (stream) => {
    try {
      return streamsWithoutPassengers[codec](stream, layout);
    } catch (thrown) {
      throw new ScanloomError('dicom/decode-failed', 'Its pixels are not what its transfer syntax says, so nobody can tell what lies beside them.', { details: { codec, frame }, cause: thrown });
    }
  }));
  const offsetTable = soundTable(value.offsetTable, value.fragments, firsts);
  const isSame = offsetTable === value.offsetTable && fragments.every((fragment, at) => fragment === value.fragments[at]);
  return isSame ? element : { ...element, value: { ...value, offsetTable, fragments } satisfies EncapsulatedPixels };
}

/** Fragments divide a stream anywhere, in the middle of a comment, too: they are joined, looked through, and divided where they were. */
function cleanFrame(fragments: readonly Uint8Array[], clean: (stream: Uint8Array) => Uint8Array): readonly Uint8Array[] {
  if (fragments.length === 1) return [clean(fragments[0]!)];
  const stream = new Uint8Array(Buffer.concat(fragments));
  const cleaned = clean(stream);
  if (cleaned === stream) return fragments;
  let at = 0;
  return fragments.map(({ length }) => cleaned.subarray(at, (at += length)));
}

/** The Basic Offset Table (PS3.5 A.4) where it is one: offsets of the frames. Readers pass over another, whatever is in it; it becomes empty. */
function soundTable(table: Uint8Array, fragments: readonly Uint8Array[], firsts: readonly number[]): Uint8Array {
  if (table.length === 0) return table;
  const offsets = offsetsOf(fragments);
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const isSound = table.length === 4 * firsts.length && firsts.every((first, frame) => view.getUint32(4 * frame, true) === offsets[first]);
  return isSound ? table : new Uint8Array(0);
}

/** Of each fragment's item, and where the last ends. */
function offsetsOf(fragments: readonly Uint8Array[]): number[] {
  const offsets = [0];
  for (const [index, { length }] of fragments.entries()) offsets.push(offsets[index]! + 8 + length);
  return offsets;
}

/** Extended Offset Table and its Lengths (PS3.3 C.7.6.3.1.8): eight bytes a frame, made anew where they are not what the fragments say. */
function soundExtendedTable(element: DataElement, bytes: Uint8Array, dataset: DataSet, codec: CodecName | null): DataElement {
  const pixels = dataset.encapsulated('PixelData');
  if (pixels === null || codec === null || pixels.fragments.length === 0) return bytes.length === 0 ? element : { ...element, value: new Uint8Array(0) };
  const firsts = firstFragments(dataset, pixels, pixelLayout(dataset).frames, codec);
  const offsets = offsetsOf(pixels.fragments);
  const isOffsets = element.tag === '7fe00001';
  // Of frames in several fragments, which have no such table, the items' heads are left out of the length.
  const meant = firsts.map((first, frame) => {
    const next = firsts[frame + 1] ?? pixels.fragments.length;
    return isOffsets ? offsets[first]! : offsets[next]! - offsets[first]! - 8 * (next - first);
  });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // A length may leave out the byte that pads the frame.
  const isSound = bytes.length === 8 * meant.length && meant.every((number, frame) => {
    const said = Number(view.getBigUint64(8 * frame, true));
    return said === number || (!isOffsets && said === number - 1);
  });
  return isSound ? element : { ...element, value: new Uint8Array(BigUint64Array.from(meant, BigInt).buffer) };
}

/** Native pixels end where Rows, Columns, Samples, Bits Allocated and Number of Frames say (PS3.5 8.1.1). */
function trimmed(element: DataElement, bytes: Uint8Array, dataset: DataSet): DataElement {
  const number = (key: string, otherwise: number): number => dataset.number(key) ?? otherwise;
  const lengthOf = (samples: number): number => Math.ceil((number('Rows', 0) * number('Columns', 0) * samples * number('BitsAllocated', 0) * number('NumberOfFrames', 1)) / 8);
  // Where there are just the bytes for every pixel's chroma, 4:2:2 is a name that was left when the pixels were expanded.
  const isSubsampled = /^YBR_(FULL|PARTIAL)_422$/.test(dataset.string('PhotometricInterpretation')) && (bytes.length < lengthOf(3) || bytes.length > lengthOf(3) + 1);
  const length = lengthOf(isSubsampled ? 2 : number('SamplesPerPixel', 1));
  if (!(length > 0) || bytes.length <= length) return element;
  const even = length + (length % 2);
  const out = bytes.slice(0, even);
  out.fill(0, length);
  return { ...element, value: out };
}
