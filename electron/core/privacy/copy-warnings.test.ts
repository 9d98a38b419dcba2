/** What is said before a copy is made follows from what the profile does to the objects at hand. */
import { describe, expect, test } from 'vitest';
import type { DeidentifyOption } from '#contract';
import { DataSet, type DicomFile } from '#dicom';
import { copyFacts, type CopyFacts } from './copy-facts.ts';
import { contentsOf, copyWarnings } from './copy-warnings.ts';
import { deidentifyObject } from './deidentify-object.ts';
import { outlinesSkin, showsFaces } from './face/other-faces.ts';
import { createProject } from './project.ts';

const storage = '1.2.840.10008.5.1.4.1.1.';
const project = createProject(new Uint8Array(32).fill(4));

function facts(change: (dataset: DataSet) => DataSet, options: readonly DeidentifyOption[] = [], sopClass = `${storage}2`): CopyFacts {
  const dataset = change(new DataSet().setString('SOPClassUID', sopClass).setString('SOPInstanceUID', '1.2.3.1').setString('StudyInstanceUID', '1.2.3.2').setString('SeriesInstanceUID', '1.2.3.3').setString('PatientID', '1').setString('Modality', 'CT').setString('StudyDate', '20200102'));
  const file: DicomFile = { meta: new DataSet(), dataset, transferSyntaxUid: '1.2.840.10008.1.2.1', notices: [], pixelDataSkipped: false };
  return copyFacts(file, deidentifyObject(file, { options: new Set(options), scanloom: '1' }, project));
}

const codes = (all: readonly CopyFacts[], options: readonly DeidentifyOption[] = []): string[] => copyWarnings(all, new Map(), { options: new Set(options) }).map(({ code }) => code);
const pixels = (dataset: DataSet): DataSet => dataset.setNumber('Rows', 2).setNumber('Columns', 2).setNumber('BitsAllocated', 16).setNumber('BitsStored', 16).setNumber('HighBit', 15).setNumber('PixelRepresentation', 0).setNumber('SamplesPerPixel', 1).setString('PhotometricInterpretation', 'MONOCHROME2').setBytes('PixelData', 'OW', new Uint8Array(8));

/** PET from which SUV can be computed. */
const pet = (dataset: DataSet): DataSet =>
  pixels(dataset).setString('Modality', 'PT').setString('Units', 'BQML').setString('CorrectedImage', ['ATTN', 'DECY']).setString('DecayCorrection', 'START').setNumber('PatientWeight', 70).setString('SeriesDate', '20200102').setString('SeriesTime', '120000').setString('AcquisitionDate', '20200102').setString('AcquisitionTime', '120000')
    .setSequence('RadiopharmaceuticalInformationSequence', [new DataSet().setNumber('RadionuclideTotalDose', 3e8).setNumber('RadionuclideHalfLife', 6586).setString('RadiopharmaceuticalStartTime', '110000')]);

