/** What an archive may cost, counted while it is unpacked: an archive bomb ends here, whatever its headers say. */
import { limits } from '#base';
import { ScanloomError } from '#contract';

export class UnpackBudget {
  readonly #packedBytes: number;
  #bytes = 0;
  #entries = 0;

  /** @param packedBytes Size of the outermost file; archives within it share its budget. */
  constructor(packedBytes: number) {
    this.#packedBytes = packedBytes;
  }

  /** @throws ScanloomError `dicom/too-large` when the archive unpacks to more than is allowed */
  countBytes(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > limits.archiveBytes) throw tooLarge(`The archive holds more than ${limits.archiveBytes / 2 ** 30} GB.`);
    if (this.#bytes > limits.archiveFreeBytes && this.#bytes > this.#packedBytes * limits.archiveRatio) {
      throw tooLarge(`The archive unpacks to more than ${limits.archiveRatio} times its size, as images never do.`);
    }
  }

  /** @throws ScanloomError `dicom/too-large` */
  countEntry(): void {
    this.#entries += 1;
    if (this.#entries > limits.archiveEntries) throw tooLarge(`The archive holds more than ${limits.archiveEntries} files.`);
  }
}

function tooLarge(message: string): ScanloomError {
  return new ScanloomError('dicom/too-large', message, { hint: 'Reading it was stopped. If you trust it, unpack it with another program and open the folder.' });
}
