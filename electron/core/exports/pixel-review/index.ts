/** Before and while a study is copied without names from the page. */
export { createPixelReview, type PixelReview } from './pixel-review.ts';
export { createStudyCopies, type StudyCopies } from './study-copies.ts';
