/** Segmentation and Label Map Segmentation objects → segments and where each frame lies (PS3.3 C.8.20). Pixels stay in the file. */
import { ScanloomError } from '#contract/errors';
import { orientationOf, spacingOf, vector3 } from '../attributes.ts';
import { chosenColour, rgbOfCielab, type Rgb } from '../cielab.ts';
import { codeOf, firstCode } from '../code-items.ts';
import type { DataSet } from '../data-set.ts';
import { readPalette } from '../lookup-tables.ts';
import { pixelLayout } from '../pixel-layout.ts';
import type { Segment, Segmentation, SegmentationFrame } from './types.ts';

const segmentationClasses: Readonly<Record<string, 'segmentation' | 'labelmap'>> = {
  '1.2.840.10008.5.1.4.1.1.66.4': 'segmentation',
  '1.2.840.10008.5.1.4.1.1.66.7': 'labelmap',
};
/** A 16-bit labelmap can have no more. */
const largestSegmentCount = 65_536;
/** Frames that are looked at: a whole-body CT with a hundred segments stays below it. */
const largestFrameCount = 500_000;
/** Where the file gives no thickness, a frame stands for a millimetre. */
const usualThicknessMm = 1;

export function isSegmentation(sopClassUid: string): boolean {
  return sopClassUid in segmentationClasses;
}

/**
 * Reads everything but the pixels.
 *
 * @throws {ScanloomError} `request/unsupported` for an object of another kind, `dicom/invalid` for one without frames or segments that can be.
 */
export function readSegmentation(dataset: DataSet): Segmentation {
  if (!isSegmentation(dataset.string('SOPClassUID'))) throw new ScanloomError('request/unsupported', 'This object is not a segmentation.');
  const layout = pixelLayout(dataset);
  const type = typeOf(dataset);
  const notices: string[] = [];
  const frames = framesOf(dataset, layout.frames, type);
  const segments = segmentsOf(dataset, frames, type);
  const isTiled = dataset.has('TotalPixelMatrixRows') || dataset.string('DimensionOrganizationType').startsWith('TILED');
  const isPlaced = frames.some((frame) => frame.position !== null && frame.orientation !== null && frame.spacingMm !== null);
  const hasSources = frames.some((frame) => frame.sources.length > 0);
  if (isTiled) notices.push('This segmentation is of a tiled slide; it is listed, but its tiles are not laid over images.');
  else if (!isPlaced && !hasSources) notices.push('This segmentation says neither where its frames lie nor which images they belong to, so it cannot be laid over any.');
  else if (!isPlaced) notices.push('This segmentation has no geometry of its own; its frames are shown on the images that they name.');
  if (type === 'labelmap' && segments.length === 0) notices.push('The labelmap describes none of its labels.');
  return {
    type,
    fractionalType: type === 'fractional' ? dataset.string('SegmentationFractionalType') : '',
    largestFraction: Math.max(1, dataset.number('MaximumFractionalValue') ?? 255),
    overlap: dataset.string('SegmentsOverlap') === 'YES' ? 'yes' : dataset.string('SegmentsOverlap') === 'NO' || type === 'labelmap' ? 'no' : 'unknown',
    rows: layout.rows,
    columns: layout.columns,
    frameOfReferenceUid: dataset.string('FrameOfReferenceUID'),
    frames,
    segments,
    background: backgroundOf(dataset),
    canOverlay: !isTiled && (isPlaced || hasSources),
    notices,
  };
}

function typeOf(dataset: DataSet): Segmentation['type'] {
  const said = dataset.string('SegmentationType').toUpperCase();
  if (said === 'LABELMAP' || segmentationClasses[dataset.string('SOPClassUID')] === 'labelmap') return 'labelmap';
  return said === 'FRACTIONAL' ? 'fractional' : 'binary';
}

/** Pixel Padding Value names it (C.8.20.2); else the segment that is coded as background; else 0. */
function backgroundOf(dataset: DataSet): number {
  const padding = dataset.number('PixelPaddingValue');
  if (padding !== null) return padding;
  const coded = dataset.sequence('SegmentSequence').find((item) => isBackground(item));
  return coded?.number('SegmentNumber') ?? 0;
}

