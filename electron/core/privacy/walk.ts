/** One data set and all below it under the profile: each element's action is found and done. */
import { DataSet, isPrivateTag, keywordOf, tagOf, vrOf, type DataElement } from '#dicom';
import { isPlausibleVr, otherRule } from './beyond-the-table.ts';
import { shiftDate, shiftDateTime } from './dates.ts';
import { setDummy } from './dummy-values.ts';
import { cleanGraphicAnnotations, keptOverlayGroups } from './graphics.ts';
import { keptValue, longestTextBytes, setText } from './kept-values.ts';
import { withoutPassengers } from './pixel-bytes.ts';
import { blockOf, keptPrivateVr } from './private-elements.ts';
import { profileRow, profileRows, type ProfileRow } from './profile.ts';
import { actionOf, basicAction, needOf, type Action } from './resolve-action.ts';
import type { Place, Rules } from './rules.ts';
import { safeWordsOf } from './safe-words.ts';
import { cleanContent } from './structured-content.ts';

const temporalVrs = new Set(['DA', 'DT', 'TM']);
const textVrs = new Set(['LO', 'SH', 'ST', 'LT', 'UT', 'UC', 'CS']);
const [verifyingObserver, verificationDateTime] = [tagOf('VerifyingObserverSequence'), tagOf('VerificationDateTime')];
const publicDates = new Set(['ContextGroupVersion', 'ContextGroupLocalVersion'].map(tagOf));
/** Graphic Annotation Sequence, and the sequences whose items are content items. */
const graphicAnnotations = tagOf('GraphicAnnotationSequence');
const contentSequences = new Set(['ContentSequence', 'AcquisitionContextSequence', 'WaveformAnnotationSequence', 'SpecimenPreparationStepContentItemSequence', 'ProtocolContextSequence', 'ContentItemModifierSequence'].map(tagOf));

export function walkDataSet(source: DataSet, rules: Rules, place: Place): DataSet {
  const out = new DataSet([], place.characterSets);
  // What says how text is encoded must be there before text is set.
  const characterSet = source.get('00080005');
  if (characterSet !== undefined) out.set(characterSet);
  const overlays = keptOverlayGroups(source, rules.options);
  for (const element of source.elements()) {
    const { tag } = element;
    // Group lengths would be wrong (PS3.5 7.2); the character set is there.
    if (tag.endsWith('0000') || tag === '00080005') continue;
    if (isPrivateTag(tag)) privateElement(element, source, out, rules, place);
    // Commands, file meta and directories are no part of an object (PS3.10 7). Curves are retired, and nobody can clean them.
    else if (tag < '00080000' || tag.startsWith('50') || (tag.startsWith('60') && !overlays.has(tag.slice(0, 4)))) rules.count(tag, 'removed');
    else standardElement(element, source, out, rules, place);
  }
  return out;
}

function standardElement(element: DataElement, source: DataSet, out: DataSet, rules: Rules, place: Place): void {
  const { tag } = element;
  const need = (): ReturnType<typeof needOf> => needOf(rules.iod, [...place.path, tag]);
  const isPlausible = element.vr !== 'UN' && isPlausibleVr(tag, element.vr);
  let row = profileRow(tag);
  if (row === undefined) {
    const rule = otherRule(tag, isPlausible ? element.vr : 'UN');
    if (rule.kind === 'keep') return keep(element, source, out, rules, place);
    if (rule.kind === 'clean') return clean(element, { basic: 'X/Z/D', options: {} }, source, out, rules, place);
    row = rule.row;
  }
  // Bytes that are not what the attribute should hold are nothing an option could keep or clean.
  const action = isPlausible ? actionOf(row, rules.options, need) : basicAction(row.basic, need());
  if (action === 'C') clean(element, row, source, out, rules, place);
  else if (action === 'K') keep(element, source, out, rules, place);
  else replace(action, element, source, out, rules, place);
}

/** X, Z, D and U. */
function replace(action: Exclude<Action, 'K' | 'C'>, element: DataElement, source: DataSet, out: DataSet, rules: Rules, place: Place): void {
  const { tag, vr } = element;
  if (action === 'X') return rules.count(tag, 'removed');
  if (action === 'U' && vr === 'SQ') return keep(element, source, out, rules, place);
  const stand = standIn(tag, source, rules, place);
  if (action === 'U' && vr === 'UI') out.setString(tag, source.strings(tag).map((uid) => (uid === '' ? '' : rules.project.uid(uid))), 'UI');
  else if (stand !== null) out.setString(tag, stand);
  else if (action === 'Z') out.setEmpty(tag, vrOf(tag) === 'UN' ? vr : vrOf(tag));
  else {
    setDummy(out, element, source, rules.project);
    if (tag === verifyingObserver) keepVerificationDate(source, out, rules, place);
  }
  countChange(element, out, rules, 'replaced');
}

