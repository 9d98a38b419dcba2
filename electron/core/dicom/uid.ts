/** Unique identifiers: PS3.5 section 9 and B.2. */
import { ScanloomError } from '#contract/errors';

/**
 * A UID made of 128 random bits: `2.25.` and the UUID as a decimal number (PS3.5 B.2).
 *
 * @param random16 16 random bytes; the version and variant bits of a version 4 UUID are set here.
 */
export function newUid(random16: Uint8Array): string {
  if (random16.length !== 16) throw new ScanloomError('internal', 'A new UID needs 16 random bytes.');
  const bytes = Uint8Array.from(random16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  let number = 0n;
  for (const byte of bytes) number = (number << 8n) | BigInt(byte);
  return `2.25.${number}`;
}

/** At most 64 characters, components of digits without leading zeros, separated by dots (PS3.5 9.1). */
export function isValidUid(uid: string): boolean {
  return uid.length <= 64 && /^[0-2](\.(0|[1-9][0-9]*))+$/.test(uid);
}
