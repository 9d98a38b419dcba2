/** What the table alone does not say: what is written, what belongs together, what is left of text, private blocks, content items and code streams. */
import { describe, expect, test } from 'vitest';
import type { DeidentifyOption } from '#contract';
import { DataSet, parseDicom, writeDicom, type DicomFile } from '#dicom';
import { burnedInRisk } from './burned-in-risk.ts';
import { deidentifyObject, type DeidentifiedObject } from './deidentify-object.ts';
import { namesSomebody } from './identity-words.ts';
import { codesOf } from './options.ts';
import { blankedJpeg, blankedJpeg2000 } from './jpeg-passengers.ts';
import { conceptRows, isStandardUid, safePrivateRows } from './profile.ts';
import { createProject } from './project.ts';
import { safeWordsOf } from './safe-words.ts';

const project = createProject(new Uint8Array(32).fill(5));
const ct = '1.2.840.10008.5.1.4.1.1.2';
const report = '1.2.840.10008.5.1.4.1.1.88.33';

function fileOf(dataset: DataSet, sopClass = ct): DicomFile {
  dataset.setString('SOPClassUID', sopClass);
  if (!dataset.has('SOPInstanceUID')) dataset.setString('SOPInstanceUID', '1.2.826.0.1.3680043.8.498.1');
  return { meta: new DataSet(), dataset, transferSyntaxUid: '1.2.840.10008.1.2.1', notices: [], pixelDataSkipped: false };
}

function made(dataset: DataSet, options: readonly DeidentifyOption[] = [], sopClass = ct, own = project): DeidentifiedObject {
  return deidentifyObject(fileOf(dataset, sopClass), { options: new Set(options), scanloom: '1.2.3' }, own);
}

describe('the marks', () => {
  test('say what was done, with codes of CID 7050, and who did it', () => {
    const { dataset } = made(new DataSet(), ['retain-modified-dates', 'clean-descriptors']);
    expect(dataset.string('PatientIdentityRemoved')).toBe('YES');
    expect(dataset.sequence('DeidentificationMethodCodeSequence').map((item) => [item.string('CodeValue'), item.string('CodingSchemeDesignator'), item.string('CodeMeaning')])).toEqual([
      ['113100', 'DCM', 'Basic Application Confidentiality Profile'], ['113105', 'DCM', 'Clean Descriptors Option'], ['113107', 'DCM', 'Retain Longitudinal Temporal Information Modified Dates Option'],
    ]);
    expect(dataset.strings('DeidentificationMethod').every((line) => line.length <= 64)).toBe(true);
    expect(dataset.string('LongitudinalTemporalInformationModified')).toBe('MODIFIED');
    const [equipment] = dataset.sequence('ContributingEquipmentSequence');
    expect(equipment!.sequence('PurposeOfReferenceCodeSequence')[0]!.string('CodeValue')).toBe('109104');
    expect([...equipment!.elements()].map(({ tag }) => tag)).not.toContain('00081070');
  });
  test.each<[DeidentifyOption[], string, string]>([[[], '', 'REMOVED'], [['retain-full-dates'], '', 'UNMODIFIED'], [['retain-full-dates'], 'MODIFIED', 'MODIFIED'], [['retain-full-dates'], 'REMOVED', 'REMOVED'], [['retain-modified-dates'], 'UNMODIFIED', 'MODIFIED']])(
    'of dates: %s after %s is %s', (options, before, after) => {
      expect(made(new DataSet().setString('LongitudinalTemporalInformationModified', before), options).dataset.string('LongitudinalTemporalInformationModified')).toBe(after);
    });
  test('of an earlier method do not stay', () => expect(made(new DataSet().setString('DeidentificationMethod', 'by Ada in room 5')).dataset.strings('DeidentificationMethod').join()).not.toContain('Ada'));
  test('there is a code for every option', () => expect(codesOf(new Set(['clean-pixel-data', 'retain-uids'])).map(({ value }) => value)).toEqual(['113100', '113101', '113110']));
});

