/** Bytes that are overwritten where they lie: lengths and places stay. */

/** Copies at the first change only; what is blank already is no change. */
export class Blanking {
  #out: Uint8Array | null = null;
  readonly #bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }
  fill(start: number, end: number, value: number): void {
    if (!this.#bytes.subarray(start, end).some((byte) => byte !== value)) return;
    this.#out ??= Uint8Array.from(this.#bytes);
    this.#out.fill(value, start, end);
  }
  set(at: number, text: string): void {
    this.#out ??= Uint8Array.from(this.#bytes);
    for (let i = 0; i < text.length; i += 1) this.#out[at + i] = text.charCodeAt(i);
  }
  get result(): Uint8Array {
    return this.#out ?? this.#bytes;
  }
}
