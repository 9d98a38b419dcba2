/**
 * Secondary Captures (PS3.3 A.8.1, C.8.6): derived images of colour, of kinds that have no derived form here, and of those that do not say where they are.
 * They are pictures of the patient in the same study, and promise no geometry.
 */
import { ScanloomError } from '#contract/errors';
import { DataSet } from '../data-set.ts';
import { attributesOfIod, iodOf } from '../iod/iod.ts';
import { dateOf, momentIn, timeOf } from '../items.ts';
import { quantise } from '../quantise.ts';
import { isValidUid } from '../uid.ts';
import { writeDicom } from '../write.ts';
import { keptAttributes, setDerivation, setEquipment, setIdentity } from './common.ts';
import { type2 } from './kinds.ts';
import { dropImpossibleWindows, inheritLossy, setGreyPixels, setRescale } from './pixels.ts';
import { chooseQuantisation, rangeOf, rescaleOfSource } from './quantisation.ts';
import { repairAge, repairBodyPart, repairDecimalStrings, repairDeidentification, repairImage, repairMissingUid, repairPadding, repairRequests, repairSeries } from './repairs.ts';
import type { SecondaryCaptureOptions } from './types.ts';

export const secondaryCapture = '1.2.840.10008.5.1.4.1.1.7';
const explicitLittle = '1.2.840.10008.1.2.1';

/**
 * Writes one Secondary Capture: attributes of the source that this kind of object has, without those of place and grid; the marks of a derived image.
 * Grey values keep the source's rescale (a unit such as HU stays true); RGB is stored as it is. Uncompressed.
 *
 * @throws {ScanloomError} `export/invalid` for values or UIDs that cannot be written.
 */
export function writeSecondaryCapture(options: SecondaryCaptureOptions): Uint8Array {
  const { source, rows, columns, pixels } = options;
  const expected = rows * columns * ('rgb' in pixels ? 3 : 1);
  if (('rgb' in pixels ? pixels.rgb : pixels.grey).length !== expected || rows < 1 || columns < 1 || rows > 65_535 || columns > 65_535) {
    throw new ScanloomError('export/invalid', 'The derived image has not as many values as rows and columns.', { details: { rows, columns } });
  }
  for (const uid of [options.seriesInstanceUid, options.sopInstanceUid]) if (!isValidUid(uid)) throw new ScanloomError('export/invalid', 'The derived image has an invalid UID.', { details: { uid } });
  const known = attributesOfIod(iodOf(secondaryCapture)!);
  const kept = keptAttributes(source.dataset);
  const dataset = new DataSet([...kept.elements()].filter(({ tag }) => known.has(tag) && !gone.has(tag)), kept.characterSets);
  setIdentity(dataset, options, ['DERIVED', 'SECONDARY']);
  setDerivation(dataset, source.dataset, options, options.sources);
  setEquipment(dataset, source.dataset, options);
  const moment = momentIn(dataset, options.contentDate);
  dataset
    .setString('SOPClassUID', secondaryCapture)
    // C.8.6.1: made on a workstation.
    .setString('ConversionType', 'WSD')
    .setString('DateOfSecondaryCapture', dateOf(moment))
    .setString('TimeOfSecondaryCapture', timeOf(moment));
  if ('rgb' in pixels) setColour(dataset, pixels.rgb, rows, columns);
  else setGrey(dataset, options, pixels.grey);
  inheritLossy(dataset, source);
  repairPadding(dataset);
  repairDecimalStrings(dataset);
  repairAge(dataset);
  repairBodyPart(dataset);
  repairDeidentification(dataset);
  repairSeries(dataset, 'SC');
  repairRequests(dataset);
  repairImage(dataset, 'SC');
  repairMissingUid(dataset, 'StudyInstanceUID', source.dataset.string('SeriesInstanceUID'));
  for (const key of [...type2.all, ...type2.SC]) if (!dataset.has(key)) dataset.setEmpty(key);
  return writeDicom({ dataset, sopClassUid: secondaryCapture, sopInstanceUid: options.sopInstanceUid, transferSyntaxUid: explicitLittle });
}

/** Geometry: not of this kind of object, or of a grid that is no longer there (C.8.6.2, Pixel Spacing and what calibrates it). */
const gone = new Set(['00280030', '00280a02', '00280a04', '00181164', '00182010', '00200032', '00200037', '00200052', '00201040', '00281052', '00281053', '00281054']);

function setGrey(dataset: DataSet, { source, rows, columns }: SecondaryCaptureOptions, values: Float32Array): void {
  const quantisation = chooseQuantisation(rescaleOfSource(source.dataset), rangeOf(values), source.dataset.string('Modality') === 'CT' ? 'CT' : 'SC');
  if (!/^MONOCHROME[12]$/.test(dataset.string('PhotometricInterpretation'))) dataset.setString('PhotometricInterpretation', 'MONOCHROME2');
  setGreyPixels(dataset, [quantise(values, quantisation)], { rows, columns, signed: quantisation.signed });
  const isCt = source.dataset.string('Modality') === 'CT';
  if (isCt || quantisation.slope !== 1 || quantisation.intercept !== 0) setRescale(dataset, quantisation, source.dataset.string('RescaleType') || (isCt ? 'HU' : 'US'));
  dropImpossibleWindows(dataset);
}

function setColour(dataset: DataSet, rgb: Uint8Array, rows: number, columns: number): void {
  // A window is for grey (C.11.2.1).
  for (const key of ['WindowCenter', 'WindowWidth', 'WindowCenterWidthExplanation', 'VOILUTFunction']) dataset.delete(key);
  dataset
    .setNumber('SamplesPerPixel', 3)
    .setString('PhotometricInterpretation', 'RGB')
    .setNumber('PlanarConfiguration', 0)
    .setNumber('Rows', rows)
    .setNumber('Columns', columns)
    .setNumber('BitsAllocated', 8)
    .setNumber('BitsStored', 8)
    .setNumber('HighBit', 7)
    .setNumber('PixelRepresentation', 0)
    .setBytes('PixelData', 'OB', rgb);
}
