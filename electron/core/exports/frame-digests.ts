/** Whether the values in a file are those that the ledger names: for formats that hold float32, where not a bit may differ. */
import { createHash } from 'node:crypto';
import type { ExportFile } from '#contract';
import type { findingsFor } from './findings.ts';

export interface FrameDigester {
  /** The next bytes of the values, in pieces of any size. */
  update(bytes: Uint8Array): void;
  /** SHA-256 of every whole frame so far. */
  readonly digests: readonly string[];
}

/** @param frameBytes Of one frame: 4 · rows · columns. */
export function digestFrames(frameBytes: number): FrameDigester {
  const digests: string[] = [];
  let hash = createHash('sha256');
  let missing = frameBytes;
  return {
    digests,
    update(bytes) {
      let rest = bytes;
      while (rest.length > 0 && frameBytes > 0) {
        const part = rest.subarray(0, missing);
        hash.update(part);
        missing -= part.length;
        rest = rest.subarray(part.length);
        if (missing > 0) continue;
        digests.push(hash.digest('hex'));
        hash = createHash('sha256');
        missing = frameBytes;
      }
    },
  };
}

/**
 * Finds frames whose values are not those of the ledger: changed ones, and those that stand in another's place.
 *
 * @param found Digests of the frames in the file, in its order.
 * @param ledger Of all frames of the item; a file with `frame` null holds all of them.
 */
export function compareWithLedger(findings: ReturnType<typeof findingsFor>, file: ExportFile, found: readonly string[], ledger: readonly string[]): void {
  const expected = file.frame === null ? ledger : ledger.slice(file.frame, file.frame + 1);
  if (found.length !== expected.length) return findings.error('pixels-differ', `The file holds ${found.length} images where the ledger names ${expected.length}.`);
  const wrong = expected.flatMap((digest, n) => (found[n] === digest ? [] : [(file.frame ?? n) + 1]));
  if (wrong.length > 0) findings.error('pixels-differ', `The values of image ${wrong.slice(0, 5).join(', ')}${wrong.length > 5 ? ` and ${wrong.length - 5} more` : ''} are not those that the ledger names.`);
}
