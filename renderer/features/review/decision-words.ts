/** Decisions as a sign and a word. */
import type { Decision } from '#contract';

export const decisionWords: Readonly<Record<Decision, { readonly mark: string; readonly word: string }>> = {
  accepted: { mark: '✓', word: 'accepted' },
  rejected: { mark: '✕', word: 'rejected' },
  unsure: { mark: '?', word: 'unsure' },
};
