import { expect, test } from 'vitest';
import { DataSet } from '../data-set.ts';
import { mappingRescale } from './real-world-value.ts';

function mapping(code: string, meaning: string): DataSet {
  const unit = new DataSet().setString('CodeValue', code).setString('CodingSchemeDesignator', 'UCUM').setString('CodeMeaning', meaning);
  return new DataSet().setNumber('RealWorldValueSlope', 2).setNumber('RealWorldValueIntercept', -1).set({ tag: '004008ea', vr: 'SQ', value: [unit] });
}

test.each([
  ["[hnsf'U]", 'Hounsfield unit', 'HU'],
  ['1', 'no units', ''],
  ['mm2/s', 'square millimetre per second', 'mm²/s'],
  ['{counts}/s', 'Counts per second', 'Counts per second'],
  ['[pH]', 'pH', 'pH'],
  ['ms', 'millisecond', 'ms'],
])('the unit %s is written as people do', (code, meaning, words) => {
  expect(mappingRescale(mapping(code, meaning))).toEqual({ slope: 2, intercept: -1, type: words });
});

test('a mapping without a slope is none', () => {
  expect(mappingRescale(undefined)).toBeNull();
  expect(mappingRescale(new DataSet().setNumber('RealWorldValueSlope', 0))).toBeNull();
});
