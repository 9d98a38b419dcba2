/** Pixel data that was left out when a header was read: enough is kept to say whether the promised frames can be there. */
import type { DataSet } from './data-set.ts';

export interface SkippedPixels {
  /** 7fe00010, 7fe00008 or 7fe00009. */
  readonly tag: string;
  /** Bytes of a native value; null when it is encapsulated. */
  readonly bytes: number | null;
  /** Of encapsulated pixel data: its offset table, and its fragments with their lengths, of which only the first bytes are there. */
  readonly offsetTable: Uint8Array;
  readonly fragments: readonly ArrayLike<number>[];
}

/** First bytes of a fragment that are kept: code streams are told by them (frames.ts). */
export const keptOfFragment = 8;

/** A fragment without its bytes but the first. */
export function fragmentHead(length: number, beginning: Uint8Array): ArrayLike<number> {
  return { ...Array.from(beginning.subarray(0, Math.min(length, keptOfFragment))), length };
}

/** Where pixels are looked for: read, or left out. */
export interface PixelHolder {
  readonly dataset: DataSet;
  readonly skippedPixels?: readonly SkippedPixels[];
}

export function hasPixelElement({ dataset, skippedPixels = [] }: PixelHolder, key: 'PixelData' | 'FloatPixelData' | 'DoubleFloatPixelData'): boolean {
  return dataset.has(key) || skippedOf(skippedPixels, key) !== undefined;
}

const tags = { PixelData: '7fe00010', FloatPixelData: '7fe00008', DoubleFloatPixelData: '7fe00009' } as const;

export function skippedOf(skipped: readonly SkippedPixels[] | undefined, key: keyof typeof tags): SkippedPixels | undefined {
  return skipped?.find(({ tag }) => tag === tags[key]);
}
