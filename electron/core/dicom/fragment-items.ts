/** Encapsulated pixel data: the offset table and the fragments, item after item (PS3.5 A.4). A missing end is survivable: fragments that are whole are kept. */
import { ScanloomError } from '#contract/errors';
import type { ByteSource } from './byte-source.ts';
import { invalid, parseLimits, truncated } from './damage.ts';
import { fragmentHead, keptOfFragment, type SkippedPixels } from './skipped-pixels.ts';
import type { EncapsulatedPixels } from './types.ts';

export interface FragmentPlace {
  readonly tag: string;
  readonly source: ByteSource;
  /** Of the first item. */
  readonly at: number;
  readonly bigEndian: boolean;
  readonly onNotice: (words: string) => void;
}

interface Found<Pixels> {
  readonly pixels: Pixels;
  /** Where the pixel data ends. */
  readonly end: number;
}

/** The fragments as views of the source's bytes. @throws {ScanloomError} `dicom/truncated`, `dicom/invalid`, `dicom/too-large` */
export function readFragments(place: FragmentPlace): Found<EncapsulatedPixels> {
  const [offsetTable, fragments, end] = items(place, (at, length) => place.source.read(at, length));
  return { pixels: { kind: 'encapsulated', offsetTable, fragments }, end };
}

/** The fragments' lengths and first bytes only. @throws as readFragments */
export function skipFragments(place: FragmentPlace): Found<SkippedPixels> {
  const [offsetTable, fragments, end] = items(place, (at, length) => fragmentHead(length, place.source.read(at, Math.min(length, keptOfFragment))));
  return { pixels: { tag: place.tag, bytes: null, offsetTable, fragments }, end };
}

function items<Fragment>({ tag, source, at: start, bigEndian, onNotice }: FragmentPlace, fragment: (at: number, length: number) => Fragment): [Uint8Array, Fragment[], number] {
  const fragments: Fragment[] = [];
  let offsetTable: Uint8Array | null = null;
  let at = start;
  for (;;) {
    const head = source.read(at, 8);
    const kind = kindOf(head, bigEndian);
    if (kind === null) {
      if (offsetTable === null && head.length === 8) throw invalid('the pixel data does not begin with an item', tag);
      onNotice('The pixel data is not closed.');
      break;
    }
    at += 8;
    if (kind === 'end') break;
    const length = new DataView(head.buffer, head.byteOffset, 8).getUint32(4, !bigEndian);
    if (at + length > source.size) throw truncated(tag);
    if (offsetTable === null) offsetTable = source.read(at, length);
    else fragments.push(fragment(at, length));
    at += length;
    if (fragments.length > parseLimits.elements) throw new ScanloomError('dicom/too-large', 'The pixel data has too many fragments.');
  }
  return [offsetTable ?? new Uint8Array(0), fragments, at];
}

/** An item (FFFE,E000), the end of the sequence (FFFE,E0DD), or nothing that belongs here. */
function kindOf(head: Uint8Array, bigEndian: boolean): 'item' | 'end' | null {
  if (head.length < 8) return null;
  const view = new DataView(head.buffer, head.byteOffset, 8);
  if (view.getUint16(0, !bigEndian) !== 0xfffe) return null;
  const element = view.getUint16(2, !bigEndian);
  return element === 0xe000 ? 'item' : element === 0xe0dd ? 'end' : null;
}