describe('a warning', () => {
  test('of PET without SUV: weight and times are needed, both', () => {
    const petClass = `${storage}128`;
    expect(codes([facts(pet, [], petClass)])).toEqual(['suv-lost']);
    expect(codes([facts(pet, ['retain-patient-characteristics'], petClass)], ['retain-patient-characteristics'])).toEqual(['suv-lost']);
    expect(codes([facts(pet, ['retain-modified-dates'], petClass)], ['retain-modified-dates'])).toEqual(['suv-lost']);
    const both: DeidentifyOption[] = ['retain-patient-characteristics', 'retain-modified-dates'];
    expect(codes([facts(pet, both, petClass)], both)).toEqual([]);
  });

  test('of private attributes, and of b-values that stand in them alone', () => {
    const diffusion = (dataset: DataSet): DataSet => pixels(dataset).setString('Modality', 'MR').setString('00190010', 'SIEMENS MR HEADER', 'LO').setString('0019100c', '1000', 'IS');
    expect(codes([facts((dataset) => pixels(dataset).setString('00190010', 'ACME', 'LO').setString('00191001', 'x', 'LO'))])).toEqual(['private-lost']);
    expect(codes([facts(diffusion, [], `${storage}4`)])).toEqual(['b-values-lost']);
    expect(codes([facts(diffusion, ['retain-safe-private'], `${storage}4`)], ['retain-safe-private'])).toEqual([]);
  });

  test('of writing, unless it is blacked out', () => {
    const us = facts((dataset) => pixels(dataset).setString('Modality', 'US'));
    expect(codes([us])).toEqual(['burned-in']);
    expect(codes([us], ['clean-pixel-data'])).toEqual([]);
  });

  test('of a face, unless it is taken off', () => {
    const head = facts(pixels);
    const risks = new Map([[head.series, { level: 'high' as const, reasons: ['It shows a head.'] }]]);
    expect(copyWarnings([head, head], risks, { options: new Set() })).toEqual([expect.objectContaining({ code: 'face', objects: 2, series: 1 })]);
    expect(copyWarnings([head], risks, { options: new Set(['clean-recognizable-visual-features'] as const) })).toEqual([]);
    expect(copyWarnings([head], risks, { options: new Set(), defaced: new Set([head.series]) })).toEqual([]);
  });

  test('of documents and reports without what they said, and of what is kept', () => {
    expect(codes([facts((dataset) => dataset.setBytes('EncapsulatedDocument', 'OB', new Uint8Array(4)), [], `${storage}104.1`)])).toEqual(['content-emptied']);
    const report = (dataset: DataSet): DataSet => dataset.setSequence('ContentSequence', [new DataSet().setString('ValueType', 'NUM')]);
    expect(facts(report, [], `${storage}88.33`).emptied).toBe('report');
    expect(facts(report, ['clean-structured-content'], `${storage}88.33`).emptied).toBeNull();
    expect(codes([facts(pixels, ['retain-uids', 'retain-full-dates', 'retain-institution-identity'])], ['retain-uids', 'retain-full-dates', 'retain-institution-identity'])).toEqual(['uids-kept', 'dates-kept', 'places-kept']);
  });

  test('of several examinations that nobody can put in order', () => {
    const two = [facts(pixels), facts((dataset) => pixels(dataset).setString('StudyInstanceUID', '1.2.3.9'))];
    expect(codes(two)).toEqual(['dates-lost']);
    expect(codes(two, ['retain-modified-dates'])).toEqual([]);
    expect(contentsOf([...two, facts((dataset) => dataset.setString('PatientID', '2'))])).toEqual({ patients: 2, studies: 2, series: 1, images: 2, others: 1 });
  });
});

test('faces that are no head in slices', () => {
  const of = (sopClass: string, change: (dataset: DataSet) => DataSet = (dataset) => dataset): DataSet => change(new DataSet().setString('SOPClassUID', `${storage}${sopClass}`));
  expect(showsFaces(of('77.1.4'))).toBe('photograph');
  expect(showsFaces(of('7'))).toBe('screen');
  expect(showsFaces(of('2', (set) => set.setString('ImageType', ['DERIVED', 'SECONDARY', 'VOLREN_SURFACE'])))).toBe('screen');
  expect(showsFaces(of('2'))).toBeNull();
  const structures = (name: string, type = 'ORGAN'): DataSet => of('481.3', (set) => set.setSequence('StructureSetROISequence', [new DataSet().setString('ROIName', name)]).setSequence('RTROIObservationsSequence', [new DataSet().setString('RTROIInterpretedType', type)]));
  expect([structures('BODY'), structures('x', 'EXTERNAL'), structures('Skin_surface')].every(outlinesSkin)).toBe(true);
  expect([structures('FemoralHead_L'), structures('GTV'), of('2')].some(outlinesSkin)).toBe(false);
  expect(outlinesSkin(of('66.4', (set) => set.setSequence('SegmentSequence', [new DataSet().setString('SegmentLabel', 'Skin')])))).toBe(true);
});
