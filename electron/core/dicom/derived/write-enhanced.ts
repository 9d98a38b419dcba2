/**
 * Enhanced multi-frame images derived from enhanced ones (PS3.3 A.36, A.38, A.56 and their legacy conversions): one new object with a frame for each
 * source frame, its functional groups kept where they remain true and written anew where they do not (frameGroupRules).
 */
import { ScanloomError } from '#contract/errors';
import { DataSet } from '../data-set.ts';
import { isPrivateTag, tagOf } from '../dictionary.ts';
import { codeItem, instanceItem, sourceForProcessing } from '../items.ts';
import { setDimensions, setFunctionalGroups, type Dimension, type Group } from '../multi-frame-write/groups.ts';
import { placeNumbers, planesOf } from '../multi-frame-write/planes.ts';
import { quantise, type Quantisation, type QuantisedImage } from '../quantise.ts';
import { isValidUid } from '../uid.ts';
import { writeDicom } from '../write.ts';
import { keptAttributes, setDerivation, setEquipment, setIdentity } from './common.ts';
import { enhancedKindOf, type EnhancedKind } from './enhanced-kinds.ts';
import { type2 } from './kinds.ts';
import { inheritLossy, setGreyPixels } from './pixels.ts';
import { chooseQuantisation, rangeOf, type SourceRescale, type ValueRange } from './quantisation.ts';
import { repairAge, repairBodyPart, repairDecimalStrings, repairDeidentification, repairMissingUid, repairPadding, repairRequests } from './repairs.ts';
import type { DerivedFrame, DerivedFramesOptions } from './types.ts';

const explicitLittle = '1.2.840.10008.1.2.1';
/** Native pixels of one object: 32 bits of length (PS3.5 7.1.2). */
const largestBytes = 2 ** 32 - 2;

/** Functional groups of a source frame that are not passed on as they are. Every other one is kept: it describes the acquisition or the place. */
export const frameGroupRules: readonly { readonly group: string; readonly clause: string; readonly reason: string }[] = [
  { group: 'PixelMeasuresSequence', clause: 'PS3.3 C.7.6.16.2.1', reason: 'pixel spacing is that of the new grid' },
  { group: 'PlanePositionSequence', clause: 'PS3.3 C.7.6.16.2.3', reason: 'the first pixel of the new grid lies elsewhere' },
  { group: 'FrameContentSequence', clause: 'PS3.3 C.7.6.16.2.2', reason: 'frames are counted anew' },
  { group: 'PixelValueTransformationSequence', clause: 'PS3.3 C.7.6.16.2.9', reason: 'values are stored with a rescale of their own' },
  { group: 'RealWorldValueMappingSequence', clause: 'PS3.3 C.7.6.16.2.11', reason: 'bound to the source’s stored values' },
  { group: 'DerivationImageSequence', clause: 'PS3.3 C.7.6.16.2.6', reason: 'this derivation is the one to be told' },
  { group: 'CTImageFrameTypeSequence', clause: 'PS3.3 C.8.15.3.1', reason: 'the frame is derived' },
  { group: 'MRImageFrameTypeSequence', clause: 'PS3.3 C.8.13.5.1', reason: 'the frame is derived' },
  { group: 'PETFrameTypeSequence', clause: 'PS3.3 C.8.22.5.1', reason: 'the frame is derived' },
  { group: 'FrameDisplayShutterSequence', clause: 'PS3.3 C.7.6.16.2.16', reason: 'in the source’s pixel coordinates' },
  { group: 'FramePixelShiftSequence', clause: 'PS3.3 C.7.6.16.2.14', reason: 'in the source’s pixel coordinates' },
  { group: 'PixelIntensityRelationshipLUTSequence', clause: 'PS3.3 C.7.6.16.2.13', reason: 'bound to the source’s stored values' },
];
const rewritten = new Set(frameGroupRules.map(({ group }) => tagOf(group)));

/**
 * Writes one derived enhanced image. Uncompressed, explicit little endian.
 *
 * @throws {ScanloomError} `dicom/unsupported` for sources of other kinds or of several; `export/invalid` for values, sizes or UIDs that cannot be written.
 */
