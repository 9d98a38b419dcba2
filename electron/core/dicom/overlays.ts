/** Overlay planes: groups 6000 to 601E, in elements of their own or in unused bits of the pixels (PS3.3 C.9.2, PS3.5 8.1.2). */
import { ScanloomError } from '#contract/errors';
import type { DataSet } from './data-set.ts';
import { pixelLayout } from './pixel-layout.ts';

export interface OverlayPlane {
  /** 0x6000 … 0x601e. */
  readonly group: number;
  readonly type: 'graphics' | 'roi';
  readonly label: string;
  readonly description: string;
  readonly rows: number;
  readonly columns: number;
  /** [column, row] of its first pixel in the image, from 0; may lie outside. */
  readonly origin: readonly [number, number];
  readonly embedded: boolean;
}

/** With the tags of their rows: an image is asked for all sixteen. */
const groups = Array.from({ length: 16 }, (_, index) => ({ group: 0x6000 + index * 2, rowsTag: element(0x6000 + index * 2, '0010') }));
/** An overlay larger than this is not one. */
const largestSide = 65_535;

function element(group: number, number: string): string {
  return `${group.toString(16)}${number}`;
}

/** The planes of an image or presentation state, as they are described; without bits that can be read there is no plane. */
export function overlayPlanes(dataset: DataSet): OverlayPlane[] {
  return groups.flatMap(({ group, rowsTag }) => {
    if (!dataset.has(rowsTag)) return [];
    const key = (number: string): string => element(group, number);
    const rows = dataset.number(key('0010')) ?? 0;
    const columns = dataset.number(key('0011')) ?? 0;
    if (rows < 1 || columns < 1 || rows > largestSide || columns > largestSide) return [];
    const hasOwnBits = dataset.hasValue(key('3000'));
    const layout = pixelLayout(dataset);
    const isEmbedded = !hasOwnBits && (dataset.number(key('0100')) ?? 1) > 1 && dataset.number(key('0102')) !== null;
    if (!hasOwnBits && (!isEmbedded || layout.samples !== 1 || rows !== layout.rows || columns !== layout.columns)) return [];
    // Overlay Origin is row\column, the first pixel of the image being 1\1.
    const [originRow, originColumn] = signed(dataset, key('0050'));
    return [{
      group,
      type: dataset.string(key('0040')) === 'R' ? 'roi' as const : 'graphics' as const,
      label: dataset.string(key('1500')),
      description: dataset.string(key('0022')),
      rows,
      columns,
      origin: [(originColumn ?? 1) - 1, (originRow ?? 1) - 1] as const,
      embedded: isEmbedded,
    }];
  });
}

/** Overlay Origin is SS; writers that knew no better made it US. */
function signed(dataset: DataSet, key: string): number[] {
  return dataset.numbers(key).map((value) => (value > 32_767 ? value - 65_536 : value));
}

/**
 * The bits of one plane on one frame, one byte each.
 *
 * @returns 0 or 1, rows × columns of the plane; null when the plane is not on this frame.
 * @throws {ScanloomError} `request/not-found` without such a plane, `dicom/truncated` when its bits end early, `dicom/unsupported` for bits within compressed pixels.
 */
export function overlayBits(dataset: DataSet, group: number, frameIndex: number): Uint8Array | null {
  const plane = overlayPlanes(dataset).find((one) => one.group === group);
  if (plane === undefined) throw new ScanloomError('request/not-found', 'The object has no such overlay.');
  return plane.embedded ? embeddedBits(dataset, plane, frameIndex) : ownBits(dataset, plane, frameIndex);
}

/** Multi-frame overlays begin at Image Frame Origin and cover Number of Frames in Overlay frames (C.9.3). */
function ownBits(dataset: DataSet, plane: OverlayPlane, frameIndex: number): Uint8Array | null {
  const key = (number: string): string => element(plane.group, number);
  const count = dataset.number(key('0015')) ?? 1;
  const first = (dataset.number(key('0051')) ?? 1) - 1;
  // One plane without a frame of its own holds for all frames.
  const isForAll = !dataset.hasValue(key('0015')) || (count === 1 && !dataset.hasValue(key('0051')));
  const index = isForAll ? 0 : frameIndex - first;
  if (index < 0 || index >= count) return null;
  const bytes = dataset.bytes(key('3000'))!;
  const pixels = plane.rows * plane.columns;
  if (bytes.length * 8 < pixels * (index + 1)) throw new ScanloomError('dicom/truncated', 'The overlay ends before its last row does.');
  const out = new Uint8Array(pixels);
  // Bits run on across rows and frames, the least significant first (PS3.5 8.1.2).
  for (let i = 0, at = pixels * index; i < pixels; i += 1, at += 1) out[i] = (bytes[at >> 3]! >> (at & 7)) & 1;
  return out;
}

function embeddedBits(dataset: DataSet, plane: OverlayPlane, frameIndex: number): Uint8Array {
  const bit = dataset.number(element(plane.group, '0102')) ?? 0;
  const layout = pixelLayout(dataset);
  const bytes = dataset.bytes('PixelData');
  if (bytes === null) throw new ScanloomError('dicom/unsupported', 'The overlay lies in bits of compressed pixels, which cannot be read.', { hint: 'Decompress the file with another program first.' });
  const size = layout.bitsAllocated / 8;
  if (!(size === 1 || size === 2 || size === 4) || bit < 0 || bit >= layout.bitsAllocated) throw new ScanloomError('dicom/invalid', 'The overlay names a bit that the pixels do not have.');
  const pixels = plane.rows * plane.columns;
  const start = frameIndex * pixels * size;
  if (bytes.length < start + pixels * size) throw new ScanloomError('dicom/truncated', 'The pixels end before the overlay does.');
  const out = new Uint8Array(pixels);
  // Little endian whatever the file was: the byte that holds the bit is the one at bit / 8.
  for (let i = 0, at = start + (bit >> 3); i < pixels; i += 1, at += size) out[i] = (bytes[at]! >> (bit & 7)) & 1;
  return out;
}
