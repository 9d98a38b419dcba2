/** Which objects lie over the images, and how they look. One for the page: the same segmentation looks the same in every viewport. */
import { createStore } from '../../../client/store.ts';

export type OverlayStyle = 'both' | 'outline' | 'fill';

export interface OverlayState {
  /** SOP Instance UIDs of segmentations and structure sets that are on. */
  readonly on: ReadonlySet<string>;
  /** `UID number` of segments and structures that are off. */
  readonly off: ReadonlySet<string>;
  /** Of filled areas, 0…1. */
  readonly opacity: number;
  readonly style: OverlayStyle;
  /** Overlay planes (60xx) that the images bring themselves. */
  readonly planes: boolean;
  /** Everything is hidden for a look at the image. */
  readonly hidden: boolean;
}

export const overlays = createStore<OverlayState>({ on: new Set(), off: new Set(), opacity: 0.3, style: 'both', planes: true, hidden: false });

export function changeOverlays(change: Partial<OverlayState>): void {
  overlays.set((now) => ({ ...now, ...change }));
}

function toggled(set: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(key)) next.add(key);
  return next;
}

export function toggleObject(uid: string): void {
  overlays.set((now) => ({ ...now, on: toggled(now.on, uid), hidden: false }));
}
export function toggleSegment(uid: string, number: number): void {
  overlays.set((now) => ({ ...now, off: toggled(now.off, segmentKey(uid, number)) }));
}
export function segmentKey(uid: string, number: number): string {
  return `${uid} ${number}`;
}