export async function writeDerivedFrames(options: DerivedFramesOptions): Promise<Uint8Array> {
  const { frames, rows, columns } = options;
  const first = frames[0];
  if (first === undefined || frames.length * rows * columns * 2 > largestBytes || rows < 1 || columns < 1 || rows > 65_535 || columns > 65_535) throw new ScanloomError('export/invalid', 'The derived frames do not fit into one object.', { details: { frames: frames.length, rows, columns } });
  for (const uid of [options.seriesInstanceUid, options.sopInstanceUid, options.frameOfReferenceUid ?? '2.25.0']) if (!isValidUid(uid)) throw new ScanloomError('export/invalid', 'The derived image has an invalid UID.', { details: { uid } });
  const before = first.source.dataset;
  const sopClassUid = before.string('SOPClassUID');
  const kind = enhancedKindOf(sopClassUid);
  if (kind === null) throw new ScanloomError('dicom/unsupported', 'Only enhanced CT, MR and PET images are derived as multi-frame objects.', { details: { sopClassUid } });
  for (const key of ['SOPClassUID', 'SeriesInstanceUID']) {
    if (frames.some(({ source }) => source.dataset.string(key) !== before.string(key))) throw new ScanloomError('dicom/unsupported', 'Frames of several series or kinds cannot be written into one object.');
  }
  const dataset = keptAttributes(before);
  const imageType = enhancedImageType(before, options.factor);
  setIdentity(dataset, options, imageType);
  setReferences(dataset, before, options);
  setEquipment(dataset, before, options);
  // Enhanced General Equipment asks for a serial number (C.7.5.2); software has none.
  dataset.setString('DeviceSerialNumber', 'software');
  if (options.frameOfReferenceUid !== undefined) dataset.setString('FrameOfReferenceUID', options.frameOfReferenceUid);
  const pixels = await quantised(options, kind);
  setGreyPixels(dataset, pixels.images, { rows, columns, signed: pixels.images[0]!.stored instanceof Int16Array });
  setGroups(dataset, options, kind, imageType, pixels.quantisations);
  settleMixed(dataset, frames.map((frame) => groupsOf(frame).get(tagOf(kind.frameType)) ?? new DataSet()));
  setModule(dataset, imageType);
  for (const source of new Set(frames.map((frame) => frame.source))) inheritLossy(dataset, source);
  repair(dataset, before);
  return writeDicom({ dataset, sopClassUid, sopInstanceUid: options.sopInstanceUid, transferSyntaxUid: explicitLittle });
}

/** C.8.16.1: four values; 2 is PRIMARY also for what is derived, 4 says how. */
function enhancedImageType(source: DataSet, factor: number): string[] {
  return ['DERIVED', 'PRIMARY', source.string('ImageType', 2) || 'VOLUME', factor === 1 ? 'FILTERED' : 'RESAMPLED'];
}

/** The object's own derivation, and the evidence that enhanced images name (C.8.13.2.1.2, C.8.15.2): every source with its series and study. */
function setReferences(dataset: DataSet, before: DataSet, options: DerivedFramesOptions): void {
  const objects = [...new Map(options.frames.map(({ source }) => [source.dataset.string('SOPInstanceUID'), { sopClassUid: source.dataset.string('SOPClassUID'), sopInstanceUid: source.dataset.string('SOPInstanceUID') }])).values()];
  setDerivation(dataset, before, options, objects);
  // In multi-frame images sources are named frame by frame, in the Derivation Image group (C.7.6.16.2.6), not for the whole.
  dataset.delete('SourceImageSequence');
  dataset.delete('DerivationCodeSequence');
  dataset.setSequence('SourceImageEvidenceSequence', [
    new DataSet()
      .setString('StudyInstanceUID', before.string('StudyInstanceUID'))
      .setSequence('ReferencedSeriesSequence', [new DataSet().setString('SeriesInstanceUID', before.string('SeriesInstanceUID')).setSequence('ReferencedSOPSequence', objects.map(instanceItem))]),
  ]);
}

/** The groups of one source frame: its own before the shared ones, without private ones and those that are written anew. */
function groupsOf({ source, sourceFrame }: DerivedFrame): Map<string, DataSet> {
  const groups = new Map<string, DataSet>();
  const own = source.dataset.sequence('PerFrameFunctionalGroupsSequence')[sourceFrame];
  const shared = source.dataset.sequence('SharedFunctionalGroupsSequence')[0];
  for (const set of [shared, own]) {
    if (set === undefined) continue;
    for (const { tag, vr } of set.elements()) {
      const item = set.sequence(tag)[0];
      if (vr === 'SQ' && item !== undefined && !isPrivateTag(tag)) groups.set(tag, withoutPrivate(item));
    }
  }
  return groups;
}

function withoutPrivate(item: DataSet): DataSet {
  return new DataSet([...item.clone().elements()].filter(({ tag }) => !isPrivateTag(tag)), item.characterSets);
}

function rescaleOf(frame: DerivedFrame): SourceRescale {
  const item = groupsOf(frame).get(tagOf('PixelValueTransformationSequence'));
  return { slope: item?.number('RescaleSlope') || 1, intercept: item?.number('RescaleIntercept') ?? 0, signed: frame.source.dataset.number('PixelRepresentation') === 1 };
}

