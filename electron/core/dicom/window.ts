import type { ImageHeader, WindowSetting } from './types.ts';
import { ScanloomError } from '#contract/errors';
export function defaultWindow(_header: ImageHeader, _values?: Float32Array): WindowSetting {
  throw new ScanloomError('internal', 'Not written yet.');
}
