import { describe, expect, test } from 'vitest';
import { DataSet } from './data-set.ts';
import { keywordOf, tagOf, vrOf } from './dictionary.ts';

describe('a data set', () => {
  test('is addressed by keyword and by tag', () => {
    const set = new DataSet().setString('PatientName', 'Doe^Jane');
    expect(set.string('00100010')).toBe('Doe^Jane');
    expect(tagOf('PatientName')).toBe('00100010');
    expect(keywordOf('00100010')).toBe('PatientName');
    expect(() => set.string('PatientNam')).toThrow(/No attribute/);
  });

  test('gives elements in ascending order, however they were set', () => {
    const set = new DataSet().setNumber('Rows', 2).setString('Modality', 'CT').setString('PatientID', '7');
    expect([...set.elements()].map(({ tag }) => tag)).toEqual(['00080060', '00100020', '00280010']);
  });

  test('pads to even length: text with a space, UIDs with zero', () => {
    const set = new DataSet().setString('Modality', 'ABC').setString('SOPInstanceUID', '1.2.3');
    expect([...set.bytes('Modality')!]).toEqual([65, 66, 67, 32]);
    expect(set.bytes('SOPInstanceUID')!.at(-1)).toBe(0);
    expect(set.string('SOPInstanceUID')).toBe('1.2.3');
  });

  test('reads numbers of text and of binary', () => {
    const set = new DataSet().setNumber('PixelSpacing', [0.5, 0.25]).setNumber('Rows', 512).setNumber('DiffusionBValue', 1000.5);
    expect(set.numbers('PixelSpacing')).toEqual([0.5, 0.25]);
    expect([set.number('Rows'), set.number('DiffusionBValue'), set.number('Columns')]).toEqual([512, 1000.5, null]);
    expect(set.setString('WindowCenter', 'wide').number('WindowCenter')).toBeNull();
  });

  test('a clone can be changed without changing the original, also in its items', () => {
    const original = new DataSet().setSequence('SourceImageSequence', [new DataSet().setString('ReferencedSOPInstanceUID', '1.2')]);
    const copy = original.clone();
    copy.sequence('SourceImageSequence')[0]!.setString('ReferencedSOPInstanceUID', '9.9');
    expect(original.sequence('SourceImageSequence')[0]!.string('ReferencedSOPInstanceUID')).toBe('1.2');
  });
});

describe('character sets', () => {
  const text = (terms: string, bytes: readonly number[]): string =>
    new DataSet().setString('SpecificCharacterSet', terms).set({ tag: '00100010', vr: 'PN', value: Uint8Array.from(bytes) }).string('PatientName');
  const ascii = (letters: string): number[] => [...Buffer.from(letters, 'latin1')];
  const escape = 0x1b;

  // Examples of PS3.5 annexes H, I and J.
  test.each([
    { name: 'Latin-1', terms: 'ISO_IR 100', bytes: [0x42, 0x75, 0x63, 0x5e, 0x4a, 0xe9, 0x72, 0xf4, 0x6d, 0x65], expected: 'Buc^Jérôme' },
    { name: 'Greek', terms: 'ISO_IR 126', bytes: [0xc4, 0xe9, 0xef, 0xed, 0xf5, 0xf3, 0xe9, 0xef, 0xf2], expected: 'Διονυσιος' },
    { name: 'UTF-8', terms: 'ISO_IR 192', bytes: [...Buffer.from('王^小東')], expected: '王^小東' },
    { name: 'GB18030', terms: 'GB18030', bytes: [0xcd, 0xf5, 0x5e, 0xd0, 0xa1, 0xb6, 0xab], expected: '王^小东' },
    {
      name: 'Japanese with escape sequences', terms: '\\ISO 2022 IR 87',
      bytes: [...ascii('Yamada^Tarou='), escape, ...ascii('$B'), 0x3b, 0x33, 0x45, 0x44, escape, ...ascii('(B^'), escape, ...ascii('$B'), 0x42, 0x40, 0x4f, 0x3a, escape, ...ascii('(B')],
      expected: 'Yamada^Tarou=山田^太郎',
    },
    {
      name: 'Korean', terms: '\\ISO 2022 IR 149',
      bytes: [...ascii('Hong^Gildong='), escape, ...ascii('$)C'), 0xfb, 0xf3, 0x5e, escape, ...ascii('$)C'), 0xd1, 0xce, 0xd4, 0xd7],
      expected: 'Hong^Gildong=洪^吉洞',
    },
  ])('$name', ({ terms, bytes, expected }) => expect(text(terms, bytes)).toBe(expected));

  test('an item without its own set has that of the data set around it; toUtf8 changes every depth', () => {
    const item = new DataSet([{ tag: '00081030', vr: 'LO', value: Uint8Array.of(0xe9, 0x20) }], ['ISO_IR 100']);
    const set = new DataSet().setString('SpecificCharacterSet', 'ISO_IR 100').setSequence('SourceImageSequence', [item]);
    expect(item.string('StudyDescription')).toBe('é');
    const utf8 = set.toUtf8();
    expect([...utf8.sequence('SourceImageSequence')[0]!.bytes('StudyDescription')!]).toEqual([0xc3, 0xa9]);
    expect(utf8.sequence('SourceImageSequence')[0]!.string('StudyDescription')).toBe('é');
  });

  test('text that a set does not have is refused, not garbled', () => {
    expect(() => new DataSet().setString('SpecificCharacterSet', 'ISO_IR 100').setString('PatientName', '王')).toThrow(/character set/);
  });
});

test('the dictionary resolves VRs by context', () => {
  expect([vrOf('00280106', 0), vrOf('00280106', 1)]).toEqual(['US', 'SS']);
  expect(vrOf('60023000')).toBe('OW');
  expect([vrOf('00090010'), vrOf('00091001'), vrOf('00100000')]).toEqual(['LO', 'UN', 'UL']);
});