function isBackground(item: DataSet): boolean {
  const type = firstCode(item, 'SegmentedPropertyTypeCodeSequence');
  return type?.value === '125040' && type.scheme === 'DCM';
}

function framesOf(dataset: DataSet, count: number, type: Segmentation['type']): SegmentationFrame[] {
  const perFrame = dataset.sequence('PerFrameFunctionalGroupsSequence');
  const shared = dataset.sequence('SharedFunctionalGroupsSequence')[0];
  // Frames without an item of their own could not be told apart.
  return Array.from({ length: Math.min(perFrame.length > 0 ? Math.min(count, perFrame.length) : count, largestFrameCount) }, (_, index) => {
    const own = perFrame[index];
    const group = (sequence: string): DataSet | undefined => own?.sequence(sequence)[0] ?? shared?.sequence(sequence)[0];
    const measures = group('PixelMeasuresSequence');
    const position = group('PlanePositionSequence');
    const orientation = group('PlaneOrientationSequence');
    const thickness = measures?.number('SpacingBetweenSlices') ?? measures?.number('SliceThickness') ?? usualThicknessMm;
    return {
      segment: type === 'labelmap' ? null : (group('SegmentIdentificationSequence')?.number('ReferencedSegmentNumber') ?? 1),
      position: position === undefined ? null : vector3(position, 'ImagePositionPatient'),
      orientation: orientation === undefined ? null : orientationOf(orientation),
      spacingMm: measures === undefined ? null : spacingOf(measures, 'PixelSpacing'),
      halfThicknessMm: (Math.abs(thickness) || usualThicknessMm) / 2,
      sources: sourcesOf(own, shared),
    };
  });
}

function sourcesOf(own: DataSet | undefined, shared: DataSet | undefined): SegmentationFrame['sources'] {
  const derivations = [...(own?.sequence('DerivationImageSequence') ?? []), ...(shared?.sequence('DerivationImageSequence') ?? [])];
  return derivations.flatMap((derivation) => derivation.sequence('SourceImageSequence')).flatMap((source): SegmentationFrame['sources'] => {
    const sopInstanceUid = source.string('ReferencedSOPInstanceUID');
    if (sopInstanceUid === '') return [];
    const numbers = source.numbers('ReferencedFrameNumber').filter((number) => number >= 1);
    return numbers.length === 0 ? [{ sopInstanceUid, frame: null }] : numbers.map((number) => ({ sopInstanceUid, frame: number - 1 }));
  });
}

function segmentsOf(dataset: DataSet, frames: readonly SegmentationFrame[], type: Segmentation['type']): Segment[] {
  const palette = type === 'labelmap' ? readPalette(dataset) : null;
  const counts = new Map<number, number>();
  for (const { segment } of frames) if (segment !== null) counts.set(segment, (counts.get(segment) ?? 0) + 1);
  const items = dataset.sequence('SegmentSequence').slice(0, largestSegmentCount);
  let uncoloured = 0;
  return items.flatMap((item) => {
    const number = item.number('SegmentNumber');
    if (number === null || !Number.isInteger(number) || number < 0) return [];
    if (type === 'labelmap' && isBackground(item)) return [];
    const told: Rgb | null = rgbOfCielab(item.numbers('RecommendedDisplayCIELabValue')) ?? palette?.colourOf(number) ?? null;
    const colour = told ?? chosenColour(uncoloured);
    if (told === null) uncoloured += 1;
    return [{
      number,
      label: item.string('SegmentLabel'),
      description: item.string('SegmentDescription'),
      algorithm: item.string('SegmentAlgorithmType'),
      algorithmName: item.string('SegmentAlgorithmName'),
      category: firstCode(item, 'SegmentedPropertyCategoryCodeSequence'),
      type: firstCode(item, 'SegmentedPropertyTypeCodeSequence'),
      anatomy: item.sequence('AnatomicRegionSequence').flatMap((code) => codeOf(code) ?? []),
      colour,
      colourFrom: told === null ? 'chosen' as const : 'file' as const,
      trackingId: item.string('TrackingID'),
      frames: type === 'labelmap' ? frames.length : (counts.get(number) ?? 0),
    }];
  });
}
