/**
 * Takes the face off a head: a shell of the front, from the brow down, becomes air. Our own method; no atlas, no network, no registration.
 *
 * The head is found as the largest part above air. From its vertex and its length front to back, the brow lies half a length below the vertex, the chin about
 * 1.3 lengths. Below the brow there is no brain within 25 mm of the front in the middle of the face; towards the sides, where the temporal lobes reach forward,
 * the shell gets thinner and ends. What is cut is not a shell of even depth, which would leave the same face smaller, but everything ahead of a much smoothed
 * front surface that lies inside of the real one: nose, lips, lids and chin have no counterpart on it.
 */
import { headShape, type HeadShape } from './head-shape.ts';
import { patientGrid, type PatientGrid } from './patient-grid.ts';
import type { DefaceOutcome, HeadVolume } from './types.ts';

/** Stated bound: no voxel further than this behind the front surface is touched, mm. */
export const deepestCutMm = 40;
/** The bound at the brow, where the frontal lobe is near; it grows to the stated one down to the root of the nose and below, in lengths below the vertex. */
const deepestAtBrowMm = 15;
const deepestFrom = 0.68;
/** How far the smoothed surface lies inside the real one, and how much more or less by chance, mm. */
const insetMm = 5;
const wobbleMm = 3;
/** Width of the smoothing, standard deviation, mm: wider than a nose, narrower than a face. */
const smoothingMm = 18;
const flatteningRounds = 2;
/** Voxels this far ahead of the skin are cleared, too: the skin's own blur, mm. */
const haloMm = 4;
/** In lengths of the head below the vertex: where the cut begins, where it is full, where it ends. */
const browBegin = 0.46;
const browFull = 0.53;
const chinEnd = 1.3;
/** In widths of the head from the middle: up to where the cut is full, and where it ends. */
const sideFull = 0.27;
const sideEnd = 0.43;

/**
 * @param seed Of the smooth chance that the cut's depth has, so that the removed surface cannot be had back by moving the new one.
 * @returns Which voxels became air, or a sentence why nothing was done. The volume is not changed.
 */
export function deface(volume: HeadVolume, seed: number): DefaceOutcome {
  const refused = (reason: string): DefaceOutcome => ({ kind: 'refused', reason });
  const grid = patientGrid(volume);
  if (grid === null) return refused('Its slices lie too obliquely for “front” and “above” to be told by them.');
  const shape = headShape(volume, grid);
  if (shape === null) return refused('Nothing in it stands out of the air.');
  const { lengthMm, widthMm, heightMm } = shape;
  if (heightMm < 60) return refused(`Only ${Math.round(heightMm)} mm of the head are in it: too little to tell where the face is.`);
  if (!shape.hasVertex) return refused('The top of the head is not in it, and from there the face is found.');
  if (lengthMm < 110 || lengthMm > 260 || widthMm < 90 || widthMm > 220) return refused(`What is in it is ${Math.round(lengthMm)} mm long and ${Math.round(widthMm)} mm wide: not the size of a head.`);
  if (heightMm < browFull * lengthMm) return refused('It ends above the eyes: there is no face in it.');
  return cut(volume, grid, shape, cutDepths(grid, shape, seed));
}

/** `[z, x]`: how far behind the front surface is cut, mm; 0 where nothing is. */
function cutDepths(grid: PatientGrid, shape: HeadShape, seed: number): Float32Array {
  const [width, , height] = grid.size;
  const [xMm, yMm, zMm] = grid.spacingMm;
  const { front, lengthMm, widthMm } = shape;
  // The surface of cheeks that recede to the sides does not belong to the face: it would pull the smoothed one back.
  const frontMm = new Float32Array(front.length);
  const weight = new Float32Array(front.length);
  for (let z = 0; z < height; z += 1) {
    const belowMm = (shape.vertex - z) * zMm;
    for (let x = 0; x < width; x += 1) {
      const at = z * width + x;
      if (front[at]! < 0 || belowMm < 0.3 * lengthMm || belowMm > (chinEnd + 0.1) * lengthMm || Math.abs(x - shape.middle) * xMm > sideEnd * widthMm) continue;
      frontMm[at] = front[at]! * yMm;
      weight[at] = 1;
    }
  }
  const smooth = (surface: Float32Array): Float32Array => blurred(surface, weight, width, height, smoothingMm / xMm, smoothingMm / zMm);
  let smoothed = smooth(frontMm);
  // What stands ahead of the smoothed surface is pushed back onto it and smoothed again: else a nose pulls the surface forward around it, and leaves a hill.
  for (let round = 0; round < flatteningRounds; round += 1) smoothed = smooth(frontMm.map((mm, at) => Math.max(mm, smoothed[at]!)));
  const chance = smoothChance(seed);
  const depths = new Float32Array(front.length);
  for (let z = 0; z < height; z += 1) {
    const below = ((shape.vertex - z) * zMm) / lengthMm;
    const bound = deepestAtBrowMm + (deepestCutMm - deepestAtBrowMm) * ramp(below, browFull, deepestFrom);
    const vertical = ramp(below, browBegin, browFull) * (1 - ramp(below, chinEnd - 0.05, chinEnd));
    for (let x = 0; x < width; x += 1) {
      const at = z * width + x;
      const lateral = 1 - ramp((Math.abs(x - shape.middle) * xMm) / widthMm, sideFull, sideEnd);
      if (weight[at] === 0 || vertical * lateral === 0) continue;
      const inset = insetMm + wobbleMm * chance(x * xMm, z * zMm);
      const depth = smoothed[at]! + inset - frontMm[at]!;
      depths[at] = Math.min(bound, Math.max(0, depth)) * vertical * lateral;
    }
  }
  return depths;
}

