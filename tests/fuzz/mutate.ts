/** Damage, blind and aimed: each mutator takes bytes and gives changed ones. One input suffers one to three of them. */
import type { Random } from './random.ts';
import type { Seed } from './seeds.ts';

type Mutator = (bytes: Uint8Array, random: Random, seeds: readonly Seed[]) => Uint8Array;

const largestInput = 400_000;
const extremes = [0, 1, 2, 0x7f, 0xff, 0x100, 0x7fff, 0xfffe, 0xffff, 0x10000, 0x7fffffff, 0xfffffffe, 0xffffffff] as const;

function write32(bytes: Uint8Array, at: number, value: number, little = true): void {
  if (at >= 0 && at + 4 <= bytes.length) new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, value, little);
}

function write16(bytes: Uint8Array, at: number, value: number): void {
  if (at >= 0 && at + 2 <= bytes.length) new DataView(bytes.buffer, bytes.byteOffset).setUint16(at, value & 0xffff, true);
}

function inserted(bytes: Uint8Array, at: number, more: Uint8Array): Uint8Array {
  return Uint8Array.from(Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]).subarray(0, largestInput));
}

/** Every place where these bytes stand, up to a number. */
function places(bytes: Uint8Array, wanted: readonly number[], most = 64): number[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: number[] = [];
  for (let at = buffer.indexOf(Buffer.from(wanted)); at >= 0 && found.length < most; at = buffer.indexOf(Buffer.from(wanted), at + 1)) found.push(at);
  return found;
}

const flipBits: Mutator = (bytes, random) => {
  for (let flips = 1 + random.below(8); flips > 0; flips -= 1) bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
  return bytes;
};

const truncate: Mutator = (bytes, random) => bytes.slice(0, random.below(bytes.length));

/** An extreme number anywhere. */
const lengthBomb: Mutator = (bytes, random) => {
  write32(bytes, random.below(Math.max(1, bytes.length - 4)), random.of(extremes));
  return bytes;
};

const moveBlock: Mutator = (bytes, random) => {
  const from = random.below(bytes.length);
  bytes.copyWithin(random.below(Math.min(bytes.length, 4000)), from, from + random.below(4096));
  return bytes;
};

/** The length of an explicit element: two capital letters say where one is. */
const elementLength: Mutator = (bytes, random) => {
  const start = random.below(bytes.length);
  const isLetter = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x41 && byte <= 0x5a;
  for (let at = start & ~1; at + 12 < bytes.length && at < start + 4000; at += 2) {
    if (!isLetter(bytes[at]) || !isLetter(bytes[at + 1])) continue;
    if (bytes[at + 2] === 0 && bytes[at + 3] === 0) write32(bytes, at + 4, random.of(extremes));
    else write16(bytes, at + 2, random.of(extremes));
    break;
  }
  return bytes;
};

/** One of the attributes that say how pixels lie, with another value: (0028,xxxx), US, explicit or implicit. */
const imageShape: Mutator = (bytes, random) => {
  const element = random.of([0x02, 0x06, 0x08, 0x10, 0x11, 0x00, 0x01, 0x02, 0x03] as const);
  const group = random.of([[0x28, 0x00, element, 0x00], [0x28, 0x00, element, 0x01]] as const);
  for (const at of places(bytes, group, 4)) write16(bytes, at + 8, random.of([0, 1, 2, 3, 4, 7, 8, 12, 15, 16, 17, 31, 32, 64, 255, 4096, 32_767, 65_535]));
  return bytes;
};

/** Sequences in sequences, up to thousands deep, open or with lengths that lie. */
const deepNesting: Mutator = (bytes, random) => {
  const depth = random.of([3, 20, 63, 64, 65, 200, 5000]);
  const head = random.next() < 0.5 ? [0x08, 0x00, 0x15, 0x11, 0x53, 0x51, 0, 0] : [0x08, 0x00, 0x15, 0x11];
  const length = random.of([0xffffffff, 0xffffffff, 0x1000, 0x7ffffff0]);
  const level = new Uint8Array(head.length + 12);
  level.set(head);
  write32(level, head.length, length);
  level.set([0xfe, 0xff, 0x00, 0xe0], head.length + 4);
  write32(level, head.length + 8, length);
  const chain = new Uint8Array(level.length * depth);
  for (let i = 0; i < depth; i += 1) chain.set(level, i * level.length);
  return inserted(bytes, Math.min(bytes.length, 132 + random.below(1200)) & ~1, chain);
};

