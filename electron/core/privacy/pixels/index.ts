export { findBurnedInText, type FindTextOptions } from './find-burned-in-text.ts';
export { findTextInObject, type FindInObjectOptions, type FoundText } from './find-in-object.ts';
export { boxesOnBody, showsSections } from './on-body.ts';
export { blackOut } from './black-out.ts';
export { cleanPixels, type CleanedPixels, type CleanPixelsOptions } from './clean-pixels.ts';
export { hasUnusedBits, withoutUnusedBits } from './unused-bits.ts';
export type { PixelBox, TextBox, TextRisk } from './types.ts';