describe('one person', () => {
  const of = (id: string, name: string): DataSet => made(new DataSet().setString('PatientID', id).setString('PatientName', name).setString('StudyID', '7').setString('AccessionNumber', 'ACC-1')).dataset;
  test('is one pseudonym in every object, however the name is written', () => {
    const [one, two] = [of('4711', 'Lovelace^Ada'), of(' 4711', 'LOVELACE^ADA ')];
    for (const key of ['PatientID', 'PatientName', 'StudyID', 'AccessionNumber']) expect(two.string(key)).toBe(one.string(key));
    expect(of('4712', 'Lovelace^Ada').string('PatientID')).not.toBe(one.string('PatientID'));
    expect(one.string('PatientID')).toMatch(/^P[A-Z2-9]{10}$/);
  });
  test.each(['Person^Karin', 'Patient^Test', 'Nobody^Ann', 'Lovelace^Ada'])('called %s is not taken for a dummy, nor a dummy for somebody', (name) => {
    const reader = new DataSet().setString('VerifyingObserverName', name).setSequence('VerifyingObserverIdentificationCodeSequence', []);
    const object = made(new DataSet().setString('PatientName', name).setString('StudyDescription', `CT of ${name}`).setSequence('VerifyingObserverSequence', [reader]), ['clean-descriptors', 'clean-structured-content'], report);
    const names = [object.dataset.string('PatientName'), ...object.dataset.sequence('VerifyingObserverSequence').map((item) => item.string('VerifyingObserverName'))];
    for (const made of names) expect(namesSomebody(made, object.identity), made).toBe(false);
    expect(names.join(' ')).not.toMatch(/Karin|Ann|Ada|Lovelace/);
  });
  test('is another one in another project', () => {
    const other = createProject(new Uint8Array(32).fill(6));
    expect(other.uid('1.2.3')).not.toBe(project.uid('1.2.3'));
    expect(other.shiftDays('id 4711')).not.toBe(project.shiftDays('id 4711'));
    expect(other.fingerprint).not.toBe(project.fingerprint);
    expect(() => createProject(new Uint8Array(31))).toThrow(expect.objectContaining({ code: 'request/invalid' }));
  });
  test('whose name stands in text that the table keeps is not named there either', () => {
    const { dataset } = made(new DataSet().setString('PatientName', 'Lovelace^Ada').setString('ManufacturerModelName', 'Scanner of lovelace').setString('SequenceName', 'ADA').setString('Manufacturer', 'SIEMENS').setString('InstitutionName', 'Siemens Hospital'));
    expect(dataset.string('ManufacturerModelName')).toBe('Scanner of');
    expect(dataset.hasValue('SequenceName')).toBe(false);
    // A maker is nobody's name.
    expect(dataset.string('Manufacturer')).toBe('SIEMENS');
  });
});

test.each([
  ['run together', 'Lovelace^Ada', 'AdaLovelace_T1', 'T1'],
  ['with a number', 'Lovelace^Ada', 'lovelace2 head', 'head'],
  ['in a script without spaces', 'Yamada^Tarou=山田^太郎', '山田太郎の検査', ''],
  ['as another word’s part, when it is short', 'Ada^Li', 'adaptive limit', 'adaptive limit'],
  ['as an identifier without its signs', 'x', 'id AB12345 here', 'id  here'],
])('a name is found %s', (_, name, text, left) => {
  const { dataset } = made(new DataSet().setString('SpecificCharacterSet', 'ISO_IR 192').setString('PatientName', name).setString('PatientID', 'AB-12345').setString('ManufacturerModelName', text));
  expect(dataset.string('ManufacturerModelName').replace(/^_/, '')).toBe(left);
});

