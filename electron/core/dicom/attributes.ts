/** Attributes of several values that are only useful whole: positions, cosines, spacings, rescale, windows. */
import { hasDirection, isOrthonormal } from './geometry.ts';
import type { DataSet } from './data-set.ts';
import type { Orientation, Rescale, Vector3, WindowSetting } from './types.ts';

/** Three finite numbers, or null. */
export function vector3(dataset: DataSet, key: string): Vector3 | null {
  const [x, y, z] = dataset.numbers(key);
  return x !== undefined && y !== undefined && z !== undefined && [x, y, z].every(Number.isFinite) ? [x, y, z] : null;
}

/** Image Orientation (Patient) when it is two perpendicular unit vectors, else null: a wrong one is worse than none. */
export function orientationOf(dataset: DataSet): Orientation | null {
  const values = dataset.numbers('ImageOrientationPatient');
  if (values.length !== 6 || !values.every(Number.isFinite)) return null;
  const orientation = values as unknown as Orientation;
  return hasDirection(orientation) && isOrthonormal(orientation) ? orientation : null;
}

/** [row, column] spacing in mm when both are above 0. */
export function spacingOf(dataset: DataSet, key: string): readonly [number, number] | null {
  const [row, column] = dataset.numbers(key);
  return row !== undefined && column !== undefined && row > 0 && column > 0 && Number.isFinite(row) && Number.isFinite(column) ? [row, column] : null;
}

/** Rescale Slope and Intercept (PS3.3 C.11.1); null when absent. A slope of 0 is no slope. */
export function rescaleOf(dataset: DataSet, modality: string): Rescale | null {
  const slope = dataset.number('RescaleSlope');
  const intercept = dataset.number('RescaleIntercept');
  if (slope === null && intercept === null) return null;
  if (slope === 0) return null;
  return { slope: slope ?? 1, intercept: intercept ?? 0, type: dataset.string('RescaleType') || (modality === 'CT' ? 'HU' : '') };
}

/** Window Center and Width pairs (PS3.3 C.11.2.1.2); widths that no window can have are left out. */
export function windowsOf(dataset: DataSet): WindowSetting[] {
  const centers = dataset.numbers('WindowCenter');
  const widths = dataset.numbers('WindowWidth');
  const explanations = dataset.strings('WindowCenterWidthExplanation');
  const declared = dataset.string('VOILUTFunction');
  const shape = declared === 'LINEAR_EXACT' || declared === 'SIGMOID' ? declared : 'LINEAR';
  return centers.flatMap((center, index) => {
    const width = widths[index] ?? widths[0];
    if (width === undefined || !Number.isFinite(center) || !Number.isFinite(width) || width <= 0) return [];
    return [{ center, width, ...(explanations[index] ? { explanation: explanations[index] } : {}), function: shape }];
  });
}
