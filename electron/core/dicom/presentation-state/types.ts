/** A softcopy presentation state as it was read: PS3.3 A.33. Places are [column, row] from the centre of the first pixel, as in `#contract/objects`. */
import type { PresentationState } from '#contract/objects';

/** Images that a part holds for; `frames` from 0, null for all of the instance's. */
export interface ImageReference {
  readonly sopInstanceUid: string;
  readonly frames: readonly number[] | null;
}

/** As in the contract, but with references as the file has them. */
type Referring<T> = Omit<T, 'appliesTo'> & { readonly appliesTo: readonly ImageReference[] | null };

export interface PresentationStateContent extends Omit<PresentationState, 'object' | 'imageIds' | 'voi' | 'displayedAreas' | 'annotations'> {
  readonly images: readonly ImageReference[];
  readonly voi: readonly Referring<PresentationState['voi'][number]>[];
  readonly displayedAreas: readonly Referring<PresentationState['displayedAreas'][number]>[];
  readonly annotations: readonly Referring<PresentationState['annotations'][number]>[];
}
