import type { AssembledSeries, StackInput } from './types.ts';
import { ScanloomError } from '#contract/errors';
export function assembleSeries(_inputs: readonly StackInput[]): AssembledSeries {
  throw new ScanloomError('internal', 'Not written yet.');
}
