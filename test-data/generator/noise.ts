/** Randomness that is the same on every machine: whole-number hashes, no clock and no transcendental function. */

/** 32 well-mixed bits of three whole numbers and a seed (the finaliser of MurmurHash3). */
export function hash3(x: number, y: number, z: number, seed: number): number {
  let h = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca6b) ^ Math.imul(z, 0xc2b2ae35) ^ Math.imul(seed, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A stream of numbers in [0, 1). */
export function stream(seed: number): () => number {
  let index = 0;
  return () => {
    index += 1;
    return hash3(index, 0x51ed27, 0x2545f4, seed) / 2 ** 32;
  };
}

/** Nearly normal, mean 0, standard deviation 1: the sum of twelve uniform numbers. */
export function normal(random: () => number): number {
  let sum = -6;
  for (let i = 0; i < 12; i += 1) sum += random();
  return sum;
}

/** Smooth noise −1…1 over space: values at whole coordinates, joined by a quintic. */
export function smoothNoise(x: number, y: number, z: number, seed: number): number {
  const [x0, y0, z0] = [Math.floor(x), Math.floor(y), Math.floor(z)];
  const ease = (t: number): number => t * t * t * (t * (t * 6 - 15) + 10);
  const [u, v, w] = [ease(x - x0), ease(y - y0), ease(z - z0)];
  const at = (i: number, j: number, k: number): number => hash3(x0 + i, y0 + j, z0 + k, seed) / 2 ** 31 - 1;
  const mix = (a: number, b: number, t: number): number => a + (b - a) * t;
  const plane = (k: number): number => mix(mix(at(0, 0, k), at(1, 0, k), u), mix(at(0, 1, k), at(1, 1, k), u), v);
  return mix(plane(0), plane(1), w);
}

/** Smooth noise of three scales. */
export function layeredNoise(x: number, y: number, z: number, seed: number): number {
  return (smoothNoise(x, y, z, seed) + 0.5 * smoothNoise(2 * x, 2 * y, 2 * z, seed + 1) + 0.25 * smoothNoise(4 * x, 4 * y, 4 * z, seed + 2)) / 1.75;
}

/** Convolves a square image with a small symmetric kernel along both axes; edges repeat. */
export function blurred(image: Float32Array, rows: number, columns: number, kernel: readonly number[]): Float32Array {
  const half = (kernel.length - 1) / 2;
  const across = new Float32Array(image.length);
  const out = new Float32Array(image.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      let sum = 0;
      for (let k = -half; k <= half; k += 1) sum += kernel[k + half]! * image[row * columns + Math.min(columns - 1, Math.max(0, column + k))]!;
      across[row * columns + column] = sum;
    }
  }
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      let sum = 0;
      for (let k = -half; k <= half; k += 1) sum += kernel[k + half]! * across[Math.min(rows - 1, Math.max(0, row + k)) * columns + column]!;
      out[row * columns + column] = sum;
    }
  }
  return out;
}
