/**
 * Images derived from a source image: a new series in the same study, with everything of the source that remains true
 * and nothing that does not (attribute-rules.ts). CT, MR, PET, CR, DX, MG and Secondary Capture of one frame; grey images of other kinds,
 * and those that do not say where they are, become Secondary Captures.
 */
import { ScanloomError } from '#contract/errors';
import { keptAttributes, setDerivation, setEquipment, setIdentity } from './common.ts';
import { orientationOf } from '../attributes.ts';
import { imageType, kinds, type2, type Kind } from './kinds.ts';
import type { DataSet } from '../data-set.ts';
import { privateBValue } from '../private-b-value.ts';
import { quantise } from '../quantise.ts';
import { dropImpossibleWindows, inheritLossy, setGreyPixels, setRescale, setWholeWindow } from './pixels.ts';
import { chooseQuantisation, hasModalityRescale, rangeOf, rescaleOfSource } from './quantisation.ts';
import { repairAge, repairBodyPart, repairDecimalStrings, repairDeidentification, repairImage, repairMissingUid, repairMr, repairPadding, repairRequests, repairSeries } from './repairs.ts';
import { isEnhanced } from './enhanced-kinds.ts';
import { writeSecondaryCapture } from './secondary-capture.ts';
import type { DerivedOptions } from './types.ts';
import { isValidUid } from '../uid.ts';
import { writeDicom } from '../write.ts';

const explicitLittle = '1.2.840.10008.1.2.1';

/**
 * Writes one derived image: Synthetic Data YES (unless `synthetic` is false), Content Qualification RESEARCH, Image Type of its IOD, derivation,
 * sources, equipment, the new grid's geometry; stored values rounded half to even and clamped; explicit VR little endian, uncompressed.
 *
 * @throws {ScanloomError} `dicom/unsupported` for what grey values of one frame cannot stand for, `export/invalid` for values or UIDs that cannot be written.
 */
export function writeDerivedImage(options: DerivedOptions): Uint8Array {
  const { source, rows, columns } = options;
  const sopClassUid = source.dataset.string('SOPClassUID');
  const kind = kinds[sopClassUid];
  refuseWhatCannotBeTrue(source.dataset, sopClassUid);
  if (options.values.length !== rows * columns || rows < 1 || columns < 1 || rows > 65_535 || columns > 65_535) {
    throw new ScanloomError('export/invalid', 'The derived image has not as many values as rows and columns.', { details: { values: options.values.length, rows, columns } });
  }
  for (const uid of [options.seriesInstanceUid, options.sopInstanceUid, options.frameOfReferenceUid ?? '2.25.0']) if (!isValidUid(uid)) throw new ScanloomError('export/invalid', 'The derived image has an invalid UID.', { details: { uid } });
  if (kind === undefined || lacksPlace(kind, options)) return writeSecondaryCapture({ ...options, pixels: { grey: options.values } });
  const dataset = keptAttributes(source.dataset);
  setIdentity(dataset, options, imageType(source.dataset.strings('ImageType'), kind, options.factor));
  setDerivation(dataset, source.dataset, options, options.sources);
  setEquipment(dataset, source.dataset, options);
  setGeometry(dataset, options, kind);
  setPixels(dataset, options, kind);
  inheritLossy(dataset, source);
  repair(dataset, options, kind);
  for (const key of [...type2.all, ...type2[kind]]) if (!dataset.has(key)) dataset.setEmpty(key);
  return writeDicom({ dataset, sopClassUid, sopInstanceUid: options.sopInstanceUid, transferSyntaxUid: explicitLittle });
}

/** One plane of grey values cannot stand for colour, for a dose, or for labels; a multi-frame object is derived as a whole (write-enhanced.ts). */
function refuseWhatCannotBeTrue(source: DataSet, sopClassUid: string): void {
  const refuse = (sentence: string, hint: string): never => {
    throw new ScanloomError('dicom/unsupported', sentence, { hint, details: { sopClassUid } });
  };
  if ((source.number('SamplesPerPixel') ?? 1) !== 1 || source.string('PhotometricInterpretation') === 'PALETTE COLOR') {
    refuse('A colour image cannot be derived from grey values.', 'Write its colours as a Secondary Capture instead.');
  }
  if (isEnhanced(sopClassUid)) refuse('An enhanced multi-frame image is derived as a whole, not frame by frame.', 'Write all its frames into one object.');
  if (notImages.test(sopClassUid)) refuse('Doses, segmentations and maps have values of their own kind; a derived picture of them would say something else.', 'Export them as PNG or NIfTI instead.');
}