test('UIDs of the standard stay, those that only look so do not', () => {
  expect(['1.2.840.10008.1.2', '1.2.840.10008.1.4.1.1', '1.2.840.10008.6.1.480'].every(isStandardUid)).toBe(true);
  expect(['1.2.840.10008.5.1.4.1.1.2.99.4711', '1.2.840.113619.2.1', '1.2.840.100081'].some(isStandardUid)).toBe(false);
  const { dataset } = made(new DataSet().setString('FrameOfReferenceUID', '1.2.840.10008.1.4.1.1').setString('StudyInstanceUID', '1.2.840.10008.4711'));
  expect(dataset.string('FrameOfReferenceUID')).toBe('1.2.840.10008.1.4.1.1');
  expect(dataset.string('StudyInstanceUID')).toMatch(/^2\.25\./);
});

describe('descriptors', () => {
  test.each([
    ['CT Chest w/o contrast 1.25mm Lovelace', 'CT Chest without contrast 1.25mm'],
    ['t1_mprage_sag_p2_iso 12.03.1965', 't1 mprage sag p2 iso'],
    ['Head 5 mm for Dr. Smith, room 12', 'Head 5 mm'],
    ['Becken über 70', 'Becken'],
    ['4711', ''],
    ['Abd W/O and W/ contrast, ohne KM', 'Abd without and with contrast'],
    // With what was denied gone, the rest would say the contrary.
    ['Chest, no evidence of tumor', 'Chest'],
    ['Non-ossifying lump of distal tibia', ''],
    ['PELVIS W/O CONT', 'PELVIS without CONT'],
    // An investigator whose name is a word of imaging.
    ['Neuro^Crane', 'Neuro'],
    ['Research^Stone', ''],
    ['kidney stone protocol', 'kidney stone protocol'],
    ['abdomen^liver', 'abdomen liver'],
    ['NOT TESTED OR APPROVED FOR CLINICAL APPLICATION', ''],
    ['image for test MLUT_18', 'image for test'],
    ['ISOVUE300/100', 'ISOVUE300'],
    ['Lossy compression with JPEG baseline, IJG quality factor 90', 'Lossy compression with JPEG baseline quality factor'],
    ['b1000 ADC (3T)', 'b1000 ADC 3T'],
    ['Removed for HIPAA compliance', ''],
    ['no', ''],
  ])('“%s” is cleaned to “%s”', (text, left) => {
    expect(safeWordsOf(text, () => false)).toBe(left);
    // A second time finds nothing more to take away.
    expect(safeWordsOf(left, () => false)).toBe(left);
  });
  test('a safe word that is somebody’s name goes', () => {
    const { dataset } = made(new DataSet().setString('PatientName', 'Head^Anna').setString('SeriesDescription', 'Anna Head axial').setString('StudyDescription', 'Anna'), ['clean-descriptors']);
    expect(dataset.string('SeriesDescription')).toBe('axial');
    expect(dataset.has('StudyDescription')).toBe(false);
  });
  test('letters that the character set does not have are no reason to fail', () => {
    const latin = new DataSet().setString('SpecificCharacterSet', 'ISO_IR 100').setString('SeriesDescription', 'Schädel axial');
    expect(made(latin, ['clean-descriptors']).dataset.string('SeriesDescription')).toBe('Schädel axial');
  });
});

