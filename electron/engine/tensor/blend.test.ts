import { expect, test } from 'vitest';
import { blendTile, windowWeight } from './blend.ts';
import { blendRadius, planTiles } from './tile-plan.ts';

const shapes = [
  { rows: 40, columns: 100, size: 16, overlap: 3, factor: 2 },
  { rows: 33, columns: 17, size: 16, overlap: 0, factor: 3 },
  { rows: 7, columns: 250, size: 64, overlap: 19, factor: 2 },
  { rows: 1, columns: 1, size: 16, overlap: 5, factor: 4 },
];

test.each(shapes)('cores of $rows × $columns cover every pixel once, and tiles stay inside the image', ({ rows, columns, size, overlap }) => {
  const seen = new Uint8Array(rows * columns);
  for (const { row, column } of planTiles(rows, columns, { size, overlap })) {
    for (const [span, length] of [[row, rows], [column, columns]] as const) {
      expect(span.coreEnd - span.coreStart).toBeLessThanOrEqual(size);
      expect(span.start).toBe(Math.max(0, span.coreStart - overlap - blendRadius));
      expect(span.end).toBe(Math.min(length, span.coreEnd + overlap + blendRadius));
    }
    for (let r = row.coreStart; r < row.coreEnd; r += 1) for (let c = column.coreStart; c < column.coreEnd; c += 1) seen[r * columns + c]! += 1;
  }
  expect([...seen].every((count) => count === 1)).toBe(true);
});

test.each(shapes)('windows of $rows × $columns sum to one everywhere', ({ rows, columns, size, overlap, factor }) => {
  const sum = new Float64Array(rows * factor * columns * factor);
  for (const { row, column } of planTiles(rows, columns, { size, overlap })) {
    for (let r = 0; r < rows * factor; r += 1) {
      for (let c = 0; c < columns * factor; c += 1) sum[r * columns * factor + c]! += windowWeight(row, r, factor, rows) * windowWeight(column, c, factor, columns);
    }
  }
  expect(sum.reduce((worst, value) => Math.max(worst, Math.abs(value - 1)), 0)).toBeLessThan(1e-14);
});

test.each(shapes)('tiles cut from an image of $rows × $columns put it together again, whatever lies within the overlap of a cut', ({ rows, columns, size, overlap, factor }) => {
  const whole = Float32Array.from({ length: rows * factor * columns * factor }, (_, i) => Math.sin(i * 12.9898) * 1000);
  const image = new Float32Array(whole.length);
  for (const tile of planTiles(rows, columns, { size, overlap })) {
    const { row, column } = tile;
    const width = (column.end - column.start) * factor;
    const values = new Float32Array((row.end - row.start) * factor * width);
    for (let i = 0; i < values.length; i += 1) {
      const r = row.start * factor + Math.floor(i / width);
      const c = column.start * factor + (i % width);
      const nearCut = (position: number, start: number, end: number, length: number): boolean =>
        (start > 0 && position < (start + overlap) * factor) || (end < length && position >= (end - overlap) * factor);
      values[i] = nearCut(r, row.start, row.end, rows) || nearCut(c, column.start, column.end, columns) ? NaN : whole[r * columns * factor + c]!;
    }
    blendTile(image, rows, columns, factor, tile, values);
  }
  for (let i = 0; i < image.length; i += 1) expect(Math.abs(image[i]! - whole[i]!)).toBeLessThan(2e-4);
});
