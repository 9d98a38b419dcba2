import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createProgress, inWords } from './progress.ts';

function record(mode: string, terminal: boolean, now: () => number = () => 0): { text: () => string; progress: ReturnType<typeof createProgress> } {
  const stderr = new PassThrough();
  return { progress: createProgress({ stderr, terminal, mode, now }), text: () => String(stderr.read() ?? '') };
}

test('on a terminal a bar moves on its own line', () => {
  const { progress, text } = record('auto', true);
  progress.step('Upscaling', 15, 30, 120);
  progress.end();
  expect(text()).toBe(`\r\u001b[2K[${'#'.repeat(15)}${'.'.repeat(15)}] Upscaling 15 of 30, about 2 min left\n`);
});

test('elsewhere a line is written when a step begins, then every ten seconds, and at its end', () => {
  let now = 0;
  const { progress, text } = record('auto', false, () => now);
  progress.step('Upscaling', 0, 30);
  progress.step('Upscaling', 1, 30);
  now = 10_000;
  progress.step('Upscaling', 2, 30);
  progress.step('Upscaling', 30, 30);
  progress.end();
  expect(text()).toBe('Upscaling 0 of 30\nUpscaling 2 of 30\nUpscaling 30 of 30\n');
});

test('for programs: one JSON event a line', () => {
  const { progress, text } = record('json', true);
  progress.step('Upscaling', 1, 2, 3);
  progress.end();
  expect(text().trim().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([
    { event: 'progress', what: 'Upscaling', done: 1, total: 2, secondsLeft: 3 },
    { event: 'step-ended', what: 'Upscaling' },
  ]);
});

test('an unknown mode is wrong usage', () => {
  expect(() => record('loud', false)).toThrow('--progress is auto, json or none');
});

test.each([[0.2, '1 s'], [89, '89 s'], [100, '2 min'], [7200, '2 h']])('%d seconds in words', (seconds, words) => {
  expect(inWords(seconds)).toBe(words);
});
