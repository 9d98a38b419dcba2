import type { Clock } from '#base';
import type { Decide, Item, ReviewSummary, UndoDecision } from '#contract';
import type { Library } from '#library';

export interface Review {
  /** Records one decision with its ledger entry; on disk before it returns. @throws ScanloomError `request/not-found` */
  decide(request: Decide): Item;
  /** Takes back the reader's last decision (within a job, when one is named). */
  undo(request: UndoDecision): Item | null;
  summary(query: { jobId?: string | undefined }): ReviewSummary;
}

export declare function createReview(options: { library: Library; clock: Clock }): Review;
