import { expect, test } from 'vitest';
import type { SynthesizeManifest } from '#contract';
import { actionsOf } from './job-line.tsx';
import { readSettings } from './synthesize-settings.ts';

const manifest = { id: 'brain', synthesize: { classes: ['glioma'], limits: { steps: [1, 1000], guidance: [0, 15], count: [1, 100] } } } as unknown as SynthesizeManifest;
const good = { class: 'glioma', count: '8', seed: '1', steps: '30', guidance: '2.5' };

test('good settings become a request', () => {
  expect(readSettings(good, manifest, 'auto').start).toEqual({ task: 'synthesize', packageId: 'brain', device: 'auto', class: 'glioma', count: 8, seed: 1, steps: 30, guidance: 2.5 });
});

test.each([
  ['count', '0', '1 to 100'],
  ['count', '2.5', 'a whole number, please'],
  ['seed', '4294967296', '0 to 4294967295'],
  ['steps', '', 'a number, please'],
  ['guidance', '15.1', '0 to 15'],
] as const)('%s = "%s" is refused: %s', (name, value, words) => {
  const read = readSettings({ ...good, [name]: value }, manifest, 'auto');
  expect(read.start).toBeNull();
  expect(read.errors[name]).toBe(words);
});

test('a class that the package does not know is refused', () => expect(readSettings({ ...good, class: 'other' }, manifest, 'auto').start).toBeNull());

test('only what a job’s state allows is offered', () => {
  expect(actionsOf('running').map((one) => one.word)).toEqual(['Pause', 'Cancel']);
  expect(actionsOf('paused').map((one) => one.word)).toEqual(['Resume', 'Cancel']);
  expect(actionsOf('failed').map((one) => one.word)).toEqual(['Try again']);
  expect(actionsOf('done')).toEqual([]);
});
