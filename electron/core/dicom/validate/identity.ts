/** Who the object is, and whether its elements are well formed (PS3.5 7, 9; PS3.10 7.1). */
import type { DataSet } from '../data-set.ts';
import { isPrivateTag, keywordOf } from '../dictionary.ts';
import { transferSyntaxes } from '../transfer-syntaxes.ts';
import type { DicomFile } from '../types.ts';
import { isValidUid } from '../uid.ts';
import type { Report } from './report.ts';

/** SOP class, instance and series: what the maker of the object chose. The others were given by whoever made the study or the sources. */
const ownUids = new Set(['00080016', '00080018', '0020000e']);

export function checkIdentity({ meta, dataset, transferSyntaxUid }: DicomFile, report: Report): void {
  for (const key of ['SOPClassUID', 'SOPInstanceUID', 'StudyInstanceUID', 'SeriesInstanceUID']) {
    if (!dataset.hasValue(key)) report('error', 'identity-missing', dataset.get(key)?.tag ?? '', `${key} is missing.`);
  }
  if (meta.size > 0) {
    if (meta.string('MediaStorageSOPClassUID') !== dataset.string('SOPClassUID')) report('error', 'meta-differs', '00020002', 'The SOP class in the file meta group is another than in the data set.');
    if (meta.string('MediaStorageSOPInstanceUID') !== dataset.string('SOPInstanceUID')) report('error', 'meta-differs', '00020003', 'The SOP instance in the file meta group is another than in the data set.');
  }
  if (transferSyntaxes[transferSyntaxUid] === undefined) report('warning', 'transfer-syntax-unknown', '00020010', `The transfer syntax ${transferSyntaxUid} is not known.`);
}

/** Every element at every depth: UIDs (PS3.5 9.1), even lengths (7.1.1), owners of private blocks (7.8.1). */
export function checkElements(dataset: DataSet, report: Report, isTop = true): void {
  for (const element of dataset.elements()) {
    const { tag, vr, value } = element;
    const name = keywordOf(tag) || `(${tag.slice(0, 4)},${tag.slice(4)})`;
    if (isPrivateTag(tag) && Number.parseInt(tag.slice(4), 16) >= 0x1000 && !dataset.hasValue(`${tag.slice(0, 4)}00${tag.slice(4, 6)}`)) {
      report('error', 'private-without-owner', tag, `The private element ${name} has no private creator.`);
    }
    if (value instanceof Uint8Array) {
      if (value.length % 2 === 1) report('error', 'odd-length', tag, `${name} has an odd length.`);
      if (vr === 'UI') for (const uid of dataset.strings(tag)) if (uid !== '' && !isValidUid(uid)) report(isTop && ownUids.has(tag) ? 'error' : 'warning', 'uid-invalid', tag, `${name} is no valid UID.`);
    } else if (!('kind' in value)) for (const item of value) checkElements(item, report, false);
  }
}
