import type { DicomFile, ImageHeader, StoredFrame } from './types.ts';
import { ScanloomError } from '#contract/errors';
export async function decodeFrame(_file: DicomFile, _frameIndex: number): Promise<StoredFrame> {
  throw new ScanloomError('internal', 'Not written yet.');
}
export function storedValuesBytes(_frame: StoredFrame, _header: ImageHeader): Uint8Array {
  throw new ScanloomError('internal', 'Not written yet.');
}
