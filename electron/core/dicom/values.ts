/** Numbers in elements: binary VRs (little endian) and decimal strings. PS3.5 section 6.2. */
import { ScanloomError } from '#contract/errors';

interface NumberVr {
  readonly size: number;
  read(view: DataView, offset: number): number;
  write(view: DataView, offset: number, value: number): void;
}

const numberVrs: ReadonlyMap<string, NumberVr> = new Map(Object.entries<NumberVr>({
  US: { size: 2, read: (v, o) => v.getUint16(o, true), write: (v, o, n) => v.setUint16(o, n, true) },
  OW: { size: 2, read: (v, o) => v.getUint16(o, true), write: (v, o, n) => v.setUint16(o, n, true) },
  SS: { size: 2, read: (v, o) => v.getInt16(o, true), write: (v, o, n) => v.setInt16(o, n, true) },
  UL: { size: 4, read: (v, o) => v.getUint32(o, true), write: (v, o, n) => v.setUint32(o, n, true) },
  OL: { size: 4, read: (v, o) => v.getUint32(o, true), write: (v, o, n) => v.setUint32(o, n, true) },
  SL: { size: 4, read: (v, o) => v.getInt32(o, true), write: (v, o, n) => v.setInt32(o, n, true) },
  FL: { size: 4, read: (v, o) => v.getFloat32(o, true), write: (v, o, n) => v.setFloat32(o, n, true) },
  OF: { size: 4, read: (v, o) => v.getFloat32(o, true), write: (v, o, n) => v.setFloat32(o, n, true) },
  FD: { size: 8, read: (v, o) => v.getFloat64(o, true), write: (v, o, n) => v.setFloat64(o, n, true) },
  OD: { size: 8, read: (v, o) => v.getFloat64(o, true), write: (v, o, n) => v.setFloat64(o, n, true) },
  UV: { size: 8, read: (v, o) => Number(v.getBigUint64(o, true)), write: (v, o, n) => v.setBigUint64(o, BigInt(n), true) },
  OV: { size: 8, read: (v, o) => Number(v.getBigUint64(o, true)), write: (v, o, n) => v.setBigUint64(o, BigInt(n), true) },
  SV: { size: 8, read: (v, o) => Number(v.getBigInt64(o, true)), write: (v, o, n) => v.setBigInt64(o, BigInt(n), true) },
  OB: { size: 1, read: (v, o) => v.getUint8(o), write: (v, o, n) => v.setUint8(o, n) },
}));

export function isBinaryNumberVr(vr: string): boolean {
  return numberVrs.has(vr);
}

/** Bytes of one value of a VR that has a byte order; 1 for all others. AT is two 16-bit numbers. */
export function swapUnit(vr: string): number {
  return vr === 'AT' ? 2 : (numberVrs.get(vr)?.size ?? 1);
}

export function decodeNumbers(vr: string, bytes: Uint8Array): number[] {
  const kind = numberVrs.get(vr)!;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values: number[] = [];
  for (let offset = 0; offset + kind.size <= bytes.byteLength; offset += kind.size) values.push(kind.read(view, offset));
  return values;
}

export function encodeNumbers(vr: string, values: readonly number[]): Uint8Array {
  const kind = numberVrs.get(vr)!;
  const bytes = new Uint8Array(values.length * kind.size);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => kind.write(view, index * kind.size, value));
  return bytes;
}

/**
 * A decimal string of at most 16 characters, as exact as that allows (PS3.5 6.2, DS).
 *
 * @throws {ScanloomError} `dicom/invalid` for what is not finite.
 */
export function formatDecimalString(value: number): string {
  if (!Number.isFinite(value)) throw new ScanloomError('dicom/invalid', 'A decimal string must be a finite number.');
  if (Object.is(value, -0)) return '0';
  const shortest = String(value);
  if (shortest.length <= 16) return shortest;
  for (let digits = 16; digits > 0; digits -= 1) {
    const text = String(Number(value.toPrecision(digits)));
    if (text.length <= 16) return text;
  }
  return value.toExponential(8);
}
