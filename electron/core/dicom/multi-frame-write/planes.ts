/** Where the frames of an object lie that is made from others: one plane of a source image each (PS3.3 C.7.6.2, C.7.6.16.2). */
import { ScanloomError } from '#contract/errors';
import { orientationOf, spacingOf, vector3 } from '../attributes.ts';
import { framesGeometry } from '../functional-groups.ts';
import { dot, normalOf } from '../geometry.ts';
import { frameCount } from '../pixel-layout.ts';
import type { DicomFile, Orientation, Vector3 } from '../types.ts';

/** One frame of a source image; its header is enough, pixels are not looked at. */
export interface PlaneSource {
  readonly file: DicomFile;
  /** From 0; 0 for images of one frame. */
  readonly frame: number;
}

export interface PlaneGeometry {
  readonly position: Vector3;
  readonly orientation: Orientation;
  readonly spacingMm: readonly [number, number];
  readonly sliceThicknessMm: number | null;
}

export interface Plane {
  readonly source: PlaneSource;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** Whether the source has several frames, so that one must be named. */
  readonly isMultiFrame: boolean;
  readonly rows: number;
  readonly columns: number;
  /** Null for images that do not say where they are. */
  readonly geometry: PlaneGeometry | null;
  /** Millimetres along the normal of the first plane; the number of the plane where there is no geometry. */
  readonly along: number;
}

/**
 * @throws {ScanloomError} `export/invalid` when there is no plane, or planes differ in size, study, or frame of reference, or some have a place and others none.
 */
export function planesOf(sources: readonly PlaneSource[]): Plane[] {
  if (sources.length === 0) throw new ScanloomError('export/invalid', 'There is no source image.');
  const geometries = new Map<DicomFile, ReturnType<typeof framesGeometry>>();
  const planes = sources.map((source): Omit<Plane, 'along'> => {
    const { dataset } = source.file;
    const frames = frameCount(dataset);
    if (!Number.isInteger(source.frame) || source.frame < 0 || source.frame >= frames) throw new ScanloomError('export/invalid', `A source has no frame ${source.frame}.`);
    if (!geometries.has(source.file)) geometries.set(source.file, framesGeometry(dataset, frames, dataset.string('Modality')));
    const own = geometries.get(source.file)?.[source.frame];
    const position = own?.position ?? vector3(dataset, 'ImagePositionPatient');
    const orientation = own?.orientation ?? orientationOf(dataset);
    const spacingMm = own?.pixelSpacingMm ?? spacingOf(dataset, 'PixelSpacing');
    const thickness = own?.sliceThicknessMm ?? dataset.number('SliceThickness');
    return {
      source,
      sopClassUid: dataset.string('SOPClassUID'),
      sopInstanceUid: dataset.string('SOPInstanceUID'),
      isMultiFrame: frames > 1 || dataset.has('NumberOfFrames'),
      rows: dataset.number('Rows') ?? 0,
      columns: dataset.number('Columns') ?? 0,
      geometry: position === null || orientation === null || spacingMm === null ? null : { position, orientation, spacingMm, sliceThicknessMm: thickness !== null && thickness > 0 ? thickness : null },
    };
  });
  const first = planes[0]!;
  const same = (what: string, of: (plane: Omit<Plane, 'along'>) => string): void => {
    if (planes.some((plane) => of(plane) !== of(first))) throw new ScanloomError('export/invalid', `The source images differ in ${what}; one object cannot stand for all of them.`);
  };
  same('size', (plane) => `${plane.rows} ${plane.columns}`);
  same('study', (plane) => plane.source.file.dataset.string('StudyInstanceUID'));
  same('whether they say where they are', (plane) => String(plane.geometry === null));
  const normal = first.geometry === null ? null : normalOf(first.geometry.orientation);
  return planes.map((plane, index) => ({ ...plane, along: normal === null ? index : dot(plane.geometry!.position, normal) }));
}

/** Distance of neighbouring planes where all are equally far apart (to 1 % or 10 µm); null otherwise, and for fewer than two places. */
export function evenSpacing(planes: readonly Plane[]): number | null {
  if (planes.some(({ geometry }) => geometry === null)) return null;
  const places = [...new Set(planes.map(({ along }) => Math.round(along * 1000) / 1000))].sort((a, b) => a - b);
  const gaps = places.slice(1).map((place, index) => place - places[index]!);
  if (gaps.length === 0) return null;
  const mean = (places.at(-1)! - places[0]!) / gaps.length;
  return gaps.every((gap) => Math.abs(gap - mean) <= Math.max(0.01, mean * 0.01)) ? mean : null;
}

/** From 1: the how-manieth place along the normal each plane has; planes at one place share the number (Dimension Index Values, C.7.6.17). */
export function placeNumbers(planes: readonly Plane[]): number[] {
  const key = (plane: Plane): number => Math.round(plane.along * 1000);
  const places = [...new Set(planes.map(key))].sort((a, b) => a - b);
  return planes.map((plane) => places.indexOf(key(plane)) + 1);
}
