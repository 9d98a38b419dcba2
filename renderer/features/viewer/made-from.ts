/** Which stack of its series an enhanced item was made from. Pure. */
import type { Item, SeriesSummary } from '#contract';

/** Its title names the stack where the series has several, as the host writes it: `T2 (TE 30 ms) ×2`. The first stack where it names none. */
export function stackMadeFrom({ stacks }: { readonly stacks: readonly Pick<SeriesSummary['stacks'][number], 'label'>[] }, { title }: Pick<Item, 'title'>): number {
  // A bare number, `(1 of 2)`, is `(part 1 of 2)` in a title.
  const inTitle = (label: string | undefined, index: number): string => ` (${label === undefined || label === '' ? `stack ${index + 1}` : label.replace(/^\((.*)\)$/, 'part $1')}) ×`;
  return stacks.length < 2 ? 0 : Math.max(0, stacks.findIndex(({ label }, index) => title.includes(inTitle(label, index))));
}
