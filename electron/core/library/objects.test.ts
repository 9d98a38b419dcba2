import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DataSet, writeDicom } from '#dicom';
import { openForTest, type TestLibrary } from './testing/open-for-test.ts';
import { tinyDicom } from './testing/tiny-dicom.ts';

let opened: TestLibrary;
beforeEach(async () => { opened = await openForTest(); });
afterEach(() => opened.remove());

const explicit = '1.2.840.10008.1.2.1';
const basicText = '1.2.840.10008.5.1.4.1.1.88.11';
const grayscaleState = '1.2.840.10008.5.1.4.1.1.11.1';

function object(sopClassUid: string, sopInstanceUid: string, change: (dataset: DataSet) => void = () => undefined, study = '2.25.1'): Uint8Array {
  const dataset = new DataSet()
    .setString('SOPClassUID', sopClassUid).setString('SOPInstanceUID', sopInstanceUid).setString('StudyInstanceUID', study).setString('SeriesInstanceUID', `${study}.9`).setString('PatientID', 'P1').setString('PatientName', 'Cube^Test')
    .setString('Modality', 'SR').setString('ContentDate', '20260103');
  change(dataset);
  return writeDicom({ dataset, sopClassUid, sopInstanceUid, transferSyntaxUid: explicit });
}

const report = (dataset: DataSet): void => void dataset
  .setSequence('ConceptNameCodeSequence', [new DataSet().setString('CodeValue', '1').setString('CodingSchemeDesignator', '99T').setString('CodeMeaning', 'Report of a cube')]).setString('ValueType', 'CONTAINER')
  .setSequence('ContentSequence', [new DataSet().setString('RelationshipType', 'CONTAINS').setString('ValueType', 'TEXT').setSequence('ConceptNameCodeSequence', [new DataSet().setString('CodeMeaning', 'Finding')]).setString('TextValue', 'Six sides')]);

const refersTo = (...images: readonly string[]) => (dataset: DataSet): void => void dataset
  .setString('ContentLabel', 'WORK')
  .setSequence('ReferencedSeriesSequence', [new DataSet().setString('SeriesInstanceUID', '2.25.1.1').setSequence('ReferencedImageSequence', images.map((uid) => new DataSet().setString('ReferencedSOPClassUID', '1.2.840.10008.5.1.4.1.1.2').setString('ReferencedSOPInstanceUID', uid)))]);

async function ingest(files: Readonly<Record<string, Uint8Array>>, copy = false) {
  await mkdir(opened.sources, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) await writeFile(path.join(opened.sources, name), bytes);
  return opened.library.ingest.start([opened.sources], { copy }).done;
}

describe('objects beside images', () => {
  test('are filed with their study, offered for the series they name, and read', async () => {
    const state = await ingest({ 'a.dcm': tinyDicom({ sop: '2.25.1.1.1' }), 'b.dcm': tinyDicom({ sop: '2.25.1.1.2', z: 5 }), 'sr.dcm': object(basicText, '2.25.70', report), 'pr.dcm': object(grayscaleState, '2.25.71', refersTo('2.25.1.1.1', '2.25.5')) });
    expect([state.imagesAdded, state.filesSkipped, state.refusedTotal]).toEqual([2, 2, 0]);
    const { objects } = opened.library;
    expect(objects.ofStudy('2.25.1').map(({ what, title, date, isImage }) => [what, title, date, isImage])).toEqual([['Grayscale presentation state', 'WORK', '20260103', false], ['Structured report (basic text)', 'Report of a cube', '20260103', false]]);
    const [offered] = objects.ofSeries('2.25.1.1');
    expect(offered).toMatchObject({ relation: 'referenced', object: { references: [{ seriesInstanceUid: '2.25.1.1', images: 2, inLibrary: true }], notices: ['1 of the 2 instances that it refers to is not in the library.'] } });
    expect((await objects.presentationState('2.25.71')).imageIds).toEqual(['2.25.1.1.1']);
    expect((await objects.content('2.25.70')).lines).toEqual([{ level: 0, relationship: '', name: 'Report of a cube', value: '' }, { level: 1, relationship: 'contains', name: 'Finding', value: 'Six sides' }]);
    await expect(objects.segmentation('2.25.70')).rejects.toMatchObject({ code: 'request/unsupported' });
    await expect(objects.content('2.25.99')).rejects.toMatchObject({ code: 'request/not-found' });
  });

  test('are known when they are met again, and refused when their file changed', async () => {
    const files = { 'a.dcm': tinyDicom({ sop: '2.25.1.1.1' }), 'sr.dcm': object(basicText, '2.25.70', report) };
    await ingest(files);
    expect((await opened.library.ingest.start([opened.sources]).done).filesSkipped).toBe(1);
    expect(opened.library.objects.ofStudy('2.25.1')).toHaveLength(1);
    await writeFile(path.join(opened.sources, 'sr.dcm'), object(basicText, '2.25.70'));
    await expect(opened.library.objects.content('2.25.70')).rejects.toMatchObject({ code: 'input/changed' });
  });

  test('make a study of their own where there is no image, and go with it', async () => {
    await ingest({ 'sr.dcm': object(basicText, '2.25.70', report, '2.25.8') }, true);
    const { studies } = opened.library.studies.list({ limit: 10, offset: 0 });
    expect(studies.map(({ studyInstanceUid, series, images, patientName }) => [studyInstanceUid, series, images, patientName])).toEqual([['2.25.8', 0, 0, 'Cube^Test']]);
    // It was copied, as asked, and the copy is what is read.
    await writeFile(path.join(opened.sources, 'sr.dcm'), 'gone');
    expect((await opened.library.objects.content('2.25.70')).lines).toHaveLength(2);
    opened.library.studies.forget('2.25.8');
    expect(() => opened.library.objects.ofStudy('2.25.8')).toThrow(/no such study/);
    expect(await readdir(path.join(opened.library.dir, 'sources')).catch(() => [])).toEqual([]);
  });

  test('are not mixed with another patient’s', async () => {
    const state = await ingest({ 'a.dcm': tinyDicom({ sop: '2.25.1.1.1' }) });
    expect(state.refusedTotal).toBe(0);
    const later = await ingest({ 'sr.dcm': object(basicText, '2.25.70', (dataset) => void dataset.setString('PatientID', 'P2')) });
    expect(later.refused[0]?.message).toMatch(/another patient ID/);
    expect(opened.library.objects.ofStudy('2.25.1')).toEqual([]);
  });
});
