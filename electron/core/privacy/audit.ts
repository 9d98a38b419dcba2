/**
 * Whether an object is what de-identification by its own method codes leaves: it goes through the profile once more, and whatever the profile would
 * still remove, replace or clean should not have been there. Needs neither key nor original.
 */
import { ScanloomError, type DeidentifyOption } from '#contract';
import { isPrivateTag, keywordOf, type CodecName, type DataElement, type DataSet } from '#dicom';
import type { IdentityWords } from './identity-words.ts';
import { optionCodes } from './options.ts';
import { declarationsOf } from './private-elements.ts';
import { createProject, keyBytes, patientOf } from './project.ts';
import { iodOfClass } from './resolve-action.ts';
import { walkDataSet } from './walk.ts';

export interface AuditFinding {
  /** `ggggeeee`. */
  readonly tag: string;
  readonly keyword: string;
  /** What should have become of it. */
  readonly should: 'be removed' | 'be replaced';
}

/** Any key does: stand-ins are compared by their shape. */
const anyKey = new Uint8Array(keyBytes);
const nobody: IdentityWords = { size: 0, has: () => false, isIdentifier: () => false, isIn: () => false };
/** What this program itself says of an object; the profile would remove what an earlier de-identification said. */
const ownMarks = new Set(['00120063', '00120064', '00080300']);
const longest = 200;

/**
 * @param options By the codes that the object has.
 * @param codec Of the object's transfer syntax, from `codecOf`; without it fragments are not looked into.
 * @returns At most 200 findings, by tag; each tag once.
 */
export function auditDeidentified(dataset: DataSet, options: ReadonlySet<DeidentifyOption>, codec: CodecName | null = null): AuditFinding[] {
  const project = createProject(anyKey);
  const source = withoutOwnEquipment(dataset);
  const walked = (of: CodecName | null): DataSet => walkDataSet(source, {
    project, options, iod: iodOfClass(source.string('SOPClassUID')), patient: patientOf(source), patientName: source.string('PatientName'),
    days: 0, identity: nobody, declarations: declarationsOf(source), codec: of, count: () => undefined,
  }, { path: [], characterSets: [] });
  const findings = new Map<string, AuditFinding>();
  let again: DataSet;
  try {
    again = walked(codec);
  } catch (thrown) {
    if (!(thrown instanceof ScanloomError)) throw thrown;
    // Fragments that are not what the transfer syntax says would have been refused.
    again = walked(null);
    findings.set('7fe00010', { tag: '7fe00010', keyword: 'PixelData', should: 'be replaced' });
  }
  compare(source, again, findings, true);
  return [...findings.values()].sort((a, b) => (a.tag < b.tag ? -1 : 1)).slice(0, longest);
}

function compare(before: DataSet, after: DataSet, findings: Map<string, AuditFinding>, isTop: boolean): void {
  for (const element of before.elements()) {
    const { tag } = element;
    if (tag.endsWith('0000') || (isTop && ownMarks.has(tag)) || tag === '00080005') continue;
    const now = after.get(tag);
    const add = (should: AuditFinding['should']): void => void findings.set(tag, { tag, keyword: isPrivateTag(tag) ? 'private' : keywordOf(tag), should });
    if (now === undefined) add('be removed');
    else if (element.vr === 'SQ' && now.vr === 'SQ') {
      const [items, left] = [before.sequence(tag), after.sequence(tag)];
      if (items.length !== left.length) add('be replaced');
      else items.forEach((item, at) => compare(item, left[at]!, findings, false));
    } else if (!sameByShape(element, now, before, after)) add('be replaced');
  }
}

/** Equal, or both stand-ins of one kind. */
function sameByShape(a: DataElement, b: DataElement, before: DataSet, after: DataSet): boolean {
  if (a.value instanceof Uint8Array && b.value instanceof Uint8Array) {
    if (Buffer.compare(trimmed(a.value), trimmed(b.value)) === 0) return true;
    if (a.value.length > 2 ** 16) return false;
    const [left, right] = [before.strings(a.tag), after.strings(b.tag)];
    return left.length === right.length && left.every((text, at) => shape(text) === shape(right[at]!));
  }
  if (a.value instanceof Uint8Array || b.value instanceof Uint8Array || !('kind' in a.value) || !('kind' in b.value)) return false;
  const [left, right] = [a.value.fragments, b.value.fragments];
  return a.value.offsetTable.length === b.value.offsetTable.length && left.length === right.length && left.every((fragment, at) => Buffer.compare(fragment, right[at]!) === 0);
}

function trimmed(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x20 || bytes[end - 1] === 0)) end -= 1;
  return bytes.subarray(0, end);
}

/** A stand-in without what a key makes of it. */
function shape(text: string): string {
  const plain = text.trim();
  if (/^2\.25\.\d{1,39}$/.test(plain)) return '2.25.';
  const stand = /^(P|S|A|AE|ID|Patient\^|Nobody\^)([A-HJ-NP-Z2-9]{8,11})$/.exec(plain);
  return stand === null ? plain : `${stand[1]} ${stand[2]!.length}`;
}

/** The item that says who de-identified is this program's own, and no person's. */
function withoutOwnEquipment(dataset: DataSet): DataSet {
  const items = dataset.sequence('ContributingEquipmentSequence');
  const others = items.filter((item) => !(item.string('Manufacturer') === 'Scanloom' && item.sequence('PurposeOfReferenceCodeSequence').some((code) => code.string('CodeValue') === '109104')));
  if (others.length === items.length) return dataset;
  const source = dataset.clone();
  if (others.length === 0) source.delete('ContributingEquipmentSequence');
  else source.setSequence('ContributingEquipmentSequence', others);
  return source;
}

/** What marks and values of an object say against each other and against the profile (PS3.15 E.1.1, E.2, E.3.1, E.3.2). */
export function marksAgree(dataset: DataSet, codes: readonly string[]): string[] {
  const wrong: string[] = [];
  const hasPixels = ['PixelData', 'FloatPixelData', 'DoubleFloatPixelData'].some((key) => dataset.has(key));
  if (!codes.includes('113100')) wrong.push('The object does not name the Basic Application Confidentiality Profile (113100) among its methods.');
  const dates = dataset.string('LongitudinalTemporalInformationModified');
  const [full, modified] = [codes.includes(optionCodes['retain-full-dates'].value), codes.includes(optionCodes['retain-modified-dates'].value)];
  if (!['UNMODIFIED', 'MODIFIED', 'REMOVED'].includes(dates)) wrong.push('The object does not say what was done to its dates (0028,0303).');
  else if ((!full && !modified && dates !== 'REMOVED') || (modified && dates === 'UNMODIFIED')) wrong.push('What the object says of its dates (0028,0303) is not what its method codes say.');
  if (hasPixels && codes.includes('113101') && dataset.string('BurnedInAnnotation') !== 'NO') wrong.push('The object says that its pixels were cleaned (113101), and not that no writing is left in them (0028,0301).');
  if (hasPixels && codes.includes('113102') && dataset.string('RecognizableVisualFeatures') !== 'NO') wrong.push('The object says that recognizable features were cleaned (113102), and not that none are left (0028,0302).');
  return wrong;
}
