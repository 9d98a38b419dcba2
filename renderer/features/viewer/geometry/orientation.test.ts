import { expect, test } from 'vitest';
import { directionName, edgeLetters, namedLetters, normalOf, planeName, screenToImage } from './orientation.ts';

const axial = [1, 0, 0, 0, 1, 0] as const;
const sagittal = [0, 1, 0, 0, 0, -1] as const;
const coronal = [1, 0, 0, 0, 0, -1] as const;
const straight = { rotation: 0, hflip: false, vflip: false };

test.each([
  { name: 'axial', cosines: axial, letters: { top: 'A', right: 'L', bottom: 'P', left: 'R' } },
  { name: 'sagittal', cosines: sagittal, letters: { top: 'H', right: 'P', bottom: 'F', left: 'A' } },
  { name: 'coronal', cosines: coronal, letters: { top: 'H', right: 'L', bottom: 'F', left: 'R' } },
])('$name as usual', ({ name, cosines, letters }) => {
  expect(edgeLetters(cosines, straight)).toEqual(letters);
  expect(planeName(cosines)).toBe(name);
});

test.each([
  { name: 'a quarter turn clockwise brings the patient’s right to the top', turn: { ...straight, rotation: 90 }, letters: { top: 'R', right: 'A', bottom: 'L', left: 'P' } },
  { name: 'half a turn', turn: { ...straight, rotation: 180 }, letters: { top: 'P', right: 'R', bottom: 'A', left: 'L' } },
  { name: 'left and right exchanged', turn: { ...straight, hflip: true }, letters: { top: 'A', right: 'R', bottom: 'P', left: 'L' } },
  { name: 'top and bottom exchanged', turn: { ...straight, vflip: true }, letters: { top: 'P', right: 'L', bottom: 'A', left: 'R' } },
  { name: 'flipped, then turned', turn: { rotation: 90, hflip: true, vflip: false }, letters: { top: 'L', right: 'A', bottom: 'R', left: 'P' } },
])('$name', ({ turn, letters }) => expect(edgeLetters(axial, turn)).toEqual(letters));

test('an oblique direction has two letters, a slight tilt one', () => {
  expect(directionName(0.8, -0.6, 0)).toBe('LA');
  expect(directionName(0.97, 0.24, 0)).toBe('L');
  expect(directionName(0, 0, 0)).toBe('');
});

test('turning back is what the screen did, reversed', () => {
  const [u, v] = screenToImage(1, 0, { rotation: 270, hflip: false, vflip: true });
  // Clockwise 270: the image's downward axis points right on the screen; flipped, its upward one.
  expect([u, v].map((n) => n + 0)).toEqual([0, -1]);
});

test('the normal of an axial slice points to the head', () => expect(normalOf(axial)).toEqual([0, 0, 1]));

test('a radiograph’s own words stand at its edges and turn with it', () => {
  const plain = { rotation: 0, hflip: false, vflip: false };
  expect(namedLetters(['L', 'F'], plain)).toEqual({ top: 'H', right: 'L', bottom: 'F', left: 'R' });
  expect(namedLetters(['L', 'F'], { ...plain, hflip: true })).toEqual({ top: 'H', right: 'R', bottom: 'F', left: 'L' });
  expect(namedLetters(['AL', 'F'], { ...plain, rotation: 90 })).toEqual({ top: 'PR', right: 'H', bottom: 'AL', left: 'F' });
});
