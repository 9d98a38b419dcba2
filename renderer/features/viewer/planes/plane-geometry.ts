/**
 * The two planes of a volume that its slices do not show: coronal and sagittal of axial slices, and so on. They run along the volume's own axes, so that every
 * pixel is a voxel and nothing is interpolated but by the screen. Patient space is LPS, mm. Pure.
 */
import type { ImageMeta, SeriesDetail } from '#contract';

type Vector = readonly [number, number, number];
type StackDetail = SeriesDetail['stacks'][number];

/** An axis of the volume: 0 along a row, 1 down a column, 2 from slice to slice. */
export type Axis = 0 | 1 | 2;
export type PlaneName = 'axial' | 'coronal' | 'sagittal';

export interface VolumeGeometry {
  /** Centre of the first voxel. */
  readonly origin: Vector;
  readonly directions: readonly [Vector, Vector, Vector];
  readonly spacingMm: readonly [number, number, number];
  readonly counts: readonly [number, number, number];
}

/** How a plane lies in the volume: which axis runs across the screen, which down, and whether against their order. */
export interface PlaneLayout {
  readonly name: PlaneName;
  /** The axis that leads from one plane to the next. */
  readonly through: Axis;
  readonly across: Axis;
  readonly down: Axis;
  readonly acrossReversed: boolean;
  readonly downReversed: boolean;
}

const named: readonly PlaneName[] = ['sagittal', 'coronal', 'axial'];
/** Slices of a volume of more bytes than this do not all stay in the page's memory, and each plane would fetch them anew. */
const mostBytes = 400 * 1024 * 1024;

const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

function largest(v: Vector): 0 | 1 | 2 {
  const [x, y, z] = v.map(Math.abs) as unknown as Vector;
  return x >= y && x >= z ? 0 : y >= z ? 1 : 2;
}

/** The volume of a stack; null where it is none, is in colour, has several images at a place, or is too large for the page. */
export function volumeOf({ stack, images }: StackDetail): VolumeGeometry | null {
  const [first] = images;
  const last = images.at(-1);
  const spacing = stack.spacingMm;
  if (!stack.volume || stack.timePoints !== 1 || !first || !last || images.length < 3 || spacing === null || spacing[0] === null) return null;
  if (images.some((image) => image.samplesPerPixel > 1 || image.photometricInterpretation === 'PALETTE COLOR' || image.more?.includes('colours') === true)) return null;
  if (first.position === null || last.position === null || first.orientation === null || images.length * first.rows * first.columns * 2 > mostBytes) return null;
  const o = first.orientation;
  const step = [0, 1, 2].map((i) => (last.position as Vector)[i as Axis] - (first.position as Vector)[i as Axis]) as unknown as Vector;
  const length = Math.hypot(...step);
  if (length === 0) return null;
  return {
    origin: first.position,
    directions: [[o[0], o[1], o[2]], [o[3], o[4], o[5]], [step[0] / length, step[1] / length, step[2] / length]],
    spacingMm: [spacing[2], spacing[1], spacing[0]],
    counts: [first.columns, first.rows, images.length],
  };
}

/**
 * The plane whose pictures lie across an axis, turned as radiologists read it: the patient's right on the left of the screen (sagittal: the front on the left),
 * head or front up.
 */
export function layoutOf({ directions }: VolumeGeometry, through: Axis): PlaneLayout {
  const rest = ([0, 1, 2] as const).filter((axis) => axis !== through) as [Axis, Axis];
  // What points most to the head runs down the screen; in axial planes what points to the front.
  const [a, b] = rest;
  const upright = (axis: Axis): number => [0, 1, 2][largest(directions[axis])] as number;
  const down = upright(a) > upright(b) ? a : b;
  const across = down === a ? b : a;
  const [acrossMain, downMain] = [largest(directions[across]), largest(directions[down])];
  return {
    name: named[largest(directions[through])] ?? 'axial',
    through, across, down,
    // To the patient's left, or to the back.
    acrossReversed: directions[across][acrossMain] < 0,
    // To the feet, or to the back.
    downReversed: downMain === 2 ? directions[down][2] > 0 : directions[down][downMain] < 0,
  };
}

/** The planes that the slices themselves do not show, by name; none where two axes would have one name, as in steeply oblique stacks. */
export function planesOf(volume: VolumeGeometry): readonly PlaneLayout[] {
  const layouts = ([0, 1, 2] as const).map((axis) => layoutOf(volume, axis));
  return new Set(layouts.map(({ name }) => name)).size === 3 ? layouts.filter(({ through }) => through !== 2).sort((a, b) => a.name.localeCompare(b.name)) : [];
}

/** What the viewer needs of plane `index`, made from the meta of the slices. It is an image of no file: its id is its name in the page. */
export function planeMeta(volume: VolumeGeometry, layout: PlaneLayout, index: number, imageId: string, slice: ImageMeta): ImageMeta {
  const { counts, directions, spacingMm } = volume;
  const { across, down, through, acrossReversed, downReversed } = layout;
  const offset = (axis: Axis, steps: number): Vector => directions[axis].map((part) => part * spacingMm[axis] * steps) as unknown as Vector;
  const parts = [offset(through, index), offset(across, acrossReversed ? counts[across] - 1 : 0), offset(down, downReversed ? counts[down] - 1 : 0)];
  const position = [0, 1, 2].map((i) => volume.origin[i as Axis] + parts.reduce((sum, part) => sum + part[i as Axis], 0)) as [number, number, number];
  const turned = (axis: Axis, reversed: boolean): Vector => directions[axis].map((part) => (reversed ? -part : part)) as unknown as Vector;
  const [u, v] = [turned(across, acrossReversed), turned(down, downReversed)];
  const normal: Vector = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
  const { more: _more, frameTimeMs: _time, ...rest } = slice;
  return {
    ...rest,
    imageId,
    frame: 0,
    instanceNumber: null,
    rows: counts[down],
    columns: counts[across],
    pixelSpacingMm: [spacingMm[down], spacingMm[across]],
    position,
    orientation: [...u, ...v],
    positionAlongNormalMm: dot(position, normal),
    sliceThicknessMm: spacingMm[through],
  };
}
