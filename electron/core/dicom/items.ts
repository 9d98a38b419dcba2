/** Items of sequences that derived and synthetic objects share: codes, references, equipment. */
import { DataSet } from './data-set.ts';
import type { Code, Equipment } from './types.ts';

/** Code Sequence Macro, PS3.3 8.8. */
export function codeItem(code: Code): DataSet {
  return new DataSet().setString('CodeValue', code.value).setString('CodingSchemeDesignator', code.scheme).setString('CodeMeaning', code.meaning);
}

/** CID 7005, Contributing Equipment Purpose of Reference. */
export const equipmentPurposes = {
  synthesizing: { value: '109100', scheme: 'DCM', meaning: 'Synthesizing Equipment' },
  acquisition: { value: '109101', scheme: 'DCM', meaning: 'Acquisition Equipment' },
  processing: { value: '109102', scheme: 'DCM', meaning: 'Processing Equipment' },
} as const satisfies Record<string, Code>;

/** CID 7202, Source Image Purpose of Reference. */
export const sourceForProcessing: Code = { value: '121322', scheme: 'DCM', meaning: 'Source image for image processing operation' };

/** Referenced SOP Class and Instance, PS3.3 10.8. */
export function instanceItem(reference: { readonly sopClassUid: string; readonly sopInstanceUid: string }): DataSet {
  return new DataSet().setString('ReferencedSOPClassUID', reference.sopClassUid).setString('ReferencedSOPInstanceUID', reference.sopInstanceUid);
}

/** DT in UTC with its offset (PS3.5 6.2). */
export function dateTime(date: Date): string {
  return `${dateOf(date)}${timeOf(date)}+0000`;
}

export function dateOf(date: Date): string {
  return date.toISOString().slice(0, 10).replaceAll('-', '');
}

export function timeOf(date: Date): string {
  return date.toISOString().slice(11, 23).replaceAll(':', '');
}

/** Where a data set states its offset from UTC (PS3.3 C.12.1), its dates and times are of that zone; else ours are UTC. */
export function momentIn(dataset: DataSet, date: Date): Date {
  const match = /^([+-])(\d{2})(\d{2})$/.exec(dataset.string('TimezoneOffsetFromUTC'));
  if (match === null) return date;
  const minutes = (Number(match[2]) * 60 + Number(match[3])) * (match[1] === '-' ? -1 : 1);
  return new Date(date.getTime() + minutes * 60_000);
}

/** When a new series, its content and its instance were made: all at once (PS3.3 C.7.3.1, C.7.6.1, C.12.1). */
export function setMadeAt(dataset: DataSet, moment: Date): void {
  for (const what of ['Series', 'Content', 'InstanceCreation']) dataset.setString(`${what}Date`, dateOf(moment)).setString(`${what}Time`, timeOf(moment));
}

/** Cuts text to what a VR can hold, in characters (PS3.5 6.2). */
export function shortened(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters - 1)}…`.replace('…', /^[\x00-\x7f]*$/.test(text) ? '~' : '…');
}

/** The item with which this program names itself in Contributing Equipment Sequence (PS3.3 C.12.1.1.5). */
export function ownEquipmentItem(purpose: Code, equipment: Equipment, date: Date): DataSet {
  const item = new DataSet()
    .setSequence('PurposeOfReferenceCodeSequence', [codeItem(purpose)])
    .setString('Manufacturer', shortened(equipment.manufacturer, 64))
    .setString('ManufacturerModelName', shortened(equipment.model, 64))
    .setString('SoftwareVersions', equipment.softwareVersions.map((version) => shortened(version, 64)))
    .setString('ContributionDateTime', dateTime(date));
  if (equipment.description) item.setString('ContributionDescription', shortened(equipment.description, 1024));
  return item;
}

/** General Equipment of a new object: this program made it (PS3.3 C.7.5.1, C.12.1.1.5). */
export function setOwnEquipment(dataset: DataSet, equipment: Equipment): void {
  dataset
    .setString('Manufacturer', shortened(equipment.manufacturer, 64))
    .setString('ManufacturerModelName', shortened(equipment.model, 64))
    .setString('SoftwareVersions', equipment.softwareVersions.map((version) => shortened(version, 64)));
}
