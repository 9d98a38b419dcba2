/** Refusals of the parser: what the bytes of a damaged file are told. */
import { ScanloomError } from '#contract/errors';

export function truncated(tag: string): ScanloomError {
  return new ScanloomError('dicom/truncated', 'The file ends in the middle of an element.', { hint: 'It was probably not copied or received completely; get it again from where it came from.', details: { tag } });
}

export function invalid(reason: string, tag: string): ScanloomError {
  return new ScanloomError('dicom/invalid', `The file is damaged: ${reason}.`, { details: { tag } });
}

/** Untrusted input: what no honest file reaches. */
export const parseLimits = { depth: 64, elements: 4_000_000 } as const;
