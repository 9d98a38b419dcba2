/** The objects that can lie over a series: asked for once a series, and again when the library grows. */
import type { SeriesObject } from '#contract';
import { call, live, useResource, useStore } from '../../../client/index.ts';

const none: readonly SeriesObject[] = [];

export function useSeriesObjects(seriesUid: string | null): readonly SeriesObject[] {
  const { studies } = useStore(live);
  const found = useResource(seriesUid === null ? null : (signal) => call('listSeriesObjects', { params: { seriesUid }, signal }), seriesUid ?? '', studies);
  return found.value ?? none;
}

/** UIDs by what can be drawn of them. */
export function objectsOf(objects: readonly SeriesObject[]): { readonly segmentations: readonly string[]; readonly structureSets: readonly string[]; readonly presentationStates: readonly string[] } {
  const of = (kind: SeriesObject['object']['kind']): string[] => objects.filter((one) => one.object.kind === kind).map((one) => one.object.sopInstanceUid);
  return { segmentations: of('segmentation'), structureSets: of('structure-set'), presentationStates: of('presentation-state') };
}
