/** Values that stand where one must stand and none may: code D of PS3.15 Table E.1-1a, consistent with the VR. */
import { DataSet, keywordOf, vrOf, type DataElement } from '#dicom';
import type { Project } from './project.ts';

const removed = 'REMOVED';

/** What a VR takes as its dummy; dates are the first day of a year in which nobody was examined. */
const texts: Readonly<Record<string, string>> = {
  AE: removed, AS: '000D', CS: removed, DA: '19000101', DS: '0', DT: '19000101000000', IS: '0', LO: removed, LT: removed, SH: removed, ST: removed, TM: '000000', UC: removed, UR: 'urn:removed', UT: removed,
};

/** Identifiers are told apart by pseudonyms, where other text has one word for all. */
function isIdentifier(keyword: string): boolean {
  return /(ID|IDs|Identifier|Number|UDI)$/.test(keyword);
}

function code(value: string, scheme: string, meaning: string): DataSet {
  return new DataSet().setString('CodeValue', value).setString('CodingSchemeDesignator', scheme).setString('CodeMeaning', meaning);
}

const noCode = (): DataSet => code('REMOVED', '99SCANLOOM', 'Removed by de-identification');

/** One item that tells nothing, as the IOD needs it. */
const items: Readonly<Record<string, (project: Project) => DataSet>> = {
  // PS3.3 C.17.3: one text, so that the tree is one.
  ContentSequence: () =>
    new DataSet().setString('RelationshipType', 'CONTAINS').setString('ValueType', 'TEXT').setSequence('ConceptNameCodeSequence', [code('121106', 'DCM', 'Comment')]).setString('TextValue', 'Removed by de-identification'),
  // PS3.3 C.10.5: one point in the first pixel's place.
  GraphicAnnotationSequence: () =>
    new DataSet().setString('GraphicLayer', removed).setSequence('GraphicObjectSequence', [
      new DataSet().setString('GraphicAnnotationUnits', 'PIXEL').setNumber('GraphicDimensions', 2).setNumber('NumberOfGraphicPoints', 1).setNumber('GraphicData', [1, 1]).setString('GraphicType', 'POINT').setString('GraphicFilled', 'N'),
    ]),
  WaveformAnnotationSequence: () => new DataSet().setString('UnformattedTextValue', removed).setNumber('ReferencedWaveformChannels', [1, 0]).setNumber('AnnotationGroupNumber', 1),
  PersonIdentificationCodeSequence: noCode,
  InstitutionCodeSequence: noCode,
  // PS3.3 10.1: the person macro needs a code, and the institution's name.
  OperatorIdentificationSequence: () => new DataSet().setSequence('PersonIdentificationCodeSequence', [noCode()]).setString('InstitutionName', removed),
  // PS3.3 C.17.2.
  VerifyingObserverSequence: (project) =>
    new DataSet().setString('VerifyingObserverName', `Nobody^${project.pseudonym('person', '', 8)}`).setSequence('VerifyingObserverIdentificationCodeSequence', []).setString('VerifyingOrganization', removed).setString('VerificationDateTime', texts['DT']!),
  ReferencedPerformedProcedureStepSequence: (project) =>
    new DataSet().setString('ReferencedSOPClassUID', '1.2.840.10008.3.1.2.3.3').setString('ReferencedSOPInstanceUID', project.uid('no procedure step')),
  FlowIdentifierSequence: () => new DataSet().setBytes('FlowIdentifier', 'OB', new Uint8Array(2)).setBytes('SourceIdentifier', 'OB', new Uint8Array(2)),
};

/** A whole PDF of one empty page, with its cross-reference table. */
function emptyPdf(): Uint8Array {
  const objects = ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>', '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>'];
  let text = '%PDF-1.4\n';
  const places = objects.map((object, at) => {
    const place = text.length;
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const start = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')}trailer\n<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}

/** Puts the dummy of an attribute into a data set. Sequences without an item of their own here get an empty item. */
export function setDummy(into: DataSet, element: DataElement, original: DataSet, project: Project): void {
  const { tag } = element;
  const known = vrOf(tag);
  const vr = known === 'UN' ? element.vr : known;
  const keyword = keywordOf(tag);
  const first = original.strings(tag)[0] ?? '';
  if (vr === 'SQ') into.setSequence(tag, [(items[keyword] ?? (() => new DataSet()))(project)]);
  else if (vr === 'UI') into.setString(tag, project.uid(first === '' ? `no ${keyword}` : first), 'UI');
  else if (vr === 'PN') into.setString(tag, `Nobody^${project.pseudonym('person', first, 8)}`, 'PN');
  else if (['LO', 'SH', 'UC', 'UT', 'LT', 'ST'].includes(vr) && isIdentifier(keyword)) into.setString(tag, `ID${project.pseudonym(keyword, first, 10)}`, vr);
  else if (texts[vr] !== undefined) into.setString(tag, texts[vr], vr);
  else if (keyword === 'EncapsulatedDocument') into.setBytes(tag, 'OB', emptyPdf());
  else into.setBytes(tag, vr, new Uint8Array(['FD', 'OD', 'UV', 'SV', 'OV'].includes(vr) ? 8 : ['US', 'SS', 'OW', 'OB', 'UN'].includes(vr) ? 2 : 4));
}
