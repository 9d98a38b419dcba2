/** Which stored value is shown black: by photometric interpretation, window and palette. */
import { ScanloomError } from '#contract/errors';
import { renderFrame, type DataSet, type ImageHeader, type StoredFrame } from '#dicom';

/** Smallest and largest stored value over all frames that were looked at. */
export interface StoredRange {
  readonly smallest: number;
  readonly largest: number;
}

export function storedRange(frames: Iterable<StoredFrame>): StoredRange {
  let smallest = Infinity;
  let largest = -Infinity;
  for (const { stored } of frames) {
    for (let i = 0; i < stored.length; i += 1) {
      const value = stored[i]!;
      if (value < smallest) smallest = value;
      if (value > largest) largest = value;
    }
  }
  return { smallest, largest };
}

/**
 * One stored value for each sample of a pixel that is shown black.
 *
 * Grey: the darkest value that the object has, or what its window shows black where that is darker still; never a value that widens the range by more (a −32768
 * among −1000…3000 would spoil every automatic window). MONOCHROME1: the other end. Palettes: the darkest entry.
 *
 * @see DICOM PS3.3 C.7.6.3.1.2
 * @throws {ScanloomError} `dicom/unsupported` for colours of four samples (retired ARGB, CMYK).
 */
export function blackValue(frame: StoredFrame, header: ImageHeader, dataset: DataSet, range: StoredRange): readonly number[] {
  const { samples, photometricInterpretation: photometric } = frame;
  if (samples > 3) throw new ScanloomError('dicom/unsupported', `Colours of ${samples} samples a pixel cannot be blacked out.`, { details: { photometric } });
  if (samples === 3) {
    const middle = 2 ** (header.bitsStored - 1);
    if (photometric.startsWith('YBR_PARTIAL')) return [2 ** Math.max(0, header.bitsStored - 4), middle, middle];
    return photometric.startsWith('YBR_FULL') ? [0, middle, middle] : [0, 0, 0];
  }
  if (photometric === 'PALETTE COLOR') return [darkestEntry(header, dataset)];
  return new Array<number>(samples).fill(darkestGrey(frame, header, range));
}

function darkestEntry(header: ImageHeader, dataset: DataSet): number {
  const count = 2 ** Math.min(16, header.bitsStored);
  const low = header.pixelRepresentation === 1 ? -count / 2 : 0;
  const stored = Int32Array.from({ length: count }, (_, index) => low + index);
  const picture = renderFrame({ rows: 1, columns: count, samples: 1, stored, photometricInterpretation: 'PALETTE COLOR' }, header, { dataset });
  if (picture.channels === 1) return Math.max(0, low);
  let darkest = 0;
  let least = Infinity;
  for (let i = 0; i < count; i += 1) {
    const light = 0.299 * picture.pixels[3 * i]! + 0.587 * picture.pixels[3 * i + 1]! + 0.114 * picture.pixels[3 * i + 2]!;
    if (light < least) [darkest, least] = [i, light];
  }
  return low + darkest;
}

function darkestGrey(frame: StoredFrame, header: ImageHeader, range: StoredRange): number {
  const slope = header.rescale?.slope ?? 1;
  const intercept = header.rescale?.intercept ?? 0;
  const isInverse = frame.photometricInterpretation === 'MONOCHROME1';
  const isLow = isInverse === slope < 0;
  const end = isLow ? range.smallest : range.largest;
  const first = header.windows[0];
  if (first === undefined || header.hasModalityLut || slope === 0) return end;
  // The end of the window that is shown black, as a stored value.
  const edge = ((isInverse ? first.center + first.width / 2 : first.center - first.width / 2) - intercept) / slope;
  if (!Number.isFinite(edge)) return end;
  const outer = isLow ? Math.min(end, Math.floor(edge)) : Math.max(end, Math.ceil(edge));
  return header.floatPixels === null ? clampToStored(outer, header) : outer;
}

function clampToStored(value: number, { bitsStored, pixelRepresentation }: ImageHeader): number {
  const low = pixelRepresentation === 1 ? -(2 ** (bitsStored - 1)) : 0;
  const high = pixelRepresentation === 1 ? 2 ** (bitsStored - 1) - 1 : 2 ** bitsStored - 1;
  return Math.min(high, Math.max(low, value));
}
