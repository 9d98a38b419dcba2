/** Segmentations: BINARY (Segmentation Storage) and LABELMAP (Label Map Segmentation Storage), PS3.3 A.51, C.8.20.2. */
import { ScanloomError } from '#contract/errors';
import { packedBits } from '../codecs/rle-encode.ts';
import { DataSet } from '../data-set.ts';
import { derivationGroup, frameContentGroup, planeGroups, setDimensions, setFunctionalGroups, type Dimension, type Group } from '../multi-frame-write/groups.ts';
import { newObjectHeader, setFrameOfReference } from '../multi-frame-write/header.ts';
import { placeNumbers, planesOf, type Plane } from '../multi-frame-write/planes.ts';
import type { Code } from '../types.ts';
import { writeDicom } from '../write.ts';
import { checkedSegments, segmentItem } from './segments.ts';
import type { SegmentationOptions } from './types.ts';

const storage = '1.2.840.10008.5.1.4.1.1';
const explicitLittle = '1.2.840.10008.1.2.1';
const segmentationCode: Code = { value: '113076', scheme: 'DCM', meaning: 'Segmentation' };
/** Pixels of one object: the length of a native value has 32 bits (PS3.5 7.1.2). */
const largestBytes = 2 ** 32 - 2;

/** One frame: its plane, and for BINARY its segment. */
interface Frame {
  readonly plane: Plane;
  readonly place: number;
  readonly segment: number | null;
  readonly values: Uint8Array | Uint16Array;
}

/**
 * Writes a segmentation on the grid of its source images: one frame a plane (LABELMAP), or a plane and segment (BINARY; empty ones left out unless asked
 * for), ordered by segment and place. Uncompressed, explicit little endian; patient, study and frame of reference of the sources, series and equipment new.
 *
 * @throws {ScanloomError} `export/invalid` for what the standard does not allow: numbers, sizes, labels that no segment describes, nothing marked at all.
 * @see DICOM PS3.3 C.8.20.2, C.7.6.16, C.7.6.17
 */
export function writeSegmentation(options: SegmentationOptions): Uint8Array {
  const segments = checkedSegments(options);
  const planes = planesOf(options.sources);
  const isBinary = options.kind === 'BINARY';
  const sopClassUid = `${storage}.${isBinary ? '66.4' : '66.7'}`;
  const hasPlace = planes[0]!.geometry !== null;
  const frames = isBinary ? binaryFrames(options, planes) : labelFrames(options, planes, new Set(segments.map(({ number }) => number)));
  const dataset = newObjectHeader(planes, options, sopClassUid, 'SEG');
  dataset.setString('ImageType', ['DERIVED', 'PRIMARY']);
  if (hasPlace) setFrameOfReference(dataset, planes);
  else dataset.setEmpty('PatientOrientation');
  setPixels(dataset, options, frames, segments.at(-1)!.number);
  dataset
    .setString('SegmentationType', isBinary ? 'BINARY' : 'LABELMAP')
    .setString('SegmentsOverlap', isBinary && 'masks' in options.pixels ? 'UNDEFINED' : 'NO')
    .setSequence('SegmentSequence', segments.map(segmentItem));
  const own = frames.map(({ plane }) => plane);
  const groups: Group[] = [...planeGroups(own), derivationGroup(own, [segmentationCode], '')];
  if (isBinary) groups.push({ sequence: 'SegmentIdentificationSequence', items: frames.map(({ segment }) => new DataSet().setNumber('ReferencedSegmentNumber', segment!)) });
  const bySegment: Dimension = { attribute: 'ReferencedSegmentNumber', group: 'SegmentIdentificationSequence', label: 'Segment Number' };
  const byPlace: Dimension = hasPlace
    ? { attribute: 'ImagePositionPatient', group: 'PlanePositionSequence', label: 'Image Position Patient' }
    : { attribute: 'InStackPositionNumber', group: 'FrameContentSequence', label: 'In-Stack Position Number' };
  setDimensions(dataset, isBinary ? [bySegment, byPlace] : [byPlace], options.sopInstanceUid);
  const indices = frames.map(({ segment, place }) => (isBinary ? [segment!, place] : [place]));
  setFunctionalGroups(dataset, frames.length, [frameContentGroup(indices, hasPlace ? null : frames.map(({ place }) => place)), ...groups]);
  return writeDicom({ dataset, sopClassUid, sopInstanceUid: options.sopInstanceUid, transferSyntaxUid: explicitLittle });
}

function checkSizes(planes: readonly Plane[], arrays: readonly (ArrayLike<number> | null)[]): void {
  if (arrays.length !== planes.length) throw new ScanloomError('export/invalid', `There are ${arrays.length} masks for ${planes.length} source images.`);
  for (const values of arrays) if (values !== null && values.length !== planes[0]!.rows * planes[0]!.columns) throw new ScanloomError('export/invalid', 'A mask has another size than its source image.');
}

