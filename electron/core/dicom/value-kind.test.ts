import { expect, test } from 'vitest';
import { valueKind } from './value-kind.ts';

test.each([
  [['ORIGINAL', 'PRIMARY', 'M', 'ND', 'NORM'], '', 'magnitude'],
  [['ORIGINAL', 'PRIMARY', 'M_SE', 'M', 'SE'], '', 'magnitude'],
  [['ORIGINAL', 'PRIMARY', 'P', 'ND'], 'US', 'phase'],
  [['ORIGINAL', 'PRIMARY', 'DIFFUSION', 'ADC', 'ND'], '', 'ADC'],
  [['ORIGINAL', 'PRIMARY', 'OTHER'], '', 'other'],
  [['ORIGINAL', 'PRIMARY', 'P'], 'mrad', 'phase mrad'],
  [['DERIVED', 'SECONDARY'], '', ''],
  [[], 'US', ''],
] as const)('%o %s is %s', (imageType, type, kind) => {
  expect(valueKind({ imageType, framesGeometry: null, rescale: { slope: 1, intercept: 0, type } }, 0)).toBe(kind);
});
