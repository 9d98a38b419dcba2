import { expect, test } from 'vitest';
import { ScanloomError } from '#contract';
import { parseArguments, type OptionTable } from './arguments.ts';

const table: OptionTable = {
  input: { kind: 'many', help: '' },
  set: { kind: 'many', help: '' },
  out: { kind: 'text', help: '' },
  json: { kind: 'flag', help: '' },
};

test.each([
  { words: ['upscale', '--input', 'a', 'b', '--out', 'c', '--json'], positionals: ['upscale'], input: ['a', 'b'], out: 'c', json: true },
  { words: ['--input=a', 'b', 'x', '--input', 'c'], positionals: [], input: ['a', 'b', 'x', 'c'], out: undefined, json: false },
  { words: ['--out', 'a', 'b', '--', '--json'], positionals: ['b', '--json'], input: [], out: 'a', json: false },
  { words: ['--out=a', 'b', '-'], positionals: ['b', '-'], input: [], out: 'a', json: false },
  { words: ['--input', 'a', '--json', 'b'], positionals: ['b'], input: ['a'], out: undefined, json: true },
])('$words', ({ words, positionals, input, out, json }) => {
  const args = parseArguments(words, table);
  expect({ positionals: args.positionals, input: args.many('input'), out: args.text('out'), json: args.flag('json') }).toEqual({ positionals, input, out, json });
});

test('pairs keep what follows the first equals sign', () => {
  expect(parseArguments(['--set', 'class=glioma', 'note=a=b'], table).pairs('set')).toEqual({ class: 'glioma', note: 'a=b' });
});

test.each([
  { words: ['--nothing'], message: "Unknown option '--nothing'" },
  { words: ['--input'], message: '--input needs a value' },
  { words: ['--input', '--json'], message: '--input needs a value' },
  { words: ['--out'], message: '--out' },
  { words: ['-x'], message: "Unknown option '-x'" },
])('$words is wrong usage', ({ words, message }) => {
  expect(() => parseArguments(words, table)).toThrow(message);
  try {
    parseArguments(words, table);
  } catch (thrown) {
    expect(ScanloomError.from(thrown).code).toBe('usage/invalid');
  }
});

test.each(['class', '=x'])('--set %s is wrong usage', (word) => {
  expect(() => parseArguments(['--set', word], table).pairs('set')).toThrow('NAME=VALUE');
});

test('a name that comes twice is wrong usage', () => {
  expect(() => parseArguments(['--set', 'a=1', 'a=2'], table).pairs('set')).toThrow('twice');
});

test.each(['-1', '1.5', 'x', '11', ''])('--out %s is no whole number from 0 to 10', (word) => {
  expect(() => parseArguments([`--out=${word}`], table).whole('out', { min: 0, max: 10 })).toThrow('whole number from 0 to 10');
});
