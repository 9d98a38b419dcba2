/** How well a text answers what was typed. Pure. */

/** 0 = no match; higher is better: whole words at the start, then word starts, then letters anywhere in order of the words typed. */
export function matchScore(text: string, typed: string): number {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const hay = text.toLowerCase();
  let score = 1;
  for (const word of words) {
    const at = hay.indexOf(word);
    if (at < 0) return 0;
    score += at === 0 ? 4 : /[\s·,^/-]/.test(hay[at - 1] ?? '') ? 3 : 1;
  }
  return score;
}

export function bestMatches<T extends { readonly label: string; readonly more?: string }>(entries: readonly T[], typed: string, most = 12): T[] {
  return entries
    .map((entry, i) => ({ entry, i, score: matchScore(`${entry.label} ${entry.more ?? ''}`, typed) }))
    .filter((one) => one.score > 0)
    .sort((a, b) => b.score - a.score || a.i - b.i)
    .slice(0, most)
    .map((one) => one.entry);
}
