/** Randomness for identifiers only. Images get theirs from the seeded generator of the engine. */
import { randomBytes, randomUUID } from 'node:crypto';

/** Lower-case version 4 UUID. */
export function randomUuid(): string {
  return randomUUID();
}

/** Sixteen random bytes: a DICOM UID of the 2.25 form is made of them. */
export function random16(): Uint8Array {
  return new Uint8Array(randomBytes(16));
}
