/** The content tree of a structured report: PS3.3 C.17.3. */
import { codeOf, firstCode } from '../code-items.ts';
import type { DataSet } from '../data-set.ts';
import { kindOfObject } from './kinds.ts';
import type { LineWriter } from './lines.ts';

/** Deeper than any template of PS3.16. */
const largestDepth = 64;

/** The root's own concept first, then its content, depth first. */
export function reportLines(dataset: DataSet, lines: LineWriter): void {
  addItem(dataset, 0, lines);
}

function addItem(item: DataSet, level: number, lines: LineWriter): boolean {
  const name = firstCode(item, 'ConceptNameCodeSequence')?.meaning ?? '';
  const relationship = item.string('RelationshipType').toLowerCase().replaceAll('_', ' ');
  if (!lines.add(level, name, valueOf(item), relationship)) return false;
  const content = item.sequence('ContentSequence');
  if (content.length > 0 && level >= largestDepth) {
    lines.cut();
    return true;
  }
  return content.every((child) => addItem(child, level + 1, lines));
}

function valueOf(item: DataSet): string {
  const type = item.string('ValueType');
  switch (type) {
    case 'CONTAINER': return '';
    case 'TEXT': return item.string('TextValue');
    case 'CODE': return firstCode(item, 'ConceptCodeSequence')?.meaning ?? '';
    case 'NUM': return numberOf(item);
    case 'PNAME': return item.string('PersonName').replaceAll('^', ' ').trim();
    case 'DATE': return item.string('Date');
    case 'TIME': return item.string('Time');
    case 'DATETIME': return item.string('DateTime');
    case 'UIDREF': return item.string('UID');
    case 'IMAGE': case 'COMPOSITE': case 'WAVEFORM': return referenceOf(item);
    case 'SCOORD': return `${item.string('GraphicType').toLowerCase()} of ${Math.floor(item.numbers('GraphicData').length / 2)} points in the image`;
    case 'SCOORD3D': return `${item.string('GraphicType').toLowerCase()} of ${Math.floor(item.numbers('GraphicData').length / 3)} points in space`;
    case 'TCOORD': return `${item.string('TemporalRangeType').toLowerCase()} in time`;
    // An item by reference has no value of its own (C.17.3.2.5).
    case '': return item.has('ReferencedContentItemIdentifier') ? `see item ${item.numbers('ReferencedContentItemIdentifier').join('.')}` : '';
    default: return type.toLowerCase();
  }
}

function numberOf(item: DataSet): string {
  const measured = item.sequence('MeasuredValueSequence')[0];
  const qualifier = firstCode(item, 'NumericValueQualifierCodeSequence')?.meaning ?? '';
  if (measured === undefined) return qualifier;
  const unit = codeOf(measured.sequence('MeasurementUnitsCodeSequence')[0]);
  // UCUM: the value is the unit's symbol; 1 and braces are no units (PS3.16 CID 82).
  const symbol = unit === null || unit.value === '1' ? '' : unit.scheme === 'UCUM' ? unit.value.replace(/^\{.*\}$/, unit.meaning) : unit.meaning;
  return `${measured.string('NumericValue')} ${symbol}`.trim();
}

function referenceOf(item: DataSet): string {
  const reference = item.sequence('ReferencedSOPSequence')[0];
  if (reference === undefined) return '';
  const what = kindOfObject(reference.string('ReferencedSOPClassUID'), true)?.what ?? 'Image';
  const frames = reference.numbers('ReferencedFrameNumber');
  return `${what} ${reference.string('ReferencedSOPInstanceUID')}${frames.length === 0 ? '' : `, frame ${frames.slice(0, 20).join(', ')}`}`;
}
