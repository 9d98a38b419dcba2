import { expect, test } from 'vitest';
import { isValidUid, newUid } from './uid.ts';

test('a new UID is 2.25 and the UUID as a decimal number', () => {
  // 00000000-0000-4000-8000-000000000000 and ffffffff-ffff-4fff-bfff-ffffffffffff.
  expect(newUid(new Uint8Array(16))).toBe(`2.25.${0x4000_8000_0000_0000_0000n}`);
  expect(newUid(new Uint8Array(16).fill(255))).toBe(`2.25.${0xffffffff_ffff_4fff_bfff_ffffffffffffn}`);
  expect(isValidUid(newUid(new Uint8Array(16).fill(255)))).toBe(true);
});

test('other than 16 random bytes are refused', () => expect(() => newUid(new Uint8Array(15))).toThrow());

test.each(['1.2.840.10008.1.2', '2.25.0', '0.0'])('%s is valid', (uid) => expect(isValidUid(uid)).toBe(true));
test.each(['', '1', '1.2.', '1..2', '1.02', '3.1', '1.2.a', `1.${'2'.repeat(63)}`, '1.2 '])('“%s” is not', (uid) => expect(isValidUid(uid)).toBe(false));
