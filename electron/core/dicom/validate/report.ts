/** How checks say what they found. */
import type { Finding } from '../types.ts';

/** `tag` is the attribute concerned, '' when it is about the whole object. */
export type Report = (level: Finding['level'], code: string, tag: string, message: string) => void;
