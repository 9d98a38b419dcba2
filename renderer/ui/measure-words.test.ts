import { expect, test } from 'vitest';
import { figureText, measureWords } from './measure-words.ts';

test('known names are words with a unit, families name their member, unknown ones still read', () => {
  expect(measureWords('psnrGainOverBicubicDb')).toBe('PSNR over bicubic');
  expect(measureWords('classifierReadBack.glioma')).toBe('Class recognised, glioma');
  expect(measureWords('someNewFigure.p5')).toBe('some new figure p5');
});

test('a figure comes with unit and interval; what was not measured says so', () => {
  expect(figureText({ name: 'psnrGainOverBicubicDb', value: 4.96, interval: [4.04, 6.11] })).toBe('5.0 dB (4.0 … 6.1)');
  expect(figureText({ name: 'kidDifference.x', value: -0.0123, interval: null })).toBe('−0.012');
  expect(figureText({ name: 'ssim', value: null, interval: null })).toBe('not measured');
});
