/** Image Type and Frame Type: PS3.3 C.7.6.1.1.2 and the clauses of the IODs. */
import type { DataSet } from '../data-set.ts';
import type { Report } from './report.ts';

const storage = '1.2.840.10008.5.1.4.1.1';
const required = new Set(['2', '4', '128', '1.1', '1.1.1', '1.2', '1.2.1', '2.1', '4.1', '130', '2.2', '4.4', '128.1', '30', '66.4', '66.7'].map((suffix) => `${storage}.${suffix}`));
/** Enhanced CT, MR, PET and Parametric Map: four values, the second PRIMARY (C.8.16.1, C.8.32.2). */
const fourValues = new Set(['2.1', '4.1', '130', '30'].map((suffix) => `${storage}.${suffix}`));
const projection = new Set(['1.1', '1.1.1', '1.2', '1.2.1'].map((suffix) => `${storage}.${suffix}`));
const frameTypes = ['CTImageFrameTypeSequence', 'MRImageFrameTypeSequence', 'PETFrameTypeSequence', 'ParametricMapFrameTypeSequence'] as const;

export function checkImageType(dataset: DataSet, report: Report): void {
  const type = dataset.strings('ImageType');
  const sopClass = dataset.string('SOPClassUID');
  const error = (code: string, message: string): void => report('error', code, '00080008', message);
  if (type.length === 0) {
    if (required.has(sopClass)) error('image-type-missing', 'Image Type is missing.');
    return;
  }
  if (!['ORIGINAL', 'DERIVED', 'MIXED'].includes(type[0] ?? '')) error('image-type-value', `Value 1 of Image Type is “${type[0]}”.`);
  if (!['PRIMARY', 'SECONDARY', 'MIXED'].includes(type[1] ?? '')) error('image-type-value', `Value 2 of Image Type is “${type[1] ?? ''}”.`);
  if (type[0] === 'ORIGINAL' && dataset.sequence('SourceImageSequence').length > 0) error('original-with-source', 'The image calls itself ORIGINAL and names source images.');
  if (type[0] === 'ORIGINAL' && dataset.string('SyntheticData') === 'YES') report('warning', 'synthetic-original', '00080008', 'The image is synthetic and calls itself ORIGINAL.');
  if (sopClass === `${storage}.2` && !['AXIAL', 'LOCALIZER'].includes(type[2] ?? '')) report(type.length < 3 ? 'error' : 'warning', 'image-type-ct', '00080008', 'Value 3 of Image Type of a CT image is neither AXIAL nor LOCALIZER.');
  if (sopClass === `${storage}.4` && type.length < 3) report('warning', 'image-type-mr', '00080008', 'Image Type of an MR image has no value 3.');
  if (sopClass === `${storage}.128` && type[1] !== 'PRIMARY') error('image-type-pet', 'Value 2 of Image Type of a PET image is not PRIMARY.');
  if (projection.has(sopClass) && type.length < 3) error('image-type-dx', 'Image Type of a DX or mammography image has no value 3; it may be empty, but must be there.');
  if ((sopClass === `${storage}.66.4` || sopClass === `${storage}.66.7`) && type.join('\\') !== 'DERIVED\\PRIMARY') error('image-type-seg', 'Image Type of a segmentation is not DERIVED\\PRIMARY.');
  if (fourValues.has(sopClass)) {
    if (type.length < 4) error('image-type-enhanced', `Image Type has ${type.length} values where this kind of object has four.`);
    if (type[1] !== 'PRIMARY') error('image-type-enhanced', 'Value 2 of Image Type is not PRIMARY.');
  }
  if (sopClass === `${storage}.30` && type[0] !== 'DERIVED') error('image-type-map', 'A parametric map does not call itself DERIVED.');
  checkFrameTypes(dataset, type, report);
}

/** A frame is what the object says it is, unless that says MIXED (C.8.16.1.1). */
function checkFrameTypes(dataset: DataSet, type: readonly string[], report: Report): void {
  if (type[0] === 'MIXED') return;
  const groups = [...dataset.sequence('SharedFunctionalGroupsSequence'), ...dataset.sequence('PerFrameFunctionalGroupsSequence')];
  const items = groups.flatMap((group) => frameTypes.flatMap((key) => [...group.sequence(key)]));
  if (items.some((item) => item.string('FrameType') !== type[0])) report('error', 'frame-type-differs', '00089007', `A frame does not call itself ${type[0]}, as the image does.`);
}
