/** UIDs that follow from an item, so that exporting it again gives the same objects and a receiver sees no second copy. */
import { createHash } from 'node:crypto';
import { newUid } from '#dicom';

export type UidOf = 'study' | 'series' | 'frame-of-reference' | `image-${number}` | 'map-series' | `map-${number}`;

/**
 * `2.25.` and 122 bits of SHA-256 over `scanloom/<item id>/<what>`, shaped as a UUID. Anyone who has the item's id can make it again;
 * item ids are random, so that no one else arrives at the same.
 */
export function itemUid(itemId: string, what: UidOf): string {
  return newUid(new Uint8Array(createHash('sha256').update(`scanloom/${itemId}/${what}`).digest().subarray(0, 16)));
}
