/** Which other instances an object names, whatever module names them: found by walking all its sequences. */
import type { DataSet } from '../data-set.ts';

export interface SeriesReference {
  /** '' where the object names instances without their series. */
  readonly seriesInstanceUid: string;
  readonly sopInstanceUids: readonly string[];
}

/** Patients, visits and studies as instances of their own (retired): what names them names no file. */
const managementClasses = '1.2.840.10008.3.1.';
/** Items looked at: a large segmentation has a few for each frame. */
const largestItemCount = 500_000;
/** Instances kept; what refers to more is known by its series alone. */
const largestReferenceCount = 20_000;

/**
 * Referenced SOP Instance UIDs by the Series Instance UID around them (Referenced Series Sequence, RT Referenced Series Sequence, evidence sequences …).
 * Instances that are named with a series somewhere are not repeated without one.
 */
export function referencesOf(dataset: DataSet): SeriesReference[] {
  const bySeries = new Map<string, Set<string>>();
  const withoutSeries = new Set<string>();
  const placed = new Set<string>();
  const waiting: { readonly item: DataSet; readonly series: string }[] = [{ item: dataset, series: '' }];
  let items = 0;
  let references = 0;
  for (let at = 0; at < waiting.length && items < largestItemCount; at += 1) {
    const { item, series: around } = waiting[at]!;
    items += 1;
    // The object's own series is not one that it refers to.
    const series = item === dataset ? '' : item.string('SeriesInstanceUID') || around;
    if (series !== '' && !bySeries.has(series)) bySeries.set(series, new Set());
    const instance = item.string('ReferencedSOPInstanceUID');
    if (instance !== '' && references < largestReferenceCount && !item.string('ReferencedSOPClassUID').startsWith(managementClasses)) {
      references += 1;
      if (series === '') withoutSeries.add(instance);
      else {
        bySeries.get(series)!.add(instance);
        placed.add(instance);
      }
    }
    for (const element of item.elements()) if (Array.isArray(element.value)) for (const inner of element.value as readonly DataSet[]) waiting.push({ item: inner, series });
  }
  const loose = [...withoutSeries].filter((instance) => !placed.has(instance));
  return [
    ...[...bySeries].map(([seriesInstanceUid, instances]) => ({ seriesInstanceUid, sopInstanceUids: [...instances] })),
    ...(loose.length === 0 ? [] : [{ seriesInstanceUid: '', sopInstanceUids: loose }]),
  ];
}
