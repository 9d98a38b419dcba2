/**
 * Faults of a source that would make the new object invalid, mended where that invents nothing: each repair names its clause.
 * What cannot be mended so is left, and `validateObject` and dciodvfy will say it.
 */
import { createHash } from 'node:crypto';
import type { DataSet } from '../data-set.ts';
import { formatDecimalString } from '../values.ts';
import { newUid } from '../uid.ts';

/** Decimal strings longer than 16 characters, at every depth, rewritten as exactly as 16 allow (PS3.5 6.2). What is no number goes. */
export function repairDecimalStrings(dataset: DataSet): void {
  for (const element of [...dataset.elements()]) {
    if (element.vr === 'SQ') for (const item of dataset.sequence(element.tag)) repairDecimalStrings(item);
    if (element.vr !== 'DS') continue;
    const texts = dataset.strings(element.tag);
    if (texts.every((text) => text.length <= 16 && /^$|^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text))) continue;
    const numbers = dataset.numbers(element.tag);
    if (numbers.every((number, index) => Number.isFinite(number) || texts[index] === '')) {
      dataset.setString(element.tag, numbers.map((number) => (Number.isFinite(number) ? formatDecimalString(number) : '')), 'DS');
    } else dataset.delete(element.tag);
  }
}

const textVrs = new Set(['AE', 'AS', 'CS', 'DA', 'DS', 'DT', 'IS', 'LO', 'LT', 'PN', 'SH', 'ST', 'TM', 'UC', 'UR', 'UT']);

/** Text is padded with a space, UIDs with a zero byte (PS3.5 6.2): the wrong one at the end is exchanged, at every depth. */
export function repairPadding(dataset: DataSet): void {
  for (const element of [...dataset.elements()]) {
    if (element.vr === 'SQ') for (const item of dataset.sequence(element.tag)) repairPadding(item);
    if (!(element.value instanceof Uint8Array) || element.value.length === 0) continue;
    const [wrong, right] = element.vr === 'UI' ? [0x20, 0] : [0, 0x20];
    if (element.vr !== 'UI' && !textVrs.has(element.vr)) continue;
    if (!element.value.includes(wrong)) continue;
    dataset.set({ ...element, value: element.value.map((byte) => (byte === wrong ? right : byte)) });
  }
}

/** Body Part Examined is a code string: upper case letters, digits, space, underscore, at most 16 (PS3.5 6.2). What cannot be one goes. */
export function repairBodyPart(dataset: DataSet): void {
  const part = dataset.string('BodyPartExamined');
  if (/^[A-Z0-9 _]{0,16}$/.test(part)) return;
  const upper = part.toUpperCase();
  if (/^[A-Z0-9 _]{1,16}$/.test(upper)) dataset.setString('BodyPartExamined', upper);
  else dataset.delete('BodyPartExamined');
}

/** Patient's Age is three digits and a unit (PS3.5 6.2, AS); without a unit its meaning is open, and it goes. */
export function repairAge(dataset: DataSet): void {
  const age = dataset.string('PatientAge');
  if (age === '' || /^\d{3}[DWMY]$/.test(age)) return;
  const match = /^(\d{1,3})([DWMY])$/i.exec(age);
  if (match === null) dataset.delete('PatientAge');
  else dataset.setString('PatientAge', `${match[1]!.padStart(3, '0')}${match[2]!.toUpperCase()}`);
}

/** De-identification Method is needed where Patient Identity Removed is YES (PS3.3 C.7.1.1); some programs leave it empty. */
export function repairDeidentification(dataset: DataSet): void {
  if (dataset.string('PatientIdentityRemoved') === 'YES' && !dataset.hasValue('DeidentificationMethod') && dataset.sequence('DeidentificationMethodCodeSequence').length === 0) {
    dataset.setString('DeidentificationMethod', 'Not stated by the source');
  }
  if (!dataset.hasValue('DeidentificationMethod') && dataset.has('DeidentificationMethod')) dataset.delete('DeidentificationMethod');
}