describe('what names somebody', () => {
  const codeOf = (value: string, meaning = 'Finding'): DataSet => new DataSet().setString('CodeValue', value).setString('CodingSchemeDesignator', '99X').setString('CodeMeaning', meaning);
  const codeAfter = (value: string): string => made(new DataSet().setString('PatientID', 'PID-4711').setString('AccessionNumber', '889900').setString('PatientBirthDate', '19570312').setSequence('AnatomicRegionSequence', [codeOf(value)])).dataset.sequence('AnatomicRegionSequence')[0]!.string('CodeValue');

  test('is found as a whole code value; other codes are what they were', () => {
    for (const value of ['PID-4711', 'PID4711', '889900', '19570312', '12031957']) expect(codeAfter(value), value).not.toBe(value);
    for (const value of ['T-D1100', '4711', '39607008', '20040101']) expect(codeAfter(value), value).toBe(value);
  });

  test.each([['Müller^Jörg', 'Mueller'], ['Müller^Jörg', 'Muller'], ['MUELLER^JOERG', 'Jörg'], ['Strauß^Eva', 'STRAUSS'], ['Weiss^Eva', 'Weiß'], ['Muller^Jorg', 'Müller']])('%s is found in %s', (name, word) => {
    const { identity } = made(new DataSet().setString('SpecificCharacterSet', 'ISO_IR 192').setString('PatientName', name));
    expect(namesSomebody(`control of ${word}`, identity)).toBe(true);
    expect(safeWordsOf(`chest ${word}`, (one) => identity.has(one) || identity.isIn(one))).toBe('chest');
  });

  test('goes behind a title although it is a word of imaging; modalities are no titles', () => {
    for (const text of ['Chest Dr. Hand axial', 'Chest Prof. Hand axial', 'Chest Mr Hand axial', 'Chest Frau Hand axial', 'Chest Dr. A. Hand axial']) expect(safeWordsOf(text, () => false), text).toBe('Chest axial');
    expect(safeWordsOf('MR Hand DR Chest', () => false)).toBe('MR Hand Chest');
  });

  test('may stand in the organization of a coding scheme', () => {
    const scheme = new DataSet().setString('CodingSchemeDesignator', '99X').setString('CodingSchemeResponsibleOrganization', 'Practice of Ada Nightingale');
    expect(made(new DataSet().setSequence('CodingSchemeIdentificationSequence', [scheme])).dataset.sequence('CodingSchemeIdentificationSequence')[0]!.string('CodingSchemeResponsibleOrganization')).not.toContain('Nightingale');
  });

  test('is not the dummy of an earlier copy', () => {
    const verified = new DataSet().setString('VerificationFlag', 'VERIFIED').setSequence('VerifyingObserverSequence', [new DataSet().setString('VerifyingObserverName', 'Hopper^Grace').setString('VerifyingOrganization', 'Navy').setString('VerificationDateTime', '20190304101112').setSequence('VerifyingObserverIdentificationCodeSequence', [])]);
    const first = made(verified, [], '1.2.840.10008.5.1.4.1.1.88.11');
    const name = first.dataset.sequence('VerifyingObserverSequence')[0]!.string('VerifyingObserverName');
    const again = made(first.dataset, [], '1.2.840.10008.5.1.4.1.1.88.11');
    expect(namesSomebody(again.dataset.sequence('VerifyingObserverSequence')[0]!.string('VerifyingObserverName'), again.identity)).toBe(false);
    expect(namesSomebody(name, first.identity)).toBe(false);
    const when = (options: DeidentifyOption[]): string => made(verified, options, '1.2.840.10008.5.1.4.1.1.88.11').dataset.sequence('VerifyingObserverSequence')[0]!.string('VerificationDateTime');
    expect(when([])).toMatch(/^1900/);
    expect(when(['retain-full-dates'])).toBe('20190304101112');
    expect(when(['retain-modified-dates'])).toMatch(/^20\d{6}101112$/);
    expect(when(['retain-modified-dates'])).not.toBe('20190304101112');
  });
});

