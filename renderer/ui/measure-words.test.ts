import { expect, test } from 'vitest';
import { figureText, measureWords, measuredOn } from './measure-words.ts';

test('known names are words with a unit, families name their member, unknown ones still read', () => {
  expect(measureWords('psnrGainOverBicubicDb')).toBe('PSNR over bicubic');
  expect(measureWords('classifierReadBack.glioma')).toBe('Read as the class by a classifier, no person, glioma');
  expect(measureWords('someNewFigure.p5')).toBe('some new figure p5');
});

test('a figure comes with unit and interval; what was not measured says so', () => {
  expect(figureText({ name: 'psnrGainOverBicubicDb', value: 4.96, interval: [4.04, 6.11] })).toBe('5.0 dB (4.0 … 6.1)');
  expect(figureText({ name: 'kidDifference.x', value: -0.0123, interval: null })).toBe('−0.012');
  expect(figureText({ name: 'ssim', value: null, interval: null })).toBe('not measured');
});

test('what a figure was measured on reads as words', () => {
  expect(measuredOn({ data: 'volumes, 3 CT volumes', split: 'val' })).toBe('3 CT volumes, validation set');
  expect(measuredOn({ data: 'brain_t1c', split: 'train' })).toBe('brain t1c, training set');
  expect(measuredOn({ data: 'none', split: 'none' })).toBe('no images');
});
