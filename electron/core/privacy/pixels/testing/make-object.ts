/** Small objects for tests, of every layout that pixels come in. */
import { DataSet, type DicomFile } from '#dicom';

export interface ObjectShape {
  readonly rows: number;
  readonly columns: number;
  readonly photometric: string;
  readonly samples?: number;
  readonly bitsAllocated?: number;
  readonly bitsStored?: number;
  readonly signed?: boolean;
  readonly planar?: boolean;
  readonly frames?: number;
  readonly modality?: string;
  readonly window?: { readonly center: number; readonly width: number };
  readonly rescale?: { readonly slope: number; readonly intercept: number };
}

/** @param pixels Native pixel bytes, little endian, in the layout that the shape tells. */
export function makeObject(shape: ObjectShape, pixels: ArrayBufferView): DicomFile {
  const bitsAllocated = shape.bitsAllocated ?? 8;
  const bitsStored = shape.bitsStored ?? bitsAllocated;
  const dataset = new DataSet()
    .setString('SOPClassUID', '1.2.840.10008.5.1.4.1.1.7')
    .setString('SOPInstanceUID', '1.2.3.4')
    .setString('Modality', shape.modality ?? 'OT')
    .setNumber('SamplesPerPixel', shape.samples ?? 1)
    .setString('PhotometricInterpretation', shape.photometric)
    .setNumber('Rows', shape.rows)
    .setNumber('Columns', shape.columns)
    .setNumber('BitsAllocated', bitsAllocated)
    .setNumber('BitsStored', bitsStored)
    .setNumber('HighBit', bitsStored - 1)
    .setNumber('PixelRepresentation', shape.signed === true ? 1 : 0)
    .setBytes('PixelData', bitsAllocated === 8 ? 'OB' : 'OW', new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength));
  if ((shape.samples ?? 1) > 1) dataset.setNumber('PlanarConfiguration', shape.planar === true ? 1 : 0);
  if (shape.frames !== undefined) dataset.setNumber('NumberOfFrames', shape.frames);
  if (shape.window !== undefined) dataset.setNumber('WindowCenter', shape.window.center).setNumber('WindowWidth', shape.window.width);
  if (shape.rescale !== undefined) dataset.setNumber('RescaleSlope', shape.rescale.slope).setNumber('RescaleIntercept', shape.rescale.intercept);
  return { meta: new DataSet(), dataset, transferSyntaxUid: '1.2.840.10008.1.2.1', notices: [], pixelDataSkipped: false };
}