/** Nobody stands where somebody verified; when that was has a row of its own in the table (retain full or modified dates). */
function keepVerificationDate(source: DataSet, out: DataSet, rules: Rules, place: Place): void {
  const when = source.sequence(verifyingObserver)[0]?.get(verificationDateTime);
  const dummy = out.sequence(verifyingObserver)[0];
  if (when === undefined || dummy === undefined) return;
  const after = walkDataSet(new DataSet([when], source.characterSets), rules, { ...place, path: [...place.path, verifyingObserver] }).get(verificationDateTime);
  if (after !== undefined) out.setSequence(verifyingObserver, [dummy.clone().set(after)]);
}

/** A value that is what it was is counted as kept, whatever was tried: an empty one that became empty, text of which every word is known. */
function countChange(element: DataElement, out: DataSet, rules: Rules, outcome: 'replaced' | 'cleaned'): void {
  const now = out.get(element.tag);
  rules.count(element.tag, now !== undefined && isSameValue(element, now) ? 'kept' : outcome);
}

function isSameValue(a: DataElement, b: DataElement): boolean {
  if (a.value === b.value) return true;
  if (a.value instanceof Uint8Array && b.value instanceof Uint8Array) return Buffer.compare(withoutPadding(a.value), withoutPadding(b.value)) === 0;
  return Array.isArray(a.value) && Array.isArray(b.value) && a.value.length === 0 && b.value.length === 0;
}

function withoutPadding(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x20 || bytes[end - 1] === 0)) end -= 1;
  return bytes.subarray(0, end);
}

/** Pseudonyms of patients, studies and orders: the table allows an empty value for them, but then nothing would belong together any more. */
function standIn(tag: string, source: DataSet, rules: Rules, place: Place): string | null {
  const { project, patient } = rules;
  const value = source.string(tag);
  switch (keywordOf(tag)) {
    case 'PatientID':
      return `P${project.pseudonym('patient id', place.path.length === 0 || value === '' ? patient : `id ${value}`, 10)}`;
    case 'PatientName':
      return `Patient^${project.pseudonym('patient name', place.path.length === 0 || value === '' || value === rules.patientName ? patient : `name ${value}`, 8)}`;
    case 'StudyID':
      return value === '' ? '' : `S${project.pseudonym('study id', `${patient} ${value}`, 9)}`;
    case 'AccessionNumber':
      return value === '' ? '' : `A${project.pseudonym('accession number', value, 11)}`;
    default:
      return null;
  }
}

/** C: what is known to identify nobody is left. When nothing is, the Basic Profile's action is done. */
function clean(element: DataElement, row: ProfileRow, source: DataSet, out: DataSet, rules: Rules, place: Place): void {
  const { tag, vr } = element;
  const otherwise = (): void => replace(basicAction(row.basic, needOf(rules.iod, [...place.path, tag])), element, source, out, rules, place);
  if (vr === 'SQ') {
    const items = itemsOf(source, tag, rules, place);
    const cleaned = tag === graphicAnnotations ? cleanGraphicAnnotations(items) : items;
    out.setSequence(tag, cleaned);
    // What became of the items is counted with them.
    return rules.count(tag, tag === graphicAnnotations || cleaned.length !== source.sequence(tag).length ? 'cleaned' : 'kept');
  }
  const values = source.strings(tag);
  // Everybody knows when the standard published a context group: moved, its date would give away by how much dates are moved.
  if (publicDates.has(tag)) return otherwise();
  if (temporalVrs.has(vr)) {
    const shift = vr === 'DA' ? shiftDate : shiftDateTime;
    const moved = vr === 'TM' ? (keptValue(element, source, rules.identity).kind === 'same' ? values : [null]) : values.map((value) => shift(value, rules.days));
    if (moved.some((value) => value === null)) return otherwise();
    out.setString(tag, moved as string[], vr);
    return countChange(element, out, rules, 'cleaned');
  }
  // Timezone Offset From UTC (0008,0201) belongs to the times, which stay.
  if (tag === '00080201') {
    if (!values.every((value) => /^[+-]\d{4}$/.test(value))) return otherwise();
    out.set(element);
    return rules.count(tag, 'kept');
  }
  if (vr === 'AE') {
    out.setString(tag, values.map((value) => (value === '' ? '' : `AE${rules.project.pseudonym('ae title', value, 10)}`)), vr);
    return countChange(element, out, rules, 'cleaned');
  }
  // An overlay that graphics.ts let pass.
  if (tag.startsWith('60') && tag.endsWith('3000')) return keep(element, source, out, rules, place);
  if (!textVrs.has(vr) || (element.value instanceof Uint8Array && element.value.length > longestTextBytes)) return otherwise();
  const texts = values.map((text) => safeWordsOf(text, (word) => rules.identity.has(word) || rules.identity.isIn(word)));
  if (texts.every((text) => text === '')) return otherwise();
  setText(out, tag, texts, vr);
  countChange(element, out, rules, 'cleaned');
}