/** Each frame has its own rescale, all have one sign (C.7.6.16.2.9; Pixel Representation is said once). */
async function quantised({ frames, rows, columns }: DerivedFramesOptions, kind: EnhancedKind): Promise<{ images: QuantisedImage[]; quantisations: Quantisation[] }> {
  const choose = (frame: DerivedFrame, range: ValueRange): Quantisation => chooseQuantisation(rescaleOf(frame), range, kind.modality);
  const ranges: ValueRange[] = [];
  for (const frame of frames) {
    const values = await frame.values();
    if (values.length !== rows * columns) throw new ScanloomError('export/invalid', 'A derived frame has not as many values as rows and columns.');
    ranges.push(rangeOf(values));
  }
  let quantisations = frames.map((frame, index) => choose(frame, ranges[index]!));
  if (new Set(quantisations.map(({ signed }) => signed)).size > 1) {
    // Frames that differ are all stored as their sources were; what does not fit is held at the border.
    quantisations = frames.map((frame) => rescaleOf(frame));
  }
  const images: QuantisedImage[] = [];
  for (const [index, frame] of frames.entries()) images.push(quantise(await frame.values(), quantisations[index]!));
  return { images, quantisations };
}

function setGroups(dataset: DataSet, options: DerivedFramesOptions, kind: EnhancedKind, imageType: readonly string[], quantisations: readonly Quantisation[]): void {
  const { frames } = options;
  const sources = frames.map(groupsOf);
  const tags = [...new Set(sources.flatMap((groups) => [...groups.keys()]))].filter((tag) => !rewritten.has(tag));
  // A group that only some frames have cannot be shared, nor written for those that lack it.
  const complete = tags.filter((tag) => sources.every((groups) => groups.has(tag)));
  const kept: Group[] = complete.map((tag) => ({ sequence: tag, items: sources.map((groups) => groups.get(tag)!) }));
  const item = (index: number, key: string): DataSet => sources[index]!.get(tagOf(key))?.clone() ?? new DataSet();
  const numbers = numbered(options, sources);
  setDimensions(dataset, numbers.dimensions, options.sopInstanceUid);
  setFunctionalGroups(dataset, frames.length, [
    {
      sequence: 'FrameContentSequence',
      neverShared: true,
      items: frames.map((_, index) => {
        const content = item(index, 'FrameContentSequence');
        content.delete('DimensionIndexValues');
        return content.setNumber('DimensionIndexValues', numbers.values[index]!).setString('StackID', '1').setNumber('InStackPositionNumber', numbers.values[index]![0]!);
      }),
    },
    { sequence: 'PixelMeasuresSequence', items: frames.map(({ spacingMm }, index) => item(index, 'PixelMeasuresSequence').setNumber('PixelSpacing', spacingMm)) },
    { sequence: 'PlanePositionSequence', items: frames.map(({ position }) => new DataSet().setNumber('ImagePositionPatient', position)) },
    { sequence: 'PixelValueTransformationSequence', items: quantisations.map(({ slope, intercept }, index) => transformationItem(item(index, 'PixelValueTransformationSequence'), slope, intercept, kind)) },
    { sequence: kind.frameType, items: frames.map((_, index) => frameTypeItem(item(index, kind.frameType), imageType)) },
    { sequence: 'DerivationImageSequence', items: frames.map((frame) => derivationItem(frame, options)) },
    ...kept,
  ]);
  for (const [index, groups] of sources.entries()) {
    const own = dataset.sequence('PerFrameFunctionalGroupsSequence')[index]!;
    for (const tag of tags) if (!complete.includes(tag) && groups.has(tag)) own.setSequence(tag, [groups.get(tag)!]);
  }
}

/** Common CT/MR and PET Image Description Macro (C.8.16.2). */
function frameTypeItem(item: DataSet, imageType: readonly string[]): DataSet {
  if (item.has('PixelPresentation')) item.setString('PixelPresentation', 'MONOCHROME');
  return item.setString('FrameType', imageType);
}

/** Rescale Type: HU in CT unless it said otherwise (C.8.15.3.10), US elsewhere (C.7.6.16.2.9). */
function transformationItem(before: DataSet, slope: number, intercept: number, kind: EnhancedKind): DataSet {
  return new DataSet().setNumber('RescaleIntercept', intercept).setNumber('RescaleSlope', slope).setString('RescaleType', before.string('RescaleType') || (kind.modality === 'CT' ? 'HU' : 'US'));
}

