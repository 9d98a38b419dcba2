/** Reads items of Code Sequence Macros (PS3.3 8.8). */
import type { DataSet } from './data-set.ts';
import type { Code } from './types.ts';

/** Code of an item: Code Value, Long Code Value or URN, whichever it has. */
export function codeOf(item: DataSet | undefined): Code | null {
  if (item === undefined) return null;
  const value = item.string('CodeValue') || item.string('LongCodeValue') || item.string('URNCodeValue');
  const meaning = item.string('CodeMeaning');
  return value === '' && meaning === '' ? null : { value, scheme: item.string('CodingSchemeDesignator'), meaning };
}

/** The first item's code of a sequence. */
export function firstCode(dataset: DataSet, sequence: string): Code | null {
  return codeOf(dataset.sequence(sequence)[0]);
}
