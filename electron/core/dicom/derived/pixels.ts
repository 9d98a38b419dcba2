/** Image Pixel Module (PS3.3 C.7.6.3), modality LUT and window of a derived image. */
import type { DataSet } from '../data-set.ts';
import type { QuantisedImage, Quantisation } from '../quantise.ts';
import { transferSyntaxes } from '../transfer-syntaxes.ts';
import type { DicomFile } from '../types.ts';

/** Grey pixels of 16 bits with their true extremes; `frames` one after the other. */
export function setGreyPixels(dataset: DataSet, frames: readonly QuantisedImage[], size: { readonly rows: number; readonly columns: number; readonly signed: boolean }): void {
  const vr = size.signed ? 'SS' : 'US';
  const bytes = new Uint8Array(size.rows * size.columns * 2 * frames.length);
  frames.forEach(({ stored }, index) => bytes.set(new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength), index * size.rows * size.columns * 2));
  dataset
    .setNumber('SamplesPerPixel', 1)
    .setNumber('Rows', size.rows)
    .setNumber('Columns', size.columns)
    .setNumber('BitsAllocated', 16)
    .setNumber('BitsStored', 16)
    .setNumber('HighBit', 15)
    .setNumber('PixelRepresentation', size.signed ? 1 : 0)
    .setNumber('SmallestImagePixelValue', frames.reduce((least, { smallest }) => Math.min(least, smallest), Infinity), vr)
    .setNumber('LargestImagePixelValue', frames.reduce((most, { largest }) => Math.max(most, largest), -Infinity), vr)
    .setBytes('PixelData', 'OW', bytes);
  dataset.delete('PlanarConfiguration');
}

/** Modality LUT as slope and intercept (C.11.1); Rescale Type US where no other unit is known. */
export function setRescale(dataset: DataSet, quantisation: Quantisation, type: string | null): void {
  dataset.setNumber('RescaleSlope', quantisation.slope).setNumber('RescaleIntercept', quantisation.intercept);
  if (type !== null) dataset.setString('RescaleType', type);
}

/** A window of LINEAR needs a width of at least 1, and each centre its width (C.11.2.1.2): what cannot be applied goes. */
export function dropImpossibleWindows(dataset: DataSet): void {
  const widths = dataset.numbers('WindowWidth');
  if (widths.some((width) => !(width >= 1)) || widths.length !== dataset.numbers('WindowCenter').length) {
    for (const key of ['WindowCenter', 'WindowWidth', 'WindowCenterWidthExplanation', 'VOILUTFunction']) dataset.delete(key);
  }
}

/** A window over everything that is there, for kinds that must have one (DX and MG for presentation, C.8.11.5.1). */
export function setWholeWindow(dataset: DataSet, frame: QuantisedImage, quantisation: Quantisation): void {
  const [a, b] = [frame.smallest, frame.largest].map((stored) => stored * quantisation.slope + quantisation.intercept) as [number, number];
  dataset.setNumber('WindowCenter', (a + b) / 2).setNumber('WindowWidth', Math.max(1, Math.abs(b - a)));
}

/** Once lossy, always lossy (C.7.6.1.1.5), also where the source only says so by its transfer syntax. */
export function inheritLossy(dataset: DataSet, source: DicomFile): void {
  if (transferSyntaxes[source.transferSyntaxUid]?.lossy === 'only') dataset.setString('LossyImageCompression', '01');
}