function inPlaceOrder(frames: readonly Frame[]): Frame[] {
  return [...frames].sort((a, b) => (a.segment ?? 0) - (b.segment ?? 0) || a.place - b.place);
}

function labelFrames({ pixels }: SegmentationOptions, planes: readonly Plane[], described: ReadonlySet<number>): Frame[] {
  if (!('labels' in pixels)) throw new ScanloomError('export/invalid', 'A label map is written from labels; separate masks may overlap and need a binary segmentation.');
  checkSizes(planes, pixels.labels);
  checkDescribed(pixels.labels, described);
  const places = placeNumbers(planes);
  if (new Set(places).size !== places.length) throw new ScanloomError('export/invalid', 'Two source images lie at the same place; a label map has one frame a place.');
  return inPlaceOrder(planes.map((plane, index) => ({ plane, place: places[index]!, segment: null, values: pixels.labels[index]! })));
}

function checkDescribed(labels: readonly (Uint8Array | Uint16Array)[], described: ReadonlySet<number>): void {
  const seen = new Uint8Array(65_536);
  for (const values of labels) for (let i = 0; i < values.length; i += 1) seen[values[i]!] = 1;
  for (let value = 0; value < seen.length; value += 1) {
    if (seen[value] === 1 && !described.has(value)) throw new ScanloomError('export/invalid', `The label ${value} occurs, but no segment describes it.`);
  }
}

function binaryFrames(options: SegmentationOptions, planes: readonly Plane[]): Frame[] {
  const { pixels, segments } = options;
  const places = placeNumbers(planes);
  const frames: Frame[] = [];
  const add = (segment: number, index: number, values: Uint8Array): void => {
    if (options.keepEmptyFrames === true || values.includes(1)) frames.push({ plane: planes[index]!, place: places[index]!, segment, values });
  };
  if ('labels' in pixels) {
    checkSizes(planes, pixels.labels);
    checkDescribed(pixels.labels, new Set([0, ...segments.map(({ number }) => number)]));
    for (const { number } of segments) pixels.labels.forEach((labels, index) => add(number, index, Uint8Array.from(labels, (label) => (label === number ? 1 : 0))));
  } else {
    for (const number of pixels.masks.keys()) if (!segments.some((segment) => segment.number === number)) throw new ScanloomError('export/invalid', `There is a mask for segment ${number}, which nothing describes.`);
    const size = planes[0]!.rows * planes[0]!.columns;
    for (const { number } of segments) {
      const masks = pixels.masks.get(number) ?? planes.map(() => null);
      checkSizes(planes, masks);
      masks.forEach((mask, index) => add(number, index, mask === null ? new Uint8Array(size) : mask.map((value) => (value === 0 ? 0 : 1))));
    }
  }
  if (frames.length === 0) throw new ScanloomError('export/invalid', 'Nothing is marked in any image.', { hint: 'An object without frames is not allowed; keep empty frames if none shall be said.' });
  return inPlaceOrder(frames);
}

/** Image Pixel Module and C.8.20.2.1: one bit packed over frame borders, or one or two bytes a pixel. */
function setPixels(dataset: DataSet, options: SegmentationOptions, frames: readonly Frame[], largestNumber: number): void {
  const { rows, columns } = frames[0]!.plane;
  const count = rows * columns * frames.length;
  const isBinary = options.kind === 'BINARY';
  const bits = isBinary ? 1 : largestNumber > 255 ? 16 : 8;
  if ((count * bits) / 8 > largestBytes) throw new ScanloomError('export/invalid', 'The segmentation is larger than one object can be.');
  let bytes: Uint8Array;
  if (bits === 16) {
    const all = new Uint16Array(count);
    frames.forEach(({ values }, index) => all.set(values, index * rows * columns));
    bytes = new Uint8Array(all.buffer);
  } else {
    const all = new Uint8Array(count);
    frames.forEach(({ values }, index) => all.set(values, index * rows * columns));
    bytes = isBinary ? packedBits(all) : all;
  }
  dataset
    .setNumber('SamplesPerPixel', 1)
    .setString('PhotometricInterpretation', 'MONOCHROME2')
    .setNumber('Rows', rows)
    .setNumber('Columns', columns)
    .setNumber('BitsAllocated', bits)
    .setNumber('BitsStored', bits)
    .setNumber('HighBit', bits - 1)
    .setNumber('PixelRepresentation', 0)
    .setBytes('PixelData', bits === 16 ? 'OW' : 'OB', bytes);
  // The value of pixels that belong to no segment (C.8.20.2, Label Map).
  if (!isBinary) dataset.setNumber('PixelPaddingValue', 0, 'US');
}
