/** Bytes of a file that need not all be in memory. */

export interface ByteSource {
  /** Bytes of the whole file. */
  readonly size: number;
  /** `length` bytes from `at`, fewer only where the file ends before. What was given must stay as it is for as long as the parsed file is used. */
  read(at: number, length: number): Uint8Array;
}

/** A file that is in memory as a whole. */
export function inMemory(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (at, length) => bytes.subarray(at, at + length) };
}
