import { describe, expect, test } from 'vitest';
import { DataSet } from '../data-set.ts';
import { parseDicom } from '../parse.ts';
import { writeDicomdir, type FileSetEntry } from './file-set.ts';
import { canBeListed } from './record-types.ts';

const image = (patient: string, study: number, series: number, number: number): FileSetEntry => ({
  fileId: ['DICOM', `ST${study}`, `SE${series}`, `IM${number}`],
  transferSyntaxUid: '1.2.840.10008.1.2.1',
  dataset: new DataSet()
    .setString('SOPClassUID', '1.2.840.10008.5.1.4.1.1.2').setString('SOPInstanceUID', `2.25.${study}${series}${number}`).setString('StudyInstanceUID', `2.25.1${study}`).setString('SeriesInstanceUID', `2.25.1${study}${series}`)
    .setString('PatientID', patient).setString('PatientName', `Name^${patient}`).setString('Modality', 'CT').setNumber('InstanceNumber', number).setNumber('Rows', 2).setNumber('Columns', 2),
});

/** Follows the offsets as a reader does, from the bytes. */
function walk(bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const directory = parseDicom(bytes).dataset;
  const found: string[] = [];
  const itemAt = (offset: number): DataSet => {
    expect(view.getUint32(offset, true)).toBe(0xe000fffe);
    const length = view.getUint32(offset + 4, true);
    return parseDicom(bytes.subarray(offset + 8, offset + 8 + length)).dataset;
  };
  const level = (first: number, indent: string): void => {
    for (let offset = first; offset !== 0;) {
      const item = itemAt(offset);
      found.push(`${indent}${item.string('DirectoryRecordType')} ${item.strings('ReferencedFileID').join('/')}`.trimEnd());
      level(item.number('OffsetOfReferencedLowerLevelDirectoryEntity')!, `${indent} `);
      offset = item.number('OffsetOfTheNextDirectoryRecord')!;
    }
  };
  level(directory.number('OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity')!, '');
  return found;
}

describe('a directory', () => {
  test('links patients, studies, series and images by where they lie', () => {
    const bytes = writeDicomdir([image('A', 1, 1, 1), image('A', 1, 1, 2), image('A', 1, 2, 1), image('A', 2, 1, 1), image('B', 3, 1, 1)], { sopInstanceUid: '2.25.9', fileSetId: 'SCANLOOM' });
    expect(walk(bytes)).toEqual([
      'PATIENT', ' STUDY', '  SERIES', '   IMAGE DICOM/ST1/SE1/IM1', '   IMAGE DICOM/ST1/SE1/IM2', '  SERIES', '   IMAGE DICOM/ST1/SE2/IM1', ' STUDY', '  SERIES', '   IMAGE DICOM/ST2/SE1/IM1',
      'PATIENT', ' STUDY', '  SERIES', '   IMAGE DICOM/ST3/SE1/IM1',
    ]);
  });

  test('has the records that objects without pixels want, and knows which it has none for', () => {
    const other = (sopClass: string, number: number): FileSetEntry => {
      const entry = image('A', 1, 1, number);
      for (const key of ['Rows', 'Columns']) entry.dataset.delete(key);
      entry.dataset.setString('SOPClassUID', `1.2.840.10008.5.1.4.1.1.${sopClass}`);
      return entry;
    };
    const bytes = writeDicomdir([other('481.3', 1), other('88.33', 2), other('88.59', 3), other('104.1', 4), other('11.1', 5), other('9.1.1', 6)], { sopInstanceUid: '2.25.9' });
    expect(walk(bytes).slice(3).map((line) => line.trim().split(' DICOM')[0])).toEqual(['RT STRUCTURE SET', 'SR DOCUMENT', 'KEY OBJECT DOC', 'ENCAP DOC', 'PRESENTATION', 'WAVEFORM']);
    const report = parseDicom(bytes).dataset.sequence('DirectoryRecordSequence').find((record) => record.string('DirectoryRecordType') === 'SR DOCUMENT')!;
    expect([report.string('CompletionFlag'), report.string('ContentDate'), report.has('Rows')]).toEqual(['PARTIAL', '19000101', false]);
    expect(canBeListed(other('104.1', 1).dataset)).toBe(true);
    expect(canBeListed(other('77.777', 1).dataset)).toBe(false);
    expect(canBeListed(image('A', 1, 1, 1).dataset.setString('StudyInstanceUID', ''))).toBe(false);
  });

  test('without images has no record', () => {
    expect(walk(writeDicomdir([], { sopInstanceUid: '2.25.9' }))).toEqual([]);
  });

  test.each([
    ['a name in lower case', [{ ...image('A', 1, 1, 1), fileId: ['im1'] }]],
    ['a name with an extension', [{ ...image('A', 1, 1, 1), fileId: ['IM1.DCM'] }]],
    ['a name of nine characters', [{ ...image('A', 1, 1, 1), fileId: ['IMAGE0001'] }]],
    ['two files of one name', [image('A', 1, 1, 1), image('A', 1, 1, 1)]],
    ['an object that is no image', [{ ...image('A', 1, 1, 1), dataset: new DataSet().setString('SOPClassUID', '1.2').setString('SOPInstanceUID', '1.2').setString('StudyInstanceUID', '1.2').setString('SeriesInstanceUID', '1.2') }]],
  ])('of %s is refused', (_, entries) => {
    expect(() => writeDicomdir(entries, { sopInstanceUid: '2.25.9' })).toThrow(/file-set/);
  });
});
