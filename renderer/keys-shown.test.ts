import { expect, test, vi } from 'vitest';

// The library draws; only the tables of keys are of interest here.
vi.mock('cornerstone-core', () => ({ EVENTS: {} }));

const { keyGroups } = await import('./features/find/index.ts');
const { session, viewKeys } = await import('./features/viewer/index.ts');

const served = new Set(viewKeys(session, () => {}, () => {}, () => {}).flatMap((binding) => binding.keys));
const printed = (title: string): string[] => keyGroups.find((group) => group.title === title)?.lines.flatMap((line) => [...line.keys]) ?? [];

/** Served outside the table: Space by tap and hold, Tab by the viewport itself. */
const elsewhere = new Set(['Space', 'Tab']);

test.each(['Slices', 'Window and view', 'Tools (left drag)', 'Compare'])('every key that ? prints under "%s" does something in the viewer', (title) => {
  expect(printed(title).length).toBeGreaterThan(0);
  expect(printed(title).filter((key) => !served.has(key) && !elsewhere.has(key))).toEqual([]);
});

test('every key of the viewer is printed, but for the second names of arrows and empty presets', () => {
  const all = new Set(keyGroups.flatMap((group) => group.lines.flatMap((line) => [...line.keys])));
  const silent = [...served].filter((key) => !all.has(key));
  expect(silent.sort()).toEqual(['ArrowLeft', 'ArrowRight', 'Shift+ArrowLeft', 'Shift+ArrowRight'].filter((key) => !all.has(key)).sort());
});

test('no key has two meanings in the viewer', () => {
  const keys = viewKeys(session, () => {}, () => {}, () => {}).flatMap((binding) => [...binding.keys]);
  expect(keys.length).toBe(new Set(keys).size);
});
