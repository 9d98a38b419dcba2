/** Segmentations, read: PS3.3 A.51. */
export type * from './types.ts';
export { isSegmentation, readSegmentation } from './read-segmentation.ts';
export { masksOnImage, matchFrames, type MatchedFrame, type SegmentMask } from './masks.ts';
