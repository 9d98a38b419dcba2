import { ScanloomError } from '#contract';

/**
 * States what must be true here if the program is right. Not for input: what comes from outside is refused with its own code.
 *
 * @throws ScanloomError `internal` with the sentence as cause, so that it is in the log and not on the screen.
 */
export function invariant(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new ScanloomError('internal', 'Something went wrong inside Scanloom.', { hint: 'The log has the details.', cause: new Error(sentence) });
}
