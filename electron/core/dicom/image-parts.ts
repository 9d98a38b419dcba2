/** Images that are put together from parts with a place or scale of their own: calibrated regions of an ultrasound screen, the tiles of a mosaic. */
import type { DataSet } from './data-set.ts';

/** One part of an ultrasound image, in pixels from 0; the last column and row belong to it. */
export interface UltrasoundRegion {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** [row, column] of tissue or flow seen in two dimensions; null where the axes are not both lengths (M-mode, Doppler). */
  readonly spacingMm: readonly [number, number] | null;
}

export interface ImageParts {
  readonly regions?: readonly UltrasoundRegion[];
  /** Slices on one mosaic sheet. */
  readonly tiles?: number;
}

const mostRegions = 64;
const mostTiles = 4096;
const centimetres = 3;
/** Region Spatial Format (0018,6012): 1 two dimensions, 2 M-mode, 3 spectrum, 4 waveform; 0 and 5 (none, graphics) measure nothing. */
const flat = 1;
const measuring = new Set([1, 2, 3, 4]);

/** What a file says of its parts; empty for most. */
export function imageParts(dataset: DataSet, rows: number, columns: number): ImageParts {
  const regions = ultrasoundRegions(dataset, rows, columns);
  const tiles = dataset.strings('ImageType').some((value) => value.toUpperCase() === 'MOSAIC') ? mosaicTiles(dataset) : null;
  return { ...(regions.length === 0 ? {} : { regions }), ...(tiles === null ? {} : { tiles }) };
}

/**
 * Sequence of Ultrasound Regions (PS3.3 C.8.5.5). Physical Delta X and Y are cm a pixel of their own axis; their signs only say where the axes lead.
 * A region that reaches out of the image is left out of the scales: the picture was made smaller or cut after the region was written.
 */
export function ultrasoundRegions(dataset: DataSet, rows: number, columns: number): UltrasoundRegion[] {
  return dataset.sequence('SequenceOfUltrasoundRegions').slice(0, mostRegions).flatMap((item) => {
    const format = item.number('RegionSpatialFormat');
    const [left, top, right, bottom] = [item.number('RegionLocationMinX0'), item.number('RegionLocationMinY0'), item.number('RegionLocationMaxX1'), item.number('RegionLocationMaxY1')];
    if (format === null || !measuring.has(format) || left === null || top === null || right === null || bottom === null) return [];
    if (![left, top, right, bottom].every(Number.isSafeInteger) || left < 0 || top < 0 || right <= left || bottom <= top) return [];
    // Some count the last pixel from 1.
    const isInside = right <= columns && bottom <= rows;
    const isLength = format === flat && item.number('PhysicalUnitsXDirection') === centimetres && item.number('PhysicalUnitsYDirection') === centimetres;
    const [x, y] = [Math.abs(item.number('PhysicalDeltaX') ?? 0) * 10, Math.abs(item.number('PhysicalDeltaY') ?? 0) * 10];
    const isScale = isInside && isLength && [x, y].every((mm) => Number.isFinite(mm) && mm > 1e-6 && mm < 1e3);
    return [{ left, top, right: Math.min(right, columns - 1), bottom: Math.min(bottom, rows - 1), spacingMm: isScale ? ([y, x] as const) : null }];
  }).filter(({ left, top, right, bottom }) => right > left && bottom > top);
}

/** Number of Images in Mosaic, which Siemens writes beside Image Type MOSAIC; null where it was taken out. Matched by group, creator and low byte (PS3.5 7.8.1). */
function mosaicTiles(dataset: DataSet): number | null {
  for (let block = 0x10; block < 0x20; block += 1) {
    if (dataset.string(`001900${block.toString(16)}`) !== 'SIEMENS MR HEADER') continue;
    // Implicit files do not tell the VR of a private element.
    const bytes = dataset.bytes(`0019${block.toString(16)}0a`);
    const tiles = bytes !== null && bytes.length >= 2 ? bytes[0]! + 256 * bytes[1]! : 0;
    if (tiles >= 1 && tiles <= mostTiles) return tiles;
  }
  return null;
}
