/** Data sets → files: PS3.10 section 7.1, PS3.5 section 7 and A.4. Explicit VR little endian, deflated, or encapsulated as the pixel data already is. */
import { deflateRawSync } from 'node:zlib';
import { ScanloomError } from '#contract/errors';
import { DataSet } from './data-set.ts';
import type { DataElement, EncapsulatedPixels } from './types.ts';
import { isValidUid } from './uid.ts';

export interface WriteOptions {
  readonly dataset: DataSet;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** Explicit VR Little Endian, its deflated form, or the encapsulated syntax that the pixel data is in. */
  readonly transferSyntaxUid: string;
}

/** Made once for this program (PS3.7 D.3.3.2); it does not change from version to version. */
export const implementationClassUid = '2.25.97542965496205718241541924179758028786';
export const implementationVersionName = 'SCANLOOM_0.1';

const undefinedLength = 0xffffffff;
const longLengthVrs = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);

/**
 * Writes a file: preamble of zeros, meta group of this program, data set with elements in ascending order.
 *
 * Bytes of elements are written as they are. Group lengths (gggg,0000) are left out: they are retired and would be wrong (PS3.5 7.2).
 *
 * @throws {ScanloomError} `export/invalid` for an invalid UID or a transfer syntax that the pixels are not in.
 */
export function writeDicom(file: WriteOptions): Uint8Array {
  for (const uid of [file.sopClassUid, file.sopInstanceUid, file.transferSyntaxUid]) {
    if (!isValidUid(uid)) throw new ScanloomError('export/invalid', 'A file cannot be written with an invalid UID.', { details: { uid } });
  }
  const isEncapsulated = file.dataset.encapsulated('PixelData') !== null;
  const isNativeSyntax = ['1.2.840.10008.1.2.1', '1.2.840.10008.1.2.1.99'].includes(file.transferSyntaxUid);
  if (file.transferSyntaxUid === '1.2.840.10008.1.2' || file.transferSyntaxUid === '1.2.840.10008.1.2.2') {
    throw new ScanloomError('export/invalid', 'Files are written in explicit little endian only.', { details: { transferSyntaxUid: file.transferSyntaxUid } });
  }
  if (file.dataset.has('PixelData') && isEncapsulated === isNativeSyntax) {
    throw new ScanloomError('export/invalid', 'The pixels are not in the transfer syntax that the file is to have.', { details: { transferSyntaxUid: file.transferSyntaxUid } });
  }
  const meta = new DataSet()
    .set({ tag: '00020001', vr: 'OB', value: Uint8Array.of(0, 1) })
    .setString('MediaStorageSOPClassUID', file.sopClassUid)
    .setString('MediaStorageSOPInstanceUID', file.sopInstanceUid)
    .setString('TransferSyntaxUID', file.transferSyntaxUid)
    .setString('ImplementationClassUID', implementationClassUid)
    .setString('ImplementationVersionName', implementationVersionName);
  const metaBytes = joined(encodeDataSet(meta));
  const groupLength = joined(encodeDataSet(new DataSet().setNumber('00020000', metaBytes.length, 'UL'), true));
  const body = joined(encodeDataSet(file.dataset));
  const payload = file.transferSyntaxUid === '1.2.840.10008.1.2.1.99' ? even(deflateRawSync(body)) : body;
  const prefix = new Uint8Array(132);
  prefix.set([0x44, 0x49, 0x43, 0x4d], 128);
  return joined([prefix, groupLength, metaBytes, payload]);
}

/** Bytes that a data set takes as an item of a sequence, its tag and length included. */
export function encodedItemBytes(dataset: DataSet): number {
  return 8 + encodeDataSet(dataset).reduce((sum, part) => sum + part.length, 0);
}

function even(bytes: Uint8Array): Uint8Array {
  return bytes.length % 2 === 0 ? bytes : joined([bytes, new Uint8Array(1)]);
}

/** One buffer of its own from parts. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function encodeDataSet(dataset: DataSet, withGroupLengths = false): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (const element of dataset.elements()) {
    if (element.tag.endsWith('0000') && !withGroupLengths) continue;
    parts.push(...encodeElement(element));
  }
  return parts;
}

function encodeElement(element: DataElement): Uint8Array[] {
  const { tag, vr, value } = element;
  if (value instanceof Uint8Array) {
    const bytes = even(value);
    // A value too long for its VR's 16-bit length is written as UN (PS3.5 6.2.2 note 4).
    const writtenVr = !longLengthVrs.has(vr) && bytes.length > 0xfffe ? 'UN' : vr;
    return [head(tag, writtenVr, bytes.length), bytes];
  }
  if ('kind' in value) return encapsulated(tag, value);
  const items = value.flatMap((item) => {
    const parts = encodeDataSet(item);
    return [itemHead('fffee000', parts.reduce((sum, part) => sum + part.length, 0)), ...parts];
  });
  return [head(tag, 'SQ', items.reduce((sum, part) => sum + part.length, 0)), ...items];
}

function encapsulated(tag: string, pixels: EncapsulatedPixels): Uint8Array[] {
  const parts = [head(tag, 'OB', undefinedLength), itemHead('fffee000', pixels.offsetTable.length), pixels.offsetTable];
  for (const fragment of pixels.fragments) {
    const bytes = even(fragment);
    parts.push(itemHead('fffee000', bytes.length), bytes);
  }
  parts.push(itemHead('fffee0dd', 0));
  return parts;
}

function setTag(view: DataView, tag: string): void {
  view.setUint16(0, Number.parseInt(tag.slice(0, 4), 16), true);
  view.setUint16(2, Number.parseInt(tag.slice(4), 16), true);
}

function head(tag: string, vr: string, length: number): Uint8Array {
  const isLong = longLengthVrs.has(vr) || !/^(AE|AS|AT|CS|DA|DS|DT|FL|FD|IS|LO|LT|PN|SH|SL|SS|ST|TM|UI|UL|US)$/.test(vr);
  const bytes = new Uint8Array(isLong ? 12 : 8);
  const view = new DataView(bytes.buffer);
  setTag(view, tag);
  bytes[4] = vr.charCodeAt(0);
  bytes[5] = vr.charCodeAt(1);
  if (isLong) view.setUint32(8, length, true);
  else view.setUint16(6, length, true);
  return bytes;
}

function itemHead(tag: string, length: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  setTag(view, tag);
  view.setUint32(4, length, true);
  return bytes;
}
