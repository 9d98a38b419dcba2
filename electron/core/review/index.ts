/** Decisions of readers about items. See README.md. */
export { createReview, type Review } from './review.ts';
export { createMarks, type ReaderMarks } from './marks.ts';
