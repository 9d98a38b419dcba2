/** Words of the command line through a schema of the contract: what does not fit is wrong usage, said by the option's name. */
import type { z } from 'zod';
import { ScanloomError } from '#contract';

/** Absent words count as left out. @throws {ScanloomError} `usage/invalid` */
export function parseWords<Schema extends z.ZodType>(schema: Schema, words: Readonly<Record<string, unknown>>): z.output<Schema> {
  const parsed = schema.safeParse(Object.fromEntries(Object.entries(words).filter(([, given]) => given !== undefined)));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new ScanloomError('usage/invalid', `--${issue.path.map(String).join('.')}: ${issue.message}.`);
}
