/** Text in all frames of an object: a sample of the frames when there are many, one set of boxes for all. */
import { decodeFrame, describeImage, type DicomFile } from '#dicom';
import { mergedBoxes } from './boxes.ts';
import { findBurnedInText } from './find-burned-in-text.ts';
import { pixelElement } from './native-frames.ts';
import type { TextBox, TextRisk } from './types.ts';

export interface FindInObjectOptions {
  /** What the header alone says (`burnedInRisk`). */
  readonly risk?: TextRisk;
  /** Most frames that are looked at; 12 unless told. */
  readonly mostFrames?: number;
  /** Frames already looked at in another pass: others are taken where there are any. */
  readonly besides?: readonly number[];
  readonly signal?: AbortSignal;
}

export interface FoundText {
  /** For every frame of the object: the union over those looked at. */
  readonly boxes: readonly TextBox[];
  readonly frames: number;
  /** From 0, ascending. */
  readonly framesLooked: readonly number[];
  readonly framesWithText: readonly number[];
}

/**
 * Which frames of many: first, last and evenly between; with `besides`, the neighbours of those as far as there are any.
 */
export function sampledFrames(frames: number, most: number, besides: readonly number[] = []): number[] {
  if (frames <= most) return Array.from({ length: frames }, (_, index) => index);
  const taken = new Set(besides);
  const picked = new Set<number>();
  for (let i = 0; i < most; i += 1) {
    let frame = Math.round((i * (frames - 1)) / Math.max(1, most - 1));
    for (let step = 0; step < frames && (taken.has(frame) || picked.has(frame)); step += 1) frame = (frame + 1) % frames;
    picked.add(frame);
  }
  return [...picked].sort((a, b) => a - b);
}

/**
 * @returns No boxes for an object without pixels.
 * @throws {ScanloomError} what decodeFrame throws; `job/cancelled` is not thrown: an aborted search throws the signal's reason.
 */
export async function findTextInObject(file: DicomFile, options: FindInObjectOptions = {}): Promise<FoundText> {
  if (pixelElement(file.dataset) === '') return { boxes: [], frames: 0, framesLooked: [], framesWithText: [] };
  const header = describeImage(file);
  const framesLooked = sampledFrames(header.frames, options.mostFrames ?? 12, options.besides);
  const boxes: TextBox[] = [];
  const framesWithText: number[] = [];
  for (const index of framesLooked) {
    options.signal?.throwIfAborted();
    const found = findBurnedInText(await decodeFrame(file, index), header, { ...(options.risk === undefined ? {} : { risk: options.risk }), dataset: file.dataset });
    if (found.length > 0) framesWithText.push(index);
    boxes.push(...found);
  }
  return { boxes: framesLooked.length > 1 ? mergedBoxes(boxes) : boxes, frames: header.frames, framesLooked, framesWithText };
}
