/**
 * Philox 4×32-10, the counter-based generator, and the normal numbers that the program makes with it.
 *
 * Written so that another language can follow it to the bit:
 * - key = (seed, item), two uint32; counter = (block, 0, 0, 0).
 * - Every block gives four uint32 x₀…x₃; uᵢ = (xᵢ + 0.5) / 2³² in float64, so 0 < u < 1.
 * - The pairs (u₀, u₁) and (u₂, u₃) become √(−2 ln u₀) · cos(2π u₁) and √(−2 ln u₀) · sin(2π u₁), rounded to float32.
 * - The values fill a tensor in row-major order; what is left of the last block is dropped.
 * The logarithm and the circle functions may differ in the last bit of a float64 between libraries; after rounding to float32 that shows
 * about once in 10⁸ values.
 *
 * @see Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC '11 (constants: Random123)
 */
import assert from 'node:assert/strict';

const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
const weyl0 = 0x9e3779b9;
const weyl1 = 0xbb67ae85;
const rounds = 10;

type Four = readonly [number, number, number, number];

/** High 32 bits of the 64-bit product of two uint32; the low ones come from Math.imul. Split so that every part stays below 2⁵³. */
function multiplyHigh(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle & 0xffff);
  // Both shifts are divisions: `middle` and `carry` may need 33 bits.
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0;
}

/** One block: four uint32 for a counter of four uint32 and a key of two. */
export function philox4x32(counter: Four, key: readonly [number, number]): Four {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < rounds; round += 1) {
    const high0 = multiplyHigh(multiplier0, c0);
    const low0 = Math.imul(multiplier0, c0) >>> 0;
    const high1 = multiplyHigh(multiplier1, c2);
    const low1 = Math.imul(multiplier1, c2) >>> 0;
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1, (high0 ^ c3 ^ k1) >>> 0, low0];
    k0 = (k0 + weyl0) >>> 0;
    k1 = (k1 + weyl1) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/**
 * Standard normal values of one item.
 *
 * @param seed  The job's seed, uint32.
 * @param item  Index of the image in the job, uint32: other items are other streams, whatever the order they are made in.
 * @param count Values wanted, at most 2³⁴ (the block counter is one uint32).
 * @returns float32 `[count]`; a longer call begins with the same values.
 */
export function philoxNormals(seed: number, item: number, count: number): Float32Array {
  for (const word of [seed, item]) assert.ok(Number.isInteger(word) && word >= 0 && word <= 0xffffffff, 'a key word is a uint32');
  assert.ok(Number.isInteger(count) && count >= 0 && count <= 2 ** 34, 'the block counter is one uint32');
  const out = new Float32Array(count);
  for (let block = 0; block * 4 < count; block += 1) {
    const uniform = philox4x32([block, 0, 0, 0], [seed, item]).map((x) => (x + 0.5) / 2 ** 32);
    for (let pair = 0; pair < 2; pair += 1) {
      const radius = Math.sqrt(-2 * Math.log(uniform[2 * pair]!));
      const angle = 2 * Math.PI * uniform[2 * pair + 1]!;
      const index = block * 4 + 2 * pair;
      // Writing past the end of a typed array is ignored, which drops what is left of the last block.
      out[index] = radius * Math.cos(angle);
      out[index + 1] = radius * Math.sin(angle);
    }
  }
  return out;
}
