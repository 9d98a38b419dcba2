import type { Finding } from './types.ts';
import { ScanloomError } from '#contract/errors';
export function validateObject(_bytes: Uint8Array): Finding[] {
  throw new ScanloomError('internal', 'Not written yet.');
}
