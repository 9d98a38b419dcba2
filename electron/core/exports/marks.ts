/** The words that every file of an export carries: what a model touched, and what it is not for. One place, so that no format says it differently. */
import type { Item } from '#contract';

export type MadeBy = Item['provenance'];

/** As on the screen's badge. */
export const label: Readonly<Record<MadeBy, string>> = { enhanced: 'AI-ENHANCED', synthetic: 'SYNTHETIC' };

/** As in file names. */
export const fileMark: Readonly<Record<MadeBy, string>> = { enhanced: 'ai-enhanced', synthetic: 'synthetic' };

/** The same in a file-set, whose names have eight upper case characters (PS3.10 8.5). */
export const fileSetMark: Readonly<Record<MadeBy, string>> = { enhanced: 'ENH', synthetic: 'SYN' };

/** ASCII, so that any header can hold it. */
export const statement: Readonly<Record<MadeBy, string>> = {
  enhanced: 'AI-ENHANCED: a model changed these pixels. For research only, not for diagnosis.',
  synthetic: 'SYNTHETIC: a model made this image, it shows no patient. For research only, not for diagnosis.',
};
