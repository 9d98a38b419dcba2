/** One member's bytes, gathered as they come and never more than is allowed. */
import { limits } from '#base';
import { ScanloomError } from '#contract';

export class MemberCollector {
  readonly #name: string;
  #chunks: Uint8Array[] = [];
  #size = 0;

  constructor(name: string) {
    this.#name = name;
  }

  push(chunk: Uint8Array): void {
    this.#size += chunk.byteLength;
    if (!this.tooLarge) this.#chunks.push(chunk);
    // Its start is kept: it tells whether anybody misses the rest.
    else if (this.#chunks.length > 1) this.#chunks = this.#chunks.slice(0, 1);
  }

  get tooLarge(): boolean {
    return this.#size > limits.archiveMemberBytes;
  }

  /**
   * The whole member in a buffer of its own; null for one that is too large and nobody's image.
   *
   * @throws ScanloomError `dicom/too-large`
   */
  finish(): Uint8Array<ArrayBuffer> | null {
    if (this.tooLarge) {
      const head = this.#chunks[0] ?? new Uint8Array();
      const isImage = String.fromCharCode(...head.subarray(128, 132)) === 'DICM' || /\.(dcm|dicom|dic|ima|nii|nii\.gz)$/i.test(this.#name);
      if (!isImage) return null;
      throw new ScanloomError('dicom/too-large', `This file is larger than the ${limits.archiveMemberBytes / 2 ** 20} MB that are read from within an archive.`, { hint: 'Unpack the archive with another program and open the folder.' });
    }
    const bytes = new Uint8Array(this.#size);
    let at = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at);
      at += chunk.byteLength;
    }
    return bytes;
  }
}
