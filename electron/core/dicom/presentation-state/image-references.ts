/** Referenced Image Sequences: PS3.3 10.3. */
import type { DataSet } from '../data-set.ts';
import type { ImageReference } from './types.ts';

export function imageReferences(items: readonly DataSet[]): ImageReference[] {
  return items.flatMap((item) => {
    const sopInstanceUid = item.string('ReferencedSOPInstanceUID');
    if (sopInstanceUid === '') return [];
    const frames = item.numbers('ReferencedFrameNumber').filter((number) => number >= 1).map((number) => number - 1);
    return [{ sopInstanceUid, frames: frames.length === 0 ? null : frames }];
  });
}

/** Without a Referenced Image Sequence a part holds for all images of the state. */
export function appliesToOf(item: DataSet): ImageReference[] | null {
  const references = imageReferences(item.sequence('ReferencedImageSequence'));
  return references.length === 0 ? null : references;
}
