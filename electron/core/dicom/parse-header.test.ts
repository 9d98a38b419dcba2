import { describe, expect, test } from 'vitest';
import { DataSet } from './data-set.ts';
import { parseHeader } from './parse-header.ts';
import { parseDicom } from './parse.ts';
import { checkPixels } from './pixels.ts';
import type { DataElement } from './types.ts';
import { writeDicom } from './write.ts';

const pixelBytes = 8192;

/** An image with a header of about `headerBytes`, half of them in a sequence of undefined length. */
function image(headerBytes: number, more: readonly DataElement[] = []): Uint8Array {
  const items = Array.from({ length: Math.ceil(headerBytes / 2000) }, (_, index) => new DataSet().setString('CodeMeaning', `Item ${index}`).setBytes('0009abcd', 'OB', new Uint8Array(1000)));
  const dataset = new DataSet()
    .setString('PatientName', 'Long^Header').setSequence('ProcedureCodeSequence', items).setBytes('0029abcd', 'OB', new Uint8Array(headerBytes / 2))
    .setNumber('Rows', 64).setNumber('Columns', 64).setNumber('BitsAllocated', 16).setNumber('BitsStored', 16).setNumber('HighBit', 15).setNumber('SamplesPerPixel', 1)
    .setNumber('PixelRepresentation', 0).setString('PhotometricInterpretation', 'MONOCHROME2').set({ tag: '7fe00010', vr: 'OW', value: new Uint8Array(pixelBytes) });
  for (const element of more) dataset.set(element);
  return writeDicom({ dataset, sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: '2.25.1', transferSyntaxUid: '1.2.840.10008.1.2.1' });
}

/** An image of several frames, RLE, of which a header has no need. */
function frames(lengths: readonly number[], more: readonly DataElement[] = [], count: number = lengths.length): Uint8Array {
  const { dataset } = parseDicom(image(2000, more));
  dataset.setNumber('NumberOfFrames', count).set({ tag: '7fe00010', vr: 'OB', value: { kind: 'encapsulated', offsetTable: new Uint8Array(0), fragments: lengths.map((length) => new Uint8Array(length)) } });
  return writeDicom({ dataset, sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: '2.25.1', transferSyntaxUid: '1.2.840.10008.1.2.5' });
}

describe('only as much is read as the header needs', () => {
  test.each([{ headerBytes: 2000, reads: 1 }, { headerBytes: 60_000, reads: 2 }, { headerBytes: 400_000, reads: 3 }])('$headerBytes bytes', ({ headerBytes, reads }) => {
    const bytes = image(headerBytes);
    const asked: number[] = [];
    const source = { size: bytes.length, read: (at: number, length: number) => { asked.push(length); return bytes.subarray(at, at + length); } };
    const file = parseHeader(source);
    const whole = parseDicom(bytes);
    expect(asked).toHaveLength(reads);
    expect(Math.max(...asked)).toBeLessThan(headerBytes * 8 + 16_385);
    expect(file.skippedPixels).toEqual([{ tag: '7fe00010', bytes: pixelBytes, offsetTable: new Uint8Array(0), fragments: [] }]);
    expect([...file.dataset.elements()].map(({ tag }) => tag)).toEqual([...whole.dataset.elements()].map(({ tag }) => tag).filter((tag) => tag !== '7fe00010'));
    expect(file.dataset.sequence('ProcedureCodeSequence')).toHaveLength(whole.dataset.sequence('ProcedureCodeSequence').length);
  });

  test('what is no DICOM file is refused after the first read', () => {
    let reads = 0;
    expect(() => parseHeader({ size: 1_000_000, read: (_, length) => { reads += 1; return new Uint8Array(length).fill(0x41); } })).toThrow(/not a DICOM file/);
    expect(reads).toBe(1);
  });

  test('of fragments only the heads', () => {
    const bytes = frames([70_000, 30_000, 50_000]);
    let read = 0;
    const file = parseHeader({ size: bytes.length, read: (at, length) => { read += length; return bytes.subarray(at, at + length); } });
    expect(file.skippedPixels![0]!.fragments.map(({ length }) => length)).toEqual([70_000, 30_000, 50_000]);
    expect(read).toBeLessThan(20_000);
  });
});

describe('the same as of the whole file', () => {
  test('a file that is cut in its header is refused', () => {
    const bytes = image(60_000).subarray(0, 40_000);
    expect(() => parseHeader(bytes)).toThrow(/ends in the middle/);
  });

  test('a file that is cut in its pixels is refused', () => {
    for (const bytes of [image(2000), frames([70_000, 30_000])]) {
      const cut = bytes.subarray(0, bytes.length - 500);
      expect(() => parseDicom(cut)).toThrow(/ends in the middle/);
      expect(() => parseHeader(cut)).toThrow(/ends in the middle/);
    }
  });

  test('what stands behind the pixels is read', () => {
    const padding = { tag: 'fffcfffc', vr: 'OB', value: new Uint8Array(20) };
    for (const bytes of [image(2000, [padding]), frames([70_000, 30_000], [padding])]) {
      const whole = parseDicom(bytes);
      const file = parseHeader(bytes);
      expect(file.dataset.bytes('fffcfffc')).toHaveLength(20);
      expect(file.notices).toEqual(whole.notices);
    }
  });

  test('pixels that are too short for the image are noticed without them', () => {
    const dataset = parseDicom(image(2000)).dataset.set({ tag: '7fe00010', vr: 'OW', value: new Uint8Array(4000) });
    const bytes = writeDicom({ dataset, sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: '2.25.1', transferSyntaxUid: '1.2.840.10008.1.2.1' });
    expect(() => checkPixels(parseHeader(bytes))).toThrow(/ends before frame 1 does/);
    expect(() => checkPixels(parseHeader(image(2000)))).not.toThrow();
    expect(() => checkPixels(parseHeader(frames([70_000, 30_000])))).not.toThrow();
    expect(() => checkPixels(parseHeader(frames([70_000, 30_000], [], 5)))).toThrow(/has 0 frames where the header says 5/);
  });
});
