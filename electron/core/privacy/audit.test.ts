/** A second way through the profile finds what the first should have taken away, and nothing in what it made. */
import { describe, expect, test } from 'vitest';
import type { DeidentifyOption } from '#contract';
import { DataSet, parseDicom, vrOf, writeDicom } from '#dicom';
import { auditDeidentified, marksAgree } from './audit.ts';
import { deidentifyObject } from './deidentify-object.ts';
import { optionsOfCodes } from './options.ts';
import { profileRows } from './profile.ts';
import { createProject } from './project.ts';

const project = createProject(new Uint8Array(32).fill(8));
const ct = '1.2.840.10008.5.1.4.1.1.2';
const values: Readonly<Record<string, string>> = { DA: '20200229', TM: '131415', DT: '20200229131415', UI: '1.2.826.0.1.3680043.8.498.77', AS: '042Y', DS: '1.5', IS: '7', UR: 'http://ada.example', CS: 'SECRET', AE: 'SECRET', PN: 'Lovelace^Ada' };

/** Every attribute of the table that text can be in, with something in it. */
function full(): DataSet {
  const dataset = new DataSet().setString('SpecificCharacterSet', 'ISO_IR 192').setString('SOPClassUID', ct).setString('SOPInstanceUID', '1.2.826.0.1.3680043.8.498.1');
  for (const tag of profileRows.keys()) {
    const vr = /^[0-9a-f]{8}$/.test(tag) && tag >= '00080000' ? vrOf(tag) : 'SQ';
    if (['LO', 'SH', 'ST', 'LT', 'UT', 'UC', ...Object.keys(values)].includes(vr) && !['00080016', '00080018'].includes(tag)) dataset.setString(tag, tag === '00080201' ? '+0100' : (values[vr] ?? 'chest of Lovelace'), vr);
  }
  return dataset.setSequence('ReferencedSeriesSequence', [new DataSet().setString('SeriesInstanceUID', '1.2.3.4').setString('OperatorsName', 'Lovelace^Ada')]);
}

function after(options: readonly DeidentifyOption[]): DataSet {
  const made = deidentifyObject({ meta: new DataSet(), dataset: full(), transferSyntaxUid: '1.2.840.10008.1.2.1', notices: [], pixelDataSkipped: false }, { options: new Set(options), scanloom: '1' }, project);
  return parseDicom(writeDicom(made)).dataset;
}

const choices: readonly (readonly DeidentifyOption[])[] = [
  [], ['clean-descriptors'], ['retain-modified-dates', 'clean-structured-content', 'clean-graphics'], ['retain-full-dates', 'retain-uids', 'retain-institution-identity'], ['retain-patient-characteristics', 'retain-device-identity', 'retain-safe-private'],
];

describe('an object that was de-identified', () => {
  test.each(choices.map((options) => [options]))('with %j has nothing left', (options) => {
    const dataset = after(options);
    const codes = dataset.sequence('DeidentificationMethodCodeSequence').map((item) => item.string('CodeValue'));
    expect([...optionsOfCodes(codes)].sort()).toEqual([...options].sort());
    expect(auditDeidentified(dataset, optionsOfCodes(codes))).toEqual([]);
    expect(marksAgree(dataset, codes)).toEqual([]);
  });

  test.each<[string, (dataset: DataSet) => DataSet, DeidentifyOption[]]>([
    ['PatientName', (set) => set.setString('PatientName', 'Lovelace^Ada'), []],
    ['PatientID', (set) => set.setString('PatientID', '4711'), []],
    ['OperatorsName', (set) => set.setString('OperatorsName', 'Doe^Jane'), []],
    ['StudyDate', (set) => set.setString('StudyDate', '20200101'), []],
    ['StudyInstanceUID', (set) => set.setString('StudyInstanceUID', '1.2.840.113619.2.55'), []],
    ['InstitutionName', (set) => set.setString('InstitutionName', 'St. Elsewhere'), ['retain-full-dates']],
    ['SeriesDescription', (set) => set.setString('SeriesDescription', 'chest Lovelace'), ['clean-descriptors']],
    ['PatientAge', (set) => set.setString('PatientAge', '042Y'), []],
    ['private', (set) => set.setString('00090010', 'ACME', 'LO').setString('00091001', 'Ada', 'LO'), []],
    ['OperatorsName', (set) => set.setSequence('ReferencedSeriesSequence', [new DataSet().setString('SeriesInstanceUID', '2.25.7').setString('OperatorsName', 'Lovelace^Ada')]), []],
  ])('is found out when %s came back', (keyword, change, options) => {
    const found = auditDeidentified(change(after(options).clone()), new Set(options)).map((finding) => finding.keyword);
    expect(new Set(found)).toEqual(new Set([keyword]));
  });

  test('by an option that it does not name is found out, too', () => {
    expect(auditDeidentified(after(['retain-full-dates']), new Set()).map(({ keyword }) => keyword)).toContain('StudyDate');
    expect(auditDeidentified(after(['retain-uids']), new Set()).map(({ keyword }) => keyword)).toContain('StudyInstanceUID');
  });
});

test('marks that contradict each other', () => {
  const dataset = after([]);
  expect(marksAgree(dataset, ['113101'])).toEqual([expect.stringContaining('113100')]);
  expect(marksAgree(dataset, ['113100', '113106'])).toEqual([]);
  expect(marksAgree(dataset.clone().setString('LongitudinalTemporalInformationModified', 'UNMODIFIED'), ['113100'])).toEqual([expect.stringContaining('(0028,0303)')]);
  const image = dataset.clone().setBytes('PixelData', 'OW', new Uint8Array(2));
  expect(marksAgree(image, ['113100', '113101', '113102'])).toEqual([expect.stringContaining('(0028,0301)'), expect.stringContaining('(0028,0302)')]);
  expect(marksAgree(image.setString('BurnedInAnnotation', 'NO').setString('RecognizableVisualFeatures', 'NO'), ['113100', '113101', '113102'])).toEqual([]);
});
