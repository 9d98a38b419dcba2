/** A volume seen from the patient: x to the left, y to the back, z to the top of the head, whatever way its slices lie. */
import { normalOf, type Vector3 } from '#dicom';
import type { HeadVolume } from './types.ts';

export interface PatientGrid {
  /** Voxels to the left, to the back, upwards. */
  readonly size: Vector3;
  readonly spacingMm: Vector3;
  /** Place in `values` of the voxel furthest right, front and down, and how far the next one is along each axis. */
  readonly origin: number;
  readonly strides: Vector3;
}

/** Further off than this from the patient's axes (about 32 degrees), "ahead" and "above" along voxels mean little. */
const smallestCosine = 0.85;

/** @returns null when the slices lie too obliquely. */
export function patientGrid(volume: HeadVolume): PatientGrid | null {
  const { orientation: o, slices, rows, columns, spacingMm } = volume;
  const voxelAxes = [
    { direction: normalOf(o), count: slices, stride: rows * columns, spacing: spacingMm[0] },
    { direction: [o[3], o[4], o[5]] as const, count: rows, stride: columns, spacing: spacingMm[1] },
    { direction: [o[0], o[1], o[2]] as const, count: columns, stride: 1, spacing: spacingMm[2] },
  ];
  const size: number[] = [];
  const spacing: number[] = [];
  const strides: number[] = [];
  let origin = 0;
  for (const axis of [0, 1, 2] as const) {
    const along = voxelAxes.find(({ direction }) => Math.abs(direction[axis]) >= smallestCosine);
    if (along === undefined) return null;
    const isForward = along.direction[axis] > 0;
    size.push(along.count);
    spacing.push(along.spacing);
    strides.push(isForward ? along.stride : -along.stride);
    if (!isForward) origin += (along.count - 1) * along.stride;
  }
  const triple = (values: readonly number[]): Vector3 => [values[0]!, values[1]!, values[2]!];
  return { size: triple(size), spacingMm: triple(spacing), origin, strides: triple(strides) };
}
