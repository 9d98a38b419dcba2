/** The Clean Pixel Data Option (PS3.15 E.3.1) on one object: black boxes, looked at again, and what the object may then say of itself. */
import type { DataSet, DicomFile } from '#dicom';
import { blackOut } from './black-out.ts';
import { findTextInObject } from './find-in-object.ts';
import { pixelElement } from './native-frames.ts';
import { withoutUnusedBits } from './unused-bits.ts';
import type { PixelBox, TextBox, TextRisk } from './types.ts';

export interface CleanPixelsOptions {
  /** What to blacken, in every frame. */
  readonly boxes: readonly PixelBox[];
  /** A person has looked at this object and its boxes. */
  readonly confirmed: boolean;
  readonly risk?: TextRisk;
  /** Frames that the boxes were found on; the second look takes others where there are any. */
  readonly framesLooked?: readonly number[];
  readonly signal?: AbortSignal;
}

export interface CleanedPixels {
  /** The very same object when nothing had to be changed; else uncompressed. Burned In Annotation is set as `burnedInAnnotation` says. */
  readonly file: DicomFile;
  readonly blackened: number;
  readonly unusedBitsMasked: boolean;
  /** What still looks like text. */
  readonly remaining: readonly TextBox[];
  readonly framesChecked: readonly number[];
  /** NO when a person confirmed it or the second look found nothing; YES when something is left that nobody has confirmed. */
  readonly burnedInAnnotation: 'NO' | 'YES';
}

/**
 * Blackens, masks unused bits, and runs the detector again on the result.
 *
 * @returns A new object; `file` is not changed. Objects without pixels come back as they are, and say NO.
 * @throws what blackOut and decodeFrame throw.
 */
export async function cleanPixels(file: DicomFile, options: CleanPixelsOptions): Promise<CleanedPixels> {
  if (pixelElement(file.dataset) === '') return { file, blackened: 0, unusedBitsMasked: false, remaining: [], framesChecked: [], burnedInAnnotation: 'NO' };
  const masked = await withoutUnusedBits(file);
  const blackened = options.boxes.length === 0 ? masked : await blackOut(masked, options.boxes);
  const again = await findTextInObject(blackened, {
    ...(options.risk === undefined ? {} : { risk: options.risk }),
    ...(options.framesLooked === undefined ? {} : { besides: options.framesLooked }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const burnedInAnnotation = options.confirmed || again.boxes.length === 0 ? 'NO' : 'YES';
  const dataset: DataSet = blackened.dataset.clone().setString('BurnedInAnnotation', burnedInAnnotation);
  return { file: { ...blackened, dataset }, blackened: options.boxes.length, unusedBitsMasked: masked !== file, remaining: again.boxes, framesChecked: again.framesLooked, burnedInAnnotation };
}
