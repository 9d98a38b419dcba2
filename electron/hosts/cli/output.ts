/** Results on standard output: words for people, or one JSON document. Everything else goes to standard error. */
import type { Writable } from 'node:stream';
import { ScanloomError } from '#contract';
import type { ExitStatus } from './command.ts';

export interface Output {
  readonly json: boolean;
  /** The command's result: `document` with --json, else `words`. Called once. */
  result(document: unknown, words: string): void;
  /** As `result`, on one line, for programs that read while the command goes on. */
  line(document: unknown, words: string): void;
  /** A remark for a person, on standard error; nothing with --json. */
  note(sentence: string): void;
  /** A failure: in words on standard error, and with --json as `{"error": …}` on standard output. */
  failure(thrown: unknown): ExitStatus;
}

const refusals: ReadonlySet<string> = new Set(['package/hash-mismatch', 'package/invalid', 'export/verification-failed', 'ledger/broken', 'input/changed', 'library/newer', 'request/forbidden']);
const wrongUsage: ReadonlySet<string> = new Set(['usage/invalid', 'request/invalid']);

export function exitStatusOf(error: ScanloomError): ExitStatus {
  if (wrongUsage.has(error.code)) return 2;
  return refusals.has(error.code) ? 3 : 1;
}

export function createOutput({ stdout, stderr, json }: { readonly stdout: Writable; readonly stderr: Writable; readonly json: boolean }): Output {
  return {
    json,
    result(document, words) {
      stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : words === '' ? '' : `${words}\n`);
    },
    line(document, words) {
      stdout.write(`${json ? JSON.stringify(document) : words}\n`);
    },
    note(sentence) {
      if (!json) stderr.write(`${sentence}\n`);
    },
    failure(thrown) {
      const error = ScanloomError.from(thrown);
      stderr.write(`scanloom: ${error.message}\n`);
      if (error.hint !== undefined) stderr.write(`  ${error.hint}\n`);
      if (error.code === 'internal') stderr.write(`  ${String((error.cause as Error | undefined)?.stack ?? error.cause)}\n`);
      if (json) stdout.write(`${JSON.stringify({ error: error.toBody() }, null, 2)}\n`);
      return exitStatusOf(error);
    },
  };
}

/** Columns that line up; the last one is not padded. */
export function table(rows: readonly (readonly (string | number | null)[])[], heads: readonly string[]): string {
  const all = [heads, ...rows.map((row) => row.map((cell) => (cell === null ? '' : String(cell))))];
  const widths = heads.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all.map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column]!))).join('  ').trimEnd()).join('\n');
}
