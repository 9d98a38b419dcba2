import type { SyntheticOptions } from './types.ts';
import { ScanloomError } from '#contract/errors';
export function writeSyntheticImage(_options: SyntheticOptions): Uint8Array {
  throw new ScanloomError('internal', 'Not written yet.');
}
