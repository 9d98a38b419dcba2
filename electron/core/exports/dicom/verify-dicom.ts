/** Whether a DICOM file of an export says of itself what the manifest says, and follows the standard where we know it. */
import { decodeFrame, describeImage, parseDicom, validateObject, type DataSet, type DicomFile } from '#dicom';
import { ScanloomError, type ExportFile, type VerifyFinding } from '#contract';
import { findingsFor } from '../findings.ts';
import { label } from '../marks.ts';
import { niftiWords, subjectOf } from './dicom-words.ts';
import { itemUid } from './item-uids.ts';
import type { ItemOnDisk, ManifestItem } from '../format.ts';

/** What all images of one item share: a single stray file would put a patient's image into another's study. */
const shared = ['PatientID', 'PatientName', 'StudyInstanceUID', 'FrameOfReferenceUID', 'SeriesNumber', 'Modality'] as const;

/**
 * Tags, identities and references of every image. Values are rounded to integers, so the ledger's digests cannot be made again from them:
 * pixels that were changed under tags that are still true, with every digest remade, are not found.
 */
export async function verifyDicomItem({ item, images, maps, read, sourceFormat }: ItemOnDisk): Promise<VerifyFinding[]> {
  const findings: VerifyFinding[] = [];
  let first: DataSet | null = null;
  for (const file of images) {
    const own = findingsFor(file.path);
    const bytes = await read(file);
    try {
      const object = parseDicom(bytes);
      await verifyObject(own, object, bytes, file, item, sourceFormat === 'nifti');
      const { dataset } = object;
      for (const keyword of shared) if (first !== null && first.string(keyword) !== dataset.string(keyword)) own.error('dicom-mixed', `${keyword} is not that of the item's other images.`);
      first ??= dataset;
    } catch (thrown) {
      own.error('dicom-unreadable', thrown instanceof ScanloomError ? thrown.message : 'The file holds something that cannot be understood.');
    }
    findings.push(...own.all);
  }
  for (const file of maps) findings.push(...(await verifyMap(file, item, read)));
  return findings;
}

/** A map of an item: valid, marked, of the same patient, and about images of this item. */
async function verifyMap(file: ExportFile, item: ManifestItem, read: ItemOnDisk['read']): Promise<VerifyFinding[]> {
  const findings = findingsFor(file.path);
  try {
    const bytes = await read(file);
    const object = parseDicom(bytes);
    for (const { level, code, message } of validateObject(bytes)) findings[level](`dicom-${code.replace(/^dicom[/-]/, '')}`, message);
    if (object.dataset.string('SyntheticData') !== 'YES') findings.error('dicom-synthetic-data', 'Synthetic Data (0008,001C) is not YES.');
    if (object.dataset.string('SOPInstanceUID') !== itemUid(item.itemId, 'map-0')) findings.error('dicom-identity', 'SOP Instance UID (0008,0018) is not that of the item.');
    const series = object.dataset.sequence('ReferencedSeriesSequence').map((entry) => entry.string('SeriesInstanceUID'));
    if (series.length !== 1 || series[0] !== itemUid(item.itemId, 'series')) findings.error('dicom-source', 'The map is about images that are not this item’s.');
  } catch (thrown) {
    findings.error('dicom-unreadable', thrown instanceof ScanloomError ? thrown.message : 'The file holds something that cannot be understood.');
  }
  return [...findings.all];
}

/** Sources of an image, or of the frames of a multi-frame one (PS3.3 C.12.4, C.7.6.16.2.6). */
function sourcesOf(dataset: DataSet): readonly DataSet[] {
  const groups = [...dataset.sequence('SharedFunctionalGroupsSequence'), ...dataset.sequence('PerFrameFunctionalGroupsSequence')];
  return [...dataset.sequence('SourceImageSequence'), ...groups.flatMap((group) => group.sequence('DerivationImageSequence')).flatMap((entry) => entry.sequence('SourceImageSequence'))];
}

async function verifyObject(findings: ReturnType<typeof findingsFor>, object: DicomFile, bytes: Uint8Array, file: ExportFile, item: ManifestItem, isFromNifti: boolean): Promise<void> {
  for (const { level, code, message } of validateObject(bytes)) findings[level](`dicom-${code.replace(/^dicom[/-]/, '')}`, message);

  const header = describeImage(object);
  const must = (holds: boolean, code: string, message: string): void => {
    if (!holds) findings.error(code, message);
  };
  must(header.syntheticData === 'YES', 'dicom-synthetic-data', 'Synthetic Data (0008,001C) is not YES.');
  must(header.contentQualification === 'RESEARCH', 'dicom-content-qualification', 'Content Qualification (0018,9004) is not RESEARCH.');
  must(header.imageType[0] === 'DERIVED', 'dicom-image-type', 'Image Type (0008,0008) does not say DERIVED.');
  must(header.manufacturer === 'Scanloom' && header.model.startsWith(item.packageId), 'dicom-equipment', 'Manufacturer and model do not name Scanloom and the package.');
  must(header.derivationDescription.startsWith(`${label[item.provenance]}: `), 'dicom-derivation', `Derivation Description (0008,2111) does not say ${label[item.provenance]}.`);
  must(header.derivationDescription.includes(item.ledgerHash) && header.derivationDescription.includes(item.packageSha256), 'dicom-derivation', 'Derivation Description (0008,2111) does not name the ledger entry and the package of the manifest.');
  must(header.sopInstanceUid === itemUid(item.itemId, `image-${file.frame ?? 0}`), 'dicom-identity', 'SOP Instance UID (0008,0018) is not that of the item.');
  must(header.seriesInstanceUid === itemUid(item.itemId, 'series'), 'dicom-identity', 'Series Instance UID (0020,000E) is not that of the item.');

  const sources = sourcesOf(object.dataset);
  const subject = subjectOf(item.itemId);
  if (item.provenance === 'enhanced') {
    const referenced = sources.map((source) => source.string('ReferencedSOPInstanceUID'));
    if (isFromNifti) must(referenced.length === 0 && header.derivationDescription.includes(niftiWords), 'dicom-source', 'The object does not say that its source is a NIfTI file, or names a source object all the same.');
    else must(referenced.length > 0 && referenced.every((uid) => uid !== '' && uid !== header.sopInstanceUid), 'dicom-source', 'Source Image Sequence (0008,2112) does not name the source.');
    must(header.patientId !== subject.id, 'dicom-identity', 'An enhanced image belongs to the patient of its source.');
  } else {
    must(sources.length === 0, 'dicom-source', 'A synthetic image has no source image.');
    must(header.patientId === subject.id && header.patientName === subject.name, 'dicom-identity', 'The patient is not the invented subject of this item.');
    must(header.patientBirthDate === '', 'dicom-identity', 'An invented subject has no date of birth.');
    must(header.studyInstanceUid === itemUid(item.itemId, 'study'), 'dicom-identity', 'Study Instance UID (0020,000D) is not that of the item.');
    must(header.frameOfReferenceUid === '' || header.frameOfReferenceUid === itemUid(item.itemId, 'frame-of-reference'), 'dicom-identity', 'Frame of Reference UID (0020,0052) is not that of the item.');
  }
  try {
    await decodeFrame(object, 0);
  } catch (thrown) {
    findings.error('dicom-pixels', ScanloomError.from(thrown).message);
  }
}
