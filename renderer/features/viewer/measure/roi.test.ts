import { expect, test } from 'vitest';
import { makeFrame } from '../frames/frame.ts';
import { angleAt, ellipseArea, ellipseStatistics, lengthBetween } from './roi.ts';

const frame = (values: Int16Array, rows: number, columns: number, intercept = 0) => makeFrame({ rows, columns, samples: 1, values, slope: 1, intercept, photometric: 'MONOCHROME2' });

test('length takes each direction with its own spacing', () => {
  expect(lengthBetween({ x: 0, y: 0 }, { x: 3, y: 4 }, null)).toEqual({ value: 5, unit: 'px' });
  expect(lengthBetween({ x: 0, y: 0 }, { x: 10, y: 0 }, [0.667, 0.7])).toEqual({ value: 7, unit: 'mm' });
  expect(lengthBetween({ x: 0, y: 0 }, { x: 0, y: 10 }, [0.667, 0.7]).value).toBeCloseTo(6.67, 10);
});

test('an angle is that of the patient, not of the pixels', () => {
  expect(angleAt({ x: 1, y: 0 }, { x: 0, y: 0 }, { x: 1, y: 1 }, null)).toBeCloseTo(45, 10);
  // Pixels twice as high as wide: 1 mm across, 2 mm down.
  expect(angleAt({ x: 1, y: 0 }, { x: 0, y: 0 }, { x: 1, y: 1 }, [2, 1])).toBeCloseTo(63.4349, 4);
  expect(angleAt({ x: -3, y: 0 }, { x: 0, y: 0 }, { x: 5, y: 0 }, null)).toBe(180);
  expect(angleAt({ x: 0, y: 0 }, { x: 0, y: 0 }, { x: 5, y: 0 }, null)).toBeNull();
});

test('mean, deviation and range in HU of exactly the pixels whose centres lie inside', () => {
  // A 4 × 4 image; the ellipse in the box 0…4 holds all but the four corners.
  const values = Int16Array.of(9999, 10, 20, 9999, 30, 40, 50, 60, 70, 80, 90, 100, 9999, 110, 120, 9999);
  const stats = ellipseStatistics(frame(values, 4, 4, -1000), { x: 0, y: 0 }, { x: 4, y: 4 }, [0.5, 2]);
  expect(stats?.pixels).toBe(12);
  expect(stats?.mean).toBeCloseTo(65 - 1000, 10);
  expect(stats?.deviation).toBeCloseTo(36.0555, 4);
  expect([stats?.min, stats?.max]).toEqual([-990, -880]);
  expect(stats?.area).toBeCloseTo(Math.PI * 2 * 2 * 0.5 * 2, 10);
  expect(stats?.areaUnit).toBe('mm²');
});

test('corners in any order are the same region', () => {
  const image = frame(Int16Array.from({ length: 100 }, (_v, i) => i), 10, 10);
  expect(ellipseStatistics(image, { x: 8, y: 1 }, { x: 2, y: 9 }, null)).toEqual(ellipseStatistics(image, { x: 2, y: 9 }, { x: 8, y: 1 }, null));
});

test('outside the image, too thin or in colour there is nothing to say', () => {
  const image = frame(new Int16Array(16), 4, 4);
  expect(ellipseStatistics(image, { x: 10, y: 10 }, { x: 20, y: 20 }, null)).toBeNull();
  expect(ellipseStatistics(image, { x: 1, y: 1 }, { x: 1, y: 3 }, null)).toBeNull();
  const colour = makeFrame({ rows: 2, columns: 2, samples: 3, values: new Uint8Array(12), slope: 1, intercept: 0, photometric: 'RGB' });
  expect(ellipseStatistics(colour, { x: 0, y: 0 }, { x: 2, y: 2 }, null)).toBeNull();
});

test('a large offset does not cost digits', () => {
  const stats = ellipseStatistics(makeFrame({ rows: 2, columns: 2, samples: 1, values: Float64Array.of(1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16), slope: 1, intercept: 0, photometric: '' }), { x: -1, y: -1 }, { x: 3, y: 3 }, null);
  expect(stats?.deviation).toBeCloseTo(5.4772, 3);
});

test('an area needs no values: that of a colour image is told, too', () => {
  expect(ellipseArea({ x: 10, y: 5 }, { x: 0, y: 0 }, [0.2, 0.5])).toEqual({ area: expect.closeTo(Math.PI * 5 * 2.5 * 0.1, 10), areaUnit: 'mm²' });
  expect(ellipseArea({ x: 0, y: 0 }, { x: 4, y: 4 }, null)).toEqual({ area: expect.closeTo(Math.PI * 4, 10), areaUnit: 'px²' });
});
