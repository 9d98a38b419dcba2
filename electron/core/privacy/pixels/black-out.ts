/** Boxes of an object → the same pixels, black, in every frame (PS3.15 E.3.1: the stored values themselves; a shutter or overlay would not do). */
import { ScanloomError } from '#contract/errors';
import { decodeFrame, describeImage, type DicomFile, type StoredFrame } from '#dicom';
import { clippedBox } from './boxes.ts';
import { blackValue, storedRange, type StoredRange } from './black-value.ts';
import { withFrames } from './native-frames.ts';
import type { PixelBox } from './types.ts';

/** A person draws a few dozen, the detector a few hundred. */
export const mostBoxesOfObject = 2000;

/** Writes one value for each sample into the boxes of a frame; boxes are in pixels of it and lie inside. Changes `frame.stored`. */
export function fillBoxes(frame: StoredFrame, boxes: readonly PixelBox[], value: readonly number[]): void {
  const { columns, samples, stored } = frame;
  for (const box of boxes) {
    for (let row = box.row; row < box.row + box.height; row += 1) {
      for (let column = box.column; column < box.column + box.width; column += 1) {
        const at = (row * columns + column) * samples;
        for (let sample = 0; sample < samples; sample += 1) stored[at + sample] = value[sample]!;
      }
    }
  }
}

/**
 * Blackens boxes in every frame of an object, uncompressed whatever it was before.
 *
 * @param boxes In pixels of a frame; what lies outside of the image is left out.
 * @returns A new file in explicit little endian; `file` is not changed. Without boxes the pixels are the same, uncompressed.
 * @throws {ScanloomError} `usage/invalid` for too many boxes, `dicom/no-pixels`, `dicom/too-large`, `dicom/unsupported`, and what decodeFrame throws.
 */
export async function blackOut(file: DicomFile, boxes: readonly PixelBox[]): Promise<DicomFile> {
  if (boxes.length > mostBoxesOfObject) throw new ScanloomError('usage/invalid', `An image can have at most ${mostBoxesOfObject} boxes.`);
  const { rows, columns } = describeImage(file);
  const inside = boxes.flatMap((box) => clippedBox(box, rows, columns) ?? []);
  const range = await rangeOfObject(file);
  return withFrames(file, (frame, _, header) => fillBoxes(frame, inside, blackValue(frame, header, file.dataset, range)));
}

/** Over all frames of a grey object: one black for all of them. Colours need none. */
async function rangeOfObject(file: DicomFile): Promise<StoredRange> {
  const { frames, samplesPerPixel, photometricInterpretation } = describeImage(file);
  if (samplesPerPixel > 1 || photometricInterpretation === 'PALETTE COLOR') return { smallest: 0, largest: 0 };
  let range: StoredRange = { smallest: Infinity, largest: -Infinity };
  for (let index = 0; index < frames; index += 1) {
    const own = storedRange([await decodeFrame(file, index)]);
    range = { smallest: Math.min(range.smallest, own.smallest), largest: Math.max(range.largest, own.largest) };
  }
  return range;
}
