/** A segmentation laid over one image: which frames belong to it, and their pixels in the image's grid. */
import { ScanloomError } from '#contract/errors';
import { isPlaced, mayShareSpace, placeInImage, planeDistance, pointOfPlace, type ImagePlane } from '../image-plane.ts';
import { decodeFrame } from '../pixels.ts';
import type { DicomFile, StoredArray } from '../types.ts';
import type { Segmentation, SegmentationFrame } from './types.ts';

export interface MatchedFrame {
  readonly index: number;
  /** `reference`: the frame names this image. */
  readonly how: 'reference' | 'geometry';
}

/** Planes of one answer may need this much: a label map can name more labels than an image has room for. */
const largestAnswerBytes = 2 ** 29;
/** Slack for positions that were rounded when written, mm. */
const roundingMm = 1e-2;

/**
 * The frames that lie on an image.
 *
 * Where both know their place in one space, the place decides, because some writers name every source image for each frame; of several frames
 * of one segment within a frame's thickness the nearest counts. Where one of them has no place, the frame must name the image.
 */
export function matchFrames(segmentation: Segmentation, image: ImagePlane): MatchedFrame[] {
  if (!segmentation.canOverlay) return [];
  const nearest = new Map<number | null, { index: number; distance: number; how: MatchedFrame['how'] }>();
  const named: MatchedFrame[] = [];
  segmentation.frames.forEach((frame, index) => {
    const isNamed = frame.sources.some((source) => source.sopInstanceUid === image.sopInstanceUid && (source.frame === null || source.frame === image.frame));
    if (isPlaced(frame) && isPlaced(image) && mayShareSpace(segmentation.frameOfReferenceUid, image.frameOfReferenceUid)) {
      const distance = planeDistance(image, frame);
      if (distance === null || Math.abs(distance) > frame.halfThicknessMm + roundingMm) return;
      const best = nearest.get(frame.segment);
      if (best === undefined || Math.abs(distance) < best.distance) nearest.set(frame.segment, { index, distance: Math.abs(distance), how: isNamed ? 'reference' : 'geometry' });
    } else if (isNamed && segmentation.rows === image.rows && segmentation.columns === image.columns) named.push({ index, how: 'reference' });
  });
  return [...[...nearest.values()].map(({ index, how }) => ({ index, how })), ...named].sort((a, b) => a.index - b.index);
}

export interface SegmentMask {
  readonly segment: number;
  /** Row-major in the image's grid: 0 or 1; of a fractional segmentation 0…255 for 0…1. */
  readonly pixels: Uint8Array;
}

/**
 * Masks of all segments that occur on an image, one plane each, in order of their numbers. Overlapping segments each keep theirs.
 *
 * @param file The segmentation with its pixels.
 * @throws {ScanloomError} as decodeFrame; `dicom/too-large` for more segments than memory is given for
 */
export async function masksOnImage(file: DicomFile, segmentation: Segmentation, image: ImagePlane): Promise<{ readonly how: MatchedFrame['how'] | null; readonly masks: readonly SegmentMask[] }> {
  const matched = matchFrames(segmentation, image);
  const planes = new Map<number, Uint8Array>();
  for (const { index } of matched) {
    const frame = segmentation.frames[index]!;
    const { stored } = await decodeFrame(file, index);
    const source = sampler(frame, segmentation, image);
    for (const [segment, plane] of drawn(stored, segmentation, frame, image, source)) {
      const known = planes.get(segment);
      if (known === undefined) planes.set(segment, plane);
      else plane.forEach((value, i) => { if (value > known[i]!) known[i] = value; });
    }
  }
  const masks = [...planes].filter(([, pixels]) => pixels.some((value) => value !== 0)).sort(([a], [b]) => a - b).map(([segment, pixels]) => ({ segment, pixels }));
  return { how: matched.length === 0 ? null : matched.every(({ how }) => how === 'reference') ? 'reference' : 'geometry', masks };
}

/** Index in the frame for a pixel of the image, or −1 outside: nearest neighbour, since labels are not to be mixed. */
function sampler(frame: SegmentationFrame, { rows, columns }: Segmentation, image: ImagePlane): (column: number, row: number) => number {
  if (!isPlaced(frame) || !isPlaced(image)) return (column, row) => (column < columns && row < rows ? row * columns + column : -1);
  const at = (column: number, row: number): [number, number] => placeInImage(frame, pointOfPlace(image, column, row));
  // The map of one grid onto the other is affine: three places say all of it.
  const origin = at(0, 0);
  const perColumn = at(1, 0).map((value, axis) => value - origin[axis]!);
  const perRow = at(0, 1).map((value, axis) => value - origin[axis]!);
  return (column, row) => {
    const c = Math.round(origin[0] + perColumn[0]! * column + perRow[0]! * row);
    const r = Math.round(origin[1] + perColumn[1]! * column + perRow[1]! * row);
    return c >= 0 && r >= 0 && c < columns && r < rows ? r * columns + c : -1;
  };
}

function* drawn(stored: StoredArray, segmentation: Segmentation, frame: SegmentationFrame, image: ImagePlane, source: (column: number, row: number) => number): IterableIterator<[number, Uint8Array]> {
  const planes = new Map<number, Uint8Array>();
  const planeOf = (segment: number): Uint8Array => {
    const known = planes.get(segment);
    if (known !== undefined) return known;
    const size = image.rows * image.columns;
    if ((planes.size + 1) * size > largestAnswerBytes) throw new ScanloomError('dicom/too-large', 'The segmentation has more segments on this image than can be shown at once.');
    const made = new Uint8Array(size);
    planes.set(segment, made);
    return made;
  };
  const described = new Set(segmentation.segments.map(({ number }) => number));
  for (let row = 0; row < image.rows; row += 1) {
    for (let column = 0; column < image.columns; column += 1) {
      const from = source(column, row);
      if (from < 0) continue;
      const value = stored[from]!;
      const to = row * image.columns + column;
      if (frame.segment === null) {
        // A label that nothing describes is not shown under a name that would be a guess.
        if (value !== segmentation.background && described.has(value)) planeOf(value)[to] = 1;
      } else if (value > 0) {
        planeOf(frame.segment)[to] = segmentation.type === 'fractional' ? Math.max(1, Math.round((Math.min(value, segmentation.largestFraction) / segmentation.largestFraction) * 255)) : 1;
      }
    }
  }
  yield* planes;
}
