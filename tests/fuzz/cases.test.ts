/** What fuzzing found, and what it would take long to find: each a named case with the refusal that it must get. */
import { describe, expect, test } from 'vitest';
import { DataSet, writeDicom } from '#dicom';
import { readThrough } from './read-through.ts';

/** An explicit data set with a sequence in a sequence in a sequence … */
function nested(depth: number): Uint8Array {
  let item = new DataSet().setString('PatientName', 'Deep');
  for (let level = 0; level < depth; level += 1) item = new DataSet().setSequence('ReferencedSeriesSequence', [item]);
  return writeDicom({ dataset: item, sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: '2.25.1', transferSyntaxUid: '1.2.840.10008.1.2.1' });
}

describe('damaged files', () => {
  test.each([
    { name: 'a text file', bytes: Buffer.from('This is a letter, not an image.\n'.repeat(20)), code: 'dicom/not-dicom' },
    { name: 'an empty file', bytes: new Uint8Array(0), code: 'dicom/not-dicom' },
    { name: 'a PNG', bytes: Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(400)]), code: 'dicom/not-dicom' },
    { name: 'zeros', bytes: new Uint8Array(4096), code: 'dicom/not-dicom' },
    { name: 'only preamble and prefix', bytes: Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]), code: 'dicom/invalid' },
    { name: 'sequences nested 500 deep', bytes: nested(500), code: 'dicom/invalid' },
  ])('$name is refused as $code', async ({ bytes, code }) => {
    expect(await readThrough(bytes)).toBe(code);
  });

  test('an image that claims more than fits is refused before memory is asked for', async () => {
    const dataset = new DataSet()
      .setString('SOPClassUID', '1.2.840.10008.5.1.4.1.1.7').setString('SOPInstanceUID', '2.25.1')
      .setNumber('Rows', 65_535).setNumber('Columns', 65_535).setNumber('SamplesPerPixel', 1).setString('PhotometricInterpretation', 'MONOCHROME2')
      .setNumber('BitsAllocated', 16).setNumber('BitsStored', 16).setNumber('HighBit', 15).setNumber('PixelRepresentation', 0)
      .set({ tag: '7fe00010', vr: 'OB', value: { kind: 'encapsulated', offsetTable: new Uint8Array(0), fragments: [new Uint8Array(100)] } });
    const bytes = writeDicom({ dataset, sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: '2.25.1', transferSyntaxUid: '1.2.840.10008.1.2.5' });
    expect(await readThrough(bytes)).toBe('dicom/too-large');
  });

  test('a million zeros before something are read once, not once for each element that they look like', { timeout: 60_000 }, async () => {
    const dataset = new DataSet().setString('PatientName', 'Zeros');
    const start = writeDicom({ dataset, sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: '2.25.1', transferSyntaxUid: '1.2.840.10008.1.2.1' });
    expect(await readThrough(Buffer.concat([start, new Uint8Array(4_000_000), Buffer.from([1])]))).toBe('no pixels');
  });

  test('a few bytes that claim to be an enormous image are refused before memory is asked for', async () => {
    const stream = Uint8Array.from([0xff, 0xd8, 0xff, 0xf7, 0, 11, 8, 0x60, 0, 0x60, 0, 1, 1, 0x11, 0, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0, 0xff, 0xd9, 0]);
    const dataset = new DataSet()
      .setNumber('Rows', 0x6000).setNumber('Columns', 0x6000).setNumber('SamplesPerPixel', 1).setString('PhotometricInterpretation', 'MONOCHROME2')
      .setNumber('BitsAllocated', 8).setNumber('BitsStored', 8).setNumber('HighBit', 7).setNumber('PixelRepresentation', 0)
      .set({ tag: '7fe00010', vr: 'OB', value: { kind: 'encapsulated', offsetTable: new Uint8Array(0), fragments: [stream] } });
    expect(await readThrough(writeDicom({ dataset, sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: '2.25.1', transferSyntaxUid: '1.2.840.10008.1.2.4.80' }))).toBe('dicom/too-large');
  });

  test.each([
    { where: 'before its frame', start: [0xff, 0xd8, 0xff, 0x01] },
    { where: 'where its start should be', start: [0xff, 0x01, 0xff, 0xdd, 0, 4, 0, 0] },
  ])('a JPEG with the marker TEM $where, from which libijg does not return, is refused', { timeout: 60_000 }, async ({ start }) => {
    const stream = Uint8Array.from([...start, 0xff, 0xc0, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x55, 0xff, 0xd9]);
    const dataset = new DataSet()
      .setNumber('Rows', 16).setNumber('Columns', 16).setNumber('SamplesPerPixel', 1).setString('PhotometricInterpretation', 'MONOCHROME2')
      .setNumber('BitsAllocated', 8).setNumber('BitsStored', 8).setNumber('HighBit', 7).setNumber('PixelRepresentation', 0)
      .set({ tag: '7fe00010', vr: 'OB', value: { kind: 'encapsulated', offsetTable: new Uint8Array(0), fragments: [stream] } });
    expect(await readThrough(writeDicom({ dataset, sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: '2.25.1', transferSyntaxUid: '1.2.840.10008.1.2.4.50' }))).toBe('dicom/decode-failed');
  });
});
