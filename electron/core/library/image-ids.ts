/** An image is one frame of one SOP instance. Its id is the SOP Instance UID, with `:frame` (from 0) when the instance has several. */
import { ScanloomError } from '#contract';

export function imageIdOf(sopInstanceUid: string, frame: number, frames: number): string {
  return frames > 1 ? `${sopInstanceUid}:${frame}` : sopInstanceUid;
}

/** @throws ScanloomError `request/invalid` */
export function parseImageId(imageId: string): { sopInstanceUid: string; frame: number } {
  const match = /^([0-9.]{1,64})(?::(\d{1,6}))?$/.exec(imageId);
  if (match === null) throw new ScanloomError('request/invalid', 'That is not the id of an image.');
  return { sopInstanceUid: match[1]!, frame: Number(match[2] ?? 0) };
}
