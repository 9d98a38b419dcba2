/** A made-up head as a CT series on the disk. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { DataSet, writeDicom } from '#dicom';
import { headPhantom } from '../../electron/core/privacy/face/testing/head-phantom.ts';

export const headStudy = '1.2.826.0.1.3680043.10.999.2';
export const headSeries = '1.2.826.0.1.3680043.10.999.3';

/** @param voxelMm Of all three sides; 3 mm make 84 slices. */
export function writeHead(folder: string, voxelMm = 3): void {
  const { volume, placeOf } = headPhantom('axial', voxelMm);
  const pixels = volume.rows * volume.columns;
  for (let slice = 0; slice < volume.slices; slice += 1) {
    const uid = `1.2.826.0.1.3680043.10.999.1.${slice + 1}`;
    const stored = Int16Array.from(volume.values.subarray(slice * pixels, (slice + 1) * pixels));
    const dataset = new DataSet()
      .setString('SOPClassUID', '1.2.840.10008.5.1.4.1.1.2').setString('SOPInstanceUID', uid).setString('StudyInstanceUID', headStudy).setString('SeriesInstanceUID', headSeries)
      .setString('FrameOfReferenceUID', '1.2.826.0.1.3680043.10.999.4').setString('Modality', 'CT').setString('PatientName', 'MADE^UP').setString('PatientID', 'MADE-UP-1').setString('StudyDate', '20200102').setString('BodyPartExamined', 'HEAD')
      .setString('ImageType', ['ORIGINAL', 'PRIMARY', 'AXIAL']).setNumber('InstanceNumber', slice + 1).setNumber('SamplesPerPixel', 1).setString('PhotometricInterpretation', 'MONOCHROME2')
      .setNumber('Rows', volume.rows).setNumber('Columns', volume.columns).setNumber('PixelSpacing', [voxelMm, voxelMm]).setNumber('SliceThickness', voxelMm).setNumber('ImagePositionPatient', [...placeOf(slice * pixels)]).setNumber('ImageOrientationPatient', [...volume.orientation])
      .setNumber('BitsAllocated', 16).setNumber('BitsStored', 16).setNumber('HighBit', 15).setNumber('PixelRepresentation', 1).setNumber('RescaleSlope', 1).setNumber('RescaleIntercept', 0).setString('RescaleType', 'HU')
      .setBytes('PixelData', 'OW', new Uint8Array(stored.buffer));
    writeFileSync(path.join(folder, `${slice}.dcm`), writeDicom({ dataset, sopClassUid: '1.2.840.10008.5.1.4.1.1.2', sopInstanceUid: uid, transferSyntaxUid: '1.2.840.10008.1.2.1' }));
  }
}
