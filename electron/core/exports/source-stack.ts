/** Which stack of its source series an item came from, as its ledger entry has it. */
import { z } from 'zod';
import type { ExportSource } from './types.ts';

const Recipe = z.object({ recipe: z.object({ stack: z.object({ number: z.int(), of: z.int(), label: z.string().max(80), timePoints: z.int() }) }) });

/** What tells the stack from the others of its series, as `phase` or `TE 30 ms`; '' where the series has no other, or the entry is older than stacks. */
export function stackLabelOf(source: Pick<ExportSource, 'ledgerEntry'>): string {
  const parsed = Recipe.safeParse(source.ledgerEntry.body);
  if (!parsed.success || parsed.data.recipe.stack.of === 1) return '';
  const { number, label } = parsed.data.recipe.stack;
  return label === '' ? `stack ${number}` : label.replace(/^\((.*)\)$/, 'part $1');
}
