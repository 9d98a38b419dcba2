/** A file with its frames decoded, changed and stored uncompressed: what is written where pixels were changed. */
import { ScanloomError } from '#contract/errors';
import { decodeFrame, describeImage, transferSyntaxes, type DataSet, type DicomFile, type ImageHeader, type StoredFrame } from '#dicom';

const explicitLittleEndian = '1.2.840.10008.1.2.1';
/** Decoded pixels of one object, bytes: what one element of a file may hold, and what memory is asked for at most. */
const largestPixelBytes = 2 ** 31 - 2;

/** Where the pixels of a data set are, '' when it has none. */
export function pixelElement(dataset: DataSet): '' | 'PixelData' | 'FloatPixelData' | 'DoubleFloatPixelData' {
  return dataset.has('PixelData') ? 'PixelData' : dataset.has('FloatPixelData') ? 'FloatPixelData' : dataset.has('DoubleFloatPixelData') ? 'DoubleFloatPixelData' : '';
}

/**
 * A copy in explicit little endian whose frames went through `change`, one after the other. Unused high bits come out as sign or zero, colours interleaved.
 *
 * What is no longer true of the pixels goes: offset tables, smallest and largest values, the icon (it shows the old picture), digests and signatures of them.
 * Pixels that a lossy codec made stay marked as lossy (PS3.3 C.7.6.1.1.5).
 *
 * @param change May write into `frame.stored`, which is nobody else's.
 * @returns A new file; `file` is not changed.
 * @throws {ScanloomError} `dicom/no-pixels`, `dicom/too-large`, and what decodeFrame throws.
 */
export async function withFrames(file: DicomFile, change: (frame: StoredFrame, index: number, header: ImageHeader) => void): Promise<DicomFile> {
  const element = pixelElement(file.dataset);
  if (element === '') throw new ScanloomError('dicom/no-pixels', 'The object has no pixels.');
  const header = describeImage(file);
  const isBits = header.bitsAllocated === 1;
  const samples = header.rows * header.columns * header.samplesPerPixel;
  const frameBytes = samples * Math.max(1, header.bitsAllocated / 8);
  const totalBytes = isBits ? Math.ceil((samples * header.frames) / 8) : frameBytes * header.frames;
  if (totalBytes > largestPixelBytes) {
    throw new ScanloomError('dicom/too-large', `The pixels of this object are ${Math.round(totalBytes / 2 ** 20)} MB when uncompressed; at most ${Math.floor(largestPixelBytes / 2 ** 20)} MB can be changed.`);
  }
  const bytes = new Uint8Array(totalBytes + (totalBytes % 2));
  let photometric = header.photometricInterpretation;
  for (let index = 0; index < header.frames; index += 1) {
    const frame = await decodeFrame(file, index);
    photometric = storedPhotometric(frame);
    change(frame, index, header);
    if (isBits) packBits(frame, bytes, index * samples);
    else bytes.set(new Uint8Array(frame.stored.buffer, frame.stored.byteOffset, frame.stored.byteLength), index * frameBytes);
  }
  return { ...file, dataset: changedDataset(file, header, bytes, element, photometric), transferSyntaxUid: explicitLittleEndian };
}

/** Decoded 4:2:2 has all its samples; the transforms of JPEG 2000 are undone by decoding. */
function storedPhotometric({ photometricInterpretation }: StoredFrame): string {
  if (photometricInterpretation.startsWith('YBR_FULL')) return 'YBR_FULL';
  return photometricInterpretation === 'YBR_RCT' || photometricInterpretation === 'YBR_ICT' ? 'RGB' : photometricInterpretation;
}

/** One bit a pixel, least significant first, frames without padding between them (PS3.5 8.1.1). */
function packBits({ stored }: StoredFrame, bytes: Uint8Array, firstBit: number): void {
  for (let i = 0; i < stored.length; i += 1) if (stored[i] !== 0) bytes[(firstBit + i) >> 3]! |= 1 << ((firstBit + i) & 7);
}

function changedDataset(file: DicomFile, header: ImageHeader, bytes: Uint8Array, element: string, photometric: string): DataSet {
  const dataset = file.dataset.clone();
  const untrue = ['ExtendedOffsetTable', 'ExtendedOffsetTableLengths', 'SmallestImagePixelValue', 'LargestImagePixelValue', 'SmallestPixelValueInSeries', 'LargestPixelValueInSeries', 'IconImageSequence', 'DigitalSignaturesSequence', 'MACParametersSequence'];
  for (const key of untrue) dataset.delete(key);
  if (element !== 'PixelData') return dataset.setBytes(element, element === 'FloatPixelData' ? 'OF' : 'OD', bytes);
  if (header.samplesPerPixel > 1) dataset.setNumber('PlanarConfiguration', 0);
  dataset.setString('PhotometricInterpretation', photometric);
  // High Bit follows Bits Stored (PS3.5 8.1.1): that is where the decoded values are.
  if (header.highBit !== header.bitsStored - 1) dataset.setNumber('HighBit', header.bitsStored - 1);
  if (transferSyntaxes[file.transferSyntaxUid]?.lossy === 'only') dataset.setString('LossyImageCompression', '01');
  return dataset.setBytes('PixelData', header.bitsAllocated === 8 ? 'OB' : 'OW', bytes);
}