/** Body parts that have no side (PS3.16 Annex L, the usual ones). */
const unpaired = new Set(['ABDOMEN', 'ABDOMENPELVIS', 'BRAIN', 'CHEST', 'CHESTABDOMEN', 'CHESTABDPELVIS', 'COCCYX', 'CSPINE', 'HEAD', 'HEADNECK', 'HEART', 'JAW', 'LIVER', 'LSPINE', 'NECK', 'PANCREAS', 'PELVIS', 'PROSTATE', 'SKULL', 'SPINE', 'SPLEEN', 'SSPINE', 'STERNUM', 'TSPINE', 'UTERUS', 'WHOLEBODY']);

/** Laterality and Patient Position, PS3.3 C.7.3.1: required, and empty when not known. Not in DX, which has Image Laterality. */
export function repairSeries(dataset: DataSet, kind: string): void {
  if (kind === 'DX' || kind === 'MG' || dataset.hasValue('ImageLaterality')) dataset.delete('Laterality');
  else if (!unpaired.has(dataset.string('BodyPartExamined')) && !dataset.has('Laterality')) dataset.setEmpty('Laterality');
  if (!['CT', 'MR', 'PT'].includes(kind)) return;
  if (dataset.sequence('PatientOrientationCodeSequence').length > 0) dataset.delete('PatientPosition');
  else if (!dataset.has('PatientPosition')) dataset.setEmpty('PatientPosition');
}

/** Study and Frame of Reference UID are Type 1 (PS3.3 C.7.2.1, C.7.4.1): where the source has none, one for its whole series, always the same. */
export function repairMissingUid(dataset: DataSet, key: 'StudyInstanceUID' | 'FrameOfReferenceUID', sourceSeriesUid: string): void {
  if (dataset.hasValue(key)) return;
  const digest = createHash('sha256').update(`${key} of the series ${sourceSeriesUid}`).digest();
  dataset.setString(key, newUid(Uint8Array.from(digest.subarray(0, 16))));
}

/** Patient Orientation is required where no orientation in space is (PS3.3 C.7.6.1); Conversion Type in Secondary Capture (C.8.6.1). */
export function repairImage(dataset: DataSet, kind: string): void {
  if (!dataset.hasValue('ImageOrientationPatient') && !dataset.has('PatientOrientation')) dataset.setEmpty('PatientOrientation');
  if (kind !== 'SC') return;
  if (!dataset.hasValue('ConversionType')) dataset.setString('ConversionType', 'WSD');
  // Of a capture of unclear kind (C.7.3.1.1.1).
  if (!dataset.hasValue('Modality')) dataset.setString('Modality', 'OT');
}

/**
 * Type 1 attributes of the MR image (PS3.3 C.8.3.1) that conversions lose. The standard has no term for "not known":
 * RM (research mode) and NONE say the least.
 */
export function repairMr(dataset: DataSet): void {
  if (!dataset.hasValue('ScanningSequence')) dataset.setString('ScanningSequence', 'RM');
  if (!dataset.hasValue('SequenceVariant')) dataset.setString('SequenceVariant', 'NONE');
  if (!dataset.has('RepetitionTime')) dataset.setEmpty('RepetitionTime');
  // Type 2C without "may be present otherwise" (PS3.5 7.4.2): with IR it must be there, without it must not.
  if (!dataset.strings('ScanningSequence').includes('IR')) dataset.delete('InversionTime');
  else if (!dataset.has('InversionTime')) dataset.setEmpty('InversionTime');
}

/** An item of Request Attributes Sequence without its identifiers says nothing (PS3.3 10.6, Type 1C). */
export function repairRequests(dataset: DataSet): void {
  const items = dataset.sequence('RequestAttributesSequence');
  const usable = items.filter((item) => item.hasValue('RequestedProcedureID') && item.hasValue('ScheduledProcedureStepID'));
  if (usable.length === items.length) return;
  if (usable.length === 0) dataset.delete('RequestAttributesSequence');
  else dataset.setSequence('RequestAttributesSequence', usable);
}
