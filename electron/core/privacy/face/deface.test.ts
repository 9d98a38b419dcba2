import { describe, expect, test } from 'vitest';
import { deepestCutMm, deface } from './deface.ts';
import { headShape } from './head-shape.ts';
import { patientGrid } from './patient-grid.ts';
import { headPhantom, type Phantom } from './testing/head-phantom.ts';
import type { DefaceOutcome, HeadVolume } from './types.ts';

const defaced = ({ volume }: Phantom, seed = 1): Extract<DefaceOutcome, { kind: 'defaced' }> => {
  const outcome = deface(volume, seed);
  if (outcome.kind === 'refused') throw new Error(outcome.reason);
  return outcome;
};

/** Depth of the front surface, mm, by patient's x and z. */
function relief(volume: HeadVolume): (x: number, z: number) => number {
  const grid = patientGrid(volume)!;
  const shape = headShape(volume, grid)!;
  return (x, z) => shape.front[z * grid.size[0] + x]! * grid.spacingMm[1];
}

describe('deface', () => {
  test.each(['axial', 'sagittal', 'coronal'] as const)('%s slices: the nose goes, the brain and the forehead stay', (way) => {
    const phantom = headPhantom(way, 3);
    const { changed, changedShare, deepestMm, air } = defaced(phantom);
    expect(deepestMm).toBeLessThanOrEqual(deepestCutMm);
    expect(changedShare).toBeGreaterThan(0.005);
    expect(changedShare).toBeLessThan(0.03);
    const after: HeadVolume = { ...phantom.volume, values: phantom.volume.values.map((value, at) => (changed[at] === 1 ? air : value)) };
    for (let at = 0; at < changed.length; at += 1) {
      if (changed[at] === 0) continue;
      const [, y, z] = phantom.placeOf(at);
      if (phantom.brain[at] === 1) throw new Error('A voxel of the brain was changed.');
      expect(z).toBeLessThan(-80);
      expect(y).toBeLessThan(0);
    }
    // The tip of the nose stood 34 mm ahead of the cheeks beside it; and stands a third as far now, on a smooth ground.
    const [before, now] = [relief(phantom.volume), relief(after)];
    const z = Math.round((240 - 146) / 3);
    const [tip, cheek] = [33, 33 + 11];
    expect(before(cheek, z) - before(tip, z)).toBeGreaterThan(20);
    expect(now(cheek, z) - now(tip, z)).toBeLessThan(14);
  });

  test('the same seed gives the same cut, another seed another one', () => {
    const phantom = headPhantom('axial', 4);
    expect(defaced(phantom, 5).changed).toEqual(defaced(phantom, 5).changed);
    expect(defaced(phantom, 6).changed).not.toEqual(defaced(phantom, 5).changed);
  });

  test.each([
    { name: 'a slab without the vertex', phantom: () => headPhantom('axial', 4, 160, -90), reason: /top of the head/ },
    { name: 'a thin slab', phantom: () => headPhantom('axial', 4, 30), reason: /Only .* mm of the head/ },
    { name: 'what ends above the eyes', phantom: () => headPhantom('axial', 4, 90), reason: /above the eyes/ },
  ])('$name is refused in words', ({ phantom, reason }) => {
    const outcome = deface(phantom().volume, 1);
    expect(outcome).toMatchObject({ kind: 'refused' });
    if (outcome.kind === 'refused') expect(outcome.reason).toMatch(reason);
  });

  test('oblique slices, empty volumes and bodies are refused', () => {
    const { volume } = headPhantom('axial', 4);
    const half = Math.SQRT1_2;
    expect(deface({ ...volume, orientation: [1, 0, 0, 0, half, half] }, 1)).toMatchObject({ kind: 'refused' });
    expect(deface({ ...volume, values: new Float32Array(volume.values.length).fill(-1000) }, 1)).toMatchObject({ kind: 'refused' });
    expect(deface({ ...volume, spacingMm: [8, 8, 8] }, 1)).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/not the size of a head/) as string });
  });
});
