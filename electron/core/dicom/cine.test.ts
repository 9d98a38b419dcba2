import { expect, test } from 'vitest';
import { frameTimeOf, frameTimesOf } from './cine.ts';
import { DataSet } from './data-set.ts';

test.each([
  ['the rate that is recommended', new DataSet().setNumber('RecommendedDisplayFrameRate', 15).setNumber('FrameTime', 33), 1000 / 15],
  ['the time between frames', new DataSet().setNumber('FrameTime', 33.333).setNumber('CineRate', 10), 33.333],
  ['the cine rate', new DataSet().setNumber('CineRate', 25), 40],
  ['the mean of a vector', new DataSet().setNumber('NumberOfFrames', 3).setNumber('FrameTimeVector', [0, 40, 60]), 50],
  ['nothing for 0', new DataSet().setNumber('FrameTime', 0).setNumber('CineRate', 0), null],
  ['nothing for nonsense', new DataSet().setNumber('FrameTime', -5), null],
  ['nothing', new DataSet(), null],
])('%s', (_name, dataset, ms) => {
  expect(frameTimeOf(dataset)).toBe(ms);
});

test('each frame stays until the next begins, the last as long as the mean', () => {
  expect(frameTimesOf(new DataSet().setNumber('NumberOfFrames', 3).setNumber('FrameTimeVector', [0, 40, 60]))).toEqual([40, 60, 50]);
  expect(frameTimesOf(new DataSet().setNumber('NumberOfFrames', 4).setNumber('FrameTimeVector', [0, 40, 60]))).toBeNull();
});
