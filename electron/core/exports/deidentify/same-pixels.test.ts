import { expect, test } from 'vitest';
import { DataSet, parseDicom, writeDicom, type DicomFile } from '#dicom';
import { refuseOtherPixels } from './same-pixels.ts';

const frameBytes = 16;
const frames = 10;

function object(change: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes): DicomFile {
  const bytes = change(Uint8Array.from({ length: frameBytes * frames }, (_, i) => i));
  const dataset = new DataSet()
    .setNumber('SamplesPerPixel', 1).setString('PhotometricInterpretation', 'MONOCHROME2').setNumber('NumberOfFrames', frames).setNumber('Rows', 4).setNumber('Columns', 4)
    .setNumber('BitsAllocated', 8).setNumber('BitsStored', 8).setNumber('HighBit', 7).setNumber('PixelRepresentation', 0).setBytes('PixelData', 'OB', bytes);
  return parseDicom(writeDicom({ dataset, sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: '2.25.1', transferSyntaxUid: '1.2.840.10008.1.2.1' }));
}
const changedAt = (at: number) => (bytes: Uint8Array): Uint8Array => bytes.with(at, 255 - bytes[at]!);

test('bytes behind the pixels may go', async () => {
  const before = object((bytes) => Buffer.concat([bytes, Buffer.from('DOE^JANE')]));
  await expect(refuseOtherPixels(before, object().dataset)).resolves.toBeUndefined();
});
test.each([['first', 0], ['last', frameBytes * frames - 1]])('a pixel of the %s frame may not', async (_, at) => {
  await expect(refuseOtherPixels(object(), object(changedAt(at)).dataset)).rejects.toMatchObject({ code: 'export/verification-failed' });
});
test('nor may a frame be cut', async () => {
  await expect(refuseOtherPixels(object(), object((bytes) => bytes.subarray(0, frameBytes * frames - 2)).dataset)).rejects.toMatchObject({ code: 'export/verification-failed' });
});
