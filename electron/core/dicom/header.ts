import type { DicomFile, ImageHeader } from './types.ts';
import { ScanloomError } from '#contract/errors';
export function describeImage(_file: DicomFile): ImageHeader {
  throw new ScanloomError('internal', 'Not written yet.');
}
