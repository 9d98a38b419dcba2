/** What derived objects of every kind have in common: what stays of the source, whose they are, how they were made, by what. */
import { isRemovedFromDerived } from './attribute-rules.ts';
import { DataSet } from '../data-set.ts';
import { isPrivateTag } from '../dictionary.ts';
import { codeItem, equipmentPurposes, instanceItem, momentIn, ownEquipmentItem, setMadeAt, setOwnEquipment, shortened, sourceForProcessing } from '../items.ts';
import type { DerivedIdentity, SourceReference } from './types.ts';

/**
 * What of the source stays. Private elements do not: what they say of the pixels is unknown and some readers follow them
 * (Philips' private rescale, Siemens' mosaics). Text becomes UTF-8 where the file's character set could not take ours.
 */
export function keptAttributes(source: DataSet): DataSet {
  const needsUtf8 = !source.characterSets.every((term) => /^(|ISO[_ ]IR ?(6|100|192))$/i.test(term));
  const base = needsUtf8 ? source.toUtf8() : source.clone();
  return new DataSet([...base.elements()].filter(({ tag }) => !isRemovedFromDerived(tag) && !isPrivateTag(tag) && tag > '00080000'));
}

export function setText(dataset: DataSet, key: string, text: string): void {
  if (/^[\x00-\x7f]*$/.test(text)) dataset.setString(key, text);
  else {
    // The set of the whole object is decided; what does not fit is written in plain letters.
    try {
      dataset.setString(key, text);
    } catch {
      dataset.setString(key, text.normalize('NFKD').replace(/[^\x20-\x7e]/g, '?'));
    }
  }
}

/** Series, instance, dates and marks of the new object; its Image Type is the caller's. */
export function setIdentity(dataset: DataSet, options: DerivedIdentity, imageType: readonly string[]): void {
  // A new series: one equipment, one frame of reference, one modality (PS3.3 A.1.2.3, C.7.3.1). Study and patient stay.
  dataset
    .setString('SOPInstanceUID', options.sopInstanceUid)
    .setString('SeriesInstanceUID', options.seriesInstanceUid)
    .setNumber('SeriesNumber', options.seriesNumber)
    .setNumber('InstanceNumber', options.instanceNumber)
    // PS3.3 C.12.1: made, wholly or in part, by a program; inherited from a source that was.
    .setString('SyntheticData', options.synthetic === false && dataset.string('SyntheticData') !== 'YES' ? 'NO' : 'YES', 'CS')
    // PS3.3 C.8.13.2.1.1: RESEARCH when there is any doubt.
    .setString('ContentQualification', 'RESEARCH')
    .setString('ImageType', imageType);
  setMadeAt(dataset, momentIn(dataset, options.contentDate));
  setText(dataset, 'SeriesDescription', shortened(options.seriesDescription, 64));
  if (options.synthetic === false && dataset.string('SyntheticData') === 'NO') dataset.delete('SyntheticData');
}

/** General Reference Module (C.12.4) and Common Instance Reference Module (C.12.2). */
export function setDerivation(dataset: DataSet, before: DataSet, options: DerivedIdentity, sources: readonly SourceReference[]): void {
  const earlier = before.string('DerivationDescription');
  setText(dataset, 'DerivationDescription', shortened(earlier === '' ? options.derivation.description : `${options.derivation.description} | Source: ${earlier}`, 1024));
  const earlierCodes = before.sequence('DerivationCodeSequence').filter((item) => !options.derivation.codes.some((code) => code.value === item.string('CodeValue')));
  const codes = [...options.derivation.codes.map(codeItem), ...earlierCodes.map((item) => item.clone())];
  if (codes.length > 0) dataset.setSequence('DerivationCodeSequence', codes);
  if (sources.length === 0) return;
  dataset.setSequence('SourceImageSequence', sources.map((source) => {
    const item = sourceItem(source).setSequence('PurposeOfReferenceCodeSequence', [codeItem(sourceForProcessing)]);
    // On the same grid each pixel lies where its source's did (C.12.4.1.3); on a finer one that question has no yes.
    return options.factor === 1 ? item.setString('SpatialLocationsPreserved', 'YES') : item;
  }));
  const series = before.string('SeriesInstanceUID');
  if (series !== '') {
    dataset.setSequence('ReferencedSeriesSequence', [new DataSet().setString('SeriesInstanceUID', series).setSequence('ReferencedInstanceSequence', sources.map(instanceItem))]);
  }
}

/** Image SOP Instance Reference Macro (PS3.3 10.3). */
export function sourceItem(source: SourceReference): DataSet {
  const item = instanceItem(source);
  return source.frameNumber === undefined ? item : item.setNumber('ReferencedFrameNumber', source.frameNumber);
}

/** C.7.5.1 and C.12.1.1.5: this program is the equipment; what made the source is named as contributing. */
export function setEquipment(dataset: DataSet, before: DataSet, options: DerivedIdentity): void {
  const isOriginal = before.string('ImageType') === 'ORIGINAL';
  const scanner = new DataSet([], dataset.characterSets).setSequence('PurposeOfReferenceCodeSequence', [codeItem(isOriginal ? equipmentPurposes.acquisition : equipmentPurposes.processing)]);
  const carried = ['Manufacturer', 'InstitutionName', 'StationName', 'ManufacturerModelName', 'DeviceSerialNumber', 'SoftwareVersions', 'DeviceUID', 'SpatialResolution', 'DateOfLastCalibration', 'TimeOfLastCalibration'];
  for (const key of carried) {
    const element = (dataset.characterSets.includes('ISO_IR 192') && !before.characterSets.includes('ISO_IR 192') ? before.toUtf8() : before).get(key);
    if (element !== undefined && before.string(key) !== '') scanner.set(element);
  }
  if (!scanner.has('Manufacturer')) scanner.setString('Manufacturer', 'Unknown');
  const own = ownEquipmentItem(options.synthetic === false ? equipmentPurposes.processing : equipmentPurposes.synthesizing, options.equipment, options.contentDate);
  dataset.setSequence('ContributingEquipmentSequence', [...dataset.sequence('ContributingEquipmentSequence'), scanner, own]);
  setOwnEquipment(dataset, options.equipment);
}
