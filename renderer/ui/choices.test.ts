import { expect, test } from 'vitest';
import { choiceAfter } from './controls.tsx';

test('arrows go round the choices; other keys leave them alone', () => {
  expect(choiceAfter('ArrowRight', 0, 3)).toBe(1);
  expect(choiceAfter('ArrowRight', 2, 3)).toBe(0);
  expect(choiceAfter('ArrowDown', 0, 3)).toBeNull();
  expect(choiceAfter('ArrowLeft', 0, 3)).toBe(2);
  expect(choiceAfter('Enter', 0, 3)).toBeNull();
  expect(choiceAfter('ArrowRight', -1, 0)).toBeNull();
});
