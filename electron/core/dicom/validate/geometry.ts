/** Places, spacings, rescale and windows of one object. */
import type { DataSet } from '../data-set.ts';
import { hasDirection, isOrthonormal } from '../geometry.ts';
import type { Orientation } from '../types.ts';
import type { Report } from './report.ts';

/** PS3.3 C.7.6.2, C.7.6.3, C.11. */
export function checkGeometry(dataset: DataSet, report: Report): void {
  const orientation = dataset.numbers('ImageOrientationPatient');
  if (orientation.length > 0) {
    const six = orientation as unknown as Orientation;
    if (orientation.length !== 6 || !orientation.every(Number.isFinite) || !hasDirection(six) || !isOrthonormal(six)) report('error', 'orientation-invalid', '00200037', 'Image Orientation is not two perpendicular unit vectors.');
  }
  const position = dataset.numbers('ImagePositionPatient');
  if (position.length > 0 && (position.length !== 3 || !position.every(Number.isFinite))) report('error', 'position-invalid', '00200032', 'Image Position is not three numbers.');
  const spacing = dataset.numbers('PixelSpacing');
  if (spacing.length > 0 && (spacing.length !== 2 || !spacing.every((value) => value > 0))) report('error', 'spacing-invalid', '00280030', 'Pixel Spacing is not two numbers above 0.');
  if ((dataset.number('SpacingBetweenSlices') ?? 0) < 0 && ['CT', 'MR'].includes(dataset.string('Modality'))) report('error', 'spacing-negative', '00180088', 'Spacing Between Slices is negative.');
  if (dataset.has('RescaleSlope') && !dataset.number('RescaleSlope')) report('error', 'rescale-invalid', '00281053', 'Rescale Slope is 0 or no number.');
  const isLinear = !['LINEAR_EXACT', 'SIGMOID'].includes(dataset.string('VOILUTFunction'));
  if (dataset.numbers('WindowWidth').some((width) => (isLinear ? !(width >= 1) : !(width > 0)))) report('error', 'window-invalid', '00281051', 'A window is narrower than a window can be.');
}
