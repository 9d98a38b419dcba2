/** Decisions of readers about items. See README.md. */
export { createReview, type Review } from './review.ts';
export { createOverview, type Overview } from './overview.ts';
export { createMarks, type ReaderMarks } from './marks.ts';