describe('private attributes', () => {
  const philips = (): DataSet => new DataSet().setString('70530010', 'Philips PET Private Group', 'LO').setString('70531000', '0.00054', 'DS').setString('70531001', 'no row', 'LO').setString('70540010', 'Somebody', 'LO').setString('70541000', 'x', 'LO');
  const tags = (set: DataSet): string[] => [...set.elements()].map(({ tag }) => tag).filter((tag) => /^...[13579bdf]/.test(tag));
  test('are known by creator and low byte, in whatever block they lie', () => {
    expect(tags(made(philips(), ['retain-safe-private']).dataset)).toEqual(['70530010', '70531000']);
    const elsewhere = new DataSet().setString('705300a0', 'Philips PET Private Group', 'LO').setString('7053a000', '0.00054', 'DS');
    expect(tags(made(elsewhere, ['retain-safe-private']).dataset)).toEqual(['705300a0', '7053a000']);
    expect(tags(made(philips()).dataset)).toEqual([]);
  });
  test('are seen as what the table says when they come as UN', () => {
    const unknown = new DataSet().setString('70530010', 'Philips PET Private Group', 'LO').set({ tag: '70531000', vr: 'UN', value: Buffer.from('Ada Lovelace') });
    expect(tags(made(unknown, ['retain-safe-private']).dataset)).toEqual([]);
  });
  test('that the object itself calls safe are kept, but bytes and names, and the declaration with them', () => {
    const declared = new DataSet().setString('00110010', 'ACME', 'LO').setString('00111001', '7', 'IS').setString('00111002', 'Lovelace^Ada', 'PN').setBytes('00111003', 'OB', Buffer.from('Ada!'))
      .setString('00130010', 'OTHER', 'LO').setString('00131001', 'a', 'LO').setString('00131002', 'b', 'LO')
      .setSequence('PrivateDataElementCharacteristicsSequence', [
        new DataSet().setNumber('PrivateGroupReference', 0x11, 'US').setString('PrivateCreatorReference', 'ACME').setString('BlockIdentifyingInformationStatus', 'SAFE'),
        new DataSet().setNumber('PrivateGroupReference', 0x13, 'US').setString('PrivateCreatorReference', 'OTHER').setString('BlockIdentifyingInformationStatus', 'MIXED').setNumber('NonidentifyingPrivateElements', 2, 'US'),
        new DataSet().setNumber('PrivateGroupReference', 0x15, 'US').setString('PrivateCreatorReference', 'Lovelace').setString('BlockIdentifyingInformationStatus', 'SAFE'),
      ]);
    const { dataset } = made(declared, ['retain-safe-private']);
    expect(tags(dataset)).toEqual(['00110010', '00111001', '00130010', '00131002']);
    expect(dataset.sequence('PrivateDataElementCharacteristicsSequence').map((item) => item.string('PrivateCreatorReference'))).toEqual(['ACME', 'OTHER']);
    expect(made(declared).dataset.has('PrivateDataElementCharacteristicsSequence')).toBe(false);
  });
  test('of the table are 479', () => expect(safePrivateRows().size).toBe(479));
});

