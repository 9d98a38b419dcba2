/** Where a reviewer is in the queue. Pure: what each key does, whatever the screen looks like. */
import type { Decision, Item, RejectReason } from '#contract';

export const rejectReasons: readonly { reason: RejectReason; words: string }[] = [
  { reason: 'anatomy-wrong', words: 'anatomy wrong' },
  { reason: 'lesion-wrong', words: 'lesion wrong' },
  { reason: 'artefact', words: 'artefact' },
  { reason: 'copy-of-real', words: 'copy of a real image' },
  { reason: 'other', words: 'other' },
];

export interface ReviewState {
  /** The image on the screen. */
  readonly itemId: string | null;
  /** Reject was pressed; a number key says why, Backspace again rejects without a reason. */
  readonly rejecting: boolean;
}
export type ReviewKey = 'accept' | 'reject' | 'unsure' | 'next' | 'previous' | 'escape' | { readonly digit: number };

export interface Outcome {
  readonly state: ReviewState;
  readonly decide: { readonly itemId: string; readonly decision: Decision; readonly reason?: RejectReason } | null;
}

/** The next image after `itemId` that nobody decided; else simply the next one; at the end it stays. */
export function afterDeciding(items: readonly Pick<Item, 'itemId' | 'decision'>[], itemId: string): string {
  const index = items.findIndex((item) => item.itemId === itemId);
  const later = items.slice(index + 1).find((item) => item.decision === null);
  const earlier = items.slice(0, Math.max(0, index)).find((item) => item.decision === null);
  return (later ?? earlier ?? items[index + 1] ?? items[index])?.itemId ?? itemId;
}

/** What a key does to the queue. */
export function press(state: ReviewState, items: readonly Pick<Item, 'itemId' | 'decision'>[], key: ReviewKey): Outcome {
  const index = items.findIndex((item) => item.itemId === state.itemId);
  const current = items[index];
  const stay: Outcome = { state, decide: null };
  const decided = (decision: Decision, reason?: RejectReason): Outcome =>
    current ? { state: { itemId: afterDeciding(items, current.itemId), rejecting: false }, decide: { itemId: current.itemId, decision, ...(reason === undefined ? {} : { reason }) } } : stay;
  const move = (by: number): Outcome => ({ state: { itemId: items[Math.max(0, Math.min(items.length - 1, index + by))]?.itemId ?? null, rejecting: false }, decide: null });
  if (typeof key === 'object') {
    const chosen = rejectReasons[key.digit - 1];
    return state.rejecting && chosen ? decided('rejected', chosen.reason) : stay;
  }
  switch (key) {
    case 'accept':
      // While a reason is asked for, Enter confirms the rejection rather than accept by mistake.
      return state.rejecting ? decided('rejected') : decided('accepted');
    case 'reject':
      return state.rejecting ? decided('rejected') : current ? { state: { ...state, rejecting: true }, decide: null } : stay;
    case 'unsure':
      return decided('unsure');
    case 'next':
      return move(1);
    case 'previous':
      return move(-1);
    case 'escape':
      return { state: { ...state, rejecting: false }, decide: null };
  }
}

/** Images that should be decoded before they are asked for: the next ones nobody decided, then the neighbours. */
export function aheadOf(items: readonly Pick<Item, 'itemId' | 'decision'>[], itemId: string | null, most = 4): string[] {
  const index = items.findIndex((item) => item.itemId === itemId);
  if (index < 0) return [];
  const open = items.slice(index + 1).filter((item) => item.decision === null).slice(0, most - 1);
  const near = [items[index + 1], items[index - 1]].filter((item) => item !== undefined);
  return [...new Set([...open, ...near].map((item) => item.itemId))].slice(0, most);
}
