/** The words after the command, checked against what the command declares. Nothing is guessed: an unknown word is wrong usage. */
import { parseArgs } from 'node:util';
import { ScanloomError } from '#contract';

export interface OptionSpec {
  readonly kind: 'text' | 'flag' | 'many';
  readonly help: string;
  /** What stands for the value in the help, e.g. `DIR`. */
  readonly value?: string;
}
export type OptionTable = Readonly<Record<string, OptionSpec>>;

export interface Arguments {
  readonly positionals: readonly string[];
  text(name: string): string | undefined;
  flag(name: string): boolean;
  many(name: string): readonly string[];
  /** @throws {ScanloomError} `usage/invalid` when it is not a whole number in the range. */
  whole(name: string, range: { readonly min: number; readonly max: number }): number | undefined;
  /** `NAME=VALUE` words of a `many` option. @throws {ScanloomError} `usage/invalid` */
  pairs(name: string): Readonly<Record<string, string>>;
}

/** Every command takes these. */
export const commonOptions: OptionTable = {
  library: { kind: 'text', value: 'DIR', help: 'The library to work in; the system\'s place for application data when left out.' },
  json: { kind: 'flag', help: 'One JSON document on standard output.' },
  progress: { kind: 'text', value: 'auto|json|none', help: 'Progress on standard error: a bar on a terminal, or one JSON event a line.' },
  help: { kind: 'flag', help: 'What the command does.' },
};

/**
 * Node's own parser knows one value an option. Here `--input A B` gives two: what follows a `many` option up to the next option belongs to it.
 *
 * @throws {ScanloomError} `usage/invalid` with the parser's sentence.
 */
export function parseArguments(words: readonly string[], table: OptionTable): Arguments {
  const spread: string[] = [];
  let taking: string | null = null;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    if (word === '--') {
      spread.push(...words.slice(at));
      break;
    }
    if (word.startsWith('-') && word.length > 1) {
      const name = word.replace(/^--/, '').split('=')[0]!;
      taking = table[name]?.kind === 'many' ? name : null;
      if (taking === null || word.includes('=')) spread.push(word);
      // A value that belongs to a text option is not one of a `many` option before it.
      if (table[name]?.kind === 'text' && !word.includes('=') && at + 1 < words.length) {
        at += 1;
        spread.push(words[at]!);
      } else if (taking !== null && !word.includes('=') && (words[at + 1] === undefined || words[at + 1]!.startsWith('--'))) {
        throw new ScanloomError('usage/invalid', `--${taking} needs a value.`);
      }
    } else spread.push(...(taking === null ? [word] : [`--${taking}=${word}`]));
  }
  const options = Object.fromEntries(Object.entries(table).map(([name, spec]) => [name, { type: spec.kind === 'flag' ? ('boolean' as const) : ('string' as const), multiple: spec.kind === 'many' }]));
  let parsed;
  try {
    parsed = parseArgs({ args: spread, options, allowPositionals: true, strict: true });
  } catch (thrown) {
    throw new ScanloomError('usage/invalid', sentence(thrown instanceof Error ? thrown.message : String(thrown)), { cause: thrown });
  }
  const values = parsed.values as Record<string, string | boolean | string[] | undefined>;
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const many = (name: string): readonly string[] => {
    const value = values[name];
    return Array.isArray(value) ? value : [];
  };
  return {
    positionals: parsed.positionals,
    text,
    many,
    flag: (name) => values[name] === true,
    whole(name, { min, max }) {
      const given = text(name);
      if (given === undefined) return undefined;
      const number = Number(given);
      if (!/^\d+$/.test(given) || number < min || number > max) throw new ScanloomError('usage/invalid', `--${name} is a whole number from ${min} to ${max}, not "${given.slice(0, 40)}".`);
      return number;
    },
    pairs(name) {
      const pairs: Record<string, string> = {};
      for (const word of many(name)) {
        const at = word.indexOf('=');
        if (at < 1) throw new ScanloomError('usage/invalid', `--${name} takes NAME=VALUE, not "${word.slice(0, 60)}".`);
        const key = word.slice(0, at);
        if (key in pairs) throw new ScanloomError('usage/invalid', `--${name} names "${key}" twice.`);
        pairs[key] = word.slice(at + 1);
      }
      return pairs;
    },
  };
}

function sentence(message: string): string {
  const first = message.split(/\. To specify|\n/)[0]!.trim();
  return first.endsWith('.') ? first : `${first}.`;
}
