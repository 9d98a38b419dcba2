/** Which series of a study is looked at first, and which last. Pure. */
import type { SeriesSummary } from '#contract';

/** Modalities whose pixels belong to other images: masks, dose grids, plans, registrations, presentation states, reports. */
const aboutOthers: ReadonlySet<string> = new Set(['SEG', 'RTDOSE', 'RTSTRUCT', 'RTPLAN', 'RTRECORD', 'REG', 'PR', 'SR', 'KO', 'DOC', 'FID', 'PLAN', 'SMR', 'ANN', 'TEXTUREMAP', 'STAIN']);

/** 0: what is read; 1: what places it; 2: pages and mosaics; 3: what is about other images. */
function rankOf(series: SeriesSummary): number {
  if (aboutOthers.has(series.modality)) return 3;
  const only = (oddity: 'localizer' | 'dose-report' | 'mosaic'): boolean => series.stacks.length > 0 && series.stacks.every((stack) => stack.oddities.includes(oddity));
  if (only('dose-report') || only('mosaic')) return 2;
  // Crossing planes are recognised by the series as a whole; a scout beside slices is only one of its stacks.
  const isLocalizer = only('localizer') || (series.oddities.includes('localizer') && series.stacks.every((stack) => stack.images <= 12));
  return isLocalizer ? 1 : 0;
}

/** As they stand in the list: by number as they came, but what is about other images stands last. */
export function inReadingOrder(series: readonly SeriesSummary[]): SeriesSummary[] {
  return [...series].sort((a, b) => Number(rankOf(a) === 3) - Number(rankOf(b) === 3));
}

/** The series to open a study by: images before masks, volumes before localizers and pages, the scanner's before a model's, then the largest. Undefined where none has images. */
export function firstToRead(series: readonly SeriesSummary[]): SeriesSummary | undefined {
  const isVolume = (one: SeriesSummary): boolean => one.stacks.some((stack) => stack.volume);
  return series.filter((one) => one.images > 0).sort((a, b) =>
    rankOf(a) - rankOf(b) || Number(a.provenance !== 'source') - Number(b.provenance !== 'source') || Number(isVolume(b)) - Number(isVolume(a)) || b.images - a.images)[0];
}
