/** DICOM's patient coordinates (LPS) as NIfTI's (RAS), for images that make a volume. */
import type { ImageMeta } from '#contract';

/** Rows of a 3×4 matrix: (column, row, slice, 1) → RAS millimetres of the voxel's centre. */
export type Affine = readonly [Row, Row, Row];
/** What the affine depends on. */
export type PlacedImage = Pick<ImageMeta, 'position' | 'orientation' | 'pixelSpacingMm' | 'sliceThicknessMm' | 'rows' | 'columns'>;
type Row = readonly [number, number, number, number];
type Vector = readonly [number, number, number];

/** Positions in a file are decimal text: this much is rounding, more is another place. Millimetres. */
const toleranceMm = 0.01;

/**
 * The affine of images in their order, or null where no single one is true: no geometry, another orientation or spacing inside,
 * uneven steps, or a place that comes twice. A tilted gantry is a shear, which an affine holds.
 *
 *     P_LPS(i, j, k) = S + X · Δcolumn · i + Y · Δrow · j + step · k
 *
 * @see DICOM PS3.3 C.7.6.2.1.1; NIfTI-1 method 3 (sform)
 */
export function affineOf(images: readonly PlacedImage[]): Affine | null {
  const first = images[0];
  if (first?.position == null || first.orientation === null || first.pixelSpacingMm === null) return null;
  const across: Vector = [first.orientation[0], first.orientation[1], first.orientation[2]];
  const down: Vector = [first.orientation[3], first.orientation[4], first.orientation[5]];
  const normal: Vector = [across[1] * down[2] - across[2] * down[1], across[2] * down[0] - across[0] * down[2], across[0] * down[1] - across[1] * down[0]];
  const last = images.at(-1)!;
  if (last.position === null) return null;
  const step: Vector =
    images.length === 1
      ? scaled(normal, first.sliceThicknessMm ?? 1)
      : scaled([last.position[0] - first.position[0], last.position[1] - first.position[1], last.position[2] - first.position[2]], 1 / (images.length - 1));
  if (Math.abs(step[0] * normal[0] + step[1] * normal[1] + step[2] * normal[2]) < toleranceMm) return null;

  for (const [k, image] of images.entries()) {
    if (image.position === null || image.orientation === null || image.pixelSpacingMm === null) return null;
    if (image.rows !== first.rows || image.columns !== first.columns) return null;
    if (image.orientation.some((cosine, n) => Math.abs(cosine - first.orientation![n]!) > 1e-4)) return null;
    if (image.pixelSpacingMm.some((spacing, n) => Math.abs(spacing - first.pixelSpacingMm![n]!) > 1e-4)) return null;
    if (image.position.some((coordinate, n) => Math.abs(coordinate - (first.position![n]! + step[n]! * k)) > toleranceMm + 0.01 * Math.abs(step[n]!))) return null;
  }
  const [rowSpacing, columnSpacing] = first.pixelSpacingMm;
  const lps = (axis: 0 | 1 | 2): Row => [across[axis] * columnSpacing, down[axis] * rowSpacing, step[axis], first.position![axis]];
  const turned = (row: Row): Row => [-row[0], -row[1], -row[2], -row[3]];
  return [turned(lps(0)), turned(lps(1)), lps(2)];
}

export interface Volumes {
  readonly affine: Affine;
  readonly slices: number;
  /** Volumes one after the other at the same place. */
  readonly times: number;
}

/** The images as one volume, or as several that lie in the same place one after the other (a series over time); null where they are neither. */
export function volumesOf(images: readonly PlacedImage[]): Volumes | null {
  const first = images[0]?.position;
  if (first == null) return null;
  const times = images.filter(({ position }) => position?.every((value, axis) => Math.abs(value - first[axis]!) <= toleranceMm) === true).length;
  const slices = images.length / times;
  if (!Number.isInteger(slices)) return null;
  const affines = Array.from({ length: times }, (_, time) => affineOf(images.slice(time * slices, (time + 1) * slices)));
  const affine = affines[0];
  if (affine == null || !affines.every((other) => other?.every((row, axis) => row.every((value, column) => Math.abs(value - affine[axis]![column]!) <= toleranceMm)) === true)) return null;
  return { affine, slices, times };
}

/** Length of a column of the affine: the spacing along column, row or slice, mm. */
export function spacingAlong(affine: Affine, axis: 0 | 1 | 2): number {
  return Math.hypot(affine[0][axis], affine[1][axis], affine[2][axis]);
}

function scaled(vector: Vector, by: number): Vector {
  return [vector[0] * by, vector[1] * by, vector[2] * by];
}