describe('structured content', () => {
  const code = (value: string, scheme = 'DCM'): DataSet => new DataSet().setString('CodeValue', value).setString('CodingSchemeDesignator', scheme).setString('CodeMeaning', 'any');
  const item = (type: string, concept: DataSet, key: string, value: string): DataSet => new DataSet().setString('ValueType', type).setSequence('ConceptNameCodeSequence', [concept]).setString(key, value);
  const tree = (...items: DataSet[]): DataSet => new DataSet().setString('ValueType', 'CONTAINER').setSequence('ContentSequence', items);

  test('without the option becomes one item that says nothing', () => {
    const { dataset } = made(tree(item('TEXT', code('121106'), 'TextValue', 'Ada was here')), [], report);
    expect(dataset.sequence('ContentSequence')).toHaveLength(1);
    expect(dataset.sequence('ContentSequence')[0]!.string('TextValue')).toBe('Removed by de-identification');
  });

  /** Each concept of Table E.3.4-1 under the option alone, and with each option of its row. */
  const values: Readonly<Record<string, readonly [string, string]>> = { TEXT: ['TextValue', 'Qvcanary head'], PNAME: ['PersonName', 'Qvcanary^Ada'], DATE: ['Date', '20200229'], TIME: ['Time', '101112'], DATETIME: ['DateTime', '20200229101112'], UIDREF: ['UID', '1.2.826.0.1.77'] };
  test('is what Table E.3.4-1 says, concept by concept', () => {
    const wrong: string[] = [];
    let checked = 0;
    for (const [name, row] of conceptRows()) {
      const [scheme, value, type] = name.split('|') as [string, string, string];
      const at = values[type];
      if (at === undefined) continue;
      for (const option of [null, ...(Object.keys(row.options) as DeidentifyOption[])]) {
        const { dataset } = made(tree(item(type, code(value, scheme), at[0], at[1])), ['clean-structured-content', ...(option === null ? [] : [option])], report);
        const now = dataset.sequence('ContentSequence')[0]?.string(at[0]);
        const action = option === null ? row.basic : row.options[option]!;
        checked += 1;
        const day = new Date(Date.UTC(2020, 1, 29) + project.shiftDays('study 1.2.826.0.1.3680043.8.498.1') * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
        const isRight = action === 'X' ? now === undefined
          : action === 'K' ? now === at[1]
          : action === 'C' ? now === (type === 'TEXT' ? 'head' : type === 'TIME' ? at[1] : at[1].replace('20200229', day))
          : now !== undefined && now !== '' && now !== at[1] && !now.includes('Qvcanary');
        if (!isRight) wrong.push(`${name} ${option ?? 'basic'}: ${action}, but ${now}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(checked).toBeGreaterThan(300);
    expect(conceptRows().size).toBe(214);
  });

  test('keeps figures, codes and references; items that are counted on keep their place', () => {
    const measured = new DataSet().setString('ValueType', 'NUM').setSequence('ConceptNameCodeSequence', [code('103339001', 'SCT')]).setSequence('MeasuredValueSequence', [new DataSet().setString('NumericValue', '12.5')]);
    const image = new DataSet().setString('ValueType', 'IMAGE').setSequence('ReferencedSOPSequence', [new DataSet().setString('ReferencedSOPClassUID', ct).setString('ReferencedSOPInstanceUID', '1.2.3')]);
    const removed = item('TEXT', code('121022'), 'TextValue', 'Qvcanary');
    const { dataset } = made(tree(removed, measured, image), ['clean-structured-content'], report);
    const [first, second] = dataset.sequence('ContentSequence');
    expect(first!.sequence('MeasuredValueSequence')[0]!.string('NumericValue')).toBe('12.5');
    expect(second!.sequence('ReferencedSOPSequence')[0]!.string('ReferencedSOPInstanceUID')).toBe(project.uid('1.2.3'));
    const byNumber = new DataSet().setNumber('ReferencedContentItemIdentifier', [1, 2], 'UL');
    expect(made(tree(removed, byNumber), ['clean-structured-content'], report).dataset.sequence('ContentSequence')).toHaveLength(2);
  });
});

describe('refusals', () => {
  test('voices, films, and objects that do not say what they are', () => {
    expect(() => made(new DataSet(), [], '1.2.840.10008.5.1.4.1.1.9.4.1')).toThrow(expect.objectContaining({ code: 'dicom/unsupported' }));
    expect(() => deidentifyObject({ ...fileOf(new DataSet()), transferSyntaxUid: '1.2.840.10008.1.2.4.102' }, { options: new Set(), scanloom: '' }, project)).toThrow(expect.objectContaining({ code: 'dicom/unsupported' }));
    expect(() => made(new DataSet(), [], '')).toThrow(expect.objectContaining({ code: 'dicom/invalid' }));
    expect(() => made(new DataSet(), ['retain-full-dates', 'retain-modified-dates'])).toThrow(expect.objectContaining({ code: 'request/invalid' }));
  });
});

test('an encapsulated document becomes a whole, empty one', () => {
  const { dataset } = made(new DataSet().setBytes('EncapsulatedDocument', 'OB', Buffer.from('%PDF-1.4 Ada Lovelace')).setString('MIMETypeOfEncapsulatedDocument', 'application/pdf'), [], '1.2.840.10008.5.1.4.1.1.104.1');
  const text = Buffer.from(dataset.bytes('EncapsulatedDocument')!).toString('latin1');
  expect(text).toMatch(/^%PDF-1\.4[\s\S]*%%EOF\s*\0?$/);
  expect(text).not.toContain('Ada');
  const place = Number(/startxref\n(\d+)/.exec(text)![1]);
  expect(text.slice(place, place + 4)).toBe('xref');
});

test('the source is not touched', () => {
  const source = new DataSet().setString('PatientName', 'Lovelace^Ada').setSequence('ReferencedStudySequence', [new DataSet().setString('ReferencedSOPInstanceUID', '1.2.3')]);
  const before = Buffer.from(writeDicom({ dataset: fileOf(source).dataset, sopClassUid: ct, sopInstanceUid: '1.2.3', transferSyntaxUid: '1.2.840.10008.1.2.1' }));
  made(source, ['clean-descriptors', 'retain-modified-dates']);
  expect(Buffer.from(writeDicom({ dataset: source, sopClassUid: ct, sopInstanceUid: '1.2.3', transferSyntaxUid: '1.2.840.10008.1.2.1' })).equals(before)).toBe(true);
  expect(parseDicom(before).dataset.string('PatientName')).toBe('Lovelace^Ada');
});

describe('comments in code streams', () => {
  const segment = (marker: number, text: string): Buffer => Buffer.concat([Buffer.from([0xff, marker, 0, text.length + 2]), Buffer.from(text)]);
  test('of JPEG are blank, what a decoder needs stays, and nothing moves', () => {
    const scan = Buffer.from([0xff, 0xda, 0, 4, 1, 2, 0x11, 0xff, 0x00, 0x22, 0xff, 0xd0, 0x33]);
    const stream = Buffer.concat([Buffer.from([0xff, 0xd8]), segment(0xe0, 'JFIF\0ABCDEFGHI'), segment(0xe1, 'Exif Ada'), segment(0xfe, 'of Ada'), segment(0xee, 'Adobe\0dABCDE'), scan, segment(0xfe, 'Ada too'), Buffer.from([0xff, 0xd9]), Buffer.from('Ada behind')]);
    const blank = Buffer.from(blankedJpeg(stream));
    expect(blank).toHaveLength(stream.length);
    expect(blank.toString('latin1')).not.toMatch(/Ada/);
    expect(blank.includes(segment(0xe0, 'JFIF\0ABCDEFGHI'))).toBe(true);
    expect(blank.includes(segment(0xee, 'Adobe\0dABCDE'))).toBe(true);
    expect(blank.includes(scan)).toBe(true);
  });
  test('of JPEG 2000 are blank, alone and in a box', () => {
    const stream = Buffer.concat([Buffer.from([0xff, 0x4f]), segment(0x51, 'size'), segment(0x64, '\0\x01of Ada'), segment(0x90, '\0\0\0\0\0\0\0\x01'), Buffer.from([0xff, 0x93, 1, 2, 0xff, 0xd9])]);
    const boxed = Buffer.concat([Buffer.from('\0\0\0\x0cjP  \r\n\x87\n', 'latin1'), Buffer.from([0, 0, 0, 13]), Buffer.from('xml Ada!!'), Buffer.from([0, 0, 0, 8 + stream.length]), Buffer.from('jp2c'), stream]);
    for (const bytes of [stream, boxed]) {
      const blank = Buffer.from(blankedJpeg2000(bytes));
      expect(blank.toString('latin1')).not.toContain('Ada');
      expect(blank).toHaveLength(bytes.length);
      expect(blank.includes(segment(0x51, 'size'))).toBe(true);
    }
  });
  test('that are not there are no reason for a copy', () => {
    const stream = Uint8Array.of(0xff, 0xd8, 0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9);
    expect(blankedJpeg(stream)).toBe(stream);
  });
});

describe('the risk of writing in pixels', () => {
  const of = (more: Readonly<Record<string, string | readonly string[]>>): string | undefined => {
    const set = new DataSet().setBytes('PixelData', 'OW', new Uint8Array(2)).setString('SOPClassUID', ct);
    for (const [key, value] of Object.entries(more)) set.setString(key, value);
    return burnedInRisk(set)?.level;
  };
  test.each([
    ['a CT slice', { Modality: 'CT', ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'] }, 'low'],
    ['a CT slice that says YES', { Modality: 'CT', BurnedInAnnotation: 'YES' }, 'high'],
    ['ultrasound, whatever it says', { Modality: 'US', BurnedInAnnotation: 'NO' }, 'high'],
    ['angiography', { Modality: 'XA' }, 'high'],
    ['angiography that says NO', { Modality: 'XA', BurnedInAnnotation: 'NO' }, 'possible'],
    ['a screen save of a CT', { Modality: 'CT', ImageType: ['DERIVED', 'SECONDARY', 'SCREEN SAVE'] }, 'high'],
    ['a dose report', { Modality: 'CT', SeriesDescription: 'Dose Report' }, 'high'],
    ['a reconstruction that is called iDose', { Modality: 'CT', SeriesDescription: 'STD BRAIN 1MM, iDose' }, 'low'],
    ['a secondary capture', { Modality: 'CT', SOPClassUID: '1.2.840.10008.5.1.4.1.1.7' }, 'high'],
    ['a scanned film', { Modality: 'CR', ConversionType: 'DF', BurnedInAnnotation: 'NO' }, 'high'],
    ['a radiograph', { Modality: 'DX' }, 'possible'],
    ['a segmentation', { Modality: 'SEG', SOPClassUID: '1.2.840.10008.5.1.4.1.1.66.4' }, 'low'],
  ])('of %s is %j: %s', (_, more, level) => expect(of(more)).toBe(level));
  test('is none without pixels', () => expect(burnedInRisk(new DataSet())).toBeNull());
});

test('what was not changed is counted as kept, whatever was tried', () => {
  const count = (dataset: DataSet, keyword: string, options: readonly DeidentifyOption[] = []): Record<string, number> => {
    const { removed, replaced, kept, cleaned } = made(dataset, options).attributes.find((row) => row.keyword === keyword)!;
    return { removed, replaced, kept, cleaned };
  };
  expect(count(new DataSet().setString('SeriesDescription', 'Chest axial'), 'SeriesDescription', ['clean-descriptors'])).toEqual({ removed: 0, replaced: 0, kept: 1, cleaned: 0 });
  expect(count(new DataSet().setString('SeriesDescription', 'Chest Lovelace'), 'SeriesDescription', ['clean-descriptors'])).toEqual({ removed: 0, replaced: 0, kept: 0, cleaned: 1 });
  expect(count(new DataSet().setEmpty('ReferringPhysicianName'), 'ReferringPhysicianName')).toEqual({ removed: 0, replaced: 0, kept: 1, cleaned: 0 });
  expect(count(new DataSet().setString('ReferringPhysicianName', 'Doe^J'), 'ReferringPhysicianName')).toEqual({ removed: 0, replaced: 1, kept: 0, cleaned: 0 });
  expect(count(new DataSet().setString('StudyTime', '101112'), 'StudyTime', ['retain-modified-dates'])).toEqual({ removed: 0, replaced: 0, kept: 1, cleaned: 0 });
  expect(count(new DataSet().setString('StudyDate', '20200101'), 'StudyDate', ['retain-modified-dates'])).toEqual({ removed: 0, replaced: 0, kept: 0, cleaned: 1 });
});
