import { expect, test } from 'vitest';
import type { Oddity, SeriesSummary } from '#contract';
import { firstToRead, inReadingOrder } from './reading-order.ts';

function series(uid: string, modality: string, images: number, more: { oddities?: Oddity[]; ofStack?: Oddity[]; volume?: boolean; provenance?: SeriesSummary['provenance'] } = {}): SeriesSummary {
  return {
    seriesInstanceUid: uid, shortId: uid, studyInstanceUid: '1', modality, seriesNumber: null, description: '', manufacturer: '', model: '', images,
    stacks: [{ images, rows: 2, columns: 2, spacingMm: null, volume: more.volume ?? false, timePoints: 1, oddities: more.ofStack ?? [] }],
    oddities: more.oddities ?? more.ofStack ?? [], notices: [], provenance: more.provenance ?? 'source',
  };
}
const first = (...all: SeriesSummary[]): string | undefined => firstToRead(all)?.seriesInstanceUid;

test('images come before masks, whatever their number', () => {
  expect(first(series('seg', 'SEG', 300), series('ct', 'CT', 20, { volume: true }))).toBe('ct');
  expect(first(series('seg', 'SEG', 300))).toBe('seg');
});

test('volumes come before scouts and pages, a large series before a small one', () => {
  const scout = series('scout', 'CT', 2, { ofStack: ['localizer'] });
  const crossing = series('crossing', 'MR', 30, { oddities: ['localizer', 'mixed-orientation'], ofStack: [] });
  const page = series('page', 'CT', 4, { ofStack: ['dose-report'] });
  expect(first(page, scout, series('thin', 'CT', 140, { volume: true }), series('thick', 'CT', 30, { volume: true }))).toBe('thin');
  expect(first(page, scout, series('uneven', 'CT', 1))).toBe('uneven');
  expect(first(page, scout)).toBe('scout');
  expect(first(series('flat', 'MR', 40), series('volume', 'MR', 20, { volume: true }))).toBe('volume');
  // Thirty images in one stack are no three-plane localizer.
  expect(first(crossing, series('small', 'MR', 3))).toBe('crossing');
});

test('what a scanner made comes before what a model made; a study without images has none', () => {
  expect(first(series('ai', 'CT', 140, { volume: true, provenance: 'enhanced' }), series('own', 'CT', 10, { volume: true }))).toBe('own');
  expect(first(series('empty', 'CT', 0))).toBeUndefined();
});

test('the list keeps its order, with masks last', () => {
  expect(inReadingOrder([series('seg', 'SEG', 3), series('a', 'CT', 1), series('dose', 'RTDOSE', 1), series('b', 'CT', 9)]).map((one) => one.seriesInstanceUid)).toEqual(['a', 'b', 'seg', 'dose']);
});
