import { expect, test } from 'vitest';
import { DataSet } from './data-set.ts';
import { applyRescale, imageRescale } from './rescale.ts';

test.each([
  { name: 'air in CT', stored: -24, slope: 1, intercept: -1000, expected: -1024 },
  { name: 'negative slope', stored: 10, slope: -2, intercept: 5, expected: -15 },
  { name: 'largest stored', stored: 32_767, slope: 1, intercept: -1024, expected: 31_743 },
])('$name', ({ stored, slope, intercept, expected }) => {
  const input = Int16Array.of(stored);
  expect([...applyRescale(input, { slope, intercept })]).toEqual([expected]);
  expect([...input]).toEqual([stored]);
});

test.each([{ slope: 0, intercept: 0 }, { slope: Number.NaN, intercept: 0 }, { slope: 1, intercept: Number.POSITIVE_INFINITY }])('$slope, $intercept is no rescale', (rescale) => {
  expect(() => applyRescale(Int16Array.of(1), rescale)).toThrow(/no usable rescale/);
});

const map = '1.2.840.10008.5.1.4.1.1.30';
function mapping(slope: number, unit: { value: string; meaning: string }): DataSet {
  const code = new DataSet().setString('CodeValue', unit.value).setString('CodingSchemeDesignator', 'UCUM').setString('CodeMeaning', unit.meaning);
  return new DataSet().setNumber('RealWorldValueSlope', slope).setNumber('RealWorldValueIntercept', 5).setSequence('MeasurementUnitsCodeSequence', [code]);
}

test.each([
  [{ value: 'mm2/s', meaning: 'square millimeter per second' }, 'mm²/s'],
  [{ value: '1', meaning: 'no units' }, ''],
  [{ value: '{ratio}', meaning: 'ratio' }, 'ratio'],
  [{ value: 's', meaning: 'second' }, 's'],
])('a parametric map says its unit: %o', (unit, type) => {
  const dataset = new DataSet().setString('SOPClassUID', map).setSequence('SharedFunctionalGroupsSequence', [new DataSet().setSequence('RealWorldValueMappingSequence', [mapping(0.5, unit)])]);
  expect(imageRescale(dataset, 'MR')).toEqual({ slope: 0.5, intercept: 5, type });
});

test('a mapping beside a Modality LUT does not replace it', () => {
  const dataset = new DataSet().setString('SOPClassUID', '1.2.840.10008.5.1.4.1.1.2').setNumber('RescaleSlope', 2).setNumber('RescaleIntercept', -1000).setSequence('RealWorldValueMappingSequence', [mapping(0.5, { value: 's', meaning: '' })]);
  expect(imageRescale(dataset, 'CT')).toEqual({ slope: 2, intercept: -1000, type: 'HU' });
});

test('a dose grid is scaled to grays', () => {
  const dataset = new DataSet().setNumber('DoseGridScaling', 1e-4).setString('DoseUnits', 'GY');
  expect(imageRescale(dataset, 'RTDOSE')).toEqual({ slope: 1e-4, intercept: 0, type: 'Gy' });
});
