/** Frames of multi-frame objects against the images that they were made from: what says that it lies pixel on pixel must (PS3.3 C.7.6.16.2.6, C.12.4.1.3). */
import { orientationOf, spacingOf, vector3 } from '../attributes.ts';
import type { DataSet } from '../data-set.ts';
import { framesGeometry } from '../functional-groups.ts';
import type { Orientation, Vector3 } from '../types.ts';

export interface Place {
  readonly position: Vector3;
  readonly orientation: Orientation;
  /** [row, column], mm. */
  readonly spacingMm: readonly [number, number];
}

/** A source of one frame on the same grid (Spatial Locations Preserved YES). Frames from 0. */
export interface FrameSource {
  readonly frame: number;
  readonly sopInstanceUid: string;
  readonly sourceFrame: number;
}

/** Objects of more frames are not looked into frame by frame. */
const mostFrames = 100_000;

/** Where the image of a single-frame object lies; null when it does not say. */
export function placeOf(dataset: DataSet): Place | null {
  const position = vector3(dataset, 'ImagePositionPatient');
  const orientation = orientationOf(dataset);
  const spacingMm = spacingOf(dataset, 'PixelSpacing');
  return position === null || orientation === null || spacingMm === null ? null : { position, orientation, spacingMm };
}

/** Where each frame lies; null for objects without functional groups. */
export function framePlacesOf(dataset: DataSet): readonly (Place | null)[] | null {
  const frames = dataset.sequence('PerFrameFunctionalGroupsSequence').length;
  if (frames === 0 || frames > mostFrames) return null;
  const places = framesGeometry(dataset, frames, dataset.string('Modality')) ?? [];
  return places.map(({ position, orientation, pixelSpacingMm }) => (position === null || orientation === null || pixelSpacingMm === null ? null : { position, orientation, spacingMm: pixelSpacingMm }));
}

/** Sources that frames name for themselves and lie pixel on pixel with. */
export function frameSourcesOf(dataset: DataSet): readonly FrameSource[] {
  const perFrame = dataset.sequence('PerFrameFunctionalGroupsSequence');
  if (perFrame.length > mostFrames) return [];
  return perFrame.flatMap((group, frame) => {
    const sources = group.sequence('DerivationImageSequence').flatMap((item) => [...item.sequence('SourceImageSequence')]);
    // Of several sources (a frame that names a whole series) none is the one that it lies on.
    if (sources.length !== 1 || sources[0]!.string('SpatialLocationsPreserved') !== 'YES') return [];
    return [{ frame, sopInstanceUid: sources[0]!.string('ReferencedSOPInstanceUID'), sourceFrame: (sources[0]!.number('ReferencedFrameNumber') ?? 1) - 1 }];
  });
}

/** True when two planes have one grid: to a tenth of a pixel in place, a thousandth in spacing and direction. */
export function isSamePlace(a: Place, b: Place): boolean {
  const pixel = Math.min(...b.spacingMm);
  return a.orientation.every((cosine, index) => Math.abs(cosine - b.orientation[index]!) < 1e-3)
    && a.spacingMm.every((value, axis) => Math.abs(value - b.spacingMm[axis]!) < 1e-3 * pixel)
    && Math.hypot(a.position[0] - b.position[0], a.position[1] - b.position[1], a.position[2] - b.position[2]) < 0.1 * pixel;
}
