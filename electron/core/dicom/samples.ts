/** Samples in memory: unused bits, planes. Each loop is over one kind of array, because the compiler makes a quick one only then. */
import type { StoredArray } from './types.ts';

/**
 * Keeps the low Bits Stored bits, in place, and extends the sign (PS3.5 8.1.1): what is above them is no part of the value.
 * Floating-point samples have no unused bits.
 */
export function settleUnusedBits(samples: StoredArray, bitsStored: number): void {
  const unused = samples.BYTES_PER_ELEMENT * 8 - bitsStored;
  if (unused <= 0) return;
  if (samples instanceof Int8Array) extendSign8(samples, 32 - bitsStored);
  else if (samples instanceof Int16Array) extendSign16(samples, 32 - bitsStored);
  else if (samples instanceof Int32Array) extendSign32(samples, 32 - bitsStored);
  else if (samples instanceof Uint8Array) clear8(samples, 2 ** bitsStored - 1);
  else if (samples instanceof Uint16Array) clear16(samples, 2 ** bitsStored - 1);
  else if (samples instanceof Uint32Array) clear32(samples, 2 ** bitsStored - 1);
}

function extendSign8(samples: Int8Array, shift: number): void {
  for (let i = 0; i < samples.length; i += 1) samples[i] = (samples[i]! << shift) >> shift;
}

function extendSign16(samples: Int16Array, shift: number): void {
  for (let i = 0; i < samples.length; i += 1) samples[i] = (samples[i]! << shift) >> shift;
}

function extendSign32(samples: Int32Array, shift: number): void {
  for (let i = 0; i < samples.length; i += 1) samples[i] = (samples[i]! << shift) >> shift;
}

function clear8(samples: Uint8Array, mask: number): void {
  const words = wordsOf(samples);
  clear32(words, mask * 0x01010101);
  for (let i = words.length * 4; i < samples.length; i += 1) samples[i]! &= mask;
}

function clear16(samples: Uint16Array, mask: number): void {
  const words = wordsOf(samples);
  clear32(words, mask * 0x00010001);
  for (let i = words.length * 2; i < samples.length; i += 1) samples[i]! &= mask;
}

function clear32(samples: Uint32Array, mask: number): void {
  for (let i = 0; i < samples.length; i += 1) samples[i]! &= mask;
}

/** The same memory, four bytes at a time; none where it does not begin at a multiple of four. */
function wordsOf(samples: Uint8Array | Uint16Array): Uint32Array {
  return samples.byteOffset % 4 === 0 ? new Uint32Array(samples.buffer, samples.byteOffset, samples.byteLength >> 2) : new Uint32Array(0);
}

/** Plane after plane → pixel after pixel (PS3.3 C.7.6.3.1.3). */
export function interleaved<T extends StoredArray>(planar: T, samples: number): T {
  const out = new (planar.constructor as new (length: number) => T)(planar.length);
  const pixels = Math.floor(planar.length / samples);
  if (planar instanceof Uint8Array && out instanceof Uint8Array) spread8(planar, out, samples, pixels);
  else if (planar instanceof Uint16Array && out instanceof Uint16Array) spread16(planar, out, samples, pixels);
  else for (let sample = 0; sample < samples; sample += 1) for (let i = 0; i < pixels; i += 1) out[i * samples + sample] = planar[sample * pixels + i]!;
  return out;
}

function spread8(planar: Uint8Array, out: Uint8Array, samples: number, pixels: number): void {
  for (let sample = 0, from = 0; sample < samples; sample += 1) for (let i = 0, to = sample; i < pixels; i += 1, from += 1, to += samples) out[to] = planar[from]!;
}

function spread16(planar: Uint16Array, out: Uint16Array, samples: number, pixels: number): void {
  for (let sample = 0, from = 0; sample < samples; sample += 1) for (let i = 0, to = sample; i < pixels; i += 1, from += 1, to += samples) out[to] = planar[from]!;
}