/** K, and what the table does not list: sequences are walked, values are looked through. */
function keep(element: DataElement, source: DataSet, out: DataSet, rules: Rules, place: Place): void {
  const { tag, vr } = element;
  if (vr === 'SQ') {
    out.setSequence(tag, itemsOf(source, tag, rules, place));
    return rules.count(tag, 'kept');
  }
  const kept = keptValue(element, source, rules.identity);
  if (kept.kind === 'same') {
    const left = tag.startsWith('7fe0') ? withoutPassengers(element, source, rules.codec) : element;
    out.set(left);
    return rules.count(tag, left === element ? 'kept' : 'cleaned');
  }
  if (kept.kind === 'text') {
    setText(out, tag, kept.values, vr);
    return rules.count(tag, 'cleaned');
  }
  replace(isPrivateTag(tag) ? 'X' : basicAction('X/Z/D', needOf(rules.iod, [...place.path, tag])), element, source, out, rules, place);
}

function itemsOf(source: DataSet, tag: string, rules: Rules, place: Place): DataSet[] {
  const inner: Place = { path: [...place.path, tag], characterSets: source.characterSets };
  const items = source.sequence(tag);
  if (contentSequences.has(tag) && rules.options.has('clean-structured-content')) return cleanContent(items, rules, inner, walkDataSet);
  return items.map((item) => walkDataSet(item, rules, inner));
}

function privateElement(element: DataElement, source: DataSet, out: DataSet, rules: Rules, place: Place): void {
  const { tag } = element;
  // Creators follow what they own.
  if (/^....00[1-9a-f][0-9a-f]$/.test(tag)) return;
  const isKeeping = rules.options.has('retain-safe-private') && profileRows.get('private')?.options['retain-safe-private'] === 'C';
  const block = isKeeping ? blockOf(tag, source) : null;
  const vr = block === null ? null : keptPrivateVr(element, block, rules.declarations);
  const named = vr === null || block === null ? null : { ...element, vr };
  if (named === null || block === null || keptValue({ tag: block.creatorTag, vr: 'LO', value: Buffer.from(block.creator) }, source, rules.identity).kind !== 'same') return rules.count('private', 'removed');
  // The VR of the table replaces UN, so that values are seen as what they are.
  const view = new DataSet([named], source.characterSets);
  const before = out.size;
  const counted: Rules = { ...rules, count: (_, outcome) => rules.count('private', outcome) };
  if (temporalVrs.has(named.vr) || named.vr === 'UI') {
    const action = named.vr === 'UI' ? (rules.options.has('retain-uids') ? 'K' : 'U') : rules.options.has('retain-full-dates') ? 'K' : rules.options.has('retain-modified-dates') ? 'C' : 'X';
    if (action === 'K') keep(named, view, out, counted, place);
    else if (action === 'C') clean(named, { basic: 'X', options: {} }, view, out, counted, place);
    else replace(action, named, view, out, counted, place);
  } else if (named.vr === 'SQ') {
    out.setSequence(tag, view.sequence(tag).map((item) => walkDataSet(item, rules, { path: [...place.path, tag], characterSets: source.characterSets })));
    rules.count('private', 'kept');
  } else keep(named, view, out, counted, place);
  if (out.size > before) out.set(source.get(block.creatorTag)!);
}
