import { expect, test } from 'vitest';
import { isMapOfFigures } from './maps-of-figures.ts';

test.each([
  ['ORIGINAL\\PRIMARY\\T1\\FIELD_MAP', true],
  ['ORIGINAL\\PRIMARY\\PHASE MAP\\P\\FFE', true],
  ['DERIVED\\PRIMARY\\DIFFUSION\\ADC', true],
  ['ORIGINAL\\PRIMARY\\P\\ND', true],
  ['ORIGINAL\\PRIMARY\\M_FFE\\M\\FFE', false],
  ['ORIGINAL\\PRIMARY\\OTHER\\R\\IR', false],
  ['DERIVED\\SECONDARY\\MPR', false],
  ['ORIGINAL\\PRIMARY', false],
])('%s: %s', (type, isMap) => expect(isMapOfFigures(type.split('\\'))).toBe(isMap));
