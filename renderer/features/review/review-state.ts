/** Where a reviewer is in the queue. Pure: what each key does, whatever the screen looks like. */
import type { Decision, Item, RejectReason } from '#contract';

export const rejectReasons: readonly { reason: RejectReason; words: string }[] = [
  { reason: 'anatomy-wrong', words: 'anatomy wrong' },
  { reason: 'lesion-wrong', words: 'lesion wrong' },
  { reason: 'artefact', words: 'artefact' },
  { reason: 'copy-of-real', words: 'copy of a real image' },
  { reason: 'other', words: 'other' },
];

/** What an image must have been on the screen before it can be decided on, in ms. Nobody sees a brain in less. */
export const seenMs = 150;

export interface ReviewState {
  /** The image on the screen. */
  readonly itemId: string | null;
  /** Reject was pressed; a number key says why, Backspace again rejects without a reason. */
  readonly rejecting: boolean;
  /** The end of the queue was reached: the last image stays behind the summary, and no key decides on it. */
  readonly ended: boolean;
}
export type ReviewKey = 'accept' | 'reject' | 'unsure' | 'next' | 'previous' | 'first' | 'last' | 'escape' | { readonly digit: number };

export interface Decided {
  readonly itemId: string;
  readonly decision: Decision;
  readonly reason?: RejectReason;
}
export interface Outcome {
  readonly state: ReviewState;
  readonly decide: Decided | null;
  /** Why the key did nothing. */
  readonly say?: string;
}
type Queued = Pick<Item, 'itemId' | 'decision'>;

/**
 * Where to go when `itemId` has been decided: the next image that nobody decided, wherever it is. Whoever changes an older decision walks on to
 * the image after it. Null at the end. With `walk` (a filter is on) it is always the image after it.
 */
export function afterDeciding(items: readonly Queued[], itemId: string, walk = false): string | null {
  const index = items.findIndex((item) => item.itemId === itemId);
  const after = items[index + 1]?.itemId ?? null;
  if (walk) return after;
  const later = items.slice(index + 1).find((item) => item.decision === null);
  const earlier = items.slice(0, Math.max(0, index)).find((item) => item.decision === null);
  return (later ?? earlier)?.itemId ?? (items[index]?.decision === null ? null : after);
}

/** The state once a decision has been recorded. */
export function advance(state: ReviewState, items: readonly Queued[], decided: Decided, walk = false): ReviewState {
  const next = afterDeciding(items, decided.itemId, walk);
  return next === null ? { itemId: decided.itemId, rejecting: false, ended: true } : { itemId: next, rejecting: false, ended: false };
}

/**
 * What a key does to the queue. A decision leaves the image where it is: the screen goes on with `advance` when the host has recorded it.
 * @param seen Whether the image has been on the screen for `seenMs`; without, nothing is decided.
 */
export function press(state: ReviewState, items: readonly Queued[], key: ReviewKey, seen = true): Outcome {
  const index = items.findIndex((item) => item.itemId === state.itemId);
  const current = items[index];
  const stay: Outcome = { state, decide: null };
  const at = (to: number): Outcome => ({ state: { itemId: items[Math.max(0, Math.min(items.length - 1, to))]?.itemId ?? null, rejecting: false, ended: false }, decide: null });
  const decided = (decision: Decision, reason?: RejectReason): Outcome => {
    if (!current) return stay;
    if (state.ended) return { ...stay, say: 'This was the last image. Go back to it with ← to decide on it again.' };
    if (!seen) return { ...stay, say: 'Not decided: the image was not on the screen long enough to be seen. Press again.' };
    return { state: { ...state, rejecting: false }, decide: { itemId: current.itemId, decision, ...(reason === undefined ? {} : { reason }) } };
  };
  if (typeof key === 'object') {
    if (!state.rejecting) return stay;
    const chosen = rejectReasons[key.digit - 1];
    return chosen ? decided('rejected', chosen.reason) : { ...stay, say: `There are ${rejectReasons.length} reasons, 1 to ${rejectReasons.length}.` };
  }
  switch (key) {
    case 'accept':
      // Enter means accept everywhere else: inside the question for a reason it neither accepts nor rejects.
      return state.rejecting ? { ...stay, say: 'Choose a reason by its number. Backspace again rejects without one, Esc does not reject.' } : decided('accepted');
    case 'reject':
      if (state.rejecting) return decided('rejected');
      return current && !state.ended ? { state: { ...state, rejecting: true }, decide: null } : decided('rejected');
    case 'unsure':
      return decided('unsure');
    case 'next':
      return state.ended ? stay : at(index + 1);
    case 'previous':
      // From the summary back to the image behind it.
      return state.ended ? at(index) : at(index - 1);
    case 'first':
      return at(0);
    case 'last':
      return at(items.length - 1);
    case 'escape':
      return { state: { ...state, rejecting: false }, decide: null };
  }
}

/** Why an accepting key asks once more: a series that was not seen to its end. Null where it was, or where there is one slice. */
export function askedForSlices(slices: number, seen: number): string | null {
  return slices > 1 && seen < slices ? `${seen} of ${slices} slices seen. Enter again accepts all ${slices}; ↓ shows the next slice.` : null;
}

/** Images that should be decoded before they are asked for: the next ones nobody decided, then the neighbours. */
export function aheadOf(items: readonly Queued[], itemId: string | null, most = 4): string[] {
  const index = items.findIndex((item) => item.itemId === itemId);
  if (index < 0) return [];
  const open = items.slice(index + 1).filter((item) => item.decision === null).slice(0, most - 1);
  const near = [items[index + 1], items[index - 1]].filter((item) => item !== undefined);
  return [...new Set([...open, ...near].map((item) => item.itemId))].slice(0, most);
}