/** Items and delimiters without end: what should close never does, and what was never open is closed. */
const loopedItems: Mutator = (bytes, random) => {
  const delimiter = random.of([[0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0], [0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0], [0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0], [0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff]]);
  const count = random.of([1, 2, 50, 3000, 20_000]);
  const many = new Uint8Array(count * 8);
  for (let i = 0; i < count; i += 1) many.set(delimiter, i * 8);
  return inserted(bytes, random.below(bytes.length) & ~1, many);
};

/** A stretch of the file many times over. */
const repeatStretch: Mutator = (bytes, random) => {
  const from = random.below(bytes.length) & ~1;
  const stretch = bytes.slice(from, from + 8 + random.below(600));
  const times = random.of([1, 3, 40, 300]);
  const many = new Uint8Array(Math.min(stretch.length * times, largestInput));
  for (let at = 0; at + stretch.length <= many.length; at += stretch.length) many.set(stretch, at);
  return inserted(bytes, from, many);
};

/** Lengths of items and the numbers after them: fragments and offset tables. */
const fragmentTable: Mutator = (bytes, random) => {
  const items = places(bytes, [0xfe, 0xff, 0x00, 0xe0], 2000);
  if (items.length === 0) return lengthBomb(bytes, random, []);
  const at = random.of(items);
  if (random.next() < 0.5) write32(bytes, at + 4, random.of(extremes));
  else write32(bytes, at + 8 + 4 * random.below(8), random.next() < 0.5 ? random.of(extremes) : random.below(bytes.length));
  return bytes;
};

/** The first bytes of a code stream: markers, sizes, tables of JPEG, JPEG-LS, JPEG 2000, JPEG XL, RLE. */
const codeStream: Mutator = (bytes, random) => {
  const starts = [[0xff, 0xd8, 0xff], [0xff, 0x4f, 0xff, 0x51], [0xff, 0x0a], [0x6a, 0x50, 0x20, 0x20]].flatMap((magic) => places(bytes, magic, 8));
  const items = places(bytes, [0xfe, 0xff, 0x00, 0xe0], 200).map((at) => at + 8);
  const all = starts.length > 0 && random.next() < 0.8 ? starts : items;
  if (all.length === 0) return flipBits(bytes, random, []);
  const start = random.of(all);
  for (let changes = 1 + random.below(4); changes > 0; changes -= 1) {
    const at = start + random.below(random.of([16, 64, 300, 4000]));
    if (at >= bytes.length) continue;
    if (random.next() < 0.3) write16(bytes, at, random.of(extremes));
    else bytes[at] = random.next() < 0.5 ? random.below(256) : random.of([0, 1, 0x7f, 0x80, 0xfe, 0xff]);
  }
  return bytes;
};

/** The beginning of this file and the end of another. */
const splice: Mutator = (bytes, random, seeds) => {
  const other = random.of(seeds).bytes;
  return Uint8Array.from(Buffer.concat([bytes.subarray(0, random.below(bytes.length)), other.subarray(random.below(other.length))]).subarray(0, largestInput));
};

/** Headers of zip members and directories: sizes, counts, offsets, names, methods. */
const zipRecord: Mutator = (bytes, random) => {
  const records = [[0x50, 0x4b, 1, 2], [0x50, 0x4b, 3, 4], [0x50, 0x4b, 5, 6]].flatMap((magic) => places(bytes, magic));
  if (records.length === 0) return lengthBomb(bytes, random, []);
  const at = random.of(records) + 4 + 2 * random.below(22);
  if (random.next() < 0.5) write32(bytes, at, random.of(extremes));
  else write16(bytes, at, random.of(extremes));
  return bytes;
};

const blind: readonly Mutator[] = [flipBits, flipBits, truncate, lengthBomb, moveBlock, repeatStretch, splice];
const forDicom: readonly Mutator[] = [...blind, elementLength, elementLength, imageShape, imageShape, deepNesting, loopedItems, fragmentTable, fragmentTable, codeStream, codeStream, codeStream];
const forArchives: readonly Mutator[] = [...blind, zipRecord, zipRecord, zipRecord, zipRecord];

export function mutated(seed: Seed, random: Random, seeds: readonly Seed[]): Uint8Array {
  let bytes = Uint8Array.from(seed.bytes);
  for (let times = random.of([1, 1, 1, 2, 3]); times > 0 && bytes.length > 8; times -= 1) bytes = Uint8Array.from(random.of(seed.kind === 'dicom' ? forDicom : forArchives)(bytes, random, seeds));
  return bytes;
}
