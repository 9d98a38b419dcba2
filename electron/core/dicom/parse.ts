import type { DicomFile } from './types.ts';
import { ScanloomError } from '#contract/errors';
export interface ParseOptions { readonly untilPixelData?: boolean }
export function parseDicom(_bytes: Uint8Array, _options?: ParseOptions): DicomFile {
  throw new ScanloomError('internal', 'Not written yet.');
}
