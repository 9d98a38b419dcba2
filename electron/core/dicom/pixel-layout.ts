/** How pixels are stored: the Image Pixel Description Macro, PS3.3 C.7.6.3, read with its limits. */
import { ScanloomError } from '#contract/errors';
import type { DataSet } from './data-set.ts';
import { hasPixelElement, type SkippedPixels } from './skipped-pixels.ts';
import type { StoredArray } from './types.ts';

export interface PixelLayout {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly samples: number;
  readonly photometricInterpretation: string;
  readonly planarConfiguration: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly pixelRepresentation: 0 | 1;
  readonly floatPixels: 'float32' | 'float64' | null;
}

/** One frame may need this much memory when decoded and no more: what a file claims is not believed further. */
export const largestFrameBytes = 2 ** 30;
export const largestFrameCount = 10_000_000;

/**
 * Number of Frames, 1 when absent.
 *
 * @throws {ScanloomError} `dicom/invalid` when it is there and not a whole number.
 */
export function frameCount(dataset: DataSet): number {
  if (!dataset.hasValue('NumberOfFrames')) return 1;
  const frames = dataset.number('NumberOfFrames');
  if (frames === null || !Number.isInteger(frames) || frames < 0 || frames > largestFrameCount) {
    throw new ScanloomError('dicom/invalid', 'The file is damaged: its Number of Frames is not a number.', { details: { tag: '00280008' } });
  }
  return Math.max(1, frames);
}

/**
 * What is there, with the defaults that a header can be shown with; `checkLayout` says whether pixels can be read with it.
 *
 * @param skippedPixels Of a file whose header alone was read.
 */
export function pixelLayout(dataset: DataSet, skippedPixels: readonly SkippedPixels[] = []): PixelLayout {
  const pixels = { dataset, skippedPixels };
  const floatPixels = hasPixelElement(pixels, 'FloatPixelData') ? 'float32' : hasPixelElement(pixels, 'DoubleFloatPixelData') ? 'float64' : null;
  const whole = (key: string): number => Math.max(0, Math.trunc(dataset.number(key) ?? 0));
  // Float pixels have their one size, whatever else the file says (PS3.3 C.7.6.24, C.7.6.25).
  const bitsAllocated = floatPixels === 'float32' ? 32 : floatPixels === 'float64' ? 64 : whole('BitsAllocated');
  const bitsStored = floatPixels === null ? whole('BitsStored') : bitsAllocated;
  return {
    rows: whole('Rows'),
    columns: whole('Columns'),
    frames: frameCount(dataset),
    samples: whole('SamplesPerPixel') || 1,
    photometricInterpretation: dataset.string('PhotometricInterpretation'),
    planarConfiguration: whole('PlanarConfiguration'),
    bitsAllocated,
    bitsStored,
    highBit: dataset.has('HighBit') ? whole('HighBit') : Math.max(0, bitsStored - 1),
    pixelRepresentation: dataset.number('PixelRepresentation') === 1 ? 1 : 0,
    floatPixels,
  };
}

/** @throws {ScanloomError} `dicom/invalid`, `dicom/unsupported` or `dicom/too-large` when no pixels can be read with this layout. */
export function checkLayout(layout: PixelLayout): void {
  const { rows, columns, samples, bitsAllocated, bitsStored } = layout;
  if (rows === 0 || columns === 0) throw new ScanloomError('dicom/invalid', 'The image does not say its rows and columns.');
  if (bitsAllocated === 0 || bitsStored === 0) throw new ScanloomError('dicom/invalid', 'The image does not say its bits allocated and stored.');
  if (bitsStored > bitsAllocated) throw new ScanloomError('dicom/invalid', `The image claims ${bitsStored} bits stored in ${bitsAllocated}.`);
  if (![1, 8, 16, 24, 32, 64].includes(bitsAllocated) || (bitsAllocated === 64 && layout.floatPixels !== 'float64')) {
    throw new ScanloomError('dicom/unsupported', `Pixels of ${bitsAllocated} bits allocated cannot be read.`);
  }
  if (samples > 4) throw new ScanloomError('dicom/unsupported', `Images with ${samples} samples a pixel cannot be read.`);
  if (rows * columns * samples * Math.max(1, bitsAllocated / 8) > largestFrameBytes) {
    throw new ScanloomError('dicom/too-large', `A frame of ${rows} × ${columns} pixels is larger than the ${largestFrameBytes / 2 ** 20} MB that a frame may need.`);
  }
}

/** The container of a layout's samples: one of the size of Bits Allocated, signed when Pixel Representation is 1. */
export function makeContainer(layout: PixelLayout, length: number): StoredArray {
  if (layout.floatPixels === 'float32') return new Float32Array(length);
  if (layout.floatPixels === 'float64') return new Float64Array(length);
  const signed = layout.pixelRepresentation === 1;
  if (layout.bitsAllocated === 1) return new Uint8Array(length);
  if (layout.bitsAllocated === 8) return signed ? new Int8Array(length) : new Uint8Array(length);
  if (layout.bitsAllocated === 16) return signed ? new Int16Array(length) : new Uint16Array(length);
  return signed ? new Int32Array(length) : new Uint32Array(length);
}