function derivationItem({ source, sourceFrame }: DerivedFrame, { derivation, factor }: DerivedFramesOptions): DataSet {
  const reference = instanceItem({ sopClassUid: source.dataset.string('SOPClassUID'), sopInstanceUid: source.dataset.string('SOPInstanceUID') })
    .setNumber('ReferencedFrameNumber', sourceFrame + 1)
    .setSequence('PurposeOfReferenceCodeSequence', [codeItem(sourceForProcessing)]);
  if (factor === 1) reference.setString('SpatialLocationsPreserved', 'YES');
  return new DataSet().setSequence('SourceImageSequence', [reference]).setSequence('DerivationCodeSequence', derivation.codes.map(codeItem));
}

/** What tells frames of one place apart: echo time, b-value, or else their order in time (C.7.6.17). */
function numbered({ frames }: DerivedFramesOptions, sources: readonly ReadonlyMap<string, DataSet>[]): { dimensions: Dimension[]; values: number[][] } {
  const places = placeNumbers(planesOf(frames.map(({ source, sourceFrame }) => ({ file: source, frame: sourceFrame }))));
  const byPlace: Dimension = { attribute: 'InStackPositionNumber', group: 'FrameContentSequence', label: 'In-Stack Position Number' };
  if (new Set(places).size === places.length) return { dimensions: [byPlace], values: places.map((place) => [place]) };
  const distinct = (group: string, attribute: string): number[] | null => {
    const found = sources.map((groups) => groups.get(tagOf(group))?.number(attribute) ?? null);
    const all = [...new Set(found)].filter((value): value is number => value !== null).sort((a, b) => a - b);
    const pairs = new Set(places.map((place, index) => `${place} ${found[index]}`));
    return found.includes(null) || pairs.size !== places.length ? null : found.map((value) => all.indexOf(value!) + 1);
  };
  for (const [group, attribute, label] of [['MREchoSequence', 'EffectiveEchoTime', 'Effective Echo Time'], ['MRDiffusionSequence', 'DiffusionBValue', 'Diffusion b-value'], ['FrameContentSequence', 'TemporalPositionIndex', 'Temporal Position Index']] as const) {
    const values = distinct(group, attribute);
    if (values !== null) return { dimensions: [byPlace, { attribute, group, label }], values: places.map((place, index) => [place, values[index]!]) };
  }
  // Nothing in the groups says it: the order of the frames at each place does.
  const seen = new Map<number, number>();
  const order = places.map((place) => { seen.set(place, (seen.get(place) ?? 0) + 1); return seen.get(place)!; });
  return { dimensions: [byPlace, { attribute: 'FrameAcquisitionNumber', group: 'FrameContentSequence', label: 'Order of the source' }], values: places.map((place, index) => [place, order[index]!]) };
}

/** Where the source said MIXED of all its frames and those that are here agree, the object says what they are (C.8.16.2, C.8.13.3). */
function settleMixed(dataset: DataSet, frameTypes: readonly DataSet[]): void {
  for (const key of ['ComplexImageComponent', 'AcquisitionContrast', 'VolumetricProperties', 'VolumeBasedCalculationTechnique', 'PixelPresentation']) {
    const values = new Set(frameTypes.map((item) => item.string(key)));
    const [only] = values;
    if (dataset.string(key) === 'MIXED' && values.size === 1 && only !== undefined && only !== '') dataset.setString(key, only);
  }
}

/** Type 1 attributes of enhanced images that say what can only be said so (C.8.13.2, C.8.15.2). */
function setModule(dataset: DataSet, imageType: readonly string[]): void {
  dataset.setString('ImageType', imageType);
  // Palettes are bound to the source's stored values and do not pass over: what is left is grey (C.8.16.2.1.2).
  if (dataset.has('PixelPresentation')) dataset.setString('PixelPresentation', 'MONOCHROME');
  if (!dataset.hasValue('BurnedInAnnotation')) dataset.setString('BurnedInAnnotation', 'NO');
  if (!dataset.hasValue('LossyImageCompression')) dataset.setString('LossyImageCompression', '00');
  if (!dataset.hasValue('PresentationLUTShape')) dataset.setString('PresentationLUTShape', 'IDENTITY');
  if (!dataset.has('AcquisitionContextSequence')) dataset.setSequence('AcquisitionContextSequence', []);
}

function repair(dataset: DataSet, before: DataSet): void {
  repairPadding(dataset);
  repairDecimalStrings(dataset);
  repairAge(dataset);
  repairBodyPart(dataset);
  repairDeidentification(dataset);
  // The side is said by Frame Anatomy (C.7.6.16.2.8), and an empty one by nothing.
  if (!dataset.hasValue('Laterality')) dataset.delete('Laterality');
  repairRequests(dataset);
  for (const key of ['StudyInstanceUID', 'FrameOfReferenceUID'] as const) repairMissingUid(dataset, key, before.string('SeriesInstanceUID'));
  for (const key of [...type2.all, 'PositionReferenceIndicator', 'PatientPosition']) if (!dataset.has(key)) dataset.setEmpty(key);
}
