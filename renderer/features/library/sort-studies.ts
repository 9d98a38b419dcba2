/** The order of the list of studies. Pure. */
import type { StudySummary } from '#contract';
import { format } from '../../ui/index.ts';

export type SortColumn = 'patient' | 'study' | 'date' | 'modality' | 'series' | 'images' | 'added';

export interface SortOrder {
  readonly column: SortColumn;
  readonly down: boolean;
}
/** What came last is what one looks for. */
export const newestFirst: SortOrder = { column: 'added', down: true };

const keyOf: Readonly<Record<SortColumn, (study: StudySummary) => string | number>> = {
  patient: (study) => (format.personName(study.patientName) || study.patientId).toLowerCase(),
  study: (study) => study.description.toLowerCase(),
  date: (study) => study.studyDate,
  modality: (study) => study.modalities.join(' '),
  series: (study) => study.series,
  images: (study) => study.images,
  added: (study) => study.addedAt,
};

/** A new list in this order; equals keep theirs. */
export function sortStudies(studies: readonly StudySummary[], { column, down }: SortOrder): StudySummary[] {
  const key = keyOf[column];
  return [...studies].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    const order = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y));
    return down ? -order : order;
  });
}

/** The same column again turns it round; dates and figures begin with the newest and the most, words with A. */
export function nextOrder(now: SortOrder, column: SortColumn): SortOrder {
  return now.column === column ? { column, down: !now.down } : { column, down: ['date', 'series', 'images', 'added'].includes(column) };
}
