/** What an item's ledger entry says of its source: which stack of the series it was, and in what kind of file. */
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

const Source = z.object({ source: z.object({ format: z.enum(['dicom', 'nifti']) }) });

/** Null where the entry does not say (items without a source, and entries of older programs, all of DICOM). */
export function sourceFormatOf(body: Readonly<Record<string, unknown>>): 'dicom' | 'nifti' | null {
  const parsed = Source.safeParse(body);
  return parsed.success ? parsed.data.source.format : null;
}