/** RT Dose, Segmentation, Label Map, Surface, Parametric Map, Real World Value Mapping. */
const notImages = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(481\.2|66(\.\d+)?|67|30)$/;

/** CT, MR and PET must say where they are (Image Plane, Type 1); a source that does not becomes a Secondary Capture. */
function lacksPlace(kind: Kind, { source: { dataset }, geometry }: DerivedOptions): boolean {
  if (kind !== 'CT' && kind !== 'MR' && kind !== 'PT') return false;
  return orientationOf(dataset) === null || (geometry.position === undefined && !dataset.hasValue('ImagePositionPatient')) || (geometry.spacingMm === undefined && !dataset.hasValue('PixelSpacing'));
}

/** C.7.6.2 and, for projections, C.8.11.7: the new grid. */
function setGeometry(dataset: DataSet, options: DerivedOptions, kind: Kind): void {
  const { position, spacingMm } = options.geometry;
  if (position !== undefined) dataset.setNumber('ImagePositionPatient', position);
  if (spacingMm !== undefined && (kind === 'CT' || kind === 'MR' || kind === 'PT' || dataset.has('PixelSpacing'))) dataset.setNumber('PixelSpacing', spacingMm);
  for (const key of ['ImagerPixelSpacing', 'NominalScannedPixelSpacing']) {
    const values = dataset.numbers(key);
    if (values.length === 2 && values.every((value) => Number.isFinite(value) && value > 0)) dataset.setNumber(key, values.map((value) => value / options.factor));
  }
  if (options.frameOfReferenceUid !== undefined) dataset.setString('FrameOfReferenceUID', options.frameOfReferenceUid);
  if ((dataset.number('SpacingBetweenSlices') ?? 0) < 0) dataset.delete('SpacingBetweenSlices');
}

/** What the source had wrong already (repairs.ts). */
function repair(dataset: DataSet, options: DerivedOptions, kind: Kind): void {
  repairPadding(dataset);
  repairDecimalStrings(dataset);
  repairAge(dataset);
  repairBodyPart(dataset);
  repairDeidentification(dataset);
  repairSeries(dataset, kind);
  repairRequests(dataset);
  repairImage(dataset, kind);
  const sourceSeriesUid = options.source.dataset.string('SeriesInstanceUID');
  repairMissingUid(dataset, 'StudyInstanceUID', sourceSeriesUid);
  if (kind === 'CT' || kind === 'MR' || kind === 'PT') repairMissingUid(dataset, 'FrameOfReferenceUID', sourceSeriesUid);
  if (kind !== 'MR') return;
  repairMr(dataset);
  // Private elements do not pass over, but which weighting an image has must: without it a diffusion series is a heap.
  const weighting = privateBValue(options.source.dataset);
  if (weighting !== null && !dataset.hasValue('DiffusionBValue')) dataset.setNumber('DiffusionBValue', weighting);
}

/** Pixels, the modality LUT of the kind, and a window that can be applied. */
function setPixels(dataset: DataSet, options: DerivedOptions, kind: Kind): void {
  const { rows, columns } = options;
  const before = options.source.dataset;
  const quantisation = chooseQuantisation(rescaleOfSource(before), rangeOf(options.values), kind);
  const image = quantise(options.values, quantisation);
  setGreyPixels(dataset, [image], { rows, columns, signed: quantisation.signed });
  // Rescale Type: Type 1 in DX and MG and with a modality LUT outside CT; HU is what CT means without it (C.8.2.1).
  const isBound = kind === 'DX' || kind === 'MG';
  if (hasModalityRescale(kind, before, quantisation)) setRescale(dataset, quantisation, isBound || (kind !== 'CT' && kind !== 'PT' && !dataset.hasValue('RescaleType')) ? 'US' : null);
  dropImpossibleWindows(dataset);
  if (isBound && !dataset.hasValue('WindowCenter') && dataset.string('PresentationIntentType') === 'FOR PRESENTATION') setWholeWindow(dataset, image, quantisation);
}