function cut(volume: HeadVolume, grid: PatientGrid, shape: HeadShape, depths: Float32Array): DefaceOutcome {
  const [width, , height] = grid.size;
  const yMm = grid.spacingMm[1];
  const changed = new Uint8Array(volume.values.length);
  let changedVoxels = 0;
  let deepestMm = 0;
  for (let z = 0; z < height; z += 1) {
    for (let x = 0; x < width; x += 1) {
      const depth = Math.floor(depths[z * width + x]! / yMm);
      if (depth <= 0) continue;
      const front = shape.front[z * width + x]!;
      for (let y = Math.max(0, front - Math.round(haloMm / yMm)); y < front + depth; y += 1) {
        const at = grid.origin + x * grid.strides[0] + y * grid.strides[1] + z * grid.strides[2];
        if (volume.values[at] === shape.air) continue;
        changed[at] = 1;
        changedVoxels += 1;
      }
      deepestMm = Math.max(deepestMm, depth * yMm);
    }
  }
  if (changedVoxels === 0) return { kind: 'refused', reason: 'No skin of a face was found in it.' };
  return { kind: 'defaced', changed, changedVoxels, changedShare: changedVoxels / volume.values.length, deepestMm, air: shape.air };
}

/** 0 up to `from`, 1 from `to` on, smooth between. */
function ramp(value: number, from: number, to: number): number {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

/** Weighted Gaussian mean over `[z, x]`; where no weight is near, 0. */
function blurred(values: Float32Array, weight: Float32Array, width: number, height: number, sigmaX: number, sigmaZ: number): Float32Array {
  const pass = (from: Float32Array, sigma: number, count: number, step: number, lines: number, lineStep: number): Float32Array => {
    const radius = Math.ceil(3 * sigma);
    const kernel = Float32Array.from({ length: radius + 1 }, (_, i) => Math.exp(-(i * i) / (2 * sigma * sigma)));
    const out = new Float32Array(from.length);
    for (let line = 0; line < lines; line += 1) {
      for (let i = 0; i < count; i += 1) {
        let sum = 0;
        for (let k = Math.max(0, i - radius); k <= Math.min(count - 1, i + radius); k += 1) sum += kernel[Math.abs(k - i)]! * from[line * lineStep + k * step]!;
        out[line * lineStep + i * step] = sum;
      }
    }
    return out;
  };
  const both = (from: Float32Array): Float32Array => pass(pass(from, sigmaX, width, 1, height, width), sigmaZ, height, width, width, 1);
  const sums = both(values.map((value, i) => value * weight[i]!));
  const weights = both(weight);
  return sums.map((sum, i) => (weights[i]! > 1e-6 ? sum / weights[i]! : 0));
}

/** −1…1, smooth over about 40 mm, the same for one seed. */
function smoothChance(seed: number): (xMm: number, zMm: number) => number {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  const next = (): number => {
    state = (Math.imul(state ^ (state >>> 15), 0x85ebca6b) + 0xc2b2ae35) >>> 0;
    return state / 2 ** 32;
  };
  const waves = Array.from({ length: 6 }, () => {
    const angle = 2 * Math.PI * next();
    const wave = (2 * Math.PI) / (35 + 30 * next());
    return { x: wave * Math.cos(angle), z: wave * Math.sin(angle), phase: 2 * Math.PI * next() };
  });
  return (xMm, zMm) => waves.reduce((sum, { x, z, phase }) => sum + Math.sin(x * xMm + z * zMm + phase), 0) / waves.length;
}
