/** Bits of a pixel's container that its values do not use: old devices kept overlays there (PS3.5 8.1.2, retired), junk lies there, and so may a name. */
import { decodeFrame, describeImage, type DicomFile } from '#dicom';
import { pixelElement, withFrames } from './native-frames.ts';

/**
 * Whether anything but sign extension stands above Bits Stored in any frame. Sees into compressed pixels, too.
 *
 * @throws what decodeFrame throws. An object without integer pixels, or without unused bits, has none.
 */
export async function hasUnusedBits(file: DicomFile): Promise<boolean> {
  const header = describeImage(file);
  const { bitsAllocated, bitsStored, pixelRepresentation } = header;
  if (pixelElement(file.dataset) !== 'PixelData' || ![8, 16, 32].includes(bitsAllocated) || bitsStored >= bitsAllocated) return false;
  // The same bytes, read as if every bit of the container were in use.
  const wide: DicomFile = { ...file, dataset: file.dataset.clone().setNumber('BitsStored', bitsAllocated).setNumber('HighBit', bitsAllocated - 1) };
  const low = pixelRepresentation === 1 ? -(2 ** (bitsStored - 1)) : 0;
  const high = pixelRepresentation === 1 ? 2 ** (bitsStored - 1) - 1 : 2 ** bitsStored - 1;
  for (let index = 0; index < header.frames; index += 1) {
    const { stored } = await decodeFrame(wide, index);
    for (let i = 0; i < stored.length; i += 1) if (stored[i]! < low || stored[i]! > high) return true;
  }
  return false;
}

/**
 * The object without what stands in unused bits: uncompressed when anything had to go, else the very same file.
 *
 * Unsigned values whose unused bits repeat a sign bit lose those too; the values that Bits Stored promises stay as they are.
 */
export async function withoutUnusedBits(file: DicomFile): Promise<DicomFile> {
  return (await hasUnusedBits(file)) ? withFrames(file, () => undefined) : file;
}
