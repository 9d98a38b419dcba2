/** Ids are long; the first characters that tell one apart are enough. */
import { ScanloomError } from '#contract';

/** @throws {ScanloomError} `request/not-found`, or `usage/invalid` when several begin so. */
export function matchId(word: string, ids: readonly string[], what: string): string {
  if (ids.includes(word)) return word;
  const matches = word.length >= 4 ? ids.filter((id) => id.startsWith(word.toLowerCase())) : [];
  if (matches.length === 1) return matches[0]!;
  if (matches.length > 1) throw new ScanloomError('usage/invalid', `Several of the ${what}s begin with "${word}".`, { hint: 'Give more characters.' });
  throw new ScanloomError('request/not-found', `There is no ${what} "${word.slice(0, 64)}".`, { hint: `scanloom list ${what}s shows what there is.` });
}
