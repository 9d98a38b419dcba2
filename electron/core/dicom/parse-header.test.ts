import { describe, expect, test } from 'vitest';
import { DataSet } from './data-set.ts';
import { parseHeader } from './parse-header.ts';
import { parseDicom } from './parse.ts';
import { writeDicom } from './write.ts';

/** An image with a header of about `headerBytes`, half of them in a sequence of undefined length. */
function image(headerBytes: number): Uint8Array {
  const items = Array.from({ length: Math.ceil(headerBytes / 2000) }, (_, index) => new DataSet().setString('CodeMeaning', `Item ${index}`).setBytes('0009abcd', 'OB', new Uint8Array(1000)));
  const dataset = new DataSet()
    .setString('PatientName', 'Long^Header').setSequence('ProcedureCodeSequence', items).setBytes('0029abcd', 'OB', new Uint8Array(headerBytes / 2))
    .setNumber('Rows', 64).setNumber('Columns', 64).setNumber('BitsAllocated', 16).setNumber('BitsStored', 16).setNumber('HighBit', 15).setNumber('SamplesPerPixel', 1)
    .setNumber('PixelRepresentation', 0).setString('PhotometricInterpretation', 'MONOCHROME2').set({ tag: '7fe00010', vr: 'OW', value: new Uint8Array(8192) });
  return writeDicom({ dataset, sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: '2.25.1', transferSyntaxUid: '1.2.840.10008.1.2.1' });
}

describe('only as much is read as the header needs', () => {
  test.each([{ headerBytes: 2000, reads: 1 }, { headerBytes: 60_000, reads: 2 }, { headerBytes: 400_000, reads: 3 }])('$headerBytes bytes', ({ headerBytes, reads }) => {
    const bytes = image(headerBytes);
    const asked: number[] = [];
    const file = parseHeader(bytes.length + 50_000_000, (length) => {
      asked.push(length);
      return bytes.subarray(0, length);
    });
    const whole = parseDicom(bytes, { untilPixelData: true });
    expect(asked).toHaveLength(reads);
    expect(file.pixelDataSkipped).toBe(true);
    expect([...file.dataset.elements()].map(({ tag }) => tag)).toEqual([...whole.dataset.elements()].map(({ tag }) => tag));
    expect(file.dataset.sequence('ProcedureCodeSequence')).toHaveLength(whole.dataset.sequence('ProcedureCodeSequence').length);
  });

  test('what is no DICOM file is refused after the first read', () => {
    let reads = 0;
    expect(() => parseHeader(1_000_000, (length) => { reads += 1; return new Uint8Array(length).fill(0x41); })).toThrow(/not a DICOM file/);
    expect(reads).toBe(1);
  });

  test('a file that is cut in its header is refused', () => {
    const bytes = image(60_000).subarray(0, 40_000);
    expect(() => parseHeader(bytes.length, (length) => bytes.subarray(0, length))).toThrow(/ends in the middle/);
  });
});
