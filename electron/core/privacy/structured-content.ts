/** The Clean Structured Content Option, PS3.15 E.3.4: content items by their concept, after Table E.3.4-1. */
import { DataSet, tagOf, type DataElement } from '#dicom';
import { setDummy } from './dummy-values.ts';
import { keptValue, setText } from './kept-values.ts';
import { conceptRow, type ProfileRow } from './profile.ts';
import { actionOf, type Action } from './resolve-action.ts';
import type { Place, Rules, Walk } from './rules.ts';

/** Where a content item has its value (PS3.3 C.17.3.2). */
const valueKeys: Readonly<Record<string, string>> = {
  TEXT: 'TextValue', PNAME: 'PersonName', DATE: 'Date', TIME: 'Time', DATETIME: 'DateTime', UIDREF: 'UID', CODE: 'ConceptCodeSequence', NUM: 'MeasuredValueSequence',
  COMPOSITE: 'ReferencedSOPSequence', IMAGE: 'ReferencedSOPSequence', WAVEFORM: 'ReferencedSOPSequence', CONTAINER: 'ContentSequence',
};

/** Concepts that the table does not list: names go, free text stays as far as its words are known, all other values are what was measured or seen. */
const unlisted: Readonly<Record<string, ProfileRow>> = {
  TEXT: { basic: 'D', options: { 'clean-descriptors': 'C' } },
  PNAME: { basic: 'D', options: {} },
  DATE: { basic: 'D', options: { 'retain-full-dates': 'K', 'retain-modified-dates': 'C' } },
  TIME: { basic: 'D', options: { 'retain-full-dates': 'K', 'retain-modified-dates': 'C' } },
  DATETIME: { basic: 'D', options: { 'retain-full-dates': 'K', 'retain-modified-dates': 'C' } },
};

/** Items of one level, with everything below them. */
export function cleanContent(items: readonly DataSet[], rules: Rules, place: Place, walk: Walk): DataSet[] {
  return items.flatMap((item) => {
    const type = item.string('ValueType');
    const concept = item.sequence('ConceptNameCodeSequence')[0];
    const listed = concept === undefined ? undefined : conceptRow(concept.string('CodingSchemeDesignator'), concept.string('CodeValue') || concept.string('LongCodeValue'), type);
    const row = listed ?? unlisted[type];
    // Templates are not known here: a choice is taken so that none can miss the item. An item that others count on by its number stays.
    let action: Action | null = row === undefined ? null : actionOf(row, rules.options, () => 'any');
    if (action === 'X' && hasReferencesByNumber(items)) action = 'D';
    if (action === 'X') {
      rules.count(tagOf(valueKeys[type] ?? 'ContentSequence'), 'removed');
      return [];
    }
    return [cleanItem(item, type, action, rules, place, walk)];
  });
}

function cleanItem(item: DataSet, type: string, action: Action | null, rules: Rules, place: Place, walk: Walk): DataSet {
  const key = valueKeys[type];
  const element = key === undefined ? undefined : item.get(key);
  const out = walk(item, rules, place);
  if (key === undefined || element === undefined || action === null) return out;
  const { tag } = element;
  // The walk has judged the value by its tag alone; the concept knows better.
  if (action === 'D' || action === 'Z' || action === 'U') {
    out.delete(tag);
    setItemDummy(out, element, item, rules, walk);
    rules.count(tag, 'replaced');
  } else if (action === 'K' && element.value instanceof Uint8Array) {
    const kept = keptValue(element, item, rules.identity);
    if (kept.kind === 'same') out.set(element);
    else if (kept.kind === 'text') setText(out, tag, kept.values, element.vr);
  }
  return out;
}

function setItemDummy(out: DataSet, element: DataElement, item: DataSet, rules: Rules, walk: Walk): void {
  const { tag } = element;
  switch (item.string('ValueType')) {
    case 'COMPOSITE':
    case 'IMAGE':
    case 'WAVEFORM':
      // Another UID in the same place is the dummy of a reference.
      out.setSequence(tag, item.sequence(tag).map((reference) => walk(reference, rules, { path: [tag], characterSets: item.characterSets })));
      return;
    case 'NUM':
      out.setSequence(tag, []);
      return;
    case 'CONTAINER':
      return;
    case 'CODE':
      out.setSequence(tag, [new DataSet().setString('CodeValue', 'REMOVED').setString('CodingSchemeDesignator', '99SCANLOOM').setString('CodeMeaning', 'Removed by de-identification')]);
      return;
    default:
      setDummy(out, element, item, rules.project);
  }
}

/** Whether anything refers to items by their place in the tree (PS3.3 C.17.3.2.5). */
function hasReferencesByNumber(items: readonly DataSet[]): boolean {
  return items.some((item) => item.has('ReferencedContentItemIdentifier') || hasReferencesByNumber(item.sequence('ContentSequence')));
}
