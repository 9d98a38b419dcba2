/** Whether the object says what made it (PS3.3 C.12.1). */
import type { DataSet } from '../data-set.ts';
import { equipmentCodes } from './codes.ts';
import type { Report } from './report.ts';

/** PS3.3 C.12.1: Synthetic Data, Content Qualification. */
export function checkMarks(dataset: DataSet, report: Report): void {
  const synthetic = dataset.string('SyntheticData');
  if (dataset.has('SyntheticData') && synthetic !== 'YES' && synthetic !== 'NO') report('error', 'synthetic-value', '0008001c', `Synthetic Data is “${synthetic}”; it can only be YES or NO.`);
  const qualification = dataset.string('ContentQualification');
  if (qualification !== '' && !['PRODUCT', 'RESEARCH', 'SERVICE'].includes(qualification)) report('error', 'qualification-value', '00189004', `Content Qualification is “${qualification}”.`);
  const purposes = dataset.sequence('ContributingEquipmentSequence').map((item) => item.sequence('PurposeOfReferenceCodeSequence')[0]?.string('CodeValue') ?? '');
  if (purposes.includes('109100') && synthetic !== 'YES') report('error', 'synthetic-not-said', '0008001c', 'Synthesizing equipment contributed, but Synthetic Data is not YES.');
  dataset.sequence('ContributingEquipmentSequence').forEach((item, index) => {
    const code = item.sequence('PurposeOfReferenceCodeSequence')[0];
    if (code === undefined) report('error', 'equipment-without-purpose', '0018a001', `Contributing equipment ${index + 1} has no purpose.`);
    else if (code.string('CodingSchemeDesignator') === 'DCM' && !equipmentCodes.has(code.string('CodeValue'))) report('warning', 'equipment-code', '0018a001', `Contributing equipment ${index + 1} has a purpose that is not in CID 7005.`);
    if (!item.hasValue('Manufacturer')) report('error', 'equipment-without-manufacturer', '0018a001', `Contributing equipment ${index + 1} has no manufacturer.`);
  });
  // What this program promises of its own objects.
  if (dataset.string('Manufacturer') === 'Scanloom') {
    if (!dataset.has('SyntheticData') && purposes.length === 0) report('error', 'mark-missing', '0008001c', 'An object of this program says neither whether it is synthetic nor what made it.');
    if (synthetic === 'YES' && qualification !== 'RESEARCH') report('error', 'qualification-not-research', '00189004', 'A synthetic object of this program is not marked RESEARCH.');
    if (dataset.string('ImageType') === 'ORIGINAL') report('error', 'derived-called-original', '00080008', 'An object of this program calls itself ORIGINAL.');
  }
}
