import { expect, test } from 'vitest';
import { fitArea } from './fit.ts';

const size = { rows: 100, columns: 200, spacingMm: null };
const canvas = { width: 400, height: 400 };

test('the whole image is the image fitted', () => {
  expect(fitArea({ topLeft: [0, 0], bottomRight: [199, 99] }, size, canvas, 0, false)).toEqual({ zoom: 1, pan: { x: 0, y: 0 } });
});

test('the upper left quarter is twice as large and comes to the middle, mirrored and turned too', () => {
  const quarter = { topLeft: [0, 0], bottomRight: [99, 49] } as const;
  expect(fitArea(quarter, size, canvas, 0, false)).toEqual({ zoom: 2, pan: { x: 0.25, y: 0.25 } });
  // Mirrored it lies on the right and moves to the left; a quarter turn brings left and right to top and bottom.
  expect(fitArea(quarter, size, canvas, 0, true).pan).toEqual({ x: -0.25, y: 0.25 });
  expect(fitArea(quarter, size, canvas, 90, false).pan).toEqual({ x: -0.125, y: 0.5 });
  // The same area named from its other corner.
  expect(fitArea({ topLeft: [99, 49], bottomRight: [0, 0] }, size, canvas, 0, false)).toEqual({ zoom: 2, pan: { x: 0.25, y: 0.25 } });
});
