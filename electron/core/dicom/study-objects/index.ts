/** Objects that are no plain images: what they are, what they refer to, what they say. */
export { describeObject, type ObjectDescription } from './describe-object.ts';
export { kindOfObject, type KindOfObject } from './kinds.ts';
export { contentOf } from './content.ts';
export type { Content, ContentLine } from './lines.ts';
export type { SeriesReference } from './references.ts';
