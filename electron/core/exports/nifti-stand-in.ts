/**
 * What a DICOM object that is derived from a NIfTI image starts from: a data set with what the file says and nothing else. The file names no patient, no
 * study and no scanner; those are left empty, or are made from its content and say so.
 */
import type { ImageMeta } from '#contract';
import { DataSet, type DicomFile, type ImageHeader } from '#dicom';

const storage = '1.2.840.10008.5.1.4.1.1';

export interface NiftiSource {
  readonly header: ImageHeader;
  /** Of the file; makes an identity that no other file has. */
  readonly sha256: string;
  /** Of the whole item, for values that no 16-bit integer of the file's own holds. */
  readonly range: { readonly low: number; readonly high: number };
}

/**
 * @param image The enhanced image; its orientation is that of the source.
 * @param frame Of the NIfTI image, from 0.
 */
export function niftiStandIn({ header, sha256, range }: NiftiSource, image: ImageMeta, frame: number, modality: string): DicomFile {
  const dataset = new DataSet()
    .setString('SpecificCharacterSet', 'ISO_IR 192')
    .setString('SOPClassUID', modality === 'CT' ? `${storage}.2` : `${storage}.4`)
    .setString('SOPInstanceUID', header.sopInstanceUid)
    .setString('StudyInstanceUID', header.studyInstanceUid)
    .setString('SeriesInstanceUID', header.seriesInstanceUid)
    .setString('FrameOfReferenceUID', header.frameOfReferenceUid)
    .setString('Modality', modality)
    .setString('ImageType', ['DERIVED', 'SECONDARY'])
    // One identity a file: an empty one would let a receiver join the images of strangers (PS3.3 C.7.1.1).
    .setString('PatientID', `NIFTI-${sha256.slice(0, 16)}`)
    .setString('IssuerOfPatientID', 'SCANLOOM NIFTI')
    .setString('TypeOfPatientID', 'TEXT')
    .setString('PatientComments', 'From a NIfTI file, which names no patient and no study: this identity was made from its content.')
    .setString('StudyDescription', 'From NIfTI: study not known')
    .setString('SeriesDescription', header.seriesDescription)
    .setNumber('SamplesPerPixel', 1)
    .setString('PhotometricInterpretation', 'MONOCHROME2');
  for (const key of ['PatientName', 'PatientBirthDate', 'PatientSex', 'StudyDate', 'StudyTime', 'PatientPosition', 'SliceThickness']) dataset.setEmpty(key);
  if (image.orientation !== null) dataset.setNumber('ImageOrientationPatient', image.orientation);
  // The third voxel size is the way to the next slice, not how thick one is.
  if (modality !== 'CT' && image.sliceThicknessMm !== null) dataset.setNumber('SpacingBetweenSlices', image.sliceThicknessMm);
  const time = header.framesGeometry?.[frame]?.temporalPosition ?? null;
  if (time !== null) dataset.setNumber('TemporalPositionIdentifier', time);
  setValues(dataset, header, range);
  return { meta: new DataSet(), dataset, transferSyntaxUid: '1.2.840.10008.1.2.1', notices: [], pixelDataSkipped: true };
}

/** The file's own scale where its integers fit into 16 bits; else the finest that holds the item. */
function setValues(dataset: DataSet, { floatPixels, bitsStored, pixelRepresentation, rescale }: ImageHeader, { low, high }: NiftiSource['range']): void {
  if (floatPixels === null && bitsStored <= 16) {
    dataset.setNumber('PixelRepresentation', pixelRepresentation);
    if (rescale !== null) dataset.setNumber('RescaleSlope', rescale.slope).setNumber('RescaleIntercept', rescale.intercept);
    return;
  }
  dataset.setNumber('PixelRepresentation', 0).setNumber('RescaleSlope', high > low ? (high - low) / 65_535 : 1).setNumber('RescaleIntercept', low);
}
