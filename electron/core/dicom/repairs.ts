/**
 * Faults of a source that would make the new object invalid, mended where that invents nothing: each repair names its clause.
 * What cannot be mended so is left, and `validateObject` and dciodvfy will say it.
 */
import { createHash } from 'node:crypto';
import type { DataSet } from './data-set.ts';
import { formatDecimalString } from './values.ts';
import { newUid } from './uid.ts';

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

/** Laterality and Patient Position, PS3.3 C.7.3.1: required, and empty when not known. Not in DX, which has Image Laterality. */
export function repairSeries(dataset: DataSet, kind: string): void {
  if (kind === 'DX' || kind === 'MG') dataset.delete('Laterality');
  else if (!dataset.hasValue('BodyPartExamined') && !dataset.has('Laterality')) dataset.setEmpty('Laterality');
  if (!['CT', 'MR', 'PT'].includes(kind)) return;
  if (dataset.sequence('PatientOrientationCodeSequence').length > 0) dataset.delete('PatientPosition');
  else if (!dataset.has('PatientPosition')) dataset.setEmpty('PatientPosition');
}

/** Frame of Reference UID is Type 1 (PS3.3 C.7.4.1): one for the whole source series where the source has none, always the same. */
export function repairFrameOfReference(dataset: DataSet, sourceSeriesUid: string): void {
  if (dataset.hasValue('FrameOfReferenceUID')) return;
  const digest = createHash('sha256').update(`frame of reference of ${sourceSeriesUid}`).digest();
  dataset.setString('FrameOfReferenceUID', newUid(Uint8Array.from(digest.subarray(0, 16))));
}

/**
 * Type 1 attributes of the MR image (PS3.3 C.8.3.1) that conversions lose. The standard has no term for "not known":
 * RM (research mode) and NONE say the least.
 */
export function repairMr(dataset: DataSet): void {
  if (!dataset.hasValue('ScanningSequence')) dataset.setString('ScanningSequence', 'RM');
  if (!dataset.hasValue('SequenceVariant')) dataset.setString('SequenceVariant', 'NONE');
  if (!dataset.has('RepetitionTime')) dataset.setEmpty('RepetitionTime');
  if (dataset.strings('ScanningSequence').includes('IR') && !dataset.has('InversionTime')) dataset.setEmpty('InversionTime');
}

/** An item of Request Attributes Sequence without its identifiers says nothing (PS3.3 10.6, Type 1C). */
export function repairRequests(dataset: DataSet): void {
  const items = dataset.sequence('RequestAttributesSequence');
  const usable = items.filter((item) => item.hasValue('RequestedProcedureID') && item.hasValue('ScheduledProcedureStepID'));
  if (usable.length === items.length) return;
  if (usable.length === 0) dataset.delete('RequestAttributesSequence');
  else dataset.setSequence('RequestAttributesSequence', usable);
}
