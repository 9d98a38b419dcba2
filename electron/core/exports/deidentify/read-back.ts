/** What lies on the disk, compared with what was meant, and looked through for what must not be there. */
import { ScanloomError } from '#contract';
import { parseDicom, type DataElement, type DataSet, type DicomFile } from '#dicom';
import { namesSomebody, type DeidentifiedObject } from '#privacy';

/**
 * Looks through an object before it is written.
 *
 * @throws {ScanloomError} `export/invalid` when a word of the identity or an original UID is left in it: it is not passed on.
 */
export function refuseResidue(made: DeidentifiedObject, original: DicomFile, retainsUids: boolean): void {
  const originals = retainsUids ? new Set<string>() : new Set(['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID', 'FrameOfReferenceUID'].flatMap((key) => original.dataset.strings(key)).filter((uid) => uid !== '' && !uid.startsWith('1.2.840.10008.')));
  const residue = residueIn(made.dataset, made, originals);
  if (residue !== null) throw new ScanloomError('export/invalid', `A word of the person’s identity would be left in the attribute (${residue.slice(0, 4)},${residue.slice(4)}).`, { details: { tag: residue } });
}

/** @throws {ScanloomError} `export/verification-failed` when the bytes are not the object that was meant, or carry more than it. */
export function readBack(bytes: Uint8Array, meant: DeidentifiedObject): void {
  const found = parseDicom(bytes);
  const isWhole = bytes.subarray(0, 128).every((byte) => byte === 0) && found.meta.string('MediaStorageSOPInstanceUID') === meant.sopInstanceUid && sameDataSet(found.dataset, meant.dataset);
  if (!isWhole) throw new ScanloomError('export/verification-failed', 'An object that was read back is not what was written.', { hint: 'Nothing was published. Check the disk and try again.' });
}

/** Equal elements in both; padding counts, since bytes were meant. */
function sameDataSet(a: DataSet, b: DataSet): boolean {
  const [left, right] = [withoutLengths(a), withoutLengths(b)];
  return left.length === right.length && left.every((element, at) => sameElement(element, right[at]!));
}

function withoutLengths(dataset: DataSet): DataElement[] {
  return [...dataset.elements()].filter(({ tag }) => !tag.endsWith('0000'));
}

function sameElement(a: DataElement, b: DataElement): boolean {
  if (a.tag !== b.tag) return false;
  if (a.value instanceof Uint8Array) return b.value instanceof Uint8Array && sameBytes(a.value, b.value);
  if ('kind' in a.value) {
    if (b.value instanceof Uint8Array || !('kind' in b.value)) return false;
    const [left, right] = [a.value, b.value];
    return sameBytes(left.offsetTable, right.offsetTable) && left.fragments.length === right.fragments.length && left.fragments.every((fragment, at) => sameBytes(fragment, right.fragments[at]!));
  }
  if (b.value instanceof Uint8Array || 'kind' in b.value) return false;
  const items = b.value;
  return a.value.length === items.length && a.value.every((item, at) => sameDataSet(item, items[at]!));
}

/** A writer adds a byte where the length was odd. */
function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  const length = Math.min(a.length, b.length);
  if (Math.abs(a.length - b.length) > 1 || Math.max(a.length, b.length) > length + (length % 2)) return false;
  return Buffer.compare(a.subarray(0, length), b.subarray(0, length)) === 0;
}

const textVrs = new Set(['AE', 'CS', 'LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UR', 'UT']);
/** What this program wrote itself; a person may have any name. */
const own = new Set(['00120063', '00120064', '0018a001']);
/** Pieces of codes, where figures are code values. */
const codes = new Set(['00080100', '00080102', '00080103', '00080119', '00080120']);

/** The tag of an element that still has a word of the identity or an original UID; null when none has. */
function residueIn(dataset: DataSet, meant: DeidentifiedObject, originals: ReadonlySet<string>): string | null {
  for (const { tag, vr } of dataset.elements()) {
    if (vr === 'SQ' && !own.has(tag)) {
      for (const item of dataset.sequence(tag)) {
        const inside = residueIn(item, meant, originals);
        if (inside !== null) return inside;
      }
    } else if (vr === 'UI') {
      if (dataset.strings(tag).some((uid) => originals.has(uid))) return tag;
    } else if (textVrs.has(vr) && !own.has(tag) && !codes.has(tag) && dataset.strings(tag).some((text) => namesSomebody(text, meant.identity))) return tag;
  }
  return null;
}
