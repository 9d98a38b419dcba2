/** The contours that lie on one image, in its pixels. */
import { isPlaced, mayShareSpace, placeInImage, pointDistance, type ImagePlane } from '../image-plane.ts';
import type { Contour, Roi, StructureSet } from './read-structure-set.ts';

export interface DrawnContour {
  readonly type: Contour['type'];
  /** column, row, column, row, …; 0 is the centre of the first pixel. */
  readonly points: readonly number[];
}

export interface ContoursOnImage {
  /** How contours and image were matched: all by the image they name, or some by their place; null when none is here. */
  readonly how: 'reference' | 'geometry' | null;
  readonly rois: readonly { readonly number: number; readonly contours: readonly DrawnContour[] }[];
}

/** Where images do not say how far apart they are, a contour must lie this near, mm. */
const usualReachMm = 0.5;
/** Slack for coordinates that were rounded when written, mm. */
const roundingMm = 1e-2;

/**
 * @param image Without position, orientation or spacing nothing can be drawn.
 * @param known SOP Instance UIDs of the images at hand: a contour that names one of them is drawn there and nowhere else.
 *   One that names none of them lies where its points are: within half the slice spacing of the image's plane.
 */
export function contoursOnImage(structures: StructureSet, image: ImagePlane, known: ReadonlySet<string>): ContoursOnImage {
  if (!isPlaced(image)) return { how: null, rois: [] };
  const match = matcher(image, known);
  let byPlace = false;
  const rois = structures.rois.flatMap((roi) => {
    const contours = roi.contours.flatMap((contour): DrawnContour[] => {
      const how = match(roi, contour);
      if (how === null) return [];
      byPlace ||= how === 'geometry';
      const points: number[] = [];
      for (let i = 0; i + 2 < contour.points.length; i += 3) points.push(...placeInImage(image, [contour.points[i]!, contour.points[i + 1]!, contour.points[i + 2]!]));
      return [{ type: contour.type, points }];
    });
    return contours.length === 0 ? [] : [{ number: roi.number, contours }];
  });
  return { how: rois.length === 0 ? null : byPlace ? 'geometry' : 'reference', rois };
}

/** Numbers of the regions that have a contour on an image, without drawing them: for marks along a whole series. */
export function roisOnImage(structures: StructureSet, image: ImagePlane, known: ReadonlySet<string>): { readonly how: 'reference' | 'geometry'; readonly numbers: readonly number[] } | null {
  if (!isPlaced(image)) return null;
  const match = matcher(image, known);
  const found = structures.rois.flatMap((roi): { number: number; how: 'reference' | 'geometry' }[] => {
    const hows = new Set(roi.contours.map((contour) => match(roi, contour)));
    const how = hows.has('geometry') ? 'geometry' : hows.has('reference') ? 'reference' : null;
    return how === null ? [] : [{ number: roi.number, how }];
  });
  return found.length === 0 ? null : { how: found.every(({ how }) => how === 'reference') ? 'reference' : 'geometry', numbers: found.map(({ number }) => number) };
}

/** How a contour belongs to an image, null when it does not. */
function matcher(image: Parameters<typeof pointDistance>[0] & ImagePlane, known: ReadonlySet<string>): (roi: Roi, contour: Contour) => 'reference' | 'geometry' | null {
  const reach = (image.sliceSpacingMm === null || image.sliceSpacingMm <= 0 ? usualReachMm : image.sliceSpacingMm / 2) + roundingMm;
  return (roi, contour) => {
    const named = contour.images.filter(({ sopInstanceUid }) => known.has(sopInstanceUid));
    if (named.some(({ sopInstanceUid, frame }) => sopInstanceUid === image.sopInstanceUid && (frame === null || frame === image.frame))) return 'reference';
    const isElsewhere = named.length > 0 || !mayShareSpace(roi.frameOfReferenceUid, image.frameOfReferenceUid);
    return !isElsewhere && liesWithin(contour, image, reach) ? 'geometry' : null;
  };
}

/** All points within reach of the plane: a contour that crosses it is not of this image. */
function liesWithin(contour: Contour, image: Parameters<typeof pointDistance>[0], reach: number): boolean {
  for (let i = 0; i + 2 < contour.points.length; i += 3) {
    if (Math.abs(pointDistance(image, [contour.points[i]!, contour.points[i + 1]!, contour.points[i + 2]!])) > reach) return false;
  }
  return true;
}
