import type { DerivedOptions } from './types.ts';
import { ScanloomError } from '#contract/errors';
export function writeDerivedImage(_options: DerivedOptions): Uint8Array {
  throw new ScanloomError('internal', 'Not written yet.');
}
