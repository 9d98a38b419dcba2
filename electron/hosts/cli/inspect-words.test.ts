import { expect, test } from 'vitest';
import type { InspectedSeries, InspectResult } from './shapes.ts';
import { inspectionInWords } from './inspect-words.ts';

const stack = { images: 3, rows: 4, columns: 4, spacingMm: null, volume: false, timePoints: 1, oddities: [] };
const series = (study: string, more: Partial<InspectedSeries>): InspectedSeries => ({ seriesInstanceUid: '1', studyInstanceUid: study, modality: 'MR', description: 'T1', seriesNumber: 7, firstFile: 'a/b/1.dcm', files: 3, oddities: [], notices: [], stacks: [stack], ...more });
const result = (...all: InspectedSeries[]): InspectResult => ({ files: [], series: all, summary: { files: 6, ok: 6, noPixels: 0, refused: 0, series: all.length } });

test('a row says where its series lies, and a remark which rows it is about', () => {
  const lines = inspectionInWords(result(series('1', { stacks: [stack, stack], notices: ['Odd.'] }), series('2', { firstFile: 'one.dcm', files: 1, notices: ['Other.'] })), new Map([['1', 'P1'], ['2', 'P2']])).split('\n');
  expect(lines[0]).toMatch(/^row {2}patient {2}series {2}modality .* where$/);
  expect(lines[1]).toMatch(/^1 {4}P1 {7}7 .* T1 +a\/b\/$/);
  expect(lines[3]).toMatch(/^3 {4}P2 {7}7 .* T1 +one\.dcm$/);
  expect(lines.slice(4, 6)).toEqual(['  Rows 1 to 2: Odd.', '  Row 3: Other.']);
});

test('one patient is not named on every row', () => {
  expect(inspectionInWords(result(series('1', {}), series('2', {})), new Map([['1', 'P1'], ['2', 'P1']]))).not.toMatch(/patient|P1/);
});
