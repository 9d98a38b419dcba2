/** An object that is no plain image, as plain data: what it is, what it is called, what it refers to. */
import type { ObjectKind } from '#contract/objects';
import { firstCode } from '../code-items.ts';
import type { DataSet } from '../data-set.ts';
import type { DicomFile } from '../types.ts';
import { kindOfObject } from './kinds.ts';
import { referencesOf, type SeriesReference } from './references.ts';

/** JSON. Absent text is ''. */
export interface ObjectDescription {
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly kind: ObjectKind;
  readonly what: string;
  readonly title: string;
  readonly modality: string;
  readonly date: string;
  readonly time: string;
  readonly seriesNumber: number | null;
  readonly seriesDescription: string;
  readonly isImage: boolean;
  readonly frameOfReferenceUid: string;
  readonly references: readonly SeriesReference[];
}

const pixelElements = ['PixelData', 'FloatPixelData', 'DoubleFloatPixelData'] as const;

/** Null for plain images, and for what has no identity to be listed under (DICOMDIR). */
export function describeObject(file: DicomFile): ObjectDescription | null {
  const { dataset } = file;
  const isImage = file.pixelDataSkipped || pixelElements.some((key) => dataset.has(key));
  const sopClassUid = dataset.string('SOPClassUID') || file.meta.string('MediaStorageSOPClassUID');
  const kind = kindOfObject(sopClassUid, isImage);
  const sopInstanceUid = dataset.string('SOPInstanceUID') || file.meta.string('MediaStorageSOPInstanceUID');
  const studyInstanceUid = dataset.string('StudyInstanceUID');
  const seriesInstanceUid = dataset.string('SeriesInstanceUID');
  if (kind === null || sopInstanceUid === '' || studyInstanceUid === '' || seriesInstanceUid === '') return null;
  const first = (...keys: readonly string[]): string => keys.map((key) => dataset.string(key)).find((value) => value !== '') ?? '';
  return {
    sopInstanceUid,
    sopClassUid,
    studyInstanceUid,
    seriesInstanceUid,
    ...kind,
    title: titleOf(dataset),
    modality: dataset.string('Modality'),
    date: first('ContentDate', 'PresentationCreationDate', 'StructureSetDate', 'RTPlanDate', 'InstanceCreationDate', 'SeriesDate', 'AcquisitionDateTime', 'StudyDate').slice(0, 8),
    time: first('ContentTime', 'PresentationCreationTime', 'StructureSetTime', 'RTPlanTime', 'InstanceCreationTime', 'SeriesTime').slice(0, 6),
    seriesNumber: dataset.number('SeriesNumber'),
    seriesDescription: dataset.string('SeriesDescription'),
    isImage,
    frameOfReferenceUid: dataset.string('FrameOfReferenceUID') || (dataset.sequence('StructureSetROISequence')[0]?.string('ReferencedFrameOfReferenceUID') ?? ''),
    references: referencesOf(dataset),
  };
}

function titleOf(dataset: DataSet): string {
  const named = ['DocumentTitle', 'ContentDescription', 'ContentLabel', 'StructureSetLabel', 'RTPlanLabel', 'DoseComment'].map((key) => dataset.string(key)).find((value) => value !== '');
  // A report is called by the concept of its root (PS3.3 C.17.3).
  return named ?? firstCode(dataset, 'ConceptNameCodeSequence')?.meaning ?? '';
}
