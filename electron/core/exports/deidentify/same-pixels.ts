/** Taking bytes out of pixel data must not take pixels: where the profile changed the element, frames of both are decoded and compared. */
import { ScanloomError } from '#contract';
import { decodeFrame, pixelLayout, type DataSet, type DicomFile } from '#dicom';

/** Decoding twice is dear, and what goes wrong goes wrong in the first frames or the last. */
const mostFrames = 4;

/**
 * @param before The object whose pixels are meant to be in the copy: boxes are black and faces are cut.
 * @throws {ScanloomError} `export/verification-failed` when a frame of the changed object has other stored values.
 */
export async function refuseOtherPixels(before: DicomFile, after: DataSet): Promise<void> {
  if (before.dataset.get('7fe00010')?.value === after.get('7fe00010')?.value || !after.has('PixelData')) return;
  const { frames } = pixelLayout(before.dataset);
  const step = Math.max(1, (frames - 1) / (mostFrames - 1));
  for (let at = 0; at < frames; at += step) {
    const frame = Math.min(frames - 1, Math.round(at));
    const meant = await decodeFrame(before, frame).catch(() => null);
    // What cannot be decoded has no values to keep.
    if (meant === null) continue;
    const had = await decodeFrame({ ...before, dataset: after }, frame).catch(() => null);
    if (had === null || !sameBytes(meant.stored, had.stored)) {
      throw new ScanloomError('export/verification-failed', 'Its pixels would have changed when what lies beside them was taken out.', { hint: 'It was not copied. Convert it to another transfer syntax first.' });
    }
  }
}

function sameBytes(a: ArrayBufferView, b: ArrayBufferView): boolean {
  const bytes = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength);
  return a.byteLength === b.byteLength && Buffer.compare(bytes(a), bytes(b)) === 0;
}
