/** Faces that are no volume of a head: photographs, pictures of a screen, and the skin as somebody outlined it. */
import type { DataSet } from '#dicom';

const storage = '1.2.840.10008.5.1.4.1.1';
/** The whole label: a femoral head is no face. */
const skin = /^[\s_*-]*(skin|body|external|outline|outer.?contour|patient|face|head|haut|koerper|körper|kopf|gesicht|aussenkontur|außenkontur|peau|corps|piel)([\s_.-]*(contour|outline|surface|structure|region|\d+))?[\s_*-]*$/i;

/**
 * Whether an image may show a face as a camera or a screen does.
 *
 * @returns `photograph` where persons are what is pictured, `screen` where a rendered head could be, null for all others.
 */
export function showsFaces(dataset: DataSet): 'photograph' | 'screen' | null {
  const sopClass = dataset.string('SOPClassUID');
  const modality = dataset.string('Modality').toUpperCase();
  if (modality === 'XC' || sopClass === `${storage}.77.1.4` || sopClass === `${storage}.77.1.4.1`) return 'photograph';
  const isCapture = sopClass === `${storage}.7` || sopClass.startsWith(`${storage}.7.`);
  const isRendered = dataset.strings('ImageType').some((word) => /RENDER|VRT|SSD|SURFACE/i.test(word)) && !sopClass.startsWith(`${storage}.66`);
  return isCapture || isRendered || modality === 'OT' || modality === 'SC' ? 'screen' : null;
}

/** Whether a structure set or a segmentation has the outline of the skin: from it the face can be drawn, whatever was done to the images. Names are only looked at. */
export function outlinesSkin(dataset: DataSet): boolean {
  const sopClass = dataset.string('SOPClassUID');
  if (sopClass === `${storage}.481.3`) {
    return dataset.sequence('RTROIObservationsSequence').some((item) => item.string('RTROIInterpretedType').toUpperCase() === 'EXTERNAL') || dataset.sequence('StructureSetROISequence').some((item) => skin.test(item.string('ROIName')));
  }
  if (![`${storage}.66.4`, `${storage}.66.5`, `${storage}.66.7`].includes(sopClass)) return false;
  return dataset.sequence('SegmentSequence').some((item) => skin.test(item.string('SegmentLabel')) || item.sequence('SegmentedPropertyTypeCodeSequence').some((code) => skin.test(code.string('CodeMeaning'))));
}
