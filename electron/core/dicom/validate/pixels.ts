/** PS3.3 C.7.6.3, C.7.6.24: bits, length, fragments, and extremes that are true. */
import { ScanloomError } from '#contract/errors';
import type { DataSet } from '../data-set.ts';
import { pixelLayout } from '../pixel-layout.ts';
import { checkPixels } from '../pixels.ts';
import { transferSyntaxes } from '../transfer-syntaxes.ts';
import type { DicomFile } from '../types.ts';
import type { Report } from './report.ts';

/** Compressed pixels are only checked for their presence, frame by frame; nothing is decoded. */
export function checkPixelData(file: DicomFile, report: Report): void {
  const { dataset } = file;
  const floats = ['FloatPixelData', 'DoubleFloatPixelData'].find((key) => dataset.has(key));
  if (!dataset.has('PixelData') && floats === undefined) return;
  let layout: ReturnType<typeof pixelLayout>;
  try {
    layout = pixelLayout(dataset);
  } catch (thrown) {
    report('error', 'pixels-invalid', '00280008', ScanloomError.from(thrown).message);
    return;
  }
  const { rows, columns, frames, samples, bitsAllocated, bitsStored, highBit } = layout;
  if (rows === 0 || columns === 0 || bitsAllocated === 0 || (bitsStored === 0 && floats === undefined)) {
    report('error', 'pixels-invalid', '7fe00010', 'There are pixels, but not what describes them.');
    return;
  }
  if (floats === undefined && (bitsStored > bitsAllocated || highBit !== bitsStored - 1)) report('error', 'bits-invalid', '00280102', `Bits ${bitsAllocated}/${bitsStored}/${highBit} do not fit together.`);
  if (floats !== undefined) for (const key of ['BitsStored', 'HighBit', 'PixelRepresentation']) if (dataset.has(key)) report('warning', 'bits-of-floats', dataset.get(key)!.tag, `${key} says nothing of float pixels.`);
  const bytes = dataset.bytes(floats ?? 'PixelData');
  if (bytes === null) {
    checkFragments(file, frames, report);
    return;
  }
  const subsampled = /^YBR_(FULL|PARTIAL)_422$/.test(layout.photometricInterpretation);
  const exact = Math.ceil((rows * columns * frames * (subsampled ? 2 : samples) * bitsAllocated) / 8);
  if (bytes.length !== exact + (exact % 2)) report('error', 'pixel-length', '7fe00010', `The pixel data has ${bytes.length} bytes where ${exact + (exact % 2)} are needed.`);
  else if (floats === undefined && (bitsAllocated === 8 || bitsAllocated === 16) && samples === 1) checkExtremes(dataset, bytes.subarray(0, exact), bitsAllocated, bitsStored, layout.pixelRepresentation === 1, report);
}

function checkFragments(file: DicomFile, frames: number, report: Report): void {
  if ((file.dataset.encapsulated('PixelData')?.fragments.length ?? 0) < 1) {
    report('error', 'pixels-missing', '7fe00010', 'The pixel data has no fragments.');
    return;
  }
  // Without a decoder (video) frames cannot be told apart.
  if (frames === 1 || transferSyntaxes[file.transferSyntaxUid]?.codec === 'none') return;
  try {
    checkPixels(file);
  } catch (thrown) {
    report('error', 'pixel-fragments', '7fe00010', ScanloomError.from(thrown).message);
  }
}

function checkExtremes(dataset: DataSet, bytes: Uint8Array, bitsAllocated: 8 | 16, bitsStored: number, signed: boolean, report: Report): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!dataset.has('SmallestImagePixelValue') && !dataset.has('LargestImagePixelValue')) return;
  const unused = 32 - bitsStored;
  let smallest = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < bytes.length; at += bitsAllocated / 8) {
    const raw = bitsAllocated === 8 ? bytes[at]! : view.getUint16(at, true);
    const value = signed ? (raw << unused) >> unused : (raw << unused) >>> unused;
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  const said = (key: string): number | null => dataset.number(key);
  if (said('SmallestImagePixelValue') !== null && said('SmallestImagePixelValue') !== smallest) report('error', 'smallest-false', '00280106', `Smallest Image Pixel Value is ${said('SmallestImagePixelValue')}; the pixels’ is ${smallest}.`);
  if (said('LargestImagePixelValue') !== null && said('LargestImagePixelValue') !== largest) report('error', 'largest-false', '00280107', `Largest Image Pixel Value is ${said('LargestImagePixelValue')}; the pixels’ is ${largest}.`);
}
