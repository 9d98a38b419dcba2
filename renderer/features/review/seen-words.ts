/** What a package's card says about one condition. Pure. */

/**
 * The text after `*Condition*:` in a card, up to the next condition or the end of its paragraph; '' where the card says nothing of it. Cards
 * are other people's text: it is shown as plain words, at most 600 characters.
 */
export function seenWords(markdown: string, condition: string): string {
  const parts = markdown.replaceAll('\r\n', '\n').split(/\n\s*\n/).flatMap((paragraph) => paragraph.replaceAll('\n', ' ').split(/(?=\*[\p{L}][\p{L}\d -]{0,40}\*:)/u));
  const wanted = `*${condition.toLowerCase()}*:`;
  const found = parts.find((part) => part.toLowerCase().startsWith(wanted));
  if (found === undefined) return '';
  const words = found.slice(wanted.length).replace(/[*_`]/g, '').replace(/\s+/g, ' ').trim();
  return words.length > 600 ? `${words.slice(0, 599)}…` : words;
}
